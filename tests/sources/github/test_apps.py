"""Issues, and with the profile their events: for the app through which something was done, from where it was."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from asbuilt.model.inspection import Gap
from asbuilt.sources.credentials import Token as Secret
from asbuilt.sources.github.apps import EVENTS, read_apps
from asbuilt.sources.github.pull import HEADERS
from asbuilt.sources.github.reading import Reading
from asbuilt.sources.http import Client
from asbuilt.sources.steps import Listed, Page, Step
from tests.forge.bulk import HOUR, busy_forge
from tests.forge.service import Service, Token
from tests.forge.state import Forge
from tests.forge.transports import InMemory

WORD = "github_pat_all_of_it"
FORGE = busy_forge(30)


def reading(service: Service, state: dict[str, Any], **more: Any) -> Reading:
    client = Client(
        "https://api.github.com",
        Secret(WORD, "the test"),
        headers=HEADERS,
        transport=InMemory(service),
        clock=lambda: service.forge.now,
        sleep=lambda _: None,
        draw=lambda: 0.0,
        max_wait=0,
    )
    return Reading(client, "acme/harbor", state, **more)


def service(forge: Forge = FORGE, **permissions: str) -> Service:
    return Service(copy.deepcopy(forge), tokens={WORD: Token(permissions or None)}, page_cap=10)


def pages(steps: list[Step]) -> Iterator[str]:
    return (f"{step.name} {step.key}" for step in steps if isinstance(step, Page))


def test_a_hundred_issues_a_page_and_no_events_unless_asked_for() -> None:
    asked = service()
    assert list(pages(list(read_apps(reading(asked, {}))))) == ["issues 1", "issues 2", "issues 3"]
    query = dict(asked.requests[0].query)
    assert query == {"state": "all", "sort": "updated", "direction": "desc", "per_page": "100"}


def test_events_with_the_profile() -> None:
    names = [
        page.split()[0] for page in pages(list(read_apps(reading(service(), {}, profiles=frozenset({EVENTS})))))
    ]
    assert names.count("issues") == 3
    assert names.count("issues/events") == 15


@pytest.mark.parametrize(("hours", "count"), [(12, 2), (100, 3)])
def test_the_first_time_it_goes_down_to_since(hours: int, count: int) -> None:
    asked = service()
    steps = list(read_apps(reading(asked, {}, since=asked.forge.now - (24 + hours) * HOUR)))
    assert len(list(pages(steps))) == count
    (listed,) = [step for step in steps if isinstance(step, Listed)]
    assert (listed.complete, listed.tables) == (True, ())


def test_again_it_goes_down_to_where_it_was() -> None:
    asked, state = service(), {}
    before = reading(asked, state)
    list(read_apps(before))
    asked.forge.now += 3 * HOUR
    again = reading(asked, dict(before.mark().state))
    assert len(list(pages(list(read_apps(again))))) == 1


def test_without_the_right_a_gap_names_it() -> None:
    steps = list(read_apps(reading(service(metadata="read"), {})))
    (gap,) = [step for step in steps if isinstance(step, Gap)]
    assert gap.code == "GAP-ACCESS"
    assert "Issues: read" in gap.remedy

"""Deliveries come twice and in any order, before a reading and after it: the facts are the same."""

import copy
import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from asbuilt.app.webhook import Delivery as Taken
from asbuilt.app.webhook import signature_holds, take_delivery
from asbuilt.ledger.ledger import open_ledger
from tests.forge import faults
from tests.forge.contract import problems_of_answer
from tests.forge.service import TOKEN, Answer, Seen, Service
from tests.forge.studio import Studio
from tests.forge.syncing import facts, new_ledger, sync
from tests.forge.webhooks import SECRET, Delivery, deliveries, disturbed, sign

# Both tell of these; what a delivery tells of a push besides (before, after) stands under an id of its own.
BOTH = ("requests", "reviews", "checks", "deployments")
TOLD = (*BOTH, "request_events", "pushes", "rule_events", "deliveries")


@pytest.fixture(scope="module")
def sent(studio: Studio) -> list[Delivery]:
    return deliveries(studio.forge, "acme/harbor")


@pytest.fixture
def token(tmp_path: Path) -> Path:
    file = tmp_path / "token"
    file.write_text(TOKEN)
    file.chmod(0o600)
    return file


def take(ledger: Path, arriving: Iterable[Delivery], now: int) -> list[bool]:
    """Each is recorded, as the endpoint would; whether it is new."""
    with open_ledger(ledger) as opened:
        return [
            take_delivery(opened, Taken("github", each.event, each.id, each.body, True), now) for each in arriving
        ]


def seen(ledger: Path, names: tuple[str, ...] = TOLD) -> dict[str, list[str]]:
    """Without the last two columns, times of observing and recording: a word counts as of when it was true."""
    return {name: [row.rsplit(",", 2)[0] for row in rows] for name, rows in facts(ledger, names).items()}


def hold_what_a_reading_tells(joined: Path, alone: Path, heads: set[str]) -> None:
    """The same rows of both; besides, only checks of commits that are no request's head, which no reading asks for."""
    found, expected = seen(joined, BOTH), seen(alone, BOTH)
    more = set(found["checks"]) - set(expected["checks"])
    assert not any(head in row for row in more for head in heads)
    found["checks"] = [row for row in found["checks"] if row not in more]
    assert found == expected


def test_what_is_sent_has_githubs_shapes(sent: list[Delivery]) -> None:
    assert len(sent) > 200
    assert {each.event for each in sent} == {
        "pull_request", "pull_request_review", "check_run", "status", "push", "deployment", "deployment_status",
    }  # fmt: skip
    assert len({each.id for each in sent}) == len(sent)
    problems = []
    for each in sent:
        body = json.loads(each.body)
        if each.event == "pull_request":
            path = Seen("GET", "/repos/acme/harbor/pulls/1", (), {}, b"")
            problems += problems_of_answer(path, Answer(200, json.dumps(body["pull_request"]).encode()))
        assert body["repository"]["full_name"] == "acme/harbor"
    assert problems == []


def test_each_is_signed_over_its_very_bytes(sent: list[Delivery]) -> None:
    for each in sent[:20]:
        assert signature_holds(SECRET, each.body, each.headers["X-Hub-Signature-256"])
        assert not signature_holds(SECRET, each.body + b" ", each.headers["X-Hub-Signature-256"])
    # GitHub's own example: "Validating webhook deliveries".
    told = sign(b"Hello, World!", b"It's a Secret to Everybody")
    assert told == "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"


def test_deliveries_are_told_as_things_stood_then(studio: Studio, sent: list[Delivery]) -> None:
    number = studio.stories["pushed after"].number
    told = [json.loads(each.body) for each in sent if each.event == "pull_request"]
    own = [each for each in told if each["number"] == number]
    heads = {
        each["action"]: (each["pull_request"]["head"]["sha"], each["pull_request"]["merged_at"]) for each in own
    }
    assert heads["opened"] != heads["synchronize"]
    assert heads["opened"][1] is None
    assert heads["closed"][1] is not None


@pytest.mark.parametrize(
    "seed", [1, pytest.param(2, marks=pytest.mark.slow), pytest.param(3, marks=pytest.mark.slow)]
)
def test_order_and_repetition_do_not_matter(
    seed: int, studio: Studio, sent: list[Delivery], tmp_path: Path
) -> None:
    ordered, other = new_ledger(tmp_path / "ordered"), new_ledger(tmp_path / "other")
    assert all(take(ordered, sent, studio.forge.now))
    arriving = disturbed(sent, seed)
    new = take(other, arriving, studio.forge.now)
    assert sum(new) == len(sent)
    assert seen(other) == seen(ordered)


def test_deliveries_before_and_after_a_reading_change_nothing_that_it_tells(
    studio: Studio, sent: list[Delivery], tmp_path: Path, token: Path
) -> None:
    alone, joined = new_ledger(tmp_path / "alone"), new_ledger(tmp_path / "joined")
    sync(Service(copy.deepcopy(studio.forge)), alone, token)
    arriving = disturbed(sent, 4)
    half = len(arriving) // 2
    take(joined, arriving[:half], studio.forge.now)
    sync(Service(copy.deepcopy(studio.forge)), joined, token)
    take(joined, arriving[half:], studio.forge.now)
    hold_what_a_reading_tells(joined, alone, {each.head_commit for each in studio.repository.requests.values()})


@pytest.mark.slow
@pytest.mark.parametrize("place", range(0, 20, 3))
def test_a_reading_that_breaks_off_between_deliveries(
    place: int, studio: Studio, sent: list[Delivery], tmp_path: Path, token: Path
) -> None:
    alone, joined = new_ledger(tmp_path / "alone"), new_ledger(tmp_path / "joined")
    sync(Service(copy.deepcopy(studio.forge)), alone, token)
    arriving = disturbed(sent, place)
    half = len(arriving) // 2
    take(joined, arriving[:half], studio.forge.now)
    service = Service(copy.deepcopy(studio.forge), is_still=True, cap=3, page_cap=5)
    service.faults.append(faults.at(place, faults.kill))
    with pytest.raises(faults.KilledError):
        sync(service, joined, token)
    take(joined, arriving[half:], studio.forge.now)
    sync(Service(copy.deepcopy(studio.forge)), joined, token)
    hold_what_a_reading_tells(joined, alone, {each.head_commit for each in studio.repository.requests.values()})

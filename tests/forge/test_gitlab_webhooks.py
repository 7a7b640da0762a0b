"""GitLab's deliveries come twice and in any order, before a reading and after it: the facts are the same."""

import json
import random
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import pytest

from asbuilt.app.webhook import Delivery as Taken
from asbuilt.app.webhook import take_delivery
from asbuilt.app.webhook_gaps import check_deliveries
from asbuilt.facts.forge.gitlab.webhooks import subject_of
from asbuilt.ledger.ledger import open_ledger
from tests.forge.gitlab_simulator import GitLab
from tests.forge.gitlab_stories import Stories
from tests.forge.gitlab_webhooks import Delivery, deliveries
from tests.forge.syncing import facts, new_ledger
from tests.forge.test_gitlab_reading import KilledError, again, kill, since, whole_stories
from tests.forge.test_gitlab_stories import changes_of, judged, read

# Both tell of these; an approval or a push that a delivery tells of besides stands under an id of its own.
BOTH = ("requests", "reviews", "checks", "deployments")
TOLD = (*BOTH, "request_events", "pushes", "deliveries")


@pytest.fixture(scope="module")
def stories(tmp_path_factory: pytest.TempPathFactory) -> Stories:
    return whole_stories(tmp_path_factory.mktemp("gitlab") / "harbor")


@pytest.fixture(scope="module")
def sent(stories: Stories) -> list[Delivery]:
    return deliveries(stories.forge)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASBUILT_CACHE", str(tmp_path / "cache"))


def take(ledger: Path, arriving: Iterable[Delivery], now: float) -> list[bool]:
    """Each is recorded, as the endpoint would; whether it is new."""
    with open_ledger(ledger) as opened:
        return [
            take_delivery(opened, Taken("gitlab", each.event, each.id, each.body, verified=False), int(now))
            for each in arriving
        ]


def disturbed(sent: Sequence[Delivery], seed: int) -> list[Delivery]:
    draw = random.Random(seed)
    found = [*sent, *(each for each in sent if draw.random() < 0.3)]
    draw.shuffle(found)
    return found


def seen(ledger: Path, names: tuple[str, ...] = TOLD) -> dict[str, list[str]]:
    """Without the last two columns, times of observing and recording: a word counts as of when it was true."""
    return {name: [row.rsplit(",", 2)[0] for row in rows] for name, rows in facts(ledger, names).items()}


def hold_what_a_reading_tells(joined: Path, alone: Path, forge: GitLab) -> None:
    """The same rows of both; besides, only jobs on commits that are no request's last head, none asks for."""
    found, expected = seen(joined, BOTH), seen(alone, BOTH)
    more = set(found["checks"]) - set(expected["checks"])
    assert not any(request["sha"] in row for row in more for request in forge.requests.values())
    found["checks"] = [row for row in found["checks"] if row not in more]
    assert found == expected


def test_what_is_sent_is_of_each_kind_and_nothing_of_it_is_refused(
    stories: Stories, sent: list[Delivery], tmp_path: Path
) -> None:
    assert {each.event for each in sent} == {
        *("Merge Request Hook", "Note Hook", "Pipeline Hook", "Job Hook", "Deployment Hook", "Push Hook")
    }
    ledger = new_ledger(tmp_path / "ledger")
    assert all(take(ledger, sent, stories.forge.now))
    assert facts(ledger, ("gaps",))["gaps"] == []
    assert len(facts(ledger, ("deliveries",))["deliveries"]) == len(sent) > 90


@pytest.mark.parametrize("seed", [1, 2])
def test_order_and_repetition_do_not_matter(
    seed: int, stories: Stories, sent: list[Delivery], tmp_path: Path
) -> None:
    ordered, other = new_ledger(tmp_path / "ordered"), new_ledger(tmp_path / "other")
    assert all(take(ordered, sent, stories.forge.now))
    assert sum(take(other, disturbed(sent, seed), stories.forge.now)) == len(sent)
    assert seen(other) == seen(ordered)


def test_deliveries_before_and_after_a_reading_change_nothing_that_it_tells(
    stories: Stories, sent: list[Delivery], tmp_path: Path
) -> None:
    alone, joined = new_ledger(tmp_path / "alone"), new_ledger(tmp_path / "joined")
    read(again(stories), alone, tmp_path / "token")
    arriving = disturbed(sent, 4)
    half = len(arriving) // 2
    take(joined, arriving[:half], stories.forge.now)
    read(again(stories), joined, tmp_path / "token")
    take(joined, arriving[half:], stories.forge.now)
    hold_what_a_reading_tells(joined, alone, stories.forge)


def test_no_delivery_changes_what_a_reading_judged(stories: Stories, sent: list[Delivery], tmp_path: Path) -> None:
    alone = judged(again(stories), stories, tmp_path)
    take(tmp_path / "ledger", disturbed(sent, 5), stories.forge.now)
    joined = changes_of(tmp_path / "ledger")
    for told in stories.told.values():
        for name in ("review_verdict", "rejected_approvals", "independent_human_approvals", "bypassed_rules"):
            assert joined[told.change][name] == alone[told.change][name], (told, name)


@pytest.mark.slow
@pytest.mark.parametrize("place", range(5, 60, 18))
def test_a_reading_that_breaks_off_between_deliveries(
    place: int, stories: Stories, sent: list[Delivery], tmp_path: Path
) -> None:
    alone, joined = new_ledger(tmp_path / "alone"), new_ledger(tmp_path / "joined")
    read(again(stories), alone, tmp_path / "token")
    arriving = disturbed(sent, place)
    half = len(arriving) // 2
    take(joined, arriving[:half], stories.forge.now)
    forge: GitLab = again(stories, 5)
    forge.is_still, forge.before = True, since(place, kill)
    with pytest.raises(KilledError):
        read(forge, joined, tmp_path / "token")
    take(joined, arriving[half:], stories.forge.now)
    read(again(stories), joined, tmp_path / "token")
    hold_what_a_reading_tells(joined, alone, stories.forge)


def test_what_did_not_come_is_missed_and_nothing_else(
    stories: Stories, sent: list[Delivery], tmp_path: Path
) -> None:
    ledger = new_ledger(tmp_path / "ledger")
    read(again(stories), ledger, tmp_path / "token")
    number = stories.told["squashed"].number
    lost = [
        each
        for each in sent
        if subject(each) in {f"approval {number} by ben", f"check pipeline-{first(stories, number)}"}
    ]
    assert {each.event for each in lost} == {"Merge Request Hook", "Pipeline Hook"}
    with open_ledger(ledger) as opened:
        for each in sent:
            if each not in lost:
                taken = Taken("gitlab", each.event, each.id, each.body, verified=False)
                take_delivery(opened, taken, int(datetime.fromisoformat(each.at).timestamp()))
    held, gaps = check_deliveries(ledger)
    assert held == len(sent) - len(lost)
    said = {gap.what.partition(", the first about ")[2].partition(" at ")[0] for gap in gaps}
    assert said == {f"approval {number} by ben", f"check pipeline-{first(stories, number)}"}
    assert [gap.count for gap in gaps] == [1, 1]


def subject(sent: Delivery) -> str | None:
    return subject_of(sent.event, json.loads(sent.body))


def first(stories: Stories, number: int | None) -> int:
    """The id of a request's pipeline."""
    pipelines = stories.forge.requests[number or 0]["_pipelines"]
    return int(pipelines[0]["id"])

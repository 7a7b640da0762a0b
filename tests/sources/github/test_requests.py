"""Requests in bulk: few queries, every inner page, nothing that moved meanwhile lost."""

import json
from typing import Any

import httpx
import pytest

from asbuilt.model.inspection import Gap
from asbuilt.sources.credentials import Token
from asbuilt.sources.github.pull import HEADERS
from asbuilt.sources.github.reading import Reading
from asbuilt.sources.github.requests import OVERLAP, read_requests
from asbuilt.sources.http import Client, UnansweredError
from asbuilt.sources.steps import Expected, Listed, Mark, Page, Step
from tests.app.small_forge import SmallForge, connection


def reading_of(forge: SmallForge, state: dict[str, Any] | None = None, since: int | None = None) -> Reading:
    def sleep(seconds: float) -> None:
        forge.now += int(seconds) + 1

    client = Client(
        "https://api.github.com",
        Token("good-token", "the test"),
        headers=HEADERS,
        transport=forge.transport(),
        clock=lambda: forge.now,
        sleep=sleep,
        draw=lambda: 0.0,
    )
    return Reading(client, "acme/shop", state or {}, since=since)


def steps_of(reading: Reading) -> list[Step]:
    return list(read_requests(reading))


def listed(steps: list[Step]) -> Listed:
    (found,) = [step for step in steps if isinstance(step, Listed)]
    return found


def state_of(steps: list[Step]) -> dict[str, Any]:
    return dict([step for step in steps if isinstance(step, Mark)][-1].state)


def test_few_requests_bring_all_of_them() -> None:
    forge = SmallForge(60)
    steps = steps_of(reading_of(forge))
    # A page of 25, one of the rest, and the front once more.
    assert len(forge.asked) == 3
    found = listed(steps)
    assert found.complete
    assert found.reported_total == 60
    assert found.covers is not None
    assert found.covers[0] == 0
    assert [step.done for step in steps if isinstance(step, Expected)][:2] == [25, 60]


def test_what_an_inner_page_cuts_off_is_followed_to_its_end() -> None:
    forge = SmallForge(2, reviews=260)
    pages = [step for step in steps_of(reading_of(forge)) if isinstance(step, Page)]
    assert [(page.name, page.key) for page in pages] == [
        ("graphql/requests", "1"),
        *[("graphql/request-reviews", f"2 | {number}") for number in (2, 3, 4)],
        *[("graphql/request-reviews", f"1 | {number}") for number in (2, 3, 4)],
    ]


def test_the_next_time_only_what_was_touched_is_read() -> None:
    forge = SmallForge(60)
    state = state_of(steps_of(reading_of(forge)))
    forge.asked.clear()
    forge.now += 100_000
    forge.touch(7)
    again = steps_of(reading_of(forge, state))
    assert len(forge.asked) == 1
    covers = listed(again).covers
    assert covers is not None
    assert covers[0] == state["requests"]["until"] - OVERLAP
    assert listed(again).reported_total is None


def test_a_date_to_begin_with() -> None:
    forge = SmallForge(60)
    since = forge.now - 100 * 86_400 + 41 * 60
    steps = steps_of(reading_of(forge, since=since))
    assert len(forge.asked) == 1
    covers = listed(steps).covers
    assert covers is not None
    assert covers[0] == since


def test_what_moved_to_the_front_meanwhile_is_not_lost() -> None:
    forge = SmallForge(60)

    def move(number: int, _: httpx.Request) -> None:
        if number == 1:
            forge.touch(1)  # it stood on a page that comes later, and now stands before all of them

    forge.before = move
    pages = [step for step in steps_of(reading_of(forge)) if isinstance(step, Page)]
    assert sum(page.body.count(b'"number": 1,') for page in pages) == 1
    assert b'"number": 1,' in pages[-1].body


def test_what_moved_is_not_counted_against_the_total() -> None:
    forge = SmallForge(60)
    forge.before = lambda number, _: forge.touch(1) if number == 1 else None  # type: ignore[func-returns-value]
    assert listed(steps_of(reading_of(forge))).reported_total is None


@pytest.mark.parametrize("failing", [502, 504])
def test_a_page_that_is_too_much_is_halved(failing: int) -> None:
    forge = SmallForge(30)
    sizes: list[int] = []

    def too_much(_: int, request: httpx.Request) -> httpx.Response | None:
        size = int(request.content.decode().rpartition('"size":')[2].partition(",")[0])
        sizes.append(size)
        return httpx.Response(failing) if size > 10 else None

    forge.before = too_much
    found = listed(steps_of(reading_of(forge)))
    assert found.complete
    assert sizes[:3] == [25, 12, 6]


def test_a_forge_that_gives_up_on_one_alone_leaves_a_gap() -> None:
    forge = SmallForge(30)
    slow = {"data": None, "errors": [{"message": "Something went wrong while executing your query."}]}
    forge.before = lambda _, __: httpx.Response(200, json=slow)
    steps = steps_of(reading_of(forge))
    (gap,) = [step for step in steps if isinstance(step, Gap)]
    assert gap.code == "GAP-UNREAD"
    assert [step for step in steps if isinstance(step, Listed)] == []


def test_graphql_limits_are_waited_for() -> None:
    forge = SmallForge(3)
    limited = {"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]}
    forge.before = lambda number, _: httpx.Response(200, json=limited) if number == 0 else None
    begun = forge.now
    assert listed(steps_of(reading_of(forge))).complete
    assert forge.now - begun > 60


def test_what_the_token_may_not_see_of_it_is_a_gap_and_the_rest_stands() -> None:
    forge = SmallForge(3)
    whole = forge.graph
    hole = b'{"errors":[{"type":"FORBIDDEN","message":"Resource not accessible","path":["a","statusCheckRollup"]}],'
    forge.graph = lambda asked: hole + whole(asked)[1:]  # type: ignore[method-assign]
    steps = steps_of(reading_of(forge))
    assert listed(steps).complete
    assert any(isinstance(step, Gap) and "statusCheckRollup" in step.what for step in steps)


def test_checks_that_run_on_are_asked_for_again_until_they_have_ended() -> None:
    forge = SmallForge(3)
    running = {"n": "IN_PROGRESS"}
    plain = forge.told

    def told(request: dict[str, Any]) -> dict[str, Any]:
        if request["number"] != 2:
            return plain(request)
        run = {"__typename": "CheckRun", "databaseId": 5, "name": "ci", "status": running["n"], "conclusion": None}
        head = {"oid": request["headRefOid"], "statusCheckRollup": {"contexts": connection([run])}}
        return plain(request) | {"headCommit": {"nodes": [{"commit": head}]}}

    whole = forge.graph

    def graph(asked: dict[str, Any]) -> bytes:
        if "query RequestChecks" not in asked["query"]:
            return whole(asked)
        return json.dumps({"data": {"node": told(forge.requests[2])}}).encode()

    forge.told = told  # type: ignore[method-assign]
    forge.graph = graph  # type: ignore[method-assign]
    state = state_of(steps_of(reading_of(forge)))
    assert list(state["requests"]["pending"]) == ["2"]
    for status, left in (("QUEUED", ["2"]), ("COMPLETED", []), ("COMPLETED", [])):
        forge.now += 90_000
        forge.asked.clear()
        before, running["n"] = list(state["requests"]["pending"]), status
        steps = steps_of(reading_of(forge, state))
        pages = [step.name for step in steps if isinstance(step, Page)]
        assert pages == ["graphql/requests", *(["graphql/request-checks"] if before else [])]
        state = state_of(steps)
        assert list(state["requests"]["pending"]) == left


def test_a_check_that_never_ends_is_forgotten_in_the_end() -> None:
    forge = SmallForge(1)
    state = {"requests": {"until": forge.now, "pending": {"1": ["PR_1", forge.now - 15 * 86_400, 0]}}}
    assert state_of(steps_of(reading_of(forge, state)))["requests"]["pending"] == {}


@pytest.mark.parametrize(
    "state", [{"requests": 5}, {"requests": {"until": "x", "pending": []}}, {"requests": None}]
)
def test_a_state_that_is_none_counts_as_none(state: dict[str, Any]) -> None:
    assert listed(steps_of(reading_of(SmallForge(1), state))).complete


def test_a_request_in_another_form_is_a_gap_and_the_listing_incomplete() -> None:
    forge = SmallForge(3)
    forge.requests[2]["number"] = "two"
    steps = steps_of(reading_of(forge))
    assert not listed(steps).complete
    assert any(isinstance(step, Gap) and step.code == "GAP-PAGE" for step in steps)


@pytest.mark.parametrize("body", [b'{"data":{"node":null}}', b"<html>", b'{"data":{"node":{"id":1}}}'])
def test_an_inner_page_that_is_not_given_is_a_gap_and_the_listing_incomplete(body: bytes) -> None:
    forge = SmallForge(2, reviews=60)
    inner = b"query RequestReviews"
    forge.before = lambda _, request: httpx.Response(200, content=body) if inner in request.content else None
    if body == b"<html>":
        with pytest.raises(UnansweredError):
            steps_of(reading_of(forge))
        return
    steps = steps_of(reading_of(forge))
    assert not listed(steps).complete
    assert {step.code for step in steps if isinstance(step, Gap)} == {"GAP-INNER"}


def test_a_head_that_cannot_be_asked_for_is_not_forgotten() -> None:
    forge = SmallForge(1)
    state = {"requests": {"until": forge.now, "pending": {"1": ["PR_1", forge.now, 0]}}}
    gone = {"data": {"node": None}}
    forge.before = lambda _, request: (
        httpx.Response(200, json=gone) if b"query RequestChecks" in request.content else None
    )
    steps = steps_of(reading_of(forge, state))
    assert list(state_of(steps)["requests"]["pending"]) == ["1"]
    assert any(isinstance(step, Gap) for step in steps)


@pytest.mark.parametrize(("seconds", "sizes"), [(0, [25, 50, 100, 25]), (3, [25] * 7), (6, [25, 12, 6, 3])])
def test_pages_grow_while_answers_come_fast_and_shrink_when_they_take_long(seconds: int, sizes: list[int]) -> None:
    asked: list[int] = []
    forge = SmallForge(160)

    def look(_: int, request: httpx.Request) -> httpx.Response | None:
        asked.append(int(request.content.decode().rpartition('"size":')[2].partition(",")[0]))
        forge.now += seconds
        return None

    forge.before = look
    steps_of(reading_of(forge))
    assert asked[: len(sizes)] == sizes


def test_a_front_in_which_nothing_is_new_is_no_page() -> None:
    forge = SmallForge(60)
    assert len([step for step in steps_of(reading_of(forge)) if isinstance(step, Page)]) == len(forge.asked) - 1
    touched = SmallForge(60)
    touched.before = lambda number, _: touched.touch(1) if number == 1 else None  # type: ignore[func-returns-value]
    steps = steps_of(reading_of(touched))
    assert len([step for step in steps if isinstance(step, Page)]) == len(touched.asked)

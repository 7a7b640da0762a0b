"""Listings: every page, those that have not changed not sent again, and each refusal a gap."""

from collections.abc import Callable
from typing import Any

import httpx
import msgspec
import pytest

from asbuilt.model.inspection import Gap
from asbuilt.sources.credentials import Token
from asbuilt.sources.github.asking import TokenRefusedError
from asbuilt.sources.github.endpoints import Endpoint
from asbuilt.sources.github.reading import Outcome, Reading
from asbuilt.sources.github.rest import OVERLAP, Listing, read_listing
from asbuilt.sources.http import Client
from asbuilt.sources.limits import LimitReachedError
from asbuilt.sources.moments import text_of
from asbuilt.sources.steps import Listed, Page, Step

BASE = "https://api.github.com"
NOW = 1_770_000_000
THINGS = Endpoint("things", "/things?per_page=100", "repository", "Metadata: read", "a test", ("keys",), "all")
Answer = Callable[[httpx.Request], httpx.Response]


class Asked:
    def __init__(self, answer: Answer, state: dict[str, Any] | None = None) -> None:
        self.seen: list[httpx.Request] = []
        self.now = NOW

        def reply(request: httpx.Request) -> httpx.Response:
            self.seen.append(request)
            self.now += 1
            return answer(request)

        client = Client(
            BASE,
            Token("good-token", "the test"),
            transport=httpx.MockTransport(reply),
            clock=lambda: self.now,
            sleep=lambda _: None,
            draw=lambda: 0.0,
            max_wait=10,
        )
        self.reading = Reading(client, "acme/shop", state or {})
        self.outcome = Outcome()

    def read(self, endpoint: Endpoint = THINGS, *, want: bool = True) -> list[Step]:
        return list(read_listing(self.reading, endpoint, self.outcome, want=want, repository="acme/shop"))


def pages(count: int, item: Callable[[int], object] = lambda number: {"id": number}) -> Answer:
    """A listing of so many pages, with ETags."""

    def answer(request: httpx.Request) -> httpx.Response:
        number = int(request.url.params.get("page", "1"))
        etag = f'"{number}"'
        if request.headers.get("if-none-match") == etag:
            return httpx.Response(304)
        following = f'<{BASE}/things?per_page=100&page={number + 1}>; rel="next"'
        headers = {"ETag": etag} | ({"Link": following} if number < count else {})
        return httpx.Response(200, json=[item(number)], headers=headers)

    return answer


def listed(steps: list[Step]) -> Listed:
    (found,) = [step for step in steps if isinstance(step, Listed)]
    return found


def test_every_page_is_read_and_the_whole_is_said() -> None:
    asked = Asked(pages(3))
    steps = asked.read()
    found = [step for step in steps if isinstance(step, Page)]
    assert [(page.key, page.body, page.listing) for page in found] == [
        (str(number), b'[{"id":%d}]' % number, "things") for number in (1, 2, 3)
    ]
    whole = listed(steps)
    assert (whole.complete, whole.covers, whole.tables) == (True, (0, NOW + 1), ("keys",))
    assert whole.part == "acme/shop"
    assert asked.reading.ids("things", asked.outcome) == ["1", "2", "3"]


def test_what_has_not_changed_is_not_sent_again_and_still_counts() -> None:
    first = Asked(pages(3))
    first.read()
    first.reading.ids("things", first.outcome)
    again = Asked(pages(3), dict(first.reading.mark().state))
    steps = again.read()
    assert [step.status for step in steps if isinstance(step, Page)] == [304, 304, 304]
    assert listed(steps).complete
    assert again.reading.ids("things", again.outcome) == ["1", "2", "3"]


def test_a_page_that_has_changed_is_read_anew() -> None:
    state = {"etags": {"/things?per_page=100": ['"old"', "", 1 << 40]}}
    steps = Asked(pages(2), state).read()
    assert [step.status for step in steps if isinstance(step, Page)] == [200, 200]


@pytest.mark.parametrize("status", [403, 404, 410, 422, 451])
def test_a_refusal_is_a_gap_that_names_the_right(status: int) -> None:
    headers = {"X-Accepted-GitHub-Permissions": "administration=read"}
    asked = Asked(lambda _: httpx.Response(status, json={"message": "No \x1b[31mway"}, headers=headers))
    (gap,) = asked.read()
    assert isinstance(gap, Gap)
    assert gap.code == "GAP-ACCESS"
    assert "Metadata: read (GitHub: administration=read)" in gap.remedy
    assert f"GitHub answers {status}: No \\x1b[31mway." in gap.why
    assert ("both of what is not there" in gap.why) is (status == 404)
    assert asked.outcome.refused is not None


def test_what_is_known_to_be_absent_is_an_answer() -> None:
    endpoint = Endpoint(
        "x", "/x", "repository", "Metadata: read", "", ("branch_rules",), "now", absent="Not protected"
    )
    steps = Asked(lambda _: httpx.Response(404, json={"message": "Not protected"})).read(endpoint)
    assert [step.status for step in steps if isinstance(step, Page)] == [404]
    assert listed(steps).complete
    (gap,) = Asked(lambda _: httpx.Response(404, json={"message": "Not Found"})).read(endpoint)
    assert isinstance(gap, Gap)


def test_a_refusal_on_the_way_leaves_the_listing_incomplete() -> None:
    whole = pages(3)

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(403, json={}) if request.url.params.get("page") == "2" else whole(request)

    steps = Asked(answer).read()
    assert not listed(steps).complete
    assert sum(isinstance(step, Gap) for step in steps) == 1


def test_no_answer_is_a_gap_and_the_listing_incomplete() -> None:
    whole = pages(3)
    steps = Asked(
        lambda request: httpx.Response(500) if request.url.params.get("page") == "3" else whole(request)
    ).read()
    assert not listed(steps).complete
    assert [step.code for step in steps if isinstance(step, Gap)] == ["GAP-UNREAD"]


@pytest.mark.parametrize(
    ("response", "error"),
    [
        (httpx.Response(401, json={"message": "Bad credentials"}), TokenRefusedError),
        (httpx.Response(403, headers={"Retry-After": "600"}), LimitReachedError),
    ],
)
def test_when_nothing_more_can_be_asked_what_was_read_is_concluded(
    response: httpx.Response, error: type[Exception]
) -> None:
    whole = pages(3)
    asked = Asked(lambda request: response if request.url.params.get("page") == "2" else whole(request))
    steps: list[Step] = []
    with pytest.raises(error):
        steps.extend(read_listing(asked.reading, THINGS, asked.outcome))
    assert not listed(steps).complete


def test_what_is_listed_newest_first_is_read_down_to_the_last_reading() -> None:
    endpoint = Endpoint(
        "pushes", "/things?per_page=100", "repository", "Metadata: read", "", ("pushes",), "seen", newest="at"
    )
    first = Asked(pages(9, lambda number: {"at": text_of(NOW - number * 1000)}))
    whole = listed(first.read(endpoint))
    assert whole.covers == (NOW - 9000, NOW + 1)
    later = Asked(
        lambda request: httpx.Response(
            200,
            json=[{"at": text_of(NOW + 9000 - int(request.url.params.get("page", "1")) * 3000)}],
            headers={"Link": f'<{BASE}/things?page={int(request.url.params.get("page", "1")) + 1}>; rel="next"'},
        ),
        dict(first.reading.mark().state),
    )
    again = listed(later.read(endpoint))
    assert again.complete
    assert len(later.seen) == 5
    assert again.covers == (NOW + 1 - OVERLAP, NOW + 1)


@pytest.mark.parametrize(
    ("covers", "span"), [("all", (0, NOW + 1)), ("30 days", (NOW + 1 - 30 * 86_400, NOW + 1)), ("seen", None)]
)
def test_what_it_covers(covers: str, span: tuple[int, int] | None) -> None:
    endpoint = Endpoint("x", "/things?per_page=100", "repository", "Metadata: read", "", ("pushes",), covers)
    assert listed(Asked(pages(1)).read(endpoint)).covers == span


def test_several_endpoints_make_up_one_listing() -> None:
    asked = Asked(pages(1))
    rules = Listing(asked.reading, THINGS, "rules")
    steps = [*rules.read(THINGS, Outcome(), subject="main"), *rules.read(THINGS, Outcome(), subject="7")]
    steps += rules.conclude()
    assert [step.key for step in steps if isinstance(step, Page)] == ["main | 1", "7 | 1"]
    assert listed(steps).listing == "rules"


@pytest.mark.parametrize("body", [b"[1,2]", b'[{"at":[]}]', b"[]"])
def test_items_of_any_kind_are_a_page(body: bytes) -> None:
    endpoint = Endpoint("x", "/x", "repository", "Metadata: read", "", ("pushes",), "seen", newest="at")
    steps = Asked(lambda _: httpx.Response(200, content=body)).read(endpoint)
    assert [step.body for step in steps if isinstance(step, Page)] == [body]


NO_ANSWERS = [
    *[("list", body) for body in (b"", b"{", b"[[[[", b"\xff", b'"x"', b"{}", b"<html>", b"[" * 200_000)],
    *[("object", body) for body in (b"[]", b"null", b"{")],
    *[("runs", body) for body in (b"[]", b"{}", b'{"runs": {}}', b'{"other": []}')],
]


@pytest.mark.parametrize(("holds", "body"), NO_ANSWERS)
def test_what_is_no_answer_is_no_end_of_a_listing(holds: str, body: bytes) -> None:
    endpoint = msgspec.structs.replace(THINGS, newest="at", holds=holds)
    whole = pages(2, lambda number: {"id": number, "at": text_of(NOW - number)})

    def answer(request: httpx.Request) -> httpx.Response:
        if holds != "list" or request.url.params.get("page") == "2":
            return httpx.Response(200, content=body, headers={"ETag": '"none"'})
        return whole(request)

    asked = Asked(answer)
    asked.reading.state["untils"] = {"things": NOW - 9_000_000}
    steps = asked.read(endpoint)
    assert [step.code for step in steps if isinstance(step, Gap)] == ["GAP-UNREAD"]
    assert not asked.outcome.is_whole
    assert asked.reading.state["untils"] == {"things": NOW - 9_000_000}
    assert '"none"' not in str(asked.reading.state["etags"])
    # It is kept as it came, and nothing is said to have been listed by it.
    assert [step.body for step in steps if isinstance(step, Page)][-1] == body
    if holds == "list":
        assert not listed(steps).complete
    else:
        assert not any(isinstance(step, Listed) for step in steps)

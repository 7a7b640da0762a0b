"""One client: limits kept, failures tried again, the token shown to one host alone."""

import email.utils
import logging
from collections.abc import Callable, Iterator

import httpx
import pytest

from asbuilt.model.errors import UsageError
from asbuilt.sources.credentials import Token
from asbuilt.sources.http import LARGEST, TRIES, Client, UnansweredError
from asbuilt.sources.limits import LimitReachedError

BASE = "https://api.forge.example"
SECRET = "token-of-all-tokens"
Answer = Callable[[int, httpx.Request], httpx.Response]


class Talk:
    """A client whose forge answers as a function says; it counts requests and seconds slept."""

    def __init__(self, answer: Answer, base: str = BASE, **more: object) -> None:
        self.seen: list[httpx.Request] = []
        self.slept: list[float] = []
        self.now = 1_770_000_000.0

        def reply(request: httpx.Request) -> httpx.Response:
            self.seen.append(request)
            return answer(len(self.seen) - 1, request)

        self.client = Client(
            base,
            Token(SECRET, "the test"),
            transport=httpx.MockTransport(reply),
            clock=lambda: self.now,
            sleep=self.sleep,
            draw=lambda: 0.5,
            **more,  # type: ignore[arg-type]
        )

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def test_a_reply_keeps_what_is_read_and_no_more() -> None:
    talk = Talk(lambda _, __: httpx.Response(200, content=b"[1]", headers={"ETag": '"a"', "Set-Cookie": "x=1"}))
    reply = talk.client.get("/repos/a/b?x=1", etag='"old"')
    assert (reply.status, reply.body, reply.request) == (200, b"[1]", "GET /repos/a/b?x=1")
    assert reply.headers == {"etag": '"a"'}
    assert reply.observed == reply.certain == 1_770_000_000
    assert talk.seen[0].headers["if-none-match"] == '"old"'
    assert talk.seen[0].headers["authorization"] == f"Bearer {SECRET}"
    assert SECRET not in repr(reply)


@pytest.mark.parametrize(("away", "observed", "certain"), [(30, 30, 0), (-30, 0, -30), (200_000, 0, 0)])
def test_the_later_clock_bounds_what_was_seen_and_the_earlier_what_is_certain(
    away: int, observed: int, certain: int
) -> None:
    date = email.utils.formatdate(1_770_000_000 + away, usegmt=True)
    reply = Talk(lambda _, __: httpx.Response(200, headers={"Date": date})).client.get("/x")
    assert (reply.observed - 1_770_000_000, reply.certain - 1_770_000_000) == (observed, certain)


def test_the_next_page_is_named_by_the_link_header() -> None:
    link = f'<{BASE}/x?page=1>; rel="prev", <{BASE}/x?page=3>; rel="next", <{BASE}/x?page=9>; rel="last"'
    talk = Talk(lambda _, __: httpx.Response(200, headers={"Link": link}))
    assert talk.client.get("/x").next == f"{BASE}/x?page=3"
    assert Talk(lambda _, __: httpx.Response(200)).client.get("/x").next is None


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/x",
        "http://api.forge.example/x",
        "https://api.forge.example:8443/x",
        "https://a:b@api.forge.example/x",
        "//evil.example/x",
        "file:///etc/passwd",
    ],
)
def test_the_token_goes_to_no_other_host(elsewhere: str) -> None:
    talk = Talk(lambda _, __: httpx.Response(302, headers={"Location": elsewhere}))
    with pytest.raises(UnansweredError):
        talk.client.get("/x")
    assert len(talk.seen) == 1
    if not elsewhere.startswith("//"):
        with pytest.raises(UnansweredError):
            talk.client.get(elsewhere)
    assert len(talk.seen) == 1


def test_a_redirect_on_the_same_host_is_followed_and_a_ring_is_not() -> None:
    def moved(number: int, _: httpx.Request) -> httpx.Response:
        return httpx.Response(200) if number else httpx.Response(301, headers={"Location": "/repositories/7"})

    talk = Talk(moved)
    assert talk.client.get("/repos/a/b").request == "GET /repositories/7"
    ring = Talk(lambda _, __: httpx.Response(307, headers={"Location": "/again"}))
    with pytest.raises(UnansweredError, match="again and again"):
        ring.client.get("/x")
    assert len(ring.seen) == 5


@pytest.mark.parametrize("status", [202, 500, 502, 503, 504])
def test_what_fails_is_tried_again_ever_later(status: int) -> None:
    talk = Talk(lambda number, _: httpx.Response(200 if number == 3 else status))
    assert talk.client.get("/x").status == 200
    assert talk.slept == [1.0, 2.0, 4.0]
    broken = Talk(lambda _, __: httpx.Response(status))
    with pytest.raises(UnansweredError, match="GET /x got no answer"):
        broken.client.get("/x")
    assert len(broken.seen) == TRIES


@pytest.mark.parametrize("error", [httpx.ReadTimeout, httpx.ConnectError, httpx.RemoteProtocolError])
def test_a_broken_connection_is_tried_again(error: type[httpx.TransportError]) -> None:
    def cut(number: int, request: httpx.Request) -> httpx.Response:
        if number < 2:
            raise error("cut", request=request)
        return httpx.Response(200)

    assert Talk(cut).client.get("/x").status == 200


def test_a_query_may_be_sent_once_alone() -> None:
    talk = Talk(lambda _, __: httpx.Response(504))
    with pytest.raises(UnansweredError, match="got no answer"):
        talk.client.post("/graphql", b"{}", tries=1)
    assert len(talk.seen) == 1
    assert talk.slept == []


def test_the_primary_limit_is_waited_for_with_a_countdown() -> None:
    left: list[int] = []

    def limited(number: int, _: httpx.Request) -> httpx.Response:
        reset = {"X-RateLimit-Reset": str(1_770_000_005)}
        if number == 0:
            return httpx.Response(403, json={"message": "API rate limit exceeded"}, headers=reset | NONE_LEFT)
        return httpx.Response(200, headers=reset | {"X-RateLimit-Remaining": "4999"})

    talk = Talk(limited, on_wait=left.append)
    assert talk.client.get("/x").status == 200
    assert left == [6, 5, 4, 3, 2, 1]
    assert talk.client.limits.remaining == {"core": 4999}


NONE_LEFT = {"X-RateLimit-Remaining": "0"}


def test_a_limit_that_lasts_too_long_stops_it_and_nothing_is_sent() -> None:
    talk = Talk(
        lambda _, __: httpx.Response(200, headers=NONE_LEFT | {"X-RateLimit-Reset": "1770003600"}), max_wait=60
    )
    assert talk.client.get("/x").status == 200
    with pytest.raises(LimitReachedError) as caught:
        talk.client.get("/y")
    assert caught.value.until == 1_770_003_601
    assert len(talk.seen) == 1
    assert talk.client.post("/graphql", b"{}").status == 200  # another limit


def test_the_secondary_limit_says_how_long() -> None:
    def limited(number: int, _: httpx.Request) -> httpx.Response:
        if number == 0:
            return httpx.Response(429, headers={"Retry-After": "3"})
        if number == 1:
            return httpx.Response(403, json={"message": "You have exceeded a secondary rate limit"})
        return httpx.Response(200)

    talk = Talk(limited)
    assert talk.client.get("/x").status == 200
    assert sum(talk.slept) == 4 + 61


def test_a_refusal_that_is_no_limit_is_an_answer() -> None:
    talk = Talk(lambda _, __: httpx.Response(403, json={"message": "Resource not accessible by integration"}))
    assert talk.client.get("/x").status == 403
    assert len(talk.seen) == 1


def test_a_reply_that_drips_is_given_up() -> None:
    class Drops(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            while True:
                talk.now += 1
                yield b" "

    talk = Talk(lambda *_: httpx.Response(200, stream=Drops()))
    with pytest.raises(UnansweredError, match="takes more than"):
        talk.client.get("/x")
    assert len(talk.seen) == 1


def test_a_reply_is_read_up_to_a_size() -> None:
    def endless(_: int, __: httpx.Request) -> httpx.Response:
        return httpx.Response(200, stream=httpx.ByteStream(b"x" * (LARGEST + 1)))

    with pytest.raises(UnansweredError, match="more than"):
        Talk(endless).client.get("/x")


@pytest.mark.parametrize(
    "base",
    [
        "",
        "api.forge.example",
        "ftp://a.example",
        "https://u:p@a.example",
        "https://a.example/?x=1",
        "http://a.example",
    ],
)
def test_an_address_that_may_not_be_asked_is_refused(base: str) -> None:
    with pytest.raises(UsageError):
        Talk(lambda _, __: httpx.Response(200), base)


def test_the_token_stands_in_no_log_and_no_error(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    talk = Talk(lambda _, __: httpx.Response(500))
    with pytest.raises(UnansweredError) as caught:
        talk.client.get("/x")
    assert SECRET not in caplog.text + str(caught.value) + repr(vars(talk.client))

"""Limits: what replies say of them, and how long is waited."""

import pytest

from asbuilt.sources.limits import LimitReachedError, Limits


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0
        self.left: list[int] = []

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def limits(self, max_wait: float = 100) -> Limits:
        return Limits(max_wait=max_wait, clock=lambda: self.now, sleep=self.sleep, on_wait=self.left.append)


def test_each_kind_has_its_own() -> None:
    clock = Clock()
    limits = clock.limits()
    limits.note("core", {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1010"})
    limits.note("graphql", {"x-ratelimit-remaining": "7", "x-ratelimit-reset": "1010"})
    assert limits.remaining == {"core": 0, "graphql": 7}
    limits.before("graphql")
    assert clock.now == 1000
    limits.before("core")
    assert clock.now == 1011
    assert clock.left == list(range(11, 0, -1))


@pytest.mark.parametrize("told", ["", "-1", "1e3", "٣", "9" * 30, "soon"])
def test_headers_that_say_nothing_are_passed_over(told: str) -> None:
    limits = Clock().limits()
    limits.note("core", {"x-ratelimit-remaining": told, "x-ratelimit-reset": "1010"})
    assert limits.remaining == {}


@pytest.mark.parametrize(
    ("status", "headers", "body", "wait"),
    [
        (200, {"retry-after": "5"}, b"", None),
        (404, {}, b"rate limit", None),
        (403, {}, b'{"message":"Must have admin rights"}', None),
        (403, {"retry-after": "5"}, b"", 5),
        (429, {}, b"", 60),
        (403, {}, b'{"message":"You have triggered an abuse detection mechanism"}', 60),
        (403, {"x-ratelimit-remaining": "0"}, b"", 60),
    ],
)
def test_which_refusals_are_limits(status: int, headers: dict[str, str], body: bytes, wait: float | None) -> None:
    assert Clock().limits().refusal("core", status, headers, body) == wait


def test_a_wait_is_bounded() -> None:
    clock = Clock()
    with pytest.raises(LimitReachedError):
        clock.limits(5).wait(5)
    assert clock.now == 1000
    clock.limits(5).wait(4)
    assert clock.now == 1005


def test_a_limit_that_only_the_body_tells_is_waited_for() -> None:
    clock = Clock()
    limits = clock.limits()
    limits.note("graphql", {"x-ratelimit-remaining": "12", "x-ratelimit-reset": "9000"})
    limits.spent("graphql")
    limits.before("graphql")
    assert clock.now == 1061

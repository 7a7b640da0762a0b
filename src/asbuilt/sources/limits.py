"""How many requests a forge still takes, and until when to wait; waiting is shown, and bounded.

Sources: GitHub, REST API, "Rate limits for the REST API" (primary and secondary) and "Rate limits for GraphQL";
GitLab, "User and IP rate limits", which names the same headers without the ``X-``.
"""

import math
from collections.abc import Callable, Mapping

import msgspec

from asbuilt.model.errors import SourceError

LONGEST_WAIT = 900  # seconds, unless somebody says else
_SECONDARY = 60  # seconds to wait where a secondary limit does not say how long
_LATEST = 1 << 40  # a moment that no forge names


class LimitReachedError(SourceError):
    """The forge takes no further request for longer than anyone wants to wait; ``until`` is when it will again."""

    def __init__(self, until: int, wait: int) -> None:
        super().__init__(
            f"The forge takes no further request for {wait:,} seconds.",
            why="Its limit for this token is used up.",
            fix="Run the same command again later, it goes on from here; or let it wait: --max-wait SECONDS.",
        )
        self.until = until


class _Bucket(msgspec.Struct):
    remaining: int
    reset: float


class Limits:
    """What replies said of the limits, for each kind of request by itself.

    ``on_wait`` is called with the seconds that are left, once a second.
    """

    def __init__(
        self,
        *,
        max_wait: float,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
        on_wait: Callable[[int], None],
    ) -> None:
        self._max_wait, self._clock, self._sleep, self._on_wait = max_wait, clock, sleep, on_wait
        self._buckets: dict[str, _Bucket] = {}

    @property
    def remaining(self) -> dict[str, int]:
        """Requests (of GraphQL: points) that are left, by kind."""
        return {kind: bucket.remaining for kind, bucket in sorted(self._buckets.items())}

    def note(self, kind: str, headers: Mapping[str, str]) -> None:
        """Take in what a reply says."""
        remaining, reset = (_number(_limit(headers, name)) for name in ("remaining", "reset"))
        if remaining is not None and reset is not None:
            self._buckets[kind] = _Bucket(int(remaining), reset)

    def spent(self, kind: str) -> None:
        """Nothing is left of that kind, whatever the headers say; how long is known from them, or guessed."""
        bucket = self._buckets.get(kind)
        reset = bucket.reset if bucket is not None and bucket.remaining <= 0 else self._clock() + _SECONDARY
        self._buckets[kind] = _Bucket(0, reset)

    def before(self, kind: str) -> None:
        """Wait, where the next request of that kind would be refused.

        Raises:
            LimitReachedError: for longer than is wanted.
        """
        bucket = self._buckets.get(kind)
        if bucket is not None and bucket.remaining <= 0:
            self.wait(bucket.reset - self._clock())
            del self._buckets[kind]

    def refusal(self, kind: str, status: int, headers: Mapping[str, str], body: bytes) -> float | None:
        """Seconds to wait before a refused request may be sent again; None: no limit refused it."""
        if status not in {403, 429}:
            return None
        after = _number(headers.get("retry-after"))
        if after is not None:
            return after
        if _limit(headers, "remaining") == "0":
            bucket = self._buckets.get(kind)
            return bucket.reset - self._clock() if bucket is not None else _SECONDARY
        told = body[:4096].lower()
        return _SECONDARY if status == 429 or b"rate limit" in told or b"abuse detection" in told else None

    def wait(self, seconds: float) -> None:
        """Wait so long, and a second more for clocks that differ.

        Raises:
            LimitReachedError: that is longer than is wanted.
        """
        left = math.ceil(seconds) + 1
        if left > self._max_wait:
            raise LimitReachedError(int(self._clock()) + left, left)
        for rest in range(left, 0, -1):
            self._on_wait(rest)
            self._sleep(1)


def _limit(headers: Mapping[str, str], name: str) -> str | None:
    return headers.get(f"x-ratelimit-{name}") or headers.get(f"ratelimit-{name}")


def _number(text: str | None) -> float | None:
    return float(text) if text is not None and text.isascii() and text.isdigit() and int(text) < _LATEST else None

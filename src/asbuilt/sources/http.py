"""Asking a forge over HTTP: one pool of connections, limits kept, failures tried again, and never another host.

1. The token goes to the host that was named, and to no other: what redirects or links elsewhere is not followed.
2. A limit is waited for, or the reading stops where it is.
3. What fails on the way (5xx, 202, a timeout, a reset connection) is tried again a few times, ever later.
4. A reply is read up to a size and for a time, and no further.
"""

import email.utils
import random
import re
import time
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, Self

import httpcore
import httpx
import msgspec

from asbuilt.model.errors import SourceError
from asbuilt.model.text import visible
from asbuilt.sources.addresses import GuardedBackend, GuardedTransport, check_base
from asbuilt.sources.credentials import Token
from asbuilt.sources.limits import LONGEST_WAIT, Limits

LARGEST: Final = 64 << 20  # bytes of one reply
LONGEST: Final = 300  # seconds that one reply may take to come: a byte each second would never end
TRIES: Final = 5
_REDIRECTS: Final = frozenset({301, 302, 307, 308})
_MOST_REDIRECTS: Final = 5
_LONGEST_SKEW: Final = 86_400  # seconds; a clock further off is no clock
_KEPT: Final = (
    "link",
    "etag",
    "last-modified",
    "retry-after",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
    "ratelimit-remaining",
    "ratelimit-reset",
    "x-accepted-github-permissions",
    "x-next-page",
    "x-total",
    "location",
    "date",
)
_LINK = re.compile(r'<([^<>]*)>\s*;[^,<]*\brel="?next"?')
_FAILURES: Final = (
    httpx.TransportError,
    httpx.DecodingError,
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
)
NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class Reply(msgspec.Struct, frozen=True):
    """One answer: its status, the bytes, the headers that are read here, and what was asked (no credential in it).

    ``observed`` is when it came, Unix seconds: by our clock, or by the forge's where that is ahead. ``certain`` is
    the earlier of the two: what happened before it is in the answer. ``seconds`` is how long it took.
    """

    status: int
    body: bytes
    headers: Mapping[str, str]
    request: str
    observed: int
    certain: int
    seconds: float = 0

    @property
    def next(self) -> str | None:
        """The address of the next page."""
        found = _LINK.search(self.headers.get("link", ""))
        return found[1] if found else None


class UnansweredError(SourceError):
    """A request got no answer that could be used, however often it was sent."""


class Client:
    """Asks one forge. Use it as a context manager; one thread at a time.

    Args:
        base: the address of the forge's interface.
        token: sent in ``Authorization``; None: nothing is.
        scheme: the word before the token.
        headers: sent with every request.
        private_hosts: hosts that may lie inside a private network.
        max_wait: seconds that a limit is waited for at most.
        transport: httpx's way to the network; None: the guarded one.
        clock: gives Unix seconds.
        sleep: waits so many seconds.
        draw: gives a number from 0 up to 1, for jitter.
        on_wait: hears each second how many are left to wait.
        timeout: seconds without a byte after which a request is given up.

    Raises:
        UsageError: that address may not be asked.
    """

    def __init__(
        self,
        base: str,
        token: Token | None,
        *,
        scheme: str = "Bearer",
        headers: Mapping[str, str] = NO_HEADERS,
        private_hosts: frozenset[str] = frozenset(),
        max_wait: float = LONGEST_WAIT,
        transport: httpx.BaseTransport | None = None,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        draw: Callable[[], float] = random.random,
        on_wait: Callable[[int], None] = lambda _: None,
        timeout: float = 60,
    ) -> None:
        self.base = check_base(base, private_hosts)
        self._token, self._scheme, self._headers = token, scheme, dict(headers)
        self._clock, self._sleep, self._draw = clock, sleep, draw
        self.limits = Limits(max_wait=max_wait, clock=clock, sleep=sleep, on_wait=on_wait)
        self.requests = 0
        self._client = httpx.Client(
            transport=transport or GuardedTransport(GuardedBackend(private_hosts)),
            timeout=timeout,
            follow_redirects=False,
            trust_env=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def get(self, address: str, *, etag: str | None = None) -> Reply:
        """Read an address: a path below the base, or a whole one of the same host (a next page).

        Raises:
            LimitReachedError: a limit is used up, for longer than it may be waited for.
            UnansweredError: no answer came, or it leads to another host, or it is too large.
        """
        more = {"If-None-Match": etag} if etag else {}
        url = self._address(address)
        for _ in range(_MOST_REDIRECTS):
            reply = self._persist("GET", url, more, None, TRIES)
            if reply.status not in _REDIRECTS or "location" not in reply.headers:
                return reply
            # (1)
            url = self._address(str(url.join(_url(reply.headers["location"]))))
        raise UnansweredError(f"{_told('GET', url)} redirects again and again.")

    def post(self, address: str, body: bytes, *, tries: int = TRIES) -> Reply:
        """Send a query (GraphQL): it changes nothing, so that it may be sent again.

        Raises:
            LimitReachedError, UnansweredError: as ``get``.
        """
        return self._persist("POST", self._address(address), {"Content-Type": "application/json"}, body, tries)

    def pause(self, seconds: float) -> None:
        """Wait, as for a limit."""
        self._sleep(seconds)

    def _address(self, address: str) -> httpx.URL:
        if address.startswith("/"):
            return _url(f"{self.base}{address}")
        url = _url(address)
        if (url.scheme, url.host, url.port) != (self.base.scheme, self.base.host, self.base.port) or url.userinfo:
            raise UnansweredError(
                f"The forge sends its reader on to {visible(str(url.copy_with(userinfo=b'')), 200)}.",
                why="The token is for one host; it is shown to no other.",
                fix="If the forge has moved, name its new address with --api-url.",
            )
        return url

    def _persist(
        self, method: str, url: httpx.URL, more: Mapping[str, str], body: bytes | None, tries: int
    ) -> Reply:
        kind = "graphql" if method == "POST" else "core"
        failed, waited, why = 0, 0, ""
        while failed < tries:
            # (2)
            self.limits.before(kind)
            try:
                reply = self._send(method, url, more, body)
            except _FAILURES as error:
                reply, why = None, type(error).__name__
            # (3)
            if reply is not None:
                self.limits.note(kind, reply.headers)
                pause = self.limits.refusal(kind, reply.status, reply.headers, reply.body)
                if pause is not None and waited < TRIES:
                    waited += 1
                    self.limits.wait(pause)
                    continue
                if reply.status != 202 and reply.status < 500:
                    return reply
                why = f"it answers {reply.status}"
            failed += 1
            if failed < tries:
                self._sleep(min(60, 2 ** (failed - 1)) * (0.5 + self._draw()))
        raise UnansweredError(
            f"{_told(method, url)} got no answer.",
            why=f"Of {tries} {'try' if tries == 1 else 'tries'} none was good; the last time: {why}.",
            fix="Run the same command again later; it goes on from where it is.",
        )

    def _send(self, method: str, url: httpx.URL, more: Mapping[str, str], body: bytes | None) -> Reply:
        self.requests += 1
        begun = self._clock()
        headers = {**self._headers, **more}
        if self._token is not None:
            headers["Authorization"] = f"{self._scheme} {self._token.reveal()}"
        with self._client.stream(method, url, headers=headers, content=body) as answer:
            # (4)
            parts, size = [], 0
            for part in answer.iter_bytes():
                size += len(part)
                if size > LARGEST:
                    raise UnansweredError(
                        f"{_told(method, url)} answers with more than {LARGEST:,} bytes.",
                        fix="Nothing of it was kept; ask whoever runs the forge.",
                    )
                if self._clock() - begun > LONGEST:
                    raise UnansweredError(
                        f"{_told(method, url)} takes more than {LONGEST} seconds to answer.",
                        fix="Nothing of it was kept; ask whoever runs the forge.",
                    )
                parts.append(part)
            kept = {name: answer.headers[name] for name in _KEPT if name in answer.headers}
        ended = self._clock()
        ours = int(ended)
        theirs = _moment(kept.get("date"), ours)
        return Reply(
            answer.status_code,
            b"".join(parts),
            kept,
            _told(method, url),
            max(ours, theirs),
            min(ours, theirs),
            ended - begun,
        )


def _url(text: str) -> httpx.URL:
    try:
        return httpx.URL(text)
    except (httpx.InvalidURL, UnicodeError) as error:
        raise UnansweredError(f"'{visible(text, 200)}' is no address.") from error


def _told(method: str, url: httpx.URL) -> str:
    return f"{method} {visible(url.raw_path.decode('ascii', 'replace'), 500)}"


def _moment(date: str | None, ours: int) -> int:
    """When the forge says that it answered; our own time where it says nothing that can be."""
    try:
        theirs = int(email.utils.parsedate_to_datetime(date or "").timestamp())
    except (ValueError, OverflowError):
        return ours
    return theirs if abs(theirs - ours) <= _LONGEST_SKEW else ours

"""Listings of the REST interface, page by page; a page that has not changed is not sent again (ETag)."""

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from asbuilt.model.inspection import Gap
from asbuilt.sources.github.asking import TokenRefusedError, said
from asbuilt.sources.github.endpoints import Endpoint
from asbuilt.sources.github.reading import Reading
from asbuilt.sources.http import Reply, UnansweredError
from asbuilt.sources.moments import seconds_of
from asbuilt.sources.steps import Expected, Listed, Step

_MOST_PAGES: Final = 10_000
_DAY: Final = 86_400
_PAGED: Final = "per_page="
# Where an item says when it happened, for listings that reach back as far as their oldest item.
_TIMES: Final = ("timestamp", "updated_at", "created_at")


class Outcome:
    """What became of a listing: its items (parsed; of each page as it came), and whether all of them came."""

    def __init__(self) -> None:
        self.documents: list[Any] = []
        self.is_whole = False
        self.refused: Reply | None = None


def read_listing(
    reading: Reading,
    endpoint: Endpoint,
    outcome: Outcome,
    *,
    subject: str = "",
    want: bool = False,
    **names: str,
) -> Iterator[Step]:
    """All pages of one endpoint, and what they make up together.

    Args:
        reading: the reading under way.
        endpoint: what is asked.
        outcome: takes what became of it.
        subject: what it is about, where the endpoint is read for each of several.
        want: whether the caller needs the documents.
        names: what stands in the path in place of ``{name}``.
    """
    place = " ".join(part for part in (endpoint.name, reading.repository, subject) if part)
    listing = f"{endpoint.name} {subject}".strip()
    address: str | None = endpoint.path.format(**names)
    started = began = None
    oldest, number = 1 << 40, 0
    while address is not None and number < _MOST_PAGES:
        number += 1
        try:
            reply, following = _get(reading, address)
        except UnansweredError as error:
            yield Gap("GAP-UNREAD", f"{place} was not read to its end.", error.what, error.fix, place)
            return
        key = " | ".join(part for part in (subject, str(number) if _PAGED in endpoint.path else "") if part)
        if reply.status not in {200, 304}:
            if endpoint.absent and said(reply).startswith(endpoint.absent):
                yield reading.page(endpoint.name, key, reply, None)
            outcome.refused = reply
            if not (endpoint.absent and said(reply).startswith(endpoint.absent)):
                yield _refusal(endpoint, place, reply)
                return
        if started is None:
            started, began = reply.certain, reply.observed
        if reply.status in {200, 304}:
            yield reading.page(endpoint.name, key, reply, listing)
        if want or endpoint.covers == "seen":
            document = _document(reply)
            oldest = min(oldest, _oldest(document))
            outcome.documents.append(document)
        yield Expected(endpoint.name, number, None)
        address = following
    outcome.is_whole = address is None
    if started is None or began is None:
        return
    yield Listed(
        listing,
        endpoint.tables,
        _covers(endpoint, started, reading.now, oldest),
        outcome.is_whole,
        started=began,
        ended=reading.now,
        query=f"{endpoint.method} {endpoint.path}",
        part=reading.repository if endpoint.scope == "repository" else None,
        scopes=(endpoint.permission,),
    )


def _get(reading: Reading, address: str) -> tuple[Reply, str | None]:
    """One page, and the address of the next; ETags are remembered with both."""
    known: dict[str, Any] = reading.part("etags")
    told = known.get(address)
    etag, following = told if isinstance(told, list) and len(told) == 2 else (None, None)
    reply = reading.client.get(address, etag=etag)
    reading.saw(reply)
    if reply.status == 401:
        raise TokenRefusedError(reply)
    if reply.status == 304:
        return reply, following
    known.pop(address, None)
    if reply.status == 200 and reply.headers.get("etag"):
        known[address] = [reply.headers["etag"], reply.next]
    return reply, reply.next


def _document(reply: Reply) -> Any:
    try:
        return msgspec.json.decode(reply.body)
    except (msgspec.MsgspecError, RecursionError):
        return None


def _oldest(document: Any) -> int:
    times = [
        at
        for item in (document if isinstance(document, list) else [])
        if isinstance(item, dict)
        for name in _TIMES
        if (at := seconds_of(item.get(name))) is not None
    ]
    return min(times, default=1 << 40)


def _covers(endpoint: Endpoint, started: int, ended: int, oldest: int) -> tuple[int, int] | None:
    if endpoint.covers == "all":
        return (0, started)
    if endpoint.covers == "seen":
        return (oldest, started) if oldest < started else None
    if endpoint.days is not None:
        return (started - endpoint.days * _DAY, started)
    return (started, ended) if started < ended else None


def _refusal(endpoint: Endpoint, place: str, reply: Reply) -> Gap:
    asked = reply.headers.get("x-accepted-github-permissions")
    right = f"{endpoint.permission} (GitHub: {asked})" if asked else endpoint.permission
    why = f"GitHub answers {reply.status}: {said(reply)}."
    if reply.status == 404:
        why += " It says so both of what is not there and of what the token may not see."
    if endpoint.plan:
        why += f" Without the plan {endpoint.plan} there is none."
    return Gap("GAP-ACCESS", f"{place} could not be read.", why, f"Give the token the right {right}.", place)

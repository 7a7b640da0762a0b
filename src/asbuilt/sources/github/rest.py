"""Listings of the REST interface, page by page; a page that has not changed is not sent again (ETag)."""

import hashlib
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from asbuilt.model.errors import SourceError
from asbuilt.model.inspection import Gap
from asbuilt.sources.github.asking import TokenRefusedError, said
from asbuilt.sources.github.endpoints import Endpoint
from asbuilt.sources.github.reading import Outcome, Reading
from asbuilt.sources.http import Reply, UnansweredError
from asbuilt.sources.moments import seconds_of, text_of
from asbuilt.sources.steps import Expected, Listed, Step

_MOST_PAGES: Final = 10_000
_DAY: Final = 86_400
_NEVER: Final = 1 << 40
_PAGED: Final = "per_page="
OVERLAP: Final = 3600  # seconds before the last reading's beginning that are read again


class Listing:
    """What several readings of endpoints make up together: in the end one step ``Listed``.

    Args:
        reading: the reading under way.
        endpoint: gives the tables, what is covered, and the first right that it needs.
        name: of the listing; None: the endpoint's.
        since: of what is listed newest first: what is older is not read the first time (None: everything is).
    """

    def __init__(
        self, reading: Reading, endpoint: Endpoint, name: str | None = None, *, since: int | None = None
    ) -> None:
        self._reading, self._endpoint, self.name = reading, endpoint, name or endpoint.name
        self._untils = reading.part("untils", dict[str, int])
        until = self._untils.get(self.name)
        # What is listed newest first is read down to where the last reading began.
        self._since = (since if until is None else until - OVERLAP) if endpoint.newest else None
        self._started: int | None = None
        self._began = 0
        self._oldest = _NEVER
        self._is_whole = True
        self._queries: list[str] = []
        self._rights: list[str] = []

    def read(
        self, endpoint: Endpoint, outcome: Outcome, *, subject: str = "", want: bool = False, **names: str
    ) -> Iterator[Step]:
        """All pages of one endpoint.

        Args:
            endpoint: what is asked.
            outcome: takes what became of it.
            subject: what it is about, where the endpoint is read for each of several.
            want: whether the caller needs the documents.
            names: what stands in the path in place of ``{name}``.

        Raises:
            LimitReachedError, TokenRefusedError: nothing more can be asked; what was read is concluded first.
        """
        place = " ".join(part for part in (endpoint.name, self._reading.repository, subject) if part)
        self._note(endpoint)
        try:
            yield from self._pages(endpoint, outcome, subject, endpoint.path.format(**names), place, want=want)
        except UnansweredError as error:
            why = f"{error.what} {error.why}".strip()
            yield Gap("GAP-UNREAD", f"{place} was not read to its end.", why, error.fix, place)
        except SourceError:
            self._is_whole = False
            yield from self.conclude()
            raise
        self._is_whole = self._is_whole and outcome.is_whole

    def _note(self, endpoint: Endpoint) -> None:
        for told, notes in (
            (f"{endpoint.method} {endpoint.path}", self._queries),
            (endpoint.permission, self._rights),
        ):
            if told not in notes:
                notes.append(told)

    def _pages(
        self, endpoint: Endpoint, outcome: Outcome, subject: str, address: str, place: str, *, want: bool
    ) -> Iterator[Step]:
        reading, following, number = self._reading, address, 0
        while following and number < _MOST_PAGES:
            number += 1
            key = " | ".join(each for each in (subject, str(number) if _PAGED in endpoint.path else "") if each)
            try:
                reply, document, known = _get(reading, following, endpoint, want=want)
            except _OtherFormError as error:
                # What came is kept as it came, even when nobody can read it.
                yield reading.page(endpoint.name, key, error.reply, self.name)
                raise
            is_absent = (
                reply.status == 404 and bool(endpoint.absent) and said(reply).startswith(endpoint.absent or "")
            )
            if reply.status not in {200, 304} and not is_absent:
                outcome.refused = reply
                yield _refusal(endpoint, place, reply)
                return
            if self._started is None:
                self._started, self._began = reply.certain, reply.observed
            page = reading.page(endpoint.name, key, reply, self.name)
            yield msgspec.structs.replace(page, digest=known.digest) if reply.status == 304 else page
            yield Expected(endpoint.name, number, None)
            outcome.take(document)
            self._oldest = min(self._oldest, known.oldest)
            following = known.following
            if self._since is not None and known.oldest < self._since:
                following = ""
        outcome.is_whole = not following

    def conclude(self) -> Iterator[Step]:
        """What was read, as one listing; nothing where nothing could be."""
        if self._started is None:
            return
        endpoint, reading = self._endpoint, self._reading
        yield Listed(
            self.name,
            endpoint.tables,
            self._covers(self._started),
            self._is_whole,
            started=self._began,
            ended=reading.now,
            query="; ".join(self._queries),
            parameters=None if self._since is None else f"down to {text_of(self._since)}",
            part=reading.repository if endpoint.scope == "repository" else None,
            scopes=tuple(self._rights),
        )
        if self._is_whole:
            self._untils[self.name] = self._started

    def _covers(self, started: int) -> tuple[int, int] | None:
        endpoint = self._endpoint
        if endpoint.covers == "now":
            span = (started, self._reading.now)
        elif self._since is not None:
            span = (self._since, started)
        elif endpoint.covers == "all":
            span = (0, started)
        elif endpoint.days is not None:
            span = (started - endpoint.days * _DAY, started)
        else:
            span = (self._oldest, started)
        return span if span[0] < span[1] else None


def read_listing(
    reading: Reading, endpoint: Endpoint, outcome: Outcome, *, want: bool = False, **names: str
) -> Iterator[Step]:
    """All pages of one endpoint, and what they make up together."""
    listing = Listing(reading, endpoint)
    yield from listing.read(endpoint, outcome, want=want, **names)
    yield from listing.conclude()


class _Known:
    """What is remembered of a page: its ETag, the next address, when its oldest item happened, its SHA-256."""

    def __init__(self, told: object) -> None:
        match told:
            case [str(etag), str(following), int(oldest), str(digest)]:
                self.etag, self.following, self.oldest, self.digest = etag, following, oldest, digest
            case _:
                self.etag, self.following, self.oldest, self.digest = "", "", _NEVER, ""


class _OtherFormError(UnansweredError):
    """An answer that is no JSON, or of another form than the endpoint's; ``reply`` is what came."""

    def __init__(self, reply: Reply, what: str, *, why: str, fix: str) -> None:
        super().__init__(what, why=why, fix=fix)
        self.reply = reply


def _get(reading: Reading, address: str, endpoint: Endpoint, *, want: bool) -> tuple[Reply, Any, _Known]:
    """One page, its document where it is wanted, and what is remembered of it."""
    remembered = reading.part("etags", dict[str, list[Any]])
    known = _Known(remembered.get(address))
    reply = reading.client.get(address, etag=known.etag or None)
    reading.saw(reply)
    if reply.status == 401:
        raise TokenRefusedError(reply)
    if reply.status == 304:
        return reply, None, known
    remembered.pop(address, None)
    document = _document(reply)
    if reply.status == 200 and not endpoint.is_answer(document):
        # Nothing is remembered of it: the same address is asked for anew the next time.
        form = {"list": "a list", "object": "an object"}.get(endpoint.holds, f"an object with {endpoint.holds}")
        raise _OtherFormError(
            reply,
            f"{reply.request} answers with what cannot be read.",
            why=f"It should be {form} in JSON.",
            fix="Run the same command again later; if it stays so, ask whoever runs what stands between.",
        )
    digest = hashlib.sha256(reply.body).hexdigest()
    oldest = _oldest(document, endpoint.newest)
    known = _Known([reply.headers.get("etag", ""), reply.next or "", oldest, digest])
    if reply.status == 200 and known.etag:
        remembered[address] = [known.etag, known.following, known.oldest, digest]
    return reply, document if want else None, known


def _document(reply: Reply) -> Any:
    try:
        return msgspec.json.decode(reply.body)
    except (msgspec.MsgspecError, RecursionError):
        return None


def _oldest(document: Any, field: str | None) -> int:
    """When the oldest item of a page happened; GitHub's audit log counts milliseconds."""
    found = _NEVER
    for item in document if isinstance(document, list) and field else []:
        told = item.get(field) if isinstance(item, dict) else None
        at = told // 1000 if isinstance(told, int) else seconds_of(told)
        found = found if at is None else min(found, at)
    return found


def _refusal(endpoint: Endpoint, place: str, reply: Reply) -> Gap:
    asked = reply.headers.get("x-accepted-github-permissions")
    right = f"{endpoint.permission} (GitHub: {asked})" if asked else endpoint.permission
    why = f"GitHub answers {reply.status}: {said(reply)}."
    if reply.status == 404:
        why += " It says so both of what is not there and of what the token may not see."
    if endpoint.plan:
        why += f" Without the plan {endpoint.plan} there is none."
    return Gap("GAP-ACCESS", f"{place} could not be read.", why, f"Give the token the right {right}.", place)

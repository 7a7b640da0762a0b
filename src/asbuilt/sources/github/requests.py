"""Pull requests in bulk, last changed first: down to where the last reading began, and every inner page to its end.

1. Pages of 25, and twice as many while answers come fast; half as many when the forge finds that too much, or takes
   long.
2. What an inner page cuts off (reviews, commits, checks, timeline) is followed to its end.
3. A head whose checks have not all ended is remembered: checks end without the request being touched.
4. A request that was touched while we read moved to the front, behind our back: the front is read again.
5. Heads that were remembered, and did not come by, are asked for their checks again.
6. So are landings whose checks did not all come with their request, and what was pushed without one.
"""

from collections.abc import Generator, Iterator
from typing import Final

import msgspec

from asbuilt.model.inspection import Gap
from asbuilt.sources.github.asking import Answer, TooSlowError, ask, refused
from asbuilt.sources.github.reading import COMMIT, Commits, Reading
from asbuilt.sources.github.request_pages import (
    Node,
    Request,
    Requests,
    info_of,
    is_unfinished,
    requests_of,
    run_on,
)
from asbuilt.sources.github.surroundings import read_checks
from asbuilt.sources.http import TRIES, Reply
from asbuilt.sources.moments import seconds_of, text_of
from asbuilt.sources.steps import Expected, Listed, Step

SIZE: Final = 25
MOST: Final = 100  # GitHub gives no more at once
FAST: Final = 2.0  # seconds; below, twice as much is asked for
SLOW: Final = 5.0  # GitHub gives up after ten
OVERLAP: Final = 3600  # seconds before the last reading's beginning that are read again
_PATIENCE: Final = 14 * 86_400  # seconds for which a check that does not end is asked for
_MOST_PENDING: Final = 500
LISTING: Final = "requests"
TABLES: Final = ("requests", "reviews", "request_commits", "checks", "request_events")
CHECKS: Final = "checks"
# A field that the forge left out, and what is read from it; the innermost first.
_HOLES: Final = {
    "statusCheckRollup": CHECKS,
    "headCommit": CHECKS,
    "commits": "request_commits",
    "reviews": "reviews",
    "timelineItems": "request_events",
}
PERMISSION: Final = "Pull requests: read"


# Inner connection: the query that follows it, its name as a page, and where it stands in a request.
_INNER: Final = {
    "reviews": ("RequestReviews", "graphql/request-reviews"),
    "commits": ("RequestCommits", "graphql/request-commits"),
    "checks": ("RequestChecks", "graphql/request-checks"),
    "timeline_items": ("RequestTimeline", "graphql/request-timeline"),
}


class _Round(msgspec.Struct):
    """One way down through the requests.

    ``since`` is where it ends (None: at the end of all), ``cursor`` where it goes on. ``started`` is when its first
    page was asked for at the latest, ``began`` the same by the later clock; ``news`` are requests touched since
    ``since``. ``stamp`` marks heads that came by. ``broken``: something of it could not be read. ``holed`` are
    tables of which the forge left something out. ``size`` is how many requests a page asks for, ``most`` how many
    it may: kept, so that a round that broke off goes on in the pages in which it would have gone on.
    """

    since: int | None = None
    cursor: str | None = None
    page: int = 0
    seen: int = 0
    news: int = 0
    started: int | None = None
    began: int = 0
    stamp: int = 0
    total: int | None = None
    broken: bool = False
    front: bool = False
    holed: list[str] = []
    size: int = SIZE
    most: int = MOST


class _State(msgspec.Struct):
    """Until when requests are read, the round that was broken off, heads whose checks run on (id, since, stamp)."""

    until: int | None = None
    under_way: _Round | None = None
    pending: dict[str, tuple[str, int, int]] = {}


def read_requests(reading: Reading) -> Iterator[Step]:
    """Every request that changed since the last reading, and what belongs to it."""
    state = reading.part("requests", _State)
    if state.under_way is None:
        since = reading.since if state.until is None else state.until - OVERLAP
        state.under_way = _Round(since)
    reading.going_on.add(LISTING)
    way = state.under_way
    yield from _down(reading, way, state)
    if way.started is None:
        return
    # (4)
    if not way.broken and way.page > 1:
        front = _Round(way.started - 1, stamp=way.stamp, front=True)
        yield from _down(reading, front, state)
        way.broken = front.broken
        way.holed += front.holed
        if front.news:
            way.total = None  # what moved to the front was not where it was counted
    yield from _pending(reading, state, way.stamp)
    # (6)
    if not (yield from read_checks(reading)) and CHECKS not in way.holed:
        way.holed.append(CHECKS)
    lower = way.since
    yield Listed(
        LISTING,
        TABLES,
        (lower or 0, way.started) if way.started > (lower or 0) else None,
        not way.broken,
        started=way.began,
        ended=reading.now,
        query="GraphQL pullRequests(orderBy: UPDATED_AT DESC)",
        parameters=None if lower is None else f"until updatedAt < {text_of(lower)}",
        part=reading.repository,
        scopes=(PERMISSION,),
        reported_total=way.total if lower is None and not way.broken else None,
        holed=tuple(way.holed),
    )
    if not way.broken:
        state.until = way.started
    state.under_way = None
    reading.going_on.discard(LISTING)
    yield reading.mark()


def _down(reading: Reading, way: _Round, state: _State) -> Iterator[Step]:
    """(1) Pages from where a round stands down to its ``since``, or to the end."""
    owner, name = reading.repository.split("/", 1)
    while True:
        variables = {"owner": owner, "name": name, "size": way.size, "cursor": way.cursor}
        try:
            answer = ask(reading.client, "Requests", variables, tries=1 if way.size > 1 else TRIES)
        except TooSlowError:
            if way.size > 1:
                way.size = way.most = max(way.size // 2, 1)
                continue
            way.broken = True
            yield Gap(
                "GAP-UNREAD",
                f"Requests of {reading.repository} could not be read to their end.",
                "The forge gives up even on one request at a time.",
                "Run the same command again later.",
                reading.repository,
            )
            return
        found = requests_of(answer)
        if found is None:
            way.broken = True
            place = f"requests {reading.repository}"
            yield refused(
                f"Requests of {reading.repository}", place, why=reading.why(answer), permission=PERMISSION
            )
            return
        reading.saw(answer.reply)
        way.page += 1
        if way.started is None:
            way.started, way.began, way.total = answer.reply.certain, answer.reply.observed, found.total_count
            way.stamp = way.stamp or way.began
        if way.front and not any(_is_touched(raw, way.since) for raw in found.nodes):
            return  # all of it came before
        listing = None if way.front else LISTING
        yield reading.page("graphql/requests", str(way.page), answer.reply, listing, "Requests")
        yield from reading.partial(answer, f"requests of {reading.repository}")
        way.holed += [table for table in _holed(answer) if table not in way.holed]
        oldest = yield from _take(reading, found, way, state)
        if not way.front:
            yield Expected("pull requests", way.seen, found.total_count if way.since is None else None)
        cursor = found.page_info.end_cursor
        if not found.page_info.has_next_page or (way.since is not None and oldest < way.since):
            return
        if not cursor or cursor == way.cursor:
            way.broken = True
            return
        way.cursor = cursor
        way.size, way.most = _next_size(way.size, way.most, answer.reply.seconds)
        if not way.front:
            yield reading.mark()


def _holed(answer: Answer) -> Iterator[str]:
    """The tables that the forge left something out of, by what it names; of an error that names nothing, all."""
    for each in answer.errors:
        names = {str(name) for name in each.path or ()}
        found = [table for name, table in _HOLES.items() if name in names]
        yield from found[:1] or TABLES


def _next_size(size: int, most: int, seconds: float) -> tuple[int, int]:
    """How many to ask for after an answer that took so long; what was too much once is come back to slowly."""
    if seconds < FAST:
        return min(most, size * 2), min(MOST, most + 1)
    return (max(size // 2, 1) if seconds > SLOW else size), most


def _is_touched(raw: msgspec.Raw, since: int | None) -> bool:
    """Whether a request was touched since, as far as can be told."""
    try:
        touched = seconds_of(msgspec.json.decode(raw, type=Request).updated_at)
    except (msgspec.MsgspecError, RecursionError):
        return True
    return touched is None or since is None or touched >= since


def _take(reading: Reading, found: Requests, way: _Round, state: _State) -> Generator[Step, None, int]:
    """(2), (3) What belongs to the requests of one page; returns when the oldest of them was touched."""
    oldest, since = 1 << 40, way.since
    for raw in found.nodes:
        try:
            request = msgspec.json.decode(raw, type=Request)
        except (msgspec.MsgspecError, RecursionError):
            if bytes(raw) != b"null":
                yield Gap(
                    "GAP-PAGE",
                    f"A request of {reading.repository} was told in a form that cannot be followed.",
                    "A field has another type than GitHub's schema says; the page was kept as it came.",
                    "Run the same command again later.",
                    reading.repository,
                )
                way.broken = True
            continue
        way.seen += 1
        touched = seconds_of(request.updated_at)
        if touched is not None:
            oldest = min(oldest, touched)
            if since is not None and touched < since:
                continue
            way.news += 1
        yield from _follow(reading, request, way, state)
        _note_merge(reading, request)
    return oldest


def _note_merge(reading: Reading, request: Request) -> None:
    """Checks of a merge that did not come all at once, or that run on, are read by the commit."""
    merge = request.merge_commit
    if merge is None or merge.status_check_rollup is None or not COMMIT.fullmatch(merge.oid):
        return
    contexts = merge.status_check_rollup.contexts
    if contexts.page_info.has_next_page or run_on(contexts):
        reading.part("direct", Commits).waiting.setdefault(merge.oid, reading.now)


def _follow(reading: Reading, request: Request, way: _Round, state: _State) -> Iterator[Step]:
    for kind, (query, name) in _INNER.items():
        info, number = info_of(request, kind), 1
        if kind == "checks":
            _remember(reading, request, way, state, unfinished=is_unfinished(request))
        while info is not None and info.has_next_page and info.end_cursor:
            number += 1
            reply, told = _inner(reading, query, request.id, info.end_cursor)
            if reply is None or told is None:
                way.broken = True
                yield _cut_off(reading, kind, request.number)
                break
            yield reading.page(name, f"{request.number} | {number}", reply, LISTING, query)
            if kind == "checks" and is_unfinished(told):
                _remember(reading, request, way, state, unfinished=True)
            after = info_of(told, kind)
            info = None if after is not None and after.end_cursor == info.end_cursor else after


def _remember(reading: Reading, request: Request, way: _Round, state: _State, *, unfinished: bool) -> None:
    """(3) A head whose checks run on; one whose checks have ended is forgotten."""
    number, pending = str(request.number), state.pending
    if not unfinished:
        pending.pop(number, None)
    elif number in pending or len(pending) < _MOST_PENDING:
        first = pending[number][1] if number in pending else reading.now
        pending[number] = (request.id, first, way.stamp)


def _pending(reading: Reading, state: _State, stamp: int) -> Iterator[Step]:
    """(5) Heads whose checks had not ended when they were last seen, and that did not come by this time."""
    pending = state.pending
    for number, (own, since, seen) in sorted(pending.items(), key=lambda each: each[1][1]):
        if seen == stamp:
            continue
        if reading.now - since > _PATIENCE:
            del pending[number]
            continue
        cursor, page, open_ones = None, 0, False
        while True:
            reply, told = _inner(reading, "RequestChecks", own, cursor)
            if reply is None or told is None:
                open_ones = True  # it is asked for again the next time
                yield _cut_off(reading, "checks", number)
                break
            page += 1
            yield reading.page("graphql/request-checks", f"{number} | {page}", reply, LISTING, "RequestChecks")
            open_ones = open_ones or is_unfinished(told)
            info = info_of(told, "checks")
            if info is None or not info.has_next_page or info.end_cursor in {None, cursor}:
                break
            cursor = info.end_cursor
        if not open_ones:
            del pending[number]


def _inner(reading: Reading, query: str, own: str, cursor: str | None) -> tuple[Reply | None, Request | None]:
    """One further page of what belongs to a request; None where it is not given."""
    try:
        answer = ask(reading.client, query, {"id": own, "cursor": cursor})
        told = msgspec.json.decode(answer.data, type=Node).node
    except (TooSlowError, msgspec.MsgspecError, RecursionError):
        return None, None
    reading.saw(answer.reply)
    return answer.reply, told


def _cut_off(reading: Reading, kind: str, number: object) -> Gap:
    return Gap(
        "GAP-INNER",
        f"The {kind.removesuffix('_items')} of request {number} were not read to their end.",
        "A further page was not given.",
        "Run the same command again later.",
        f"{reading.repository}#{number} {kind}",
    )

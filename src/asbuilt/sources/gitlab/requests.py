"""Merge requests in the order of their last change, each with what belongs to it.

1. Those that changed since the last reading, oldest change first; what changes meanwhile comes again at the end.
   The next page is asked for by the time of the last one, so that nothing slips between two pages.
2. Of each: notes before versions, so that no approval is newer than the heads that are known; then approvals, the
   request itself, its commits, its pipelines. They are one page (``asking.Bound``).
3. Jobs of the pipelines on its last head.
4. Requests whose pipelines had not ended, or that could not be read whole, are read again the next time.
"""

from collections.abc import Generator, Iterator
from typing import Any, Final
from urllib.parse import quote

import msgspec

from asbuilt.model.inspection import Gap
from asbuilt.sources.github.reading import Reading
from asbuilt.sources.github.rest import OVERLAP
from asbuilt.sources.gitlab.asking import Bound, refusal, said
from asbuilt.sources.gitlab.endpoints import load_endpoints
from asbuilt.sources.http import Reply, UnansweredError
from asbuilt.sources.moments import seconds_of, text_of
from asbuilt.sources.steps import Expected, Listed, Step

LISTING: Final = "merge_requests"
JOBS: Final = "pipelines"
_INNER: Final = ("notes", "versions", "approvals", "merge_request", "commits")
_ENDED: Final = frozenset({"success", "failed", "canceled", "skipped"})
_PATIENCE: Final = 14 * 86_400
_MOST_AGAIN: Final = 5_000
_MOST_FAILURES: Final = 3  # requests that get no answer before the others are not asked for
_MOST_PEOPLE: Final = 100_000


class _Way(msgspec.Struct):
    """One way through the requests.

    ``since`` is where it began (None: at the beginning of all); ``after`` the last change that was read, ``same``
    the requests of that very moment that were; ``broken`` and ``unchecked``: something, or something of the checks,
    was refused.
    """

    since: int | None = None
    after: str | None = None
    same: list[int] = []
    started: int | None = None
    began: int = 0
    page: int = 0
    seen: int = 0
    total: int | None = None
    broken: bool = False
    unchecked: bool = False


class _Left(msgspec.Struct):
    """A request to be read again: since when, in which reading it was last read, whether something of it lacks."""

    since: int
    reading: int
    lacks: bool


class _State(msgspec.Struct):
    """Until when requests are read, the way that was broken off, what is to be read again; readings are counted."""

    until: int | None = None
    under_way: _Way | None = None
    again: dict[str, _Left] = {}
    readings: int = 0


class People(msgspec.Struct):
    """Numbers of accounts whose kind is known, and of those whose is not."""

    known: list[int] = []
    unknown: list[int] = []


def read_requests(reading: Reading) -> Iterator[Step]:
    """Every merge request that changed since the last reading, and what belongs to it."""
    state = reading.part("requests", _State)
    state.readings += 1
    if state.under_way is None:
        state.under_way = _Way(reading.since if state.until is None else state.until - OVERLAP)
    reading.going_on |= {LISTING, JOBS}
    way = state.under_way
    refused: set[str] = set()
    yield from _down(reading, way, state, refused)
    if way.started is None:
        return
    yield from _again(reading, way, state, refused)
    way.broken = way.broken or any(left.lacks for left in state.again.values())
    span = (way.since or 0, way.started)
    for name, tables, whole in (
        (LISTING, load_endpoints()[LISTING].tables, not way.broken),
        (JOBS, ("checks",), not way.broken and not way.unchecked),
    ):
        yield Listed(
            name,
            tables,
            span if span[0] < span[1] else None,
            whole,
            started=way.began,
            ended=reading.now,
            query=f"GET {load_endpoints()[LISTING].path}",
            parameters=None if way.since is None else f"updated_after={text_of(way.since)}",
            part=reading.repository,
            scopes=(load_endpoints()[LISTING].permission,),
            reported_total=way.total if name == LISTING and way.since is None and whole else None,
        )
    if not way.broken:
        state.until = way.started
    state.under_way = None
    reading.going_on -= {LISTING, JOBS}
    yield reading.mark()


def read_request(reading: Reading, number: int) -> Generator[Step, None, tuple[bool, bool]]:
    """One request alone, now; in the end whether all that is told of it came, and all of its checks.

    Raises:
        LimitReachedError, TokenRefusedError: nothing more can be asked.
        UnansweredError: no answer came.
    """
    way = _Way()
    lacks, _ = yield from _request(reading, number, way, set())
    is_whole = not (lacks or way.broken)
    return is_whole, is_whole and not way.unchecked


def _down(reading: Reading, way: _Way, state: _State, refused: set[str]) -> Iterator[Step]:
    """(1) Page by page."""
    endpoint = load_endpoints()[LISTING]
    following: str | None = None
    while True:
        address = following or _address(reading, way)
        bound = reading.client.get(address)
        reading.saw(bound)
        told = _listed(bound)
        if told is None:
            way.broken = True
            yield _unlisted(reading, bound)
            return
        if way.started is None:
            way.started, way.began = bound.certain, bound.observed
            total = bound.headers.get("x-total", "")
            way.total = int(total) if total.isdigit() else None
        way.page += 1
        yield reading.page(endpoint.name, str(way.page), bound, None)
        news = 0
        for number, touched in told:
            if touched == way.after and number in way.same:
                continue
            news += 1
            yield from _read(reading, number, way, state, refused)
            way.same = [*way.same, number] if touched == way.after else [number]
            way.after = touched
            way.seen += 1
            yield Expected("merge requests", way.seen, way.total if way.since is None else None)
            yield reading.mark()
        if bound.next is None:
            return
        # A full page of one and the same moment: on to the next page of it.
        following = bound.next if news == 0 else None


def _address(reading: Reading, way: _Way) -> str:
    path = load_endpoints()[LISTING].path.format(project=quote(reading.repository, safe=""))
    after = way.after or (None if way.since is None else text_of(way.since))
    return path if after is None else f"{path}&updated_after={quote(after, safe='')}"


def _listed(reply: Reply) -> list[tuple[int, str]] | None:
    """Number and last change of each request; None of what is no such list."""
    if reply.status != 200:
        return None
    try:
        told = msgspec.json.decode(reply.body)
    except (msgspec.MsgspecError, RecursionError):
        return None
    if not isinstance(told, list):
        return None
    found = [
        (item["iid"], item["updated_at"])
        for item in told
        if isinstance(item, dict) and isinstance(item.get("iid"), int) and seconds_of(item.get("updated_at"))
    ]
    return found if len(found) == len(told) else None


def _unlisted(reading: Reading, reply: Reply) -> Gap:
    endpoint, place = load_endpoints()[LISTING], f"{LISTING} {reading.repository}"
    if reply.status != 200:
        return refusal(endpoint, place, reply)
    return Gap(
        "GAP-UNREAD",
        f"The merge requests of {reading.repository} were not read to their end.",
        "A page of the list is none that can be followed.",
        "Run the same command again later.",
        place,
    )


def _read(reading: Reading, number: int, way: _Way, state: _State, refused: set[str]) -> Iterator[Step]:
    """(2), (3) One request; of what lacks there is a gap, and it is read again."""
    own, failures = str(number), sum(each.lacks for each in state.again.values())
    try:
        lacks, runs = yield from _request(reading, number, way, refused)
    except UnansweredError as error:
        lacks, runs = True, False
        why, place = f"{error.what} {error.why}".strip(), f"{reading.repository}!{number}"
        yield Gap("GAP-UNREAD", f"Merge request {number} was not read whole.", why, error.fix, place)
        if own not in state.again and failures >= _MOST_FAILURES:
            raise
    if not lacks and not runs:
        state.again.pop(own, None)
    elif own in state.again or lacks or len(state.again) < _MOST_AGAIN:
        since = state.again[own].since if own in state.again else reading.now
        state.again[own] = _Left(since, state.readings, lacks)


def _request(
    reading: Reading, number: int, way: _Way, refused: set[str]
) -> Generator[Step, None, tuple[bool, bool]]:
    """Whether something of it lacks that may come another time, and whether a pipeline still runs."""
    endpoints, project, bound = load_endpoints(), quote(reading.repository, safe=""), Bound(reading)
    lacks = runs = False
    for name in (*_INNER, "pipelines"):
        if bound.ask(endpoints[name], project=project, number=str(number)):
            continue
        reply = bound.refused.get(name)
        if reply is None or reply.status == 200:
            lacks = True
            yield _lacking(reading, name, number, reply)
            continue
        way.unchecked, way.broken = way.unchecked or name == "pipelines", way.broken or name != "pipelines"
        if name not in refused:
            refused.add(name)
            yield _lacking(reading, name, number, reply)
    page = bound.page("merge_request", str(number), LISTING)
    if page is not None:
        yield page
    _remember_people(reading, bound)
    for pipeline, has_ended in _of_last_head(bound):
        runs = runs or not has_ended
        jobs = Bound(reading)
        if not jobs.ask(endpoints["pipeline/jobs"], project=project, pipeline=str(pipeline)):
            way.unchecked = True
            if "pipeline/jobs" not in refused:
                refused.add("pipeline/jobs")
                yield _lacking(reading, "pipeline/jobs", number, jobs.refused.get("pipeline/jobs"))
        held = jobs.page("pipeline/jobs", str(pipeline), JOBS)
        if held is not None:
            yield held
    return lacks, runs


def _lacking(reading: Reading, name: str, number: int, reply: Reply | None) -> Gap:
    place = f"{name} {reading.repository}"
    if reply is not None and reply.status != 200:
        return refusal(load_endpoints()[name], place, reply)
    why = "It has more pages than are read." if reply is None else f"GitLab's answer is no JSON: {said(reply)}."
    return Gap(
        "GAP-UNREAD",
        f"The {name} of merge request {number} were not read.",
        why,
        "Run the same command again later.",
        f"{place}!{number}",
    )


def _items(bound: Bound, name: str) -> list[dict[str, Any]]:
    pages = bound.documents.get(name, [])
    return [
        item for page in pages for item in (page if isinstance(page, list) else [page]) if isinstance(item, dict)
    ]


def _of_last_head(bound: Bound) -> list[tuple[int, bool]]:
    """(3) Pipelines on the last head, or on what GitLab made of it and the base; whether each has ended."""
    request = next(iter(_items(bound, "merge_request")), {})
    moments = [at for each in _items(bound, "versions") if (at := seconds_of(each.get("created_at"))) is not None]
    last = max(moments, default=0)
    found = []
    for pipeline in _items(bound, "pipelines"):
        own, ref = pipeline.get("id"), str(pipeline.get("ref"))
        on_result = ref.startswith("refs/merge-requests/") and ref.endswith(("/merge", "/train"))
        is_late = (seconds_of(pipeline.get("created_at")) or 0) >= last
        if isinstance(own, int) and (pipeline.get("sha") == request.get("sha") or (on_result and is_late)):
            found.append((own, pipeline.get("status") in _ENDED))
    return found


def _remember_people(reading: Reading, bound: Bound) -> None:
    """Whose kind is to be asked for: who wrote the request, merged it, and approved it."""
    people = reading.part("people", People)
    request = next(iter(_items(bound, "merge_request")), {})
    approved = [each.get("author") for each in _items(bound, "notes") if each.get("system") is True]
    for told in (request.get("author"), request.get("merge_user"), *approved):
        own = told.get("id") if isinstance(told, dict) else None
        is_new = isinstance(own, int) and own > 0 and own not in people.known and own not in people.unknown
        if is_new and isinstance(own, int) and len(people.known) + len(people.unknown) < _MOST_PEOPLE:
            people.unknown.append(own)


def _again(reading: Reading, way: _Way, state: _State, refused: set[str]) -> Iterator[Step]:
    """(4) What lacks, and pipelines that ran on when they were last seen and did not come by this time."""
    for own, left in sorted(state.again.items(), key=lambda each: (each[1].since, int(each[0]))):
        if left.reading == state.readings and not left.lacks:
            continue
        if not left.lacks and reading.now - left.since > _PATIENCE:
            del state.again[own]
            continue
        yield from _read(reading, int(own), way, state, refused)
        yield reading.mark()

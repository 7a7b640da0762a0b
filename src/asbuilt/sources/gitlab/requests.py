"""Merge requests in the order of their last change, each with what belongs to it.

1. Those that changed since the last reading, oldest change first; what changes meanwhile comes again at the end.
   The next page is asked for by the time of the last one, so that nothing slips between two pages.
2. Of each: notes before versions, so that no approval is newer than the heads that are known; then approvals, the
   request itself, its commits, its pipelines, of one that was merged whether its approval rules were met; and the
   accounts of all who had a part in it. They are one page (``asking.Bound``).
3. Jobs of the pipelines on its last head.
4. Requests whose pipelines had not ended, or that could not be read whole, are read again the next time.
"""

from collections.abc import Generator, Iterator
from typing import Final
from urllib.parse import quote

import msgspec

from asbuilt.model.inspection import Gap
from asbuilt.sources.github.reading import Reading
from asbuilt.sources.github.rest import OVERLAP
from asbuilt.sources.gitlab.asking import Bound, refusal, said
from asbuilt.sources.gitlab.endpoints import load_endpoints
from asbuilt.sources.gitlab.people import USERS, Accounts
from asbuilt.sources.http import Reply, UnansweredError
from asbuilt.sources.moments import seconds_of, text_of
from asbuilt.sources.steps import Expected, Listed, Step

LISTING: Final = "merge_requests"
JOBS: Final = "pipelines"
RULED: Final = "approval_state"
_LISTINGS: Final = (LISTING, JOBS, RULED, USERS)
_INNER: Final = ("notes", "versions", "approvals", "merge_request", "commits")
_ENDED: Final = frozenset({"success", "failed", "canceled", "skipped"})
_PATIENCE: Final = 14 * 86_400
_MOST_AGAIN: Final = 5_000
_MOST_FAILURES: Final = 3  # requests that get no answer before the others are not asked for


class _Way(msgspec.Struct):
    """One way through the requests.

    ``since`` is where it began (None: at the beginning of all); ``after`` the last change that was read, ``same``
    the requests of that very moment that were; ``refused``: the listings of which something was refused.
    """

    since: int | None = None
    after: str | None = None
    same: list[int] = []
    started: int | None = None
    began: int = 0
    page: int = 0
    seen: int = 0
    total: int | None = None
    refused: list[str] = []

    def lost(self, listing: str) -> None:
        """Something of a listing was refused."""
        if listing not in self.refused:
            self.refused.append(listing)

    @property
    def broken(self) -> bool:
        """Whether something of the requests themselves was refused."""
        return LISTING in self.refused


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


class _Run:
    """What one reading carries along: endpoints that were refused, each said once, and the accounts."""

    def __init__(self, reading: Reading) -> None:
        self.refused: set[str] = set()
        self.accounts = Accounts(reading)


def read_requests(reading: Reading) -> Iterator[Step]:
    """Every merge request that changed since the last reading, and what belongs to it."""
    state = reading.part("requests", _State)
    state.readings += 1
    if state.under_way is None:
        state.under_way = _Way(reading.since if state.until is None else state.until - OVERLAP)
    reading.going_on |= set(_LISTINGS)
    way = state.under_way
    run = _Run(reading)
    yield from _down(reading, way, state, run)
    if way.started is None:
        return
    yield from _again(reading, way, state, run)
    if any(left.lacks for left in state.again.values()):
        way.lost(LISTING)
    span = (way.since or 0, way.started)
    for name, tables in (
        (LISTING, load_endpoints()[LISTING].tables),
        (JOBS, ("checks",)),
        (RULED, load_endpoints()[RULED].tables),
        (USERS, load_endpoints()["user"].tables),
    ):
        whole = not way.broken and name not in way.refused
        yield Listed(
            name,
            tables,
            # Of accounts only those are read that had a part in something.
            span if span[0] < span[1] and name != USERS else None,
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
    reading.going_on -= set(_LISTINGS)
    yield reading.mark()


def read_request(reading: Reading, number: int) -> Generator[Step, None, tuple[bool, bool]]:
    """One request alone, now; in the end whether all that is told of it came, and all of its checks.

    Raises:
        LimitReachedError, TokenRefusedError: nothing more can be asked.
        UnansweredError: no answer came.
    """
    way = _Way()
    lacks, _ = yield from _request(reading, number, way, _Run(reading))
    is_whole = not (lacks or way.broken)
    return is_whole, is_whole and JOBS not in way.refused


def _down(reading: Reading, way: _Way, state: _State, run: _Run) -> Iterator[Step]:
    """(1) Page by page."""
    endpoint = load_endpoints()[LISTING]
    following: str | None = None
    while True:
        address = following or _address(reading, way)
        bound = reading.client.get(address)
        reading.saw(bound)
        told = _listed(bound)
        if told is None:
            way.lost(LISTING)
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
            yield from _read(reading, number, way, state, run)
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


def _read(reading: Reading, number: int, way: _Way, state: _State, run: _Run) -> Iterator[Step]:
    """(2), (3) One request; of what lacks there is a gap, and it is read again."""
    own, failures = str(number), sum(each.lacks for each in state.again.values())
    try:
        lacks, runs = yield from _request(reading, number, way, run)
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


def _request(reading: Reading, number: int, way: _Way, run: _Run) -> Generator[Step, None, tuple[bool, bool]]:
    """Whether something of it lacks that may come another time, and whether a pipeline still runs."""
    endpoints, project, bound = load_endpoints(), quote(reading.repository, safe=""), Bound(reading)
    lacks = runs = False
    for name, listing in _asked(bound, run):
        if bound.ask(endpoints[name], project=project, number=str(number)):
            continue
        reply = bound.refused.get(name)
        if reply is None or reply.status == 200:
            lacks = True
            yield _lacking(reading, name, number, reply)
            continue
        way.lost(listing)
        if name not in run.refused:
            run.refused.add(name)
            yield _lacking(reading, name, number, reply)
    yield from run.accounts.bind(bound, number)
    if run.accounts.was_refused:
        way.lost(USERS)
    page = bound.page("merge_request", str(number), LISTING)
    if page is not None:
        yield page
    for pipeline, has_ended in _of_last_head(bound):
        runs = runs or not has_ended
        jobs = Bound(reading)
        if not jobs.ask(endpoints["pipeline/jobs"], project=project, pipeline=str(pipeline)):
            way.lost(JOBS)
            if "pipeline/jobs" not in run.refused:
                run.refused.add("pipeline/jobs")
                yield _lacking(reading, "pipeline/jobs", number, jobs.refused.get("pipeline/jobs"))
        held = jobs.page("pipeline/jobs", str(pipeline), JOBS)
        if held is not None:
            yield held
    return lacks, runs


def _asked(bound: Bound, run: _Run) -> Iterator[tuple[str, str]]:
    """What is asked of one request, in this order, and the listing that it is a part of."""
    for name in _INNER:
        yield name, LISTING
    yield JOBS, JOBS
    request = next(iter(bound.items("merge_request")), {})
    # Without the plan there are no such rules: it is asked for once.
    if request.get("state") == "merged" and RULED not in run.refused:
        yield RULED, RULED


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


def _of_last_head(bound: Bound) -> list[tuple[int, bool]]:
    """(3) Pipelines on the last head, or on what GitLab made of it and the base; whether each has ended."""
    request = next(iter(bound.items("merge_request")), {})
    moments = [at for each in bound.items("versions") if (at := seconds_of(each.get("created_at"))) is not None]
    last = max(moments, default=0)
    found = []
    for pipeline in bound.items("pipelines"):
        own, ref = pipeline.get("id"), str(pipeline.get("ref"))
        on_result = ref.startswith("refs/merge-requests/") and ref.endswith(("/merge", "/train"))
        is_late = (seconds_of(pipeline.get("created_at")) or 0) >= last
        if isinstance(own, int) and (pipeline.get("sha") == request.get("sha") or (on_result and is_late)):
            found.append((own, pipeline.get("status") in _ENDED))
    return found


def _again(reading: Reading, way: _Way, state: _State, run: _Run) -> Iterator[Step]:
    """(4) What lacks, pipelines that ran when they were last seen, and those of somebody who is shown only now."""
    for own, left in sorted(state.again.items(), key=lambda each: (each[1].since, int(each[0]))):
        if left.reading == state.readings and not left.lacks:
            continue
        if not left.lacks and reading.now - left.since > _PATIENCE:
            del state.again[own]
            continue
        yield from _read(reading, int(own), way, state, run)
        yield reading.mark()
    for number in run.accounts.now_shown():
        yield from _read(reading, number, way, state, run)
        yield reading.mark()

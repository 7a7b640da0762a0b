"""Deployments with their statuses, newest first; environments; and who let a waiting deployment go on.

1. Environments, and which of them ask for a reviewer.
2. Deployments down to those that can still change: a deployment that was young when last read is read again.
3. Approvals of the workflow runs that deployed to one of these. A run is named in a status's own address; where
   none names one, every run of the deployed commit is asked.
"""

import re
from collections.abc import Generator, Iterator
from typing import Any, Final

import msgspec

from asbuilt.model.inspection import Gap
from asbuilt.model.text import visible
from asbuilt.sources.github.asking import Answer, TooSlowError, ask, refused
from asbuilt.sources.github.endpoints import load_endpoints
from asbuilt.sources.github.reading import Outcome, Reading
from asbuilt.sources.github.rest import Listing, read_listing
from asbuilt.sources.http import TRIES, Reply, UnansweredError
from asbuilt.sources.moments import seconds_of, text_of
from asbuilt.sources.steps import Expected, Listed, Step

SIZE: Final = 100
OVERLAP: Final = 7 * 86_400  # seconds for which a deployment may still get a status
_NEVER: Final = 1 << 40
LISTING: Final = "deployments"
_COMMIT: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_RUN: Final = re.compile(r"/actions/runs/([0-9]{1,18})(?:/|$)")
_MOST_RUNS: Final = 5_000  # remembered as read


class _PageInfo(msgspec.Struct, frozen=True, rename="camel"):
    has_next_page: bool = False
    end_cursor: str | None = None


class _Status(msgspec.Struct, frozen=True, rename="camel"):
    log_url: str | None = None
    environment_url: str | None = None


class _Statuses(msgspec.Struct, frozen=True, rename="camel"):
    nodes: list[_Status | None] | None = None
    page_info: _PageInfo = _PageInfo()


class _Deployment(msgspec.Struct, frozen=True, rename="camel"):
    id: str
    created_at: str = ""
    environment: str | None = None
    commit_oid: str | None = None
    statuses: _Statuses | None = None


class _Deployments(msgspec.Struct, frozen=True, rename="camel"):
    nodes: list[_Deployment | None]
    page_info: _PageInfo
    total_count: int | None = None


class _Repository(msgspec.Struct, frozen=True):
    deployments: _Deployments | None = None


class _Data(msgspec.Struct, frozen=True):
    repository: _Repository | None = None


def read_deployments(reading: Reading) -> Iterator[Step]:
    """What was deployed, where to, and who let it."""
    guarded: set[str] = set()
    is_whole = yield from _environments(reading, guarded)
    asking: list[_Deployment] = []
    started = yield from _deployments(reading, guarded, asking)
    if is_whole:
        is_whole = yield from _approvals(reading, asking)
    if started is not None and is_whole:
        # Not before: whose approvals are still to be read must come by again.
        reading.part("deployments", dict[str, int])["until"] = started


def _deployments(
    reading: Reading, guarded: set[str], asking: list[_Deployment]
) -> Generator[Step, None, int | None]:
    """(2) Down to those that can still change; gives when that was. ``asking`` takes those that had to wait."""
    endpoint = load_endpoints()["graphql/deployments"]
    until = reading.part("deployments", dict[str, int]).get("until")
    since = reading.since if until is None else until - OVERLAP
    first: Reply | None = None
    cursor, number, done, total = None, 0, 0, None
    while True:
        answer, found = _ask(reading, cursor)
        if found is None:
            place = f"deployments {reading.repository}"
            what = f"Deployments of {reading.repository}"
            yield refused(what, place, why=reading.why(answer), permission=endpoint.permission)
            return None
        number, done = number + 1, done + len(found.nodes)
        if first is None:
            first, total = answer.reply, found.total_count
        yield reading.page("graphql/deployments", str(number), answer.reply, LISTING, "Deployments")
        yield from reading.partial(answer, f"deployments of {reading.repository}")
        here = [each for each in found.nodes if each is not None]
        yield from _cut_off(reading, here)
        asking += [each for each in here if each.environment in guarded]
        yield Expected("deployments", done, total if since is None else None)
        cursor = found.page_info.end_cursor
        oldest = min((at for each in here if (at := seconds_of(each.created_at)) is not None), default=_NEVER)
        if not found.page_info.has_next_page or not cursor or (since is not None and oldest < since):
            break
    yield Listed(
        LISTING,
        endpoint.tables,
        (since or 0, first.certain) if first.certain > (since or 0) else None,
        complete=True,
        started=first.observed,
        ended=reading.now,
        query="GraphQL deployments(orderBy: CREATED_AT DESC)",
        parameters=None if since is None else f"until createdAt < {text_of(since)}",
        part=reading.repository,
        scopes=(endpoint.permission,),
        reported_total=total if since is None else None,
    )
    return first.certain


def _ask(reading: Reading, cursor: str | None) -> tuple[Answer, _Deployments | None]:
    """One page; half of it when the forge finds that too much.

    Raises:
        UnansweredError: even one alone is too much.
    """
    owner, name = reading.repository.split("/", 1)
    size = SIZE
    while True:
        variables = {"owner": owner, "name": name, "size": size, "cursor": cursor}
        try:
            answer = ask(reading.client, "Deployments", variables, tries=1 if size > 1 else TRIES)
        except TooSlowError as error:
            if size == 1:
                raise UnansweredError("The forge gives up even on one deployment at a time.") from error
            size //= 2
            continue
        try:
            told = msgspec.json.decode(answer.data, type=_Data).repository
        except (msgspec.MsgspecError, RecursionError):
            told = None
        if told is not None and told.deployments is not None:
            reading.saw(answer.reply)
            return answer, told.deployments
        return answer, None


def _cut_off(reading: Reading, deployments: list[_Deployment]) -> Iterator[Step]:
    for each in deployments:
        if each.statuses is not None and each.statuses.page_info.has_next_page:
            yield Gap(
                "GAP-INNER",
                f"Not all statuses of a deployment to {visible(each.environment or '?', 60)} were read.",
                "It has more than a hundred of them.",
                "Nothing is to be done here: the newest come first.",
                f"{reading.repository} deployment {visible(each.id, 100)}",
            )


def _runs_of(deployment: _Deployment) -> set[str]:
    """The workflow runs that its statuses name."""
    statuses = (deployment.statuses.nodes or []) if deployment.statuses is not None else []
    urls = [url for each in statuses if each is not None for url in (each.log_url, each.environment_url) if url]
    return {found[1] for url in urls if (found := _RUN.search(url))}


def _environments(reading: Reading, guarded: set[str]) -> Generator[Step, None, bool]:
    """(1) Which of them ask for a reviewer; gives whether all of them were seen."""
    outcome = Outcome()
    endpoint = load_endpoints()["environments"]
    yield from read_listing(reading, endpoint, outcome, want=True, repository=reading.repository)
    state = reading.part("environments", dict[str, list[str]])
    for document in outcome.documents:
        told = document.get("environments") if isinstance(document, dict) else None
        if isinstance(told, list):  # a page that has not changed tells nothing anew
            state["guarded"] = sorted({str(each.get("name")) for each in told if _asks_reviewer(each)})
    guarded.update(state.get("guarded", []))
    return outcome.is_whole


def _asks_reviewer(environment: Any) -> bool:
    rules = environment.get("protection_rules") if isinstance(environment, dict) else None
    return isinstance(rules, list) and any(
        isinstance(rule, dict) and rule.get("type") == "required_reviewers" for rule in rules
    )


def _approvals(reading: Reading, guarded: list[_Deployment]) -> Generator[Step, None, bool]:
    """(3) A run whose deployment is no longer young is not asked again; gives whether all of them were seen."""
    is_whole = True
    endpoints, repository = load_endpoints(), reading.repository
    read = reading.part("approvals", dict[str, list[str]]).setdefault("read", [])
    named = {each.id: _runs_of(each) for each in guarded}
    runs = {run for each in named.values() for run in each}
    settled = reading.now - OVERLAP
    young = {each.commit_oid for each in guarded if (seconds_of(each.created_at) or settled) >= settled}
    asked: list[str] = []  # commits that are done with once their runs are
    open_runs = {run for each in guarded if each.commit_oid in young for run in named[each.id]}
    nameless = {
        each.commit_oid for each in guarded if not named[each.id] and _COMMIT.fullmatch(each.commit_oid or "")
    }
    for commit in sorted(each for each in nameless if each and each not in read):
        outcome = Outcome()
        yield from read_listing(
            reading, endpoints["workflow-runs"], outcome, want=True, repository=repository, commit=commit
        )
        own = [run for run in reading.ids(f"runs {commit}", outcome, within="workflow_runs") if run.isdigit()]
        runs.update(own)
        is_whole = is_whole and outcome.is_whole
        if commit in young:
            open_runs.update(own)
        elif outcome.is_whole:
            asked.append(commit)
    approvals = Listing(reading, endpoints["run/approvals"])
    for run in sorted((run for run in runs if run not in read), key=int):
        outcome = Outcome()
        yield from approvals.read(endpoints["run/approvals"], outcome, subject=run, repository=repository, run=run)
        is_whole = is_whole and outcome.is_whole
        if outcome.refused is not None and outcome.refused.status == 403:
            break  # the right is missing: it would be refused for each of them
        if outcome.is_whole and run not in open_runs:
            read.append(run)
    if is_whole:
        read += asked
    del read[:-_MOST_RUNS]
    yield from approvals.conclude()
    return is_whole

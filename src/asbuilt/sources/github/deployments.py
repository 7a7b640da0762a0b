"""Deployments with their statuses, newest first; environments; and who let a waiting deployment go on.

1. Deployments down to those that can still change: a deployment that was young when last read is read again.
2. Environments, and which of them ask for a reviewer.
3. Approvals of the workflow runs that deployed to one of these. A run is named in a status's own address; where
   none names one, every run of the deployed commit is asked.
"""

import re
from collections.abc import Generator, Iterator
from typing import Any, Final

import msgspec

from asbuilt.model.inspection import Gap
from asbuilt.sources.github.asking import ask, refused
from asbuilt.sources.github.endpoints import load_endpoints
from asbuilt.sources.github.reading import Outcome, Reading
from asbuilt.sources.github.rest import Listing, read_listing
from asbuilt.sources.moments import seconds_of, text_of
from asbuilt.sources.steps import Expected, Listed, Step

SIZE: Final = 100
OVERLAP: Final = 7 * 86_400  # seconds for which a deployment may still get a status
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
    found: list[_Deployment] = []
    started = yield from _deployments(reading, found)
    guarded: set[str] = set()
    is_whole = yield from _environments(reading, guarded)
    if is_whole:
        is_whole = yield from _approvals(reading, [each for each in found if each.environment in guarded])
    if started is not None and is_whole:
        # Not before: whose approvals are still to be read must come by again.
        reading.part("deployments", dict[str, int])["until"] = started


def _deployments(reading: Reading, seen: list[_Deployment]) -> Generator[Step, None, int | None]:
    """(1) Down to those that can still change; gives when that was."""
    state, endpoint = reading.part("deployments", dict[str, int]), load_endpoints()["graphql/deployments"]
    until = state.get("until")
    since = reading.since if until is None else until - OVERLAP
    owner, name = reading.repository.split("/", 1)
    cursor, number, started, began, total = None, 0, None, 0, None
    while True:
        variables = {"owner": owner, "name": name, "size": SIZE, "cursor": cursor}
        answer = ask(reading.client, "Deployments", variables)
        try:
            data = msgspec.json.decode(answer.data, type=_Data)
            found = data.repository.deployments if data.repository is not None else None
        except (msgspec.MsgspecError, RecursionError):
            found = None
        if found is None:
            yield refused(
                f"Deployments of {reading.repository}",
                f"deployments {reading.repository}",
                why=reading.why(answer),
                permission=endpoint.permission,
            )
            return None
        reading.saw(answer.reply)
        number += 1
        if started is None:
            started, began, total = answer.reply.certain, answer.reply.observed, found.total_count
        yield reading.page("graphql/deployments", str(number), answer.reply, LISTING, "Deployments")
        yield from reading.partial(answer, f"deployments of {reading.repository}")
        oldest = 1 << 40
        for each in found.nodes:
            if each is None:
                continue
            at = seconds_of(each.created_at)
            oldest = oldest if at is None else min(oldest, at)
            seen.append(each)
            if each.statuses is not None and each.statuses.page_info.has_next_page:
                yield Gap(
                    "GAP-INNER",
                    f"The statuses of deployment {each.id} were not read to their end.",
                    "It has more than a page of them.",
                    "Nothing is to be done: the newest come first.",
                    f"{reading.repository} deployment {each.id}",
                )
        yield Expected("deployments", number * SIZE, found.total_count if since is None else None)
        cursor = found.page_info.end_cursor
        if not found.page_info.has_next_page or not cursor or (since is not None and oldest < since):
            break
    yield Listed(
        LISTING,
        endpoint.tables,
        (since or 0, started) if started > (since or 0) else None,
        complete=True,
        started=began,
        ended=reading.now,
        query="GraphQL deployments(orderBy: CREATED_AT DESC)",
        parameters=None if since is None else f"until createdAt < {text_of(since)}",
        part=reading.repository,
        scopes=(endpoint.permission,),
        reported_total=total if since is None else None,
    )
    return started


def _runs_of(deployment: _Deployment) -> set[str]:
    """The workflow runs that its statuses name."""
    statuses = (deployment.statuses.nodes or []) if deployment.statuses is not None else []
    urls = [url for each in statuses if each is not None for url in (each.log_url, each.environment_url) if url]
    return {found[1] for url in urls if (found := _RUN.search(url))}


def _environments(reading: Reading, guarded: set[str]) -> Generator[Step, None, bool]:
    """(2) Which of them ask for a reviewer; gives whether all of them were seen."""
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

"""Deployments with their statuses, newest first; environments; and who let a waiting deployment go on.

1. Deployments down to those that can still change: a deployment that was young when last read is read again.
2. Environments, and which of them ask for a reviewer.
3. Approvals of the workflow runs that deployed to one of these; a run is named in a status's own address.
"""

import re
from collections.abc import Iterator
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
    runs: dict[str, str] = {}
    yield from _deployments(reading, runs)
    guarded: set[str] = set()
    yield from _environments(reading, guarded)
    yield from _approvals(reading, runs, guarded)


def _deployments(reading: Reading, runs: dict[str, str]) -> Iterator[Step]:
    """(1) Down to those that can still change."""
    state, endpoint = reading.part("deployments"), load_endpoints()["graphql/deployments"]
    until = state.get("until")
    since = until - OVERLAP if isinstance(until, int) else reading.since
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
            return
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
            _note_runs(each, runs)
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
    state["until"] = started


def _note_runs(deployment: _Deployment, runs: dict[str, str]) -> None:
    for status in (deployment.statuses.nodes or []) if deployment.statuses is not None else []:
        for url in (status.log_url, status.environment_url) if status is not None else ():
            run = _RUN.search(url or "")
            if run:
                runs[run[1]] = deployment.environment or ""


def _environments(reading: Reading, guarded: set[str]) -> Iterator[Step]:
    """(2) Which of them ask for a reviewer."""
    outcome = Outcome()
    endpoint = load_endpoints()["environments"]
    yield from read_listing(reading, endpoint, outcome, want=True, repository=reading.repository)
    state = reading.part("environments")
    for document in outcome.documents:
        told = document.get("environments") if isinstance(document, dict) else None
        if isinstance(told, list):  # a page that has not changed tells nothing anew
            state["guarded"] = sorted({str(each.get("name")) for each in told if _asks_reviewer(each)})
    guarded.update(state.get("guarded", []))


def _asks_reviewer(environment: Any) -> bool:
    rules = environment.get("protection_rules") if isinstance(environment, dict) else None
    return isinstance(rules, list) and any(
        isinstance(rule, dict) and rule.get("type") == "required_reviewers" for rule in rules
    )


def _approvals(reading: Reading, runs: dict[str, str], guarded: set[str]) -> Iterator[Step]:
    """(3) A run whose approvals were read before is asked again only while its deployment is young."""
    endpoint, state = load_endpoints()["run/approvals"], reading.part("approvals")
    read: list[str] = state.setdefault("read", [])
    known = set(read)
    approvals = Listing(reading, endpoint)
    for run in sorted((run for run, environment in runs.items() if environment in guarded), key=int):
        outcome = Outcome()
        if run in known:
            continue
        yield from approvals.read(endpoint, outcome, subject=run, repository=reading.repository, run=run)
        if outcome.refused is not None and outcome.refused.status == 403:
            break  # the right is missing: it would be refused for each of them
        if outcome.is_whole:
            read.append(run)
            del read[:-_MOST_RUNS]
    yield from approvals.conclude()

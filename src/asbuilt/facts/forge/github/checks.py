"""Checks on a commit: check runs and statuses, of REST and of GraphQL's rollup, tell the same rows.

A status's id is written ``status-ID``, since statuses and check runs count by themselves. What is still running is
pending; a conclusion that asks somebody to act is no success.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from asbuilt.catalogue.check_kinds import check_kind
from asbuilt.facts.forge.accounts import account_of, app_of
from asbuilt.facts.forge.github.answers import request_nodes
from asbuilt.facts.forge.github.node_ids import any_id
from asbuilt.facts.forge.page import ForgePage, Row
from asbuilt.facts.forge.values import commit_id, dig, fields, items, moment, nodes, text

_CONCLUSIONS = {
    "success": "success",
    "failure": "failure",
    "error": "failure",
    "action_required": "failure",
    "startup_failure": "failure",
    "cancelled": "cancelled",
    "skipped": "skipped",
    "neutral": "neutral",
    "timed_out": "timed-out",
    "stale": "timed-out",
    "pending": "pending",
    "expected": "pending",
}
_RUNNING = frozenset({"queued", "in_progress", "waiting", "requested", "pending"})


def project_check_runs(page: ForgePage) -> Iterator[Row | str]:
    """``commit/check-runs``: runs on one commit."""
    listed = dig(page.document, "check_runs")
    if not isinstance(listed, list):
        yield "it holds no list of check runs."
    for run in items(listed):
        yield from check_run_row(page, commit_id(dig(run, "head_sha")) or commit_id(page.subject), run)


def project_statuses(page: ForgePage) -> Iterator[Row | str]:
    """``commit/statuses``: statuses of one commit."""
    if not isinstance(page.document, list):
        yield "it is no list of statuses."
    for status in items(page.document):
        yield from status_row(page, commit_id(dig(status, "sha")) or commit_id(page.subject), status)


def project_inner(page: ForgePage) -> Iterator[Row | str]:
    """``graphql/request-checks``: a further page of the checks on a request's head."""
    for node in request_nodes(page):
        yield from graphql_checks(page, node)


def graphql_checks(page: ForgePage, node: object) -> Iterator[Row | str]:
    """The checks that stand on the commits of a request's GraphQL node, or on the commit that the node is."""
    told = fields(node)
    commits = [node, *(dig(each, "commit") for name in ("headCommit", "commits") for each in nodes(told.get(name)))]
    for commit in (*commits, told.get("mergeCommit")):
        own = commit_id(dig(commit, "oid"))
        for check in nodes(dig(commit, "statusCheckRollup", "contexts")):
            shape = status_row if dig(check, "__typename") == "StatusContext" else check_run_row
            yield from shape(page, own, check)


def check_run_row(page: ForgePage, commit: str | None, run: object) -> Iterator[Row | str]:
    """One check run as a row."""
    told = fields(run)
    word = told.get("conclusion")
    conclusion = _conclusion(word) if word is not None else _unfinished(told)
    if conclusion is None:
        yield f"a check has no conclusion that is known: {text(word, 40) or 'none'}."
        return
    app = app_of(told.get("app")) or app_of(dig(told, "checkSuite", "app"))
    ended = moment(told.get("completed_at")) or moment(told.get("completedAt"))
    yield _row(page, any_id(told), commit, told.get("name"), conclusion, ended, app)


def status_row(page: ForgePage, commit: str | None, status: object) -> Iterator[Row | str]:
    """One status of a commit as a row."""
    told = fields(status)
    conclusion = _conclusion(told.get("state"))
    if conclusion is None:
        yield f"a status has no state that is known: {text(told.get('state'), 40) or 'none'}."
        return
    own = any_id(told)
    told_at = moment(told.get("created_at")) or moment(told.get("createdAt"))
    yield _row(
        page,
        own and f"status-{own}",
        commit,
        told.get("context"),
        conclusion,
        None if conclusion == "pending" else told_at,
        account_of(told.get("creator")).login,
    )


def _row(  # noqa: PLR0917 - the columns
    page: ForgePage,
    own: str | None,
    commit: str | None,
    name: object,
    conclusion: str,
    ended: str | None,
    app: str | None,
) -> Row:
    shown = text(name)
    return Row(
        "checks",
        {
            "check_id": own,
            "repository": page.repository,
            "commit": commit,
            "name": shown,
            "kind": check_kind(shown or "", app),
            "conclusion": conclusion,
            "completed_at": ended,
            "app": app,
        },
    )


def _conclusion(word: object) -> str | None:
    return _CONCLUSIONS.get(word.casefold()) if isinstance(word, str) else None


def _unfinished(told: Mapping[str, Any]) -> str | None:
    status = told.get("status")
    return "pending" if isinstance(status, str) and status.casefold() in _RUNNING else None


PAGES = {
    "commit/check-runs": project_check_runs,
    "commit/statuses": project_statuses,
    "graphql/request-checks": project_inner,
}

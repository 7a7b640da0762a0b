"""Checks, statuses and the apps behind them in REST's shapes."""

from typing import Any

from tests.forge.resolvers import when
from tests.forge.rest_people import person
from tests.forge.routing import Asking, Listing, RefusedError, Route
from tests.forge.shapes import fill
from tests.forge.state import App, Check, Status

API, WEB = "https://api.github.com", "https://github.com"


def app(each: App) -> dict[str, Any]:
    """An app, as checks and events name it."""
    return {
        "id": each.id,
        "slug": each.slug,
        "node_id": each.node_id,
        "name": each.name,
        "owner": {"login": each.slug, "id": each.id, "type": "Organization"},
        "permissions": each.permissions,
        "html_url": f"{WEB}/apps/{each.slug}",
        "external_url": f"{WEB}/apps/{each.slug}",
        "description": None,
        "events": [],
    }


def check_run(each: Check) -> dict[str, Any]:
    return fill(
        "check-run",
        {
            "id": each.id,
            "node_id": each.node_id,
            "head_sha": each.commit,
            "name": each.name,
            "status": each.status,
            "conclusion": each.conclusion,
            "started_at": when(each.started_at),
            "completed_at": when(each.completed_at),
            "check_suite": {"id": each.suite},
            "app": app(each.app) if each.app else None,
            "html_url": f"{WEB}/{each.repository.full_name}/runs/{each.id}",
            "details_url": f"{WEB}/{each.repository.full_name}/runs/{each.id}",
            "url": f"{API}/repos/{each.repository.full_name}/check-runs/{each.id}",
        },
    )


def check_runs(asking: Asking) -> Listing:
    asking.need("checks")
    found = asking.repository.checks.get(_commit_named(asking), ())
    return Listing(found, check_run, inside="check_runs")


def statuses(asking: Asking) -> Listing:
    """Newest first."""
    asking.need("statuses")
    found = asking.repository.statuses.get(_commit_named(asking), ())
    return Listing(found[::-1], commit_status)


def _commit_named(asking: Asking) -> str:
    """A branch or a commit in the path."""
    name = asking.words["ref"]
    oid = asking.repository.branches.get(name, name)
    if oid not in asking.repository.commits:
        raise RefusedError(404, "Not Found")
    return oid


def commit_status(each: Status) -> dict[str, Any]:
    return fill(
        "status",
        {
            "id": each.id,
            "node_id": each.node_id,
            "url": f"{API}/repos/{each.repository.full_name}/statuses/{each.commit}",
            "state": each.state,
            "context": each.context,
            "description": each.description,
            "created_at": when(each.at),
            "updated_at": when(each.at),
            "creator": person(each.creator),
        },
    )


R = "/repos/{owner}/{repo}"
ROUTES: list[tuple[str, Route]] = [
    (f"{R}/commits/{{ref...}}/check-runs", check_runs),
    (f"{R}/commits/{{ref...}}/statuses", statuses),
]

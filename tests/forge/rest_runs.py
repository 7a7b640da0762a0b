"""Deployments, environments and workflow runs in REST's shapes."""

from typing import Any

from tests.forge.resolvers import when
from tests.forge.rest_people import anyone, person, team
from tests.forge.routing import Asking, Listing, RefusedError, Route
from tests.forge.shapes import fill
from tests.forge.state import Account, Deployment, DeploymentStatus, Run, Team

API, WEB = "https://api.github.com", "https://github.com"


def deployment(each: Deployment) -> dict[str, Any]:
    url = f"{API}/repos/{each.repository.full_name}/deployments/{each.id}"
    return fill(
        "deployment",
        {
            "id": each.id,
            "node_id": each.node_id,
            "url": url,
            "sha": each.commit,
            "ref": each.ref,
            "task": "deploy",
            "payload": {},
            "environment": each.environment,
            "original_environment": each.environment,
            "description": None,
            "creator": person(each.creator),
            "created_at": when(each.at),
            "updated_at": when(each.updated_at),
            "statuses_url": f"{url}/statuses",
        },
    )


def deployment_status(each: DeploymentStatus) -> dict[str, Any]:
    return fill(
        "deployment-status",
        {
            "id": each.id,
            "node_id": each.node_id,
            "state": each.state,
            "creator": person(each.creator),
            "description": each.description,
            "environment": each.deployment.environment,
            "created_at": when(each.at),
            "updated_at": when(each.at),
        },
    )


def deployments(asking: Asking) -> Listing:
    """Newest first."""
    asking.need("deployments")
    found = sorted(asking.repository.deployments, key=lambda each: (-each.at, -each.id))
    chosen = [each for each in found if asking.query.get("environment") in {None, each.environment}]
    return Listing(chosen, deployment)


def deployment_statuses(asking: Asking) -> Listing:
    asking.need("deployments")
    for each in asking.repository.deployments:
        if str(each.id) == asking.words["deployment"]:
            return Listing(each.statuses[::-1], deployment_status)
    raise RefusedError(404, "Not Found")


def environment(pair: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    """``reviewers`` (accounts and teams), ``prevent_self_review``, ``branches`` (a policy), ``can_admins_bypass``."""
    name, rules = pair
    told: dict[str, Any] = {
        "id": rules["id"],
        "node_id": f"EN_{rules['id']}",
        "name": name,
        "created_at": when(rules["at"]),
        "updated_at": when(rules["at"]),
        "can_admins_bypass": rules.get("can_admins_bypass", True),
        "protection_rules": [],
        "deployment_branch_policy": rules.get("branches"),
    }
    if rules.get("reviewers"):
        told["protection_rules"].append(
            {
                "id": rules["id"] + 1,
                "node_id": f"GA_{rules['id']}",
                "type": "required_reviewers",
                "prevent_self_review": rules.get("prevent_self_review", False),
                "reviewers": [_reviewer(each) for each in rules["reviewers"]],
            }
        )
    if rules.get("branches"):
        told["protection_rules"].append({"id": rules["id"] + 2, "node_id": "GA_b", "type": "branch_policy"})
    return fill("environment", told)


def _reviewer(each: Account | Team) -> dict[str, Any]:
    if isinstance(each, Team):
        return {"type": "Team", "reviewer": fill("team", team(each))}
    return {"type": "User", "reviewer": person(each)}


def environments(asking: Asking) -> Listing:
    asking.need("actions")
    return Listing(list(asking.repository.environments.items()), environment, inside="environments")


def run(each: Run) -> dict[str, Any]:
    full = each.repository.full_name
    return fill(
        "workflow-run",
        {
            "id": each.id,
            "node_id": each.node_id,
            "name": each.name,
            "head_branch": each.branch,
            "head_sha": each.commit,
            "path": f".github/workflows/{each.name}.yml",
            "run_number": each.number,
            "run_attempt": 1,
            "event": each.event,
            "status": "completed" if each.conclusion else "waiting",
            "conclusion": each.conclusion,
            "workflow_id": 1,
            "url": f"{API}/repos/{full}/actions/runs/{each.id}",
            "html_url": f"{WEB}/{full}/actions/runs/{each.id}",
            "display_title": each.name,
            "pull_requests": [],
            "created_at": when(each.at),
            "updated_at": when(each.at),
            "run_started_at": when(each.at),
            "actor": anyone(each.actor, each.repository.forge),
            "triggering_actor": anyone(each.actor, each.repository.forge),
            "head_commit": None,
        },
    )


def runs(asking: Asking) -> Listing:
    """Newest first; ``created`` as ``FROM..TO``, ``>=FROM`` or ``<=TO``; GitHub shows a thousand of a search."""
    asking.need("actions")
    span = asking.query.get("created", "")
    low, high = "", "9999"
    if ".." in span:
        low, _, high = span.partition("..")
    elif span.startswith(">="):
        low = span[2:]
    elif span.startswith("<="):
        high = span[2:]
    found = sorted(asking.repository.runs, key=lambda each: -each.id)
    chosen = [
        each
        for each in found
        if low.replace("*", "") <= str(when(each.at)) and (high == "*" or str(when(each.at)) <= high)
        if asking.query.get("event") in {None, each.event} and asking.query.get("branch") in {None, each.branch}
        if asking.query.get("head_sha") in {None, each.commit}
    ]
    return Listing(
        chosen[:1000] if asking.query.keys() & {"created", "event", "branch"} else chosen,
        run,
        inside="workflow_runs",
    )


def run_approvals(asking: Asking) -> Any:
    asking.need("actions")
    each = next((each for each in asking.repository.runs if str(each.id) == asking.words["run"]), None)
    if each is None:
        raise RefusedError(404, "Not Found")
    return [
        {
            "environments": [
                {
                    "id": each.repository.environments[name]["id"],
                    "node_id": f"EN_{name}",
                    "name": name,
                    "url": f"{API}/repos/{each.repository.full_name}/environments/{name}",
                    "html_url": WEB,
                    "created_at": when(each.repository.environments[name]["at"]),
                    "updated_at": when(each.repository.environments[name]["at"]),
                }
            ],
            "state": state,
            "user": fill("simple-user", person(account)),
            "comment": comment,
        }
        for account, name, state, comment in each.approvals
    ]


R = "/repos/{owner}/{repo}"
ROUTES: list[tuple[str, Route]] = [
    (f"{R}/deployments", deployments),
    (f"{R}/deployments/{{deployment}}/statuses", deployment_statuses),
    (f"{R}/environments", environments),
    (f"{R}/actions/runs", runs),
    (f"{R}/actions/runs/{{run}}/approvals", run_approvals),
]

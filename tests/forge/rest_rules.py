"""Branch protection, rule sets with their history, rule suites and activity in REST's shapes."""

from typing import Any

from tests.forge.resolvers import when
from tests.forge.rest_people import person
from tests.forge.routing import Asking, Listing, RefusedError, Route
from tests.forge.shapes import fill
from tests.forge.state import Push, Ruleset


def branches(asking: Asking) -> Listing:
    asking.need("contents")
    each = asking.repository
    return Listing(
        sorted(each.branches),
        lambda name: fill(
            "short-branch",
            {
                "name": name,
                "commit": {
                    "sha": each.branches[name],
                    "url": f"https://api.github.com/repos/{each.full_name}/commits/{each.branches[name]}",
                },
                "protected": name in each.protections,
            },
        ),
    )


def protection(asking: Asking) -> Any:
    """404 both for a branch without any, and for a branch that is not there."""
    asking.need("administration")
    each, name = asking.repository, asking.words["branch"]
    if name not in each.branches:
        raise RefusedError(404, "Branch not found")
    if name not in each.protections:
        raise RefusedError(404, "Branch not protected")
    url = f"https://api.github.com/repos/{each.full_name}/branches/{name}/protection"
    return fill("branch-protection", {"url": url} | each.protections[name])


def _binds(each: Ruleset, branch: str, default: str) -> bool:
    """Whether a rule set that is on includes a branch (full names, ``~ALL`` and ``~DEFAULT_BRANCH``)."""
    names = each.state.get("conditions", {}).get("ref_name", {})
    told = {f"refs/heads/{branch}", "~ALL"} | ({"~DEFAULT_BRANCH"} if branch == default else set())
    included = told & set(names.get("include", ()))
    return bool(included) and not told & set(names.get("exclude", ())) and each.state["enforcement"] == "active"


def branch_rules(asking: Asking) -> Listing:
    """The rules in force on a branch, from every rule set."""
    asking.need("metadata")
    each = asking.repository
    found = [
        rule | {"ruleset_source_type": "Repository", "ruleset_source": each.full_name, "ruleset_id": one.id}
        for one in each.rulesets
        if _binds(one, asking.words["branch"], each.default_branch)
        for rule in one.state["rules"]
    ]
    return Listing(found)


def _ruleset(asking: Asking, each: Ruleset, *, whole: bool) -> dict[str, Any]:
    """Who may bypass is told only to those who may write rules."""
    told: dict[str, Any] = {
        "id": each.id,
        "name": each.name,
        "target": "branch",
        "source_type": "Repository",
        "source": asking.repository.full_name,
        "enforcement": each.state["enforcement"],
        "node_id": each.node_id,
        "created_at": when(each.versions[0][1]),
        "updated_at": when(each.versions[-1][1]),
    }
    if whole:
        told |= {"conditions": each.state["conditions"], "rules": each.state["rules"]}
        if asking.permissions is None or asking.permissions.get("administration") == "write":
            told["bypass_actors"] = each.state.get("bypass_actors", [])
    return fill("repository-ruleset", told)


def rulesets(asking: Asking) -> Listing:
    asking.need("metadata")
    return Listing(asking.repository.rulesets, lambda each: _ruleset(asking, each, whole=False))


def _one(asking: Asking) -> Ruleset:
    for each in asking.repository.rulesets:
        if str(each.id) == asking.words["ruleset"]:
            return each
    raise RefusedError(404, "Not Found")


def ruleset(asking: Asking) -> Any:
    asking.need("metadata")
    return _ruleset(asking, _one(asking), whole=True)


def history(asking: Asking) -> Listing:
    """Newest first."""
    asking.need("administration", "write")
    return Listing(_one(asking).versions[::-1], _version)


def _version(told: tuple[int, int, Any, dict[str, Any]]) -> dict[str, Any]:
    number, at, who, _ = told
    return {"version_id": number, "actor": {"id": who.id, "type": "User"}, "updated_at": when(at)}


def version(asking: Asking) -> Any:
    asking.need("administration", "write")
    found = _one(asking)
    for each in found.versions:
        if str(each[0]) == asking.words["version"]:
            return _version(each) | {"state": {"id": found.id, "name": found.name, "target": "branch", **each[3]}}
    raise RefusedError(404, "Not Found")


def suites(asking: Asking) -> Listing:
    asking.need("administration")
    each = asking.repository
    shown = {"repository_id": each.id, "repository_name": each.name}
    return Listing(sorted((one | shown for one in each.suites), key=lambda one: one["pushed_at"], reverse=True))


def activity(asking: Asking) -> Listing:
    """Newest first, by cursor."""
    asking.need("contents")
    query = asking.query
    found = [
        each
        for each in asking.repository.pushes
        if query.get("ref") in {None, each.branch, f"refs/heads/{each.branch}"}
        if query.get("activity_type") in {None, each.kind}
    ]
    found.sort(key=lambda each: (each.at, each.id), reverse=query.get("direction", "desc") == "desc")
    return Listing(found, _push, cursor="after")


def _push(each: Push) -> dict[str, Any]:
    return fill(
        "activity",
        {
            "id": each.id,
            "node_id": f"PSH_{each.id}",
            "before": each.before,
            "after": each.after,
            "ref": f"refs/heads/{each.branch}",
            "timestamp": when(each.at),
            "activity_type": each.kind,
            "actor": person(each.actor),
        },
    )


R = "/repos/{owner}/{repo}"
ROUTES: list[tuple[str, Route]] = [
    (f"{R}/branches", branches),
    (f"{R}/branches/{{branch...}}/protection", protection),
    (f"{R}/rules/branches/{{branch...}}", branch_rules),
    (f"{R}/rulesets/rule-suites", suites),
    (f"{R}/rulesets", rulesets),
    (f"{R}/rulesets/{{ruleset}}", ruleset),
    (f"{R}/rulesets/{{ruleset}}/history", history),
    (f"{R}/rulesets/{{ruleset}}/history/{{version}}", version),
    (f"{R}/activity", activity),
]

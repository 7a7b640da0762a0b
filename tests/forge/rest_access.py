"""Collaborators, teams, keys, the organisation with its members, apps and audit log in REST's shapes."""

from typing import Any

from tests.forge.resolvers import when
from tests.forge.rest_people import permissions, person, team
from tests.forge.routing import Asking, Listing, RefusedError, Route
from tests.forge.shapes import fill
from tests.forge.state import Account, Organization, Team

API, WEB = "https://api.github.com", "https://github.com"


def collaborators(asking: Asking) -> Listing:
    asking.need("metadata")
    each = asking.repository
    outside = set(each.forge.organizations[each.owner].outside) if each.owner in each.forge.organizations else set()
    chosen = [
        (each.forge.accounts[login], role)
        for login, role in sorted(each.collaborators.items())
        if not each.forge.accounts[login].gone
        and (asking.query.get("affiliation", "all") != "outside" or login in outside)
    ]
    return Listing(chosen, _collaborator)


def _collaborator(pair: tuple[Account, str]) -> dict[str, Any]:
    account, role = pair
    return fill("collaborator", (person(account) or {}) | {"permissions": permissions(role), "role_name": role})


def repository_teams(asking: Asking) -> Listing:
    asking.need("administration")
    each = asking.repository
    organization = each.forge.organizations.get(each.owner)
    chosen = [one for one in (organization.teams if organization else ()) if each.name in one.permissions]
    return Listing(chosen, lambda one: fill("team", team(one, one.permissions[each.name])))


def keys(asking: Asking) -> Listing:
    asking.need("administration")
    return Listing(asking.repository.keys, lambda each: fill("deploy-key", each))


def organization(asking: Asking) -> Any:
    """The two-factor setting is told to owners alone."""
    each = asking.organization
    told: dict[str, Any] = {
        "login": each.login,
        "id": each.id,
        "node_id": each.node_id,
        "type": "Organization",
        "url": f"{API}/orgs/{each.login}",
        "html_url": f"{WEB}/{each.login}",
        "created_at": "2020-01-01T00:00:00Z",
        "updated_at": "2020-01-01T00:00:00Z",
    }
    asking.accepted = ""
    if asking.permissions is None or "organization_administration" in asking.permissions:
        told["two_factor_requirement_enabled"] = each.two_factor_required
    return fill("organization-full", told)


def members(asking: Asking) -> Listing:
    """``role`` admin or member; ``filter`` 2fa_disabled is for owners."""
    asking.need("members")
    each = asking.organization
    if asking.query.get("filter", "all").startswith("2fa"):
        if asking.permissions is not None and "organization_administration" not in asking.permissions:
            raise RefusedError(422, "Only owners can use this filter.")
        chosen = [login for login in each.members if not asking.forge.accounts[login].two_factor]
    else:
        wanted = asking.query.get("role", "all")
        chosen = [login for login, role in each.members.items() if wanted in {"all", role}]
    return Listing(_accounts(asking, chosen), _person)


def _accounts(asking: Asking, logins: list[str]) -> list[Account]:
    return [each for each in (asking.forge.accounts[login] for login in logins) if not each.gone]


def _person(each: Account) -> dict[str, Any]:
    return fill("simple-user", person(each))


def outside(asking: Asking) -> Listing:
    asking.need("members")
    return Listing(_accounts(asking, asking.organization.outside), _person)


def teams(asking: Asking) -> Listing:
    asking.need("members")
    return Listing(asking.organization.teams, lambda each: fill("team", team(each)))


def _team(asking: Asking) -> Team:
    for each in asking.organization.teams:
        if each.slug == asking.words["team"]:
            return each
    raise RefusedError(404, "Not Found")


def team_members(asking: Asking) -> Listing:
    asking.need("members")
    return Listing(
        [each for each in _team(asking).members if not each.gone], lambda each: fill("team-member", person(each))
    )


def installations(asking: Asking) -> Listing:
    asking.need("organization_administration")
    return Listing(
        asking.organization.installations, lambda each: fill("installation", each), inside="installations"
    )


def audit_log(asking: Asking) -> Listing:
    """Only where the plan has it; newest first, by cursor. ``phrase`` knows ``created:>=…`` and ``created:A..B``."""
    each = asking.organization
    if not each.has_audit_log:
        raise RefusedError(404, "Not Found")
    asking.need("organization_administration")
    low, high = _span(asking.query.get("phrase", ""))
    found = [one for one in each.audit_log if low <= str(when(one["@timestamp"] // 1000)) <= high]
    found.sort(
        key=lambda one: (one["@timestamp"], one["_document_id"]),
        reverse=asking.query.get("order", "desc") == "desc",
    )
    return Listing(found, cursor="after")


def _span(phrase: str) -> tuple[str, str]:
    for word in phrase.split():
        name, _, value = word.partition(":")
        if name == "created" and value.startswith(">="):
            return value[2:], "9999"
        if name == "created" and ".." in value:
            low, _, high = value.partition("..")
            return low, high
    return "", "9999"


def repositories(asking: Asking) -> Listing:
    asking.need("metadata")
    found = [each for each in asking.forge.repositories.values() if each.owner == asking.organization.login]
    return Listing(
        found,
        lambda each: fill(
            "minimal-repository",
            {
                "id": each.id,
                "node_id": each.node_id,
                "name": each.name,
                "full_name": each.full_name,
                "private": each.private,
                "default_branch": each.default_branch,
                "archived": False,
                "owner": _owner(asking.organization),
                "pushed_at": when(each.pushed_at),
            },
        ),
    )


def _owner(each: Organization) -> dict[str, Any]:
    return {"login": each.login, "id": each.id, "node_id": each.node_id, "type": "Organization"}


def me(asking: Asking) -> Any:
    asking.accepted = ""
    return fill("private-user", person(asking.forge.account(asking.login)))


def rate_limit(asking: Asking) -> Any:
    asking.accepted = ""
    one = {"limit": 5000, "used": 0, "remaining": 5000, "reset": asking.forge.now + 3600}
    return fill("rate-limit-overview", {"rate": one, "resources": {"core": one, "search": one, "graphql": one}})


def hooks(asking: Asking) -> Listing:
    asking.need("repository_hooks")
    return Listing(asking.repository.hooks, lambda each: fill("hook", each))


def deliveries(asking: Asking) -> Listing:
    """Newest first, by cursor; GitHub keeps them for some days."""
    asking.need("repository_hooks")
    return Listing(
        asking.repository.deliveries[::-1], lambda each: fill("hook-delivery-item", each), cursor="cursor"
    )


R, O = "/repos/{owner}/{repo}", "/orgs/{org}"  # noqa: E741
ROUTES: list[tuple[str, Route]] = [
    (f"{R}/collaborators", collaborators),
    (f"{R}/teams", repository_teams),
    (f"{R}/keys", keys),
    (f"{R}/hooks", hooks),
    (f"{R}/hooks/{{hook}}/deliveries", deliveries),
    (O, organization),
    (f"{O}/repos", repositories),
    (f"{O}/members", members),
    (f"{O}/outside_collaborators", outside),
    (f"{O}/teams", teams),
    (f"{O}/teams/{{team}}/members", team_members),
    (f"{O}/installations", installations),
    (f"{O}/audit-log", audit_log),
    ("/user", me),
    ("/rate_limit", rate_limit),
]

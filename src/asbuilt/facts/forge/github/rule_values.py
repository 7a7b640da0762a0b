"""What rules of GitHub ask of whoever changes a branch, in the columns of ``branch_rule_parts`` and ``rule_sets``.

What a source of rules does not ask is FALSE, 0 or none; what it asks in words that we cannot read is unknown.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from asbuilt.facts.forge.accounts import account_of
from asbuilt.facts.forge.values import dig, fields, flag, items, own_id, text, texts, whole

Values = dict[str, object]

NOTHING_ASKED: Mapping[str, object] = {
    "requires_pull_request": False,
    "required_approvals": 0,
    "required_checks": [],
    "dismisses_stale_approvals": False,
    "requires_owner_approval": False,
    "allows_force_push": True,
    "allows_deletion": True,
}
# The numbers that GitHub gives its own roles of a repository.
_ROLES = {"2": "maintain", "4": "write", "5": "admin"}
_ACTORS = {"Integration": "app", "Team": "team", "User": "user"}


def ruleset_values(rules: Iterable[Any]) -> Values:
    """What the rules of one rule set ask together."""
    found: Values = dict(NOTHING_ASKED)
    checks: list[str | None] = []
    for rule in rules:
        parameters = fields(dig(rule, "parameters"))
        match dig(rule, "type"):
            case "pull_request":
                found["requires_pull_request"] = True
                found["required_approvals"] = _most(
                    found["required_approvals"], whole(parameters.get("required_approving_review_count"))
                )
                for name, own in (
                    ("dismisses_stale_approvals", "dismiss_stale_reviews_on_push"),
                    ("requires_owner_approval", "require_code_owner_review"),
                ):
                    found[name] = _either(found[name], flag(parameters.get(own)))
            case "required_status_checks":
                checks += _contexts(parameters.get("required_status_checks"))
            case "workflows":
                checks += [_named("workflow", dig(each, "path")) for each in _listed(parameters.get("workflows"))]
            case "non_fast_forward":
                found["allows_force_push"] = False
            case "deletion":
                found["allows_deletion"] = False
            case _:
                continue
    found["required_checks"] = None if None in checks else texts(iter(checks))
    return found


def _contexts(value: object) -> list[str | None]:
    return [text(dig(each, "context")) for each in _listed(value)]


def _named(kind: str, value: object) -> str | None:
    own = text(value)
    return None if own is None else f"{kind} {own}"


def _listed(value: object) -> list[Any]:
    """The items of a list; one that cannot be read where it is none, so that the whole is unknown."""
    return value if isinstance(value, list) else [None]


def _most(one: object, other: int | None) -> int | None:
    return None if other is None or not isinstance(one, int) else max(one, other)


def _either(one: object, other: bool | None) -> bool | None:
    if one is True or other is True:
        return True
    return None if one is None or other is None else False


def bypass_of(value: object) -> list[str] | None:
    """Who may go around a rule set; None where GitHub does not show it."""
    if not isinstance(value, list):
        return None
    return texts(_actor(each) for each in value)


def _actor(value: object) -> str:
    kind, own = dig(value, "actor_type"), own_id(dig(value, "actor_id")) or "?"
    match kind:
        case "RepositoryRole":
            who = f"role {_ROLES.get(own, own)}"
        case "OrganizationAdmin":
            who = "organisation owners"
        case "DeployKey":
            who = "deploy keys"
        case str():
            who = f"{_ACTORS.get(kind, text(kind, 40) or 'actor')} {own}"
        case _:
            who = f"actor {own}"
    return f"{who} (in pull requests)" if dig(value, "bypass_mode") == "pull_request" else who


def protection_values(document: object) -> Values:
    """What a branch's classic protection asks, and whom it leaves out."""
    told = fields(document)
    reviews, checks = told.get("required_pull_request_reviews"), told.get("required_status_checks")
    asks = isinstance(reviews, dict)
    return {
        "requires_pull_request": asks,
        "required_approvals": whole(dig(reviews, "required_approving_review_count")) if asks else 0,
        "required_checks": _protection_checks(checks),
        "dismisses_stale_approvals": flag(dig(reviews, "dismiss_stale_reviews")) if asks else False,
        "requires_owner_approval": flag(dig(reviews, "require_code_owner_reviews")) if asks else False,
        "allows_force_push": flag(dig(told, "allow_force_pushes", "enabled")),
        "allows_deletion": flag(dig(told, "allow_deletions", "enabled")),
        "binds_administrators": flag(dig(told, "enforce_admins", "enabled")),
        "bypass_actors": _allowances(dig(reviews, "bypass_pull_request_allowances")),
    }


def _protection_checks(value: object) -> list[str] | None:
    if value is None:
        return []
    if isinstance(dig(value, "checks"), list):
        found = _contexts(dig(value, "checks"))
    elif isinstance(dig(value, "contexts"), list):
        found = [text(each) for each in items(dig(value, "contexts"))]
    else:
        return None
    return None if None in found else texts(iter(found))


def _allowances(value: object) -> list[str] | None:
    """GitHub leaves the field out where nobody may."""
    if value is None:
        return []
    if not isinstance(value, dict):
        return None
    found = [account_of(each).login or "user ?" for each in items(value.get("users"))]
    found += [f"team {text(dig(each, 'slug')) or '?'}" for each in items(value.get("teams"))]
    found += [f"app {text(dig(each, 'slug')) or '?'}" for each in items(value.get("apps"))]
    return texts(iter(found))

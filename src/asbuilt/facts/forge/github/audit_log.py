"""The organisation's audit log: what bears on access, rules and secrets.

Each entry that matters is a row of ``audit_events``. Of these, changes of rules are ``rule_events`` too, and rights
that were given are ``grants`` (in the system ``github:ORGANISATION``). What took a right away names no grant: it
stays an event. Addresses, tokens and keys that the log tells go into no row.
"""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from asbuilt.facts.forge.accounts import account_of
from asbuilt.facts.forge.page import ForgePage, Row
from asbuilt.facts.forge.values import dig, fields, items, moment, moment_of, own_id, text

_KEPT = (
    *("org.", "repo.", "team.", "protected_branch.", "repository_ruleset.", "environment.", "role.", "hook."),
    *("integration_installation.", "personal_access_token.", "public_key.", "deploy_key.", "secret_scanning"),
    *("repository_secret_scanning", "dependabot_", "repository_vulnerability_alert", "code_scanning", "business."),
    *("organization_role", "repository_visibility_change.", "two_factor_authentication.", "oauth_"),
)
# What of an entry is kept beside the columns: names and settings, no addresses, tokens or keys.
_DETAILS = (
    *("name", "team", "permission", "old_permission", "old_repo_permission", "new_repo_permission", "visibility"),
    *("previous_visibility", "ruleset_id", "ruleset_name", "ruleset_enforcement", "ruleset_old_enforcement"),
    *("ruleset_source_type", "admin_enforced", "old_admin_enforced", "required_approving_review_count", "branch"),
    *("old_required_approving_review_count", "integration", "repository_selection", "read_only", "reason"),
)
_GRANTS = {
    "org.add_member": "member",
    "org.add_outside_collaborator": "outside collaborator",
    "repo.add_member": "collaborator",
    "team.add_member": "team",
    "team.add_repository": "repository of team",
    "org.update_member": "member",
    "repo.update_member": "collaborator",
    "team.promote_maintainer": "maintainer of team",
}


def project_log(page: ForgePage) -> Iterator[Row | str]:
    """``org/audit-log``: its entries, newest first."""
    if not isinstance(page.document, list):
        yield "it is no list of entries."
    for entry in items(page.document):
        action = text(dig(entry, "action"))
        if action is None:
            yield "an entry does not say what was done."
        elif action.startswith(_KEPT):
            yield from _rows(page, fields(entry), action)


class _Entry(NamedTuple):
    """What all rows of an entry share."""

    told: Any
    action: str
    organization: str | None
    own: str | None
    at: str | None
    actor: str | None
    repository: str | None

    @property
    def detail(self) -> str | None:
        found = _detail(self.told)
        return json.dumps(found, sort_keys=True, separators=(",", ":")) if found else None


def _rows(page: ForgePage, told: Any, action: str) -> Iterator[Row | str]:
    entry = _Entry(
        told,
        action,
        organization=text(told.get("org")) or page.organization,
        own=own_id(told.get("_document_id")),
        at=_at(told),
        actor=_login(told.get("actor")),
        repository=text(told.get("repo")) or text(told.get("repository")),
    )
    account = _login(told.get("user"))
    yield Row(
        "audit_events",
        {
            "organization": entry.organization,
            "event_id": entry.own,
            "action": action,
            "happened_at": entry.at,
            "actor": entry.actor,
            "via_app": text(told.get("oauth_application_name")) or text(told.get("application_name")),
            "repository": entry.repository,
            "account": account,
            "detail": entry.detail,
        },
    )
    if entry.repository is not None and action.startswith(("protected_branch.", "repository_ruleset.")):
        yield from _rule_event(entry)
    if action in _GRANTS:
        yield _grant(entry, account or text(told.get("team")))


def _rule_event(entry: _Entry) -> Iterator[Row]:
    told = entry.told
    family, _, act = entry.action.partition(".")
    branch = None
    if family == "protected_branch":
        if act == "rejected_ref_update":  # a push that the rules refused
            return
        branch = text(told.get("name")) or text(told.get("branch"))
        rule = f"protection {branch}" if branch else "protection"
        kind, weakens = _protection_kind(told, act)
    else:
        named = ("ruleset", own_id(told.get("ruleset_id")), text(told.get("ruleset_name")))
        rule = " ".join(part for part in named if part)
        kind, weakens = _ruleset_kind(told, act)
    yield Row(
        "rule_events",
        {
            "repository": entry.repository,
            "event_id": entry.own,
            "happened_at": entry.at,
            "kind": kind,
            "rule": rule,
            "branch": branch,
            "actor": entry.actor,
            "weakens": weakens,
            "detail": entry.detail,
        },
    )


def _protection_kind(told: Any, act: str) -> tuple[str, bool | None]:
    match act:
        case "create":
            return "created", False
        case "destroy":
            return "deleted", True
        case "policy_override":
            return "overridden", None
        case "update_admin_enforced":
            enforced = told.get("admin_enforced")
            return "updated", not enforced if isinstance(enforced, bool) else None
        case _:
            return "updated", None


def _ruleset_kind(told: Any, act: str) -> tuple[str, bool | None]:
    if act == "create":
        return "created", False
    if act == "destroy":
        return "deleted", True
    before, after = _enforcement(told)
    if after is not None and before != after:
        if after == "active":
            return "enabled", False
        if before == "active":
            return "disabled", True
    return "updated", None


def _enforcement(told: Any) -> tuple[str | None, str | None]:
    """Before and after: as two fields, or as a change of the entry's data."""
    changed = dig(told, "data", "changes", "enforcement")
    if isinstance(changed, list) and len(changed) == 2:
        return text(changed[0]), text(changed[1])
    before, after = text(told.get("ruleset_old_enforcement")), text(told.get("ruleset_enforcement"))
    return (before, after) if before is not None else (after, after)


def _grant(entry: _Entry, account: str | None) -> Row:
    told, team = entry.told, text(entry.told.get("team"))
    place = {"repo": (entry.repository,), "team": (team, entry.repository)}.get(entry.action.partition(".")[0], ())
    level = text(told.get("new_repo_permission")) or text(told.get("permission"))
    return Row(
        "grants",
        {
            "system": None if entry.organization is None else f"github:{entry.organization}",
            "grant_id": entry.own,
            "account": account,
            "access_right": " ".join(part for part in (_GRANTS[entry.action], *place, level) if part),
            "granted_at": entry.at,
            "granted_by": entry.actor,
        },
    )


def _login(value: object) -> str | None:
    return account_of({"login": value}).login


def _at(told: Any) -> str | None:
    """The log counts milliseconds."""
    for name in ("@timestamp", "created_at"):
        value = told.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**43:
            return moment_of(value // 1000)
        if isinstance(value, str):
            return moment(value)
    return None


def _detail(told: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in _DETAILS:
        value = told.get(name)
        if isinstance(value, (bool, int)):
            found[name] = value
        elif isinstance(value, str) and (plain := text(value)):
            found[name] = plain
    before, after = _enforcement(told)
    if before != after:
        found["enforcement"] = [before, after]
    return found


PAGES = {"org/audit-log": project_log}

"""GitLab's audit log: changes of rules, rights and keys of a project or a group.

An entry names who acted by the name that is shown, not by the login; both go into a row as they came.
"""

import json
from collections.abc import Iterator
from typing import Any

from asbuilt.facts.forge.page import ForgePage, Row
from asbuilt.facts.forge.values import LONGEST_TITLE, dig, fields, flag, moment, own_id, text

_PROTECTION = "protected_branch_"
_ACTS = {"created": "created", "updated": "updated", "removed": "deleted"}
_APPROVALS = ("approval_rule", "approvers", "approval", "overriding", "reset_approvals", "pipeline_succeeds")
_KEPT = (
    *("event_name", "custom_message", "change", "from", "to", "add", "remove", "as", "author_name"),
    *("target_type", "target_details", "entity_path"),
)


def project_log(page: ForgePage) -> Iterator[Row | str]:
    """``audit_events`` and ``group/audit_events``."""
    if not isinstance(page.document, list):
        yield "it is no list of entries."
        return
    for entry in page.document:
        yield from _entry(page, fields(entry))


def _entry(page: ForgePage, told: Any) -> Iterator[Row | str]:
    details, own = fields(told.get("details")), own_id(told.get("id"))
    action = _action(told, details)
    of_project = told.get("entity_type") == "Project"
    path = text(details.get("entity_path"))
    repository = (path or page.repository) if of_project else None
    kept = {name: text(details.get(name), LONGEST_TITLE) for name in _KEPT}
    for name in ("from", "to"):
        value = flag(details.get(name))
        kept[name] = kept[name] if value is None else str(value).casefold()
    detail = json.dumps({name: value for name, value in kept.items() if value}, sort_keys=True) or None
    actor = text(details.get("author_name"))
    happened = moment(told.get("created_at"))
    yield Row(
        "audit_events",
        {
            "organization": page.organization,
            "event_id": own,
            "action": action,
            "happened_at": happened,
            "actor": actor,
            "repository": repository,
            "account": text(details.get("target_details")) if details.get("target_type") == "User" else None,
            "detail": detail,
        },
    )
    ruled = _rule(action, details)
    if repository is not None and ruled is not None:
        kind, rule, branch = ruled
        yield Row(
            "rule_events",
            {
                "repository": repository,
                "event_id": own,
                "happened_at": happened,
                "kind": kind,
                "rule": rule,
                "branch": branch,
                "actor": actor,
                "weakens": True if kind == "deleted" else None,
                "detail": detail,
            },
        )


def _action(told: Any, details: Any) -> str | None:
    """The log's own word; older entries have none, and say what was added, removed or changed."""
    name = text(details.get("event_name")) or text(told.get("event_name"))
    if name is not None:
        return name
    for verb in ("add", "remove", "change"):
        what = text(details.get(verb))
        if what is not None:
            return f"{verb} {what}"
    return text(details.get("custom_message"))


def _rule(action: str | None, details: Any) -> tuple[str, str, str | None] | None:
    """Which rule an entry changed, and how: kind, rule, branch."""
    word = (action or "").casefold()
    if word.startswith(_PROTECTION):
        branch = text(dig(details, "target_details"))
        kind = _ACTS.get(word.rpartition("_")[2], "updated")
        return kind, f"protection {branch}" if branch else "protection", branch
    if any(name in word for name in _APPROVALS):
        kind = "deleted" if word.endswith(("_deleted", "_destroyed", "_removed")) else "updated"
        return kind, "approvals", None
    return None


PAGES = {"audit_events": project_log, "group/audit_events": project_log}

"""Events on a request that bear on its review: REST (``issue/timeline``), GraphQL and exports tell the same rows.

Of a push by force REST and exports tell the head after it alone. Reviews and commits in REST's timeline have pages
of their own, and are not read here.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from asbuilt.facts.forge.accounts import account_of, app_of
from asbuilt.facts.forge.github.answers import inner_nodes
from asbuilt.facts.forge.github.node_ids import any_id
from asbuilt.facts.forge.page import ForgePage, Row
from asbuilt.facts.forge.values import LONGEST_TITLE, commit_id, dig, fields, items, moment, nodes, own_id, text

# Names in REST and in exports; GraphQL's are the same words run together, with Event behind them.
_KINDS = {
    "head_ref_force_pushed": "force-pushed",
    "review_dismissed": "review-dismissed",
    "review_requested": "review-requested",
    "base_ref_changed": "base-changed",
    "automatic_base_change_succeeded": "base-changed",
    "base_ref_force_pushed": "base-force-pushed",
    "ready_for_review": "ready",
    "convert_to_draft": "draft",
    "added_to_merge_queue": "queued",
    "removed_from_merge_queue": "unqueued",
    "auto_merge_enabled": "auto-merge-on",
    "auto_squash_enabled": "auto-merge-on",
    "auto_rebase_enabled": "auto-merge-on",
    "auto_merge_disabled": "auto-merge-off",
    "merged": "merged",
    "closed": "closed",
    "reopened": "reopened",
    "copilot_work_started": "agent-started",
    "copilot_work_finished": "agent-finished",
    "copilot_work_finished_failure": "agent-finished",
}
_TYPES = {f"{name.replace('_', '')}event": kind for name, kind in _KINDS.items()}
# Who did it, under the names that the types of GraphQL use.
_ACTORS = ("actor", "enqueuer", "enabler", "disabler")


def project_timeline(page: ForgePage) -> Iterator[Row | str]:
    """``issue/timeline``: events of one request."""
    if not isinstance(page.document, list):
        yield "it is no list of events."
    for event in items(page.document):
        yield from event_row(page, page.number, event)


def project_inner(page: ForgePage) -> Iterator[Row | str]:
    """``graphql/request-timeline``: a further page of one request's events."""
    for number, node in inner_nodes(page, "timelineItems"):
        yield from graphql_events(page, number, node)


def graphql_events(page: ForgePage, number: int | None, node: object) -> Iterator[Row | str]:
    """The events that a request's GraphQL node holds."""
    for event in nodes(dig(node, "timelineItems")):
        yield from event_row(page, number, event)


def event_row(page: ForgePage, number: int | None, event: object) -> Iterator[Row | str]:
    """One event as a row; nothing of an event that bears on no review."""
    told = fields(event)
    kind = _kind(told)
    if kind is None:
        return
    if number is None:
        yield f"an event ({kind}) does not say on which request it was."
        return
    account = account_of(next((told[name] for name in _ACTORS if isinstance(told.get(name), dict)), None))
    after = commit_id(told.get("commit_id")) or commit_id(dig(told, "commit", "oid"))
    yield Row(
        "request_events",
        {
            "repository": page.repository,
            "event_id": any_id(told),
            "number": number,
            "kind": kind,
            "happened_at": moment(told.get("created_at")) or moment(told.get("createdAt")),
            "actor": account.login,
            "actor_kind": account.kind,
            "via_app": app_of(told.get("performed_via_github_app")),
            "before_commit": commit_id(dig(told, "beforeCommit", "oid")),
            "after_commit": commit_id(dig(told, "afterCommit", "oid")) or after,
            "review_id": _review(told) if kind == "review-dismissed" else None,
            "detail": _detail(kind, told),
        },
    )


def _kind(told: Mapping[str, Any]) -> str | None:
    name, typename = told.get("event"), told.get("__typename")
    if isinstance(name, str):
        return _KINDS.get(name)
    return _TYPES.get(typename.casefold()) if isinstance(typename, str) else None


def _review(told: Mapping[str, Any]) -> str | None:
    return own_id(dig(told, "dismissed_review", "review_id")) or any_id(fields(told.get("review")))


def _detail(kind: str, told: Mapping[str, Any]) -> str | None:
    if kind == "review-dismissed":
        before = dig(told, "dismissed_review", "state") or told.get("previousReviewState")
        why = dig(told, "dismissed_review", "dismissal_message") or told.get("dismissalMessage")
        state = text(before.casefold().replace("_", "-"), 40) if isinstance(before, str) else None
        return text(": ".join(part for part in (state, text(why, LONGEST_TITLE)) if part), LONGEST_TITLE)
    if kind == "base-changed":
        before = text(told.get("previousRefName")) or text(told.get("oldBase"))
        after = text(told.get("currentRefName")) or text(told.get("newBase"))
        return f"{before} → {after}" if before and after else None
    if kind == "review-requested":
        asked = told.get("requested_reviewer") or told.get("requestedReviewer")
        team = told.get("requested_team") or asked
        return account_of(asked).login or text(dig(team, "slug")) or text(dig(team, "name"))
    return text(told.get("reason"), LONGEST_TITLE) or text(told.get("state_reason"))


PAGES = {"issue/timeline": project_timeline, "graphql/request-timeline": project_inner}

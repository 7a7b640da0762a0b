"""What was done to a request through an app, under a person's login: rows of their own beside the timeline's.

Of the pages ``issues`` and ``issues/events``. What else they hold is told by the request's own pages, whose rows
would be replaced by these if they had the same ids. What an app does under its own name is no row.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from asbuilt.facts.forge.accounts import account_of, app_of
from asbuilt.facts.forge.page import ForgePage, Row
from asbuilt.facts.forge.values import fields, items, moment, own_id, whole

# What of it bears on how the change came about; ``closed`` comes with every merge.
_ACTS = {
    "merged": "merged",
    "ready_for_review": "made ready",
    "added_to_merge_queue": "queued",
    "auto_merge_enabled": "set to merge by itself",
    "auto_squash_enabled": "set to merge by itself",
    "auto_rebase_enabled": "set to merge by itself",
    "head_ref_force_pushed": "pushed with force",
    "base_ref_changed": "sent to another base",
    "review_requested": "review asked for",
    "review_dismissed": "review dismissed",
    "reopened": "reopened",
}


def project_issues(page: ForgePage) -> Iterator[Row | str]:
    """``issues``: requests that were opened through an app."""
    if not isinstance(page.document, list):
        yield "it is no list of issues."
    for issue in items(page.document):
        told = fields(issue)
        if isinstance(told.get("pull_request"), dict):
            yield from _row(page, told, told, told.get("user"), ("opened", "opened"))


def project_events(page: ForgePage) -> Iterator[Row | str]:
    """``issues/events``: acts on requests through an app."""
    if not isinstance(page.document, list):
        yield "it is no list of events."
    for event in items(page.document):
        told = fields(event)
        kind = told.get("event")
        act = _ACTS.get(kind) if isinstance(kind, str) else None
        issue = fields(told.get("issue"))
        if act is not None and isinstance(issue.get("pull_request"), dict):
            yield from _row(page, told, issue, told.get("actor"), ("event", act))


def _row(
    page: ForgePage, told: Mapping[str, Any], issue: Mapping[str, Any], who: object, act: tuple[str, str]
) -> Iterator[Row | str]:
    app = app_of(told.get("performed_via_github_app"))
    account = account_of(who)
    if app is None or account.kind != "user":
        return
    number, own = whole(issue.get("number")), own_id(told.get("id"))
    if number is None:
        yield f"what was done through the app {app} does not say on which request."
        return
    yield Row(
        "request_events",
        {
            "repository": page.repository,
            "event_id": None if own is None else f"{act[0]}-{own}",
            "number": number,
            "kind": "via-app",
            "happened_at": moment(told.get("created_at")),
            "actor": account.login,
            "actor_kind": account.kind,
            "via_app": app,
            "detail": act[1],
        },
    )


PAGES = {"issues": project_issues, "issues/events": project_events}

"""Webhooks: what GitLab sends when something happens, in the words of the pages where it tells the same thing.

1. Deliveries come twice, late, and in any order. So a row is as new as what it tells (``told_at``), not as its
   arrival. What a delivery tells and no page does has an id made of what it is about.
2. A delivery of a merge request names neither the note of an approval nor, once it was opened, its author, nor when
   it was merged: of these it makes no review and no request, which would be poorer than what a reading tells. It
   tells which head stood when somebody approved (``approval-given``) or took it back (``approval-taken-back``), and
   each push. What a review comes to, a reading alone decides.
3. The kind that the body names must be the event's: the header that names the event is not signed.

Source: GitLab, "Webhook events", https://docs.gitlab.com/user/project/integrations/webhook_events/
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from asbuilt.facts.forge.gitlab.activity import KINDS
from asbuilt.facts.forge.gitlab.answers import account_of
from asbuilt.facts.forge.gitlab.checks import PENDING, conclusion_of, job_row, pipeline_row
from asbuilt.facts.forge.gitlab.comments import comment_row
from asbuilt.facts.forge.gitlab.deployments import deployment_row
from asbuilt.facts.forge.gitlab.requests import request_row
from asbuilt.facts.forge.page import ForgePage, Row
from asbuilt.facts.forge.values import commit_id, dig, fields, items, moment, moment_of, own_id, text, whole

_NOTE = "Note Hook"
_KINDS = {
    "Merge Request Hook": "merge_request",
    "Push Hook": "push",
    "Pipeline Hook": "pipeline",
    "Job Hook": "build",
    "Deployment Hook": "deployment",
    _NOTE: "note",
    f"Confidential {_NOTE}": "note",
}
_GIVEN = frozenset({"approved", "approval"})
_TAKEN_BACK = frozenset({"unapproved", "unapproval"})
_BRANCHES = "refs/heads/"
_NOTHING = re.compile(r"0+")
_ZONE = re.compile(r" (?:(UTC)|([+-][0-9]{2}:?[0-9]{2}))")
_COMMIT_PAGE = re.compile(r"https?://[^\s?#]+/commit/([0-9a-f]{40}(?:[0-9a-f]{24})?)")
_HOME = re.compile(r"https?://[^/\s]+/([^\s?#]+)\Z")
_INSIDE = re.compile(r"https?://[^/\s]+/([^\s?#]+?)/-/")
_MEMBERS = {
    "user_add_to_group",
    "user_update_for_group",
    "user_remove_from_group",
    "user_access_request_to_group",
    "user_access_request_denied_for_group",
}
# Where a delivery says when it was so: its times are of the newest word in it.
_TIMES = (
    ("object_attributes", "updated_at"),
    ("object_attributes", "finished_at"),
    ("object_attributes", "created_at"),
    ("build_finished_at",),
    ("build_created_at",),
    ("status_changed_at",),
    ("updated_at",),
)


def hook_moment(value: object) -> str | None:
    """A time as deliveries write it: RFC 3339, or with a space before the zone (``2026-01-31 12:00:00 UTC``)."""
    if not isinstance(value, str) or len(value) > 40:
        return None
    match = _ZONE.search(value)
    return moment(value if match is None else f"{value[: match.start()]}{match[2] or 'Z'}{value[match.end() :]}")


def told_at(document: object) -> str | None:
    """The newest moment that a delivery names for what it tells; None where it names none."""
    return max((own for path in _TIMES if (own := hook_moment(dig(document, *path)))), default=None)


def is_last_word(document: object) -> bool:
    """Whether what is told comes after everything else of the same second: an end, a change of what was written."""
    told = fields(document)
    if told.get("object_kind") == "note":
        return bool(dig(told, "object_attributes", "action") == "update")
    status = told.get("build_status") or dig(told, "object_attributes", "status")
    return conclusion_of(status) not in {None, PENDING}


def repository_of(document: object) -> str | None:
    """The project that a delivery is about, with all groups above it; None: it is of a group, or of nothing.

    Some deliveries name it by an address alone.
    """
    named = (dig(document, "project", "path_with_namespace"), dig(document, "path_with_namespace"))
    path = next((own for own in map(text, named) if own is not None), None)
    if path is not None:
        return path
    for pattern, address in (
        (_HOME, dig(document, "repository", "homepage")),
        (_INSIDE, dig(document, "object_attributes", "url")),
    ):
        match = pattern.match(address[:2_000]) if isinstance(address, str) else None
        if match:
            return text(match[1])
    return None


def organization_of(document: object) -> str | None:
    """The group that a delivery is about."""
    named = (dig(document, "group", "full_path"), dig(document, "full_path"), dig(document, "group_path"))
    return next((own for own in map(text, named) if own is not None), None)


def action_of(document: object) -> str | None:
    """What was done, or how it stands."""
    told = fields(document)
    own = (told.get("object_attributes"), told)
    words = (dig(own[0], "action"), dig(own[0], "status"), told.get("build_status"), told.get("status"))
    return next((word for word in (*words, told.get("event_name")) if isinstance(word, str) and word), None)


def subject_of(event: str, document: object) -> str | None:
    """What a delivery is about, as ``deliveries`` names it; the same for what a sync tells of it."""
    told = fields(document)
    own = told.get("object_attributes")
    if event == "Merge Request Hook":
        return _request_or_approval(told, own)
    if event.endswith(_NOTE) and dig(own, "noteable_type") != "MergeRequest":
        return None
    kind, named = {
        _NOTE: ("note ", dig(own, "id")),
        f"Confidential {_NOTE}": ("note ", dig(own, "id")),
        "Pipeline Hook": ("check pipeline-", dig(own, "id")),
        "Job Hook": ("check job-", told.get("build_id")),
        "Deployment Hook": ("deployment ", told.get("deployment_id")),
        "Push Hook": ("commit ", commit_id(told.get("after"))),
    }.get(event, ("", None))
    found = own_id(named)
    return None if found is None else f"{kind}{found}"


def _request_or_approval(told: Mapping[str, Any], own: object) -> str | None:
    number, login = whole(dig(own, "iid")), account_of(told.get("user")).login
    if number is None:
        return None
    is_given = text(dig(own, "action")) in _GIVEN and dig(own, "system") is not True
    return f"approval {number} by {login}" if is_given and login else f"request {number}"


def project_merge_request(page: ForgePage) -> Iterator[Row | str]:
    """``webhook/Merge Request Hook``: that it was opened, a push to it, an approval given or taken back."""
    told = fields(page.document)
    own = fields(told.get("object_attributes"))
    action, head, before = (
        text(own.get("action")),
        commit_id(dig(own, "last_commit", "id")),
        commit_id(own.get("oldrev")),
    )
    if action == "open":
        yield from _opened(page, told, own)
    if before is not None and head is not None:
        yield _event(page, told, "pushed", head, before=before, after=head)
    # (2) An approval that a push took away bears the name of who pushed.
    if own.get("system") is True:
        return
    kind = "approval-given" if action in _GIVEN else "approval-taken-back" if action in _TAKEN_BACK else None
    login = account_of(told.get("user")).login
    if kind is not None and login is not None:
        yield _event(page, told, kind, f"{login}-{hook_moment(own.get('updated_at'))}", after=head)


def _opened(page: ForgePage, told: Mapping[str, Any], own: Mapping[str, Any]) -> Iterator[Row | str]:
    """The request as it was opened: the author is known where it is who did it."""
    user = fields(told.get("user"))
    if own_id(user.get("id")) is None or own.get("author_id") != user.get("id"):
        return
    labels = items(own.get("labels")) or items(told.get("labels"))
    opened = {
        **own,
        "state": "opened",
        "author": user,
        "created_at": hook_moment(own.get("created_at")),
        "closed_at": None,
        "merged_at": None,
        "sha": dig(own, "last_commit", "id"),
        "labels": [dig(label, "title") for label in labels],
    }
    yield from request_row(page, whole(own.get("iid")), opened)


def _event(
    page: ForgePage,
    told: Mapping[str, Any],
    kind: str,
    what: str,
    *,
    before: str | None = None,
    after: str | None = None,
) -> Row:
    actor, own = account_of(told.get("user")), fields(told.get("object_attributes"))
    number = whole(own.get("iid"))
    return Row(
        "request_events",
        {
            "repository": page.repository,
            "event_id": f"{kind}-{number}-{what}",
            "number": number,
            "kind": kind,
            "happened_at": hook_moment(own.get("updated_at")),
            "actor": actor.login,
            "actor_kind": actor.kind,
            "before_commit": before,
            "after_commit": after,
        },
    )


def project_note(page: ForgePage) -> Iterator[Row | str]:
    """``webhook/Note Hook``: a comment on a merge request, written or changed by who wrote it first."""
    told = fields(page.document)
    own, user = fields(told.get("object_attributes")), fields(told.get("user"))
    if own.get("noteable_type") != "MergeRequest" or own.get("system") is not False:
        return
    if own_id(user.get("id")) is None or own.get("author_id") != user.get("id"):
        return
    shaped = {**own, "body": own.get("note"), "author": user, "created_at": hook_moment(own.get("created_at"))}
    yield from comment_row(page, whole(dig(told, "merge_request", "iid")), shaped)


def project_push(page: ForgePage) -> Iterator[Row | str]:
    """``webhook/Push Hook``: a push to a branch; GitLab does not say whether it rewrote the branch, nor when."""
    told = fields(page.document)
    ref, before, after = text(told.get("ref")) or "", told.get("before"), told.get("after")
    if not ref.startswith(_BRANCHES):
        return
    if not (isinstance(before, str) and isinstance(after, str)):
        yield "a push does not say from where to where."
        return
    action = "created" if _NOTHING.fullmatch(before) else "removed" if _NOTHING.fullmatch(after) else "pushed"
    actor, branch = account_of({"username": told.get("user_username")}), ref.removeprefix(_BRANCHES)
    yield Row(
        "pushes",
        {
            "repository": page.repository,
            "push_id": f"webhook-{branch}-{before[:16]}-{after[:16]}",
            "branch": branch,
            "pushed_at": moment_of(page.observed),
            "kind": KINDS[action],
            "actor": actor.login,
            "actor_kind": actor.kind,
            "before_commit": commit_id(before),
            "after_commit": commit_id(after),
        },
    )


def project_pipeline(page: ForgePage) -> Iterator[Row | str]:
    """``webhook/Pipeline Hook``: a pipeline as it now is, of the very commit that it ran on.

    Which head the result of a merge was made of, a delivery does not tell: there a reading says more.
    """
    own = fields(dig(page.document, "object_attributes"))
    yield from pipeline_row(page, own, commit_id(own.get("sha")), hook_moment(own.get("finished_at")))


def project_job(page: ForgePage) -> Iterator[Row | str]:
    """``webhook/Job Hook``: a job as it now is."""
    told = fields(page.document)
    sha = told.get("sha")
    shaped = {
        "id": told.get("build_id"),
        "name": told.get("build_name"),
        "status": told.get("build_status"),
        "finished_at": hook_moment(told.get("build_finished_at")),
        "user": told.get("user"),
        "commit": {"id": sha, "message": dig(told, "commit", "message")},
        "pipeline": {"ref": told.get("ref"), "sha": sha},
    }
    yield from job_row(page, shaped)


def project_deployment(page: ForgePage) -> Iterator[Row | str]:
    """``webhook/Deployment Hook``: a deployment, once it succeeded."""
    told = fields(page.document)
    if told.get("status") != "success":
        return
    address = told.get("commit_url")
    match = _COMMIT_PAGE.fullmatch(address[:2_000]) if isinstance(address, str) else None
    yield deployment_row(
        page,
        own_id(told.get("deployment_id")),
        environment=text(told.get("environment")),
        tier=told.get("environment_tier"),
        at=hook_moment(told.get("status_changed_at")),
        commit=commit_id(match[1]) if match else None,
        by=told.get("user"),
        by_pipeline=whole(told.get("deployable_id")) is not None,
    )


def project_member(page: ForgePage) -> Iterator[Row | str]:
    """``webhook/Member Hook``: who was let into a group, or put out of it, as an entry of its log."""
    told = fields(page.document)
    action, login = text(told.get("event_name")), account_of({"username": told.get("user_username")}).login
    at = hook_moment(told.get("updated_at")) or moment_of(page.observed)
    if action not in _MEMBERS or login is None:
        yield "it names no member, or nothing that is known was done."
        return
    kept = {name: text(told.get(name)) for name in ("group_access", "group_name", "group_path", "expires_at")}
    yield Row(
        "audit_events",
        {
            "organization": page.organization,
            "event_id": f"webhook-{action}-{login}-{at}",
            "action": action,
            "happened_at": at,
            "account": login,
            "detail": json.dumps({name: value for name, value in kept.items() if value}, sort_keys=True),
        },
    )


def _checked(event: str, projector: Callable[[ForgePage], Iterator[Row | str]]) -> Callable[..., Any]:
    """(3) The projector of an event, for bodies of its kind alone."""

    def project(page: ForgePage) -> Iterator[Row | str]:
        kind = dig(page.document, "object_kind")
        if kind != _KINDS[event]:
            yield f"it came as {event}, and is a {text(kind, 40) or 'thing of no kind'}."
            return
        yield from projector(page)

    return project


PAGES = {
    f"webhook/{event}": _checked(event, projector)
    for event, projector in (
        ("Merge Request Hook", project_merge_request),
        ("Push Hook", project_push),
        ("Pipeline Hook", project_pipeline),
        ("Job Hook", project_job),
        ("Deployment Hook", project_deployment),
        (_NOTE, project_note),
        (f"Confidential {_NOTE}", project_note),
    )
} | {"webhook/Member Hook": project_member}

"""Webhooks: what GitHub sends when something happens holds the same objects as its pages, and tells the same rows.

Deliveries come twice, late, and in any order. So a row is as new as what it tells (``told_at``), not as its
arrival: the newest word about a review is the same whichever delivery came last. What a webhook tells and no page
does (a push to a request) has an id made of what it is about.
"""

import json
from collections.abc import Iterator

from asbuilt.facts.forge.accounts import account_of
from asbuilt.facts.forge.github.checks import check_run_row, status_row
from asbuilt.facts.forge.github.deployments import deployment_row
from asbuilt.facts.forge.github.requests import pull_row
from asbuilt.facts.forge.github.reviews import review_row
from asbuilt.facts.forge.page import ForgePage, Row
from asbuilt.facts.forge.values import commit_id, dig, fields, moment, moment_of, own_id, text, whole

_BRANCHES = "refs/heads/"
_NOTHING = "0" * 40
# Where the objects of a delivery say when they were last changed, or when it happened.
_TIMES = (
    ("pull_request", "updated_at"),
    ("review", "submitted_at"),
    ("check_run", "completed_at"),
    ("check_run", "started_at"),
    ("deployment_status", "updated_at"),
    ("deployment_status", "created_at"),
    ("rule", "updated_at"),
    ("repository_ruleset", "updated_at"),
    ("updated_at",),
    ("created_at",),
)
_RULE_KINDS = {"created": "created", "edited": "updated", "deleted": "deleted"}
_LAST_WORDS = ("dismissed", "completed", "closed", "deleted")
_LONGEST_DETAIL = 4_000


def told_at(document: object) -> str | None:
    """The newest moment that a delivery names for what it tells; None where it names none."""
    return max((own for path in _TIMES if (own := moment(dig(document, *path)))), default=None)


def is_last_word(document: object) -> bool:
    """Whether what is told comes after everything else of the same second: a dismissal, an end, a close."""
    return dig(document, "action") in _LAST_WORDS


def repository_of(document: object) -> str | None:
    """``owner/name`` of the repository that a delivery is about; None: it is of an organisation, or of nothing."""
    return text(dig(document, "repository", "full_name"))


def organization_of(document: object) -> str | None:
    """The organisation that a delivery is about."""
    return text(dig(document, "organization", "login"), 100)


def action_of(document: object) -> str | None:
    """What was done; None of an event that has no action."""
    return text(dig(document, "action"))


def subject_of(event: str, document: object) -> str | None:
    """What a delivery is about, as ``deliveries`` names it; the same for what a sync tells of it."""
    number = whole(dig(document, "pull_request", "number"))
    if event == "pull_request_review":
        own = own_id(dig(document, "review", "id"))
        return None if own is None else f"review {own}"
    if event == "check_run":
        own = own_id(dig(document, "check_run", "id"))
        return None if own is None else f"check {own}"
    if event == "push":
        after = commit_id(dig(document, "after"))
        return None if after is None else f"commit {after}"
    return None if number is None else f"request {number}"


def project_pull_request(page: ForgePage) -> Iterator[Row | str]:
    """``webhook/pull_request``: the request as it now is, and a push to it."""
    told = fields(page.document)
    pull = told.get("pull_request")
    yield from pull_row(page, pull)
    after = commit_id(told.get("after"))
    if told.get("action") == "synchronize" and after:
        number = whole(dig(pull, "number"))
        yield Row(
            "request_events",
            {
                "repository": page.repository,
                "event_id": f"push-{number}-{after}",
                "number": number,
                "kind": "pushed",
                "happened_at": moment(dig(pull, "updated_at")),
                "actor": account_of(told.get("sender")).login,
                "actor_kind": account_of(told.get("sender")).kind,
                "before_commit": commit_id(told.get("before")),
                "after_commit": after,
            },
        )


def project_review(page: ForgePage) -> Iterator[Row | str]:
    """``webhook/pull_request_review``: a review that was given, edited or dismissed."""
    number = whole(dig(page.document, "pull_request", "number"))
    yield from review_row(page, number, dig(page.document, "review"))


def project_check_run(page: ForgePage) -> Iterator[Row | str]:
    """``webhook/check_run``: a check as it now is."""
    run = dig(page.document, "check_run")
    yield from check_run_row(page, commit_id(dig(run, "head_sha")), run)


def project_status(page: ForgePage) -> Iterator[Row | str]:
    """``webhook/status``: a status of a commit."""
    yield from status_row(page, commit_id(dig(page.document, "sha")), page.document)


def project_deployment(page: ForgePage) -> Iterator[Row | str]:
    """``webhook/deployment_status``: a deployment, once it succeeded."""
    status = dig(page.document, "deployment_status")
    if dig(status, "state") == "success":
        yield from deployment_row(page, dig(page.document, "deployment"), [status], whole=False)


def project_push(page: ForgePage) -> Iterator[Row | str]:
    """``webhook/push``: a push to a branch; tags are left out."""
    told = fields(page.document)
    ref = text(told.get("ref")) or ""
    before, after = told.get("before"), told.get("after")
    if not ref.startswith(_BRANCHES):
        return
    if not (isinstance(before, str) and isinstance(after, str)):
        yield "a push does not say from where to where."
        return
    kind = "force-push" if told.get("forced") is True else "push"
    if told.get("created") is True or before == _NOTHING:
        kind = "branch-created"
    elif told.get("deleted") is True or after == _NOTHING:
        kind = "branch-deleted"
    actor = account_of(told.get("sender"))
    branch = ref.removeprefix(_BRANCHES)
    yield Row(
        "pushes",
        {
            "repository": page.repository,
            "push_id": f"webhook-{branch}-{before[:16]}-{after[:16]}",
            "branch": branch,
            "pushed_at": _push_time(told.get("repository")) or moment_of(page.observed),
            "kind": kind,
            "actor": actor.login,
            "actor_kind": actor.kind,
            "before_commit": commit_id(before),
            "after_commit": commit_id(after),
        },
    )


def _push_time(repository: object) -> str | None:
    """GitHub tells it in whole seconds there, and in words elsewhere."""
    told = dig(repository, "pushed_at")
    seconds = whole(told)
    return moment(told) if seconds is None else moment_of(seconds) if seconds < 1 << 33 else None


def project_protection(page: ForgePage) -> Iterator[Row | str]:
    """``webhook/branch_protection_rule``: a rule was made, changed or removed."""
    rule = dig(page.document, "rule")
    yield from _rule_event(page, "protection", dig(rule, "name"), moment(dig(rule, "updated_at")))


def project_ruleset(page: ForgePage) -> Iterator[Row | str]:
    """``webhook/repository_ruleset``: a rule set was made, changed or removed."""
    told = dig(page.document, "repository_ruleset")
    name = f"{own_id(dig(told, 'id')) or '?'} {text(dig(told, 'name')) or ''}".strip()
    yield from _rule_event(page, "ruleset", name, moment(dig(told, "updated_at")))


def _rule_event(page: ForgePage, what: str, name: object, at: str | None) -> Iterator[Row | str]:
    action = dig(page.document, "action")
    kind = _RULE_KINDS.get(action) if isinstance(action, str) else None
    if kind is None:
        yield f"a rule was neither made, changed nor removed: {text(action, 40) or 'none'}."
        return
    happened = at or moment_of(page.observed)
    changes = json.dumps(fields(dig(page.document, "changes")), sort_keys=True, ensure_ascii=False)
    own = text(name) or "?"
    yield Row(
        "rule_events",
        {
            "repository": page.repository,
            "event_id": f"webhook-{what}-{own}-{kind}-{happened}"[:400],
            "happened_at": happened,
            "kind": kind,
            "rule": f"{what} {own}",
            "branch": own if what == "protection" and "*" not in own else None,
            "actor": account_of(dig(page.document, "sender")).login,
            "weakens": True if kind == "deleted" else None,
            "detail": text(changes, _LONGEST_DETAIL) if changes != "{}" else None,
        },
    )


PAGES = {
    "webhook/pull_request": project_pull_request,
    "webhook/pull_request_review": project_review,
    "webhook/check_run": project_check_run,
    "webhook/status": project_status,
    "webhook/deployment_status": project_deployment,
    "webhook/push": project_push,
    "webhook/branch_protection_rule": project_protection,
    "webhook/repository_ruleset": project_ruleset,
}

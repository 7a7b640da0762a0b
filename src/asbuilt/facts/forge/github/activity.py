"""Pushes to branches, by GitHub's own log of activity."""

from collections.abc import Iterator

from asbuilt.facts.forge.accounts import account_of
from asbuilt.facts.forge.page import ForgePage, Row
from asbuilt.facts.forge.values import commit_id, dig, items, moment, own_id, text

KINDS = {
    "push": "push",
    "force_push": "force-push",
    "branch_creation": "branch-created",
    "branch_deletion": "branch-deleted",
    "pr_merge": "merge",
    "merge_queue_merge": "queue-merge",
}
_BRANCHES = "refs/heads/"


def project_activity(page: ForgePage) -> Iterator[Row | str]:
    """``activity``: each push, by whom, from where to where; tags are left out."""
    if not isinstance(page.document, list):
        yield "it is no list of pushes."
    for push in items(page.document):
        ref, kind = text(dig(push, "ref")), dig(push, "activity_type")
        if ref is not None and ref.startswith("refs/") and not ref.startswith(_BRANCHES):
            continue
        actor = account_of(dig(push, "actor"))
        yield Row(
            "pushes",
            {
                "repository": page.repository,
                "push_id": own_id(dig(push, "id")),
                "branch": None if ref is None else ref.removeprefix(_BRANCHES),
                "pushed_at": moment(dig(push, "timestamp")),
                "kind": KINDS.get(kind) if isinstance(kind, str) else None,
                "actor": actor.login,
                "actor_kind": actor.kind,
                "before_commit": commit_id(dig(push, "before")),
                "after_commit": commit_id(dig(push, "after")),
            },
        )


PAGES = {"activity": project_activity}

"""A request that was reviewed and landed, told row by row, and what becomes of its change."""

from typing import Any

from asbuilt.model.record import Record
from tests.facts.telling import covering, facts_of, rows_of, tell

OPENED, PUSHED, APPROVED = "2026-02-03T09:00:00Z", "2026-02-03T10:00:00Z", "2026-02-03T11:00:00Z"
LATER, LANDED, AFTER = "2026-02-03T11:30:00Z", "2026-02-03T12:00:00Z", "2026-02-04T09:00:00Z"
ON: dict[str, Any] = {"repository": "r", "number": 7}
AGAIN: dict[str, Any] = {"observed": "2026-07-03T00:00:00Z"}  # what is told later wins
READ = covering("reviews", "checks", "request_events")


def seen(change_id: str = "c1", **columns: Any) -> Record:
    own: dict[str, Any] = {
        "change_id": change_id, "repository": "r", "landed_at": LANDED, "landing": "squash",
        "author": "Ana Alves <ana@example.com>", "participants": ["Ana Alves <ana@example.com>"], "number": 7,
    }  # fmt: skip
    return tell("changes_seen", **{**own, **columns})


def request(**columns: Any) -> Record:
    own: dict[str, Any] = {
        "opened_at": OPENED, "author": "ana", "author_kind": "user", "state": "merged", "merged_at": LANDED,
        "merge_commit": "c1", "head_commit": "h1", "merged_by": "cem", "base_branch": "main", "added_lines": 10,
        "removed_lines": 2, "comment_count": 0, "labels": [], "linked_issues": [],
    }  # fmt: skip
    return tell("requests", **{**ON, **own, **columns})


def commit(name: str = "h1", **columns: Any) -> Record:
    own: dict[str, Any] = {"author": "Ana Alves <ana@example.com>", "author_login": "ana", "committed_at": PUSHED}
    return tell("request_commits", **{**ON, "commit": name, **own, **columns})


def event(kind: str, at: str = LATER, event_id: str = "e", **columns: Any) -> Record:
    return tell("request_events", **{**ON, "event_id": event_id + kind, "kind": kind, "happened_at": at, **columns})


def review(review_id: str = "1", **columns: Any) -> Record:
    own: dict[str, Any] = {
        "review_id": review_id, "commit": "h1", "reviewer": "cem", "is_bot": False, "state": "approved",
        "submitted_at": APPROVED, "body_length": 0, "line_comments": 0,
    }  # fmt: skip
    return tell("reviews", **{**ON, **own, **columns})


def proof(commit: str = "h1", how: str = "same-tree", covers: bool | None = True) -> Record:
    return tell("coverings", repository="r", commit=commit, change_id="c1", covers=covers, how=how)


def person(name: str, *identities: str, **columns: Any) -> Record:
    return tell("people", person=f"p-{name}", name=name, identities=list(identities), **columns)


def row_of(*records: Record) -> dict[str, Any]:
    with facts_of(records, only=["changes"]) as store:
        return next(row for row in rows_of(store, "changes") if row["change_id"] == "c1")


def verdict(*records: Record) -> tuple[str, list[str]]:
    row = row_of(*records)
    return row["review_verdict"], row["rejected_approvals"]


GOOD = [seen(), request(), commit(), review(), *READ]

"""One row of the list from what git says and what the forge says; what filters leave, and what is counted."""

from datetime import datetime
from typing import Any

import pytest

from asbuilt.app.listed_changes import VERDICTS, Wanted, changes_of, listed_change
from asbuilt.facts.forge_chain import Told
from asbuilt.model.chain import Chain, Grade, Link, LinkName
from asbuilt.model.changes import ListedChange

SEEN: dict[str, Any] = {
    "change_id": "c1", "repository": "acme/shop", "number": 3, "head_commit": None, "subject": "Add", "author": "ana",
    "landed_at": datetime(2026, 3, 2),  # noqa: DTZ001 - as the store of facts gives it, UTC
    "landing": "squash", "attribution": "unknown", "record": "ab",
}  # fmt: skip


def row(grade: Grade = Grade.PROVED, request: dict[str, Any] | None = None, **change: Any) -> ListedChange:
    told = Told("c1", "acme/shop", 3, None, change, request=request, claimed=request)
    chain = Chain("c1", tuple(Link(name, grade, "") for name in LinkName))
    return listed_change(SEEN, told, chain, whole=False)


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({"review_verdict": "after-review", "independent_human_approvals": 1}, "after-review"),
        ({"independent_human_approvals": 2}, "reviewed"),
        ({"independent_human_approvals": 0}, "not-reviewed"),
        ({"independent_human_approvals": 0, "is_initial_import": True}, "exempt"),
        ({"independent_human_approvals": None}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_what_is_not_known_is_never_reviewed(change: dict[str, Any], verdict: str) -> None:
    found = row(**change)
    assert found.review == verdict
    assert verdict in VERDICTS


def test_lines_are_counted_only_where_both_sides_are_told() -> None:
    assert row(request={"number": 3, "added_lines": 3, "removed_lines": 4}).changed_lines == 7
    assert row(request={"number": 3, "added_lines": 3}).changed_lines is None
    assert row(request={"number": 3, "added_lines": 3, "removed_lines": 4}, changed_lines=9).changed_lines == 9


def test_filters_leave_rows_out_and_the_counts_speak_of_the_rest() -> None:
    rows = [row(independent_human_approvals=2), row(Grade.MISSING, independent_human_approvals=0)]

    def kept(**wanted: Any) -> tuple[list[str], int, dict[str, int]]:
        found = changes_of(Wanted(**wanted), rows, source="git", repositories=(), gaps=())
        return [own.review for own in found.changes], found.total, found.links["review"]

    reviews, total, grades = kept()
    assert (reviews, total) == (["reviewed", "not-reviewed"], 2)
    assert (grades["proved"], grades["missing"], grades["unknown"]) == (1, 1, 0)
    assert kept(verdicts=("reviewed",))[0] == ["reviewed"]
    assert kept(unproved=("review",))[0] == ["not-reviewed"]
    assert kept(attributions=("automation",))[:2] == ([], 2)

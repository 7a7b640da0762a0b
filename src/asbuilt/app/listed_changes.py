"""The rows of the list of changes, which of them are asked for, and the counts over them."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

import asbuilt
from asbuilt.app.chain_facts import seconds_of
from asbuilt.facts.forge_chain import Row, Told
from asbuilt.model.chain import Chain, Grade, LinkName
from asbuilt.model.changes import SCHEMA, ChangeList, ListedChange
from asbuilt.model.inspection import Gap

VERDICTS: Final = ("reviewed", "after-review", "not-reviewed", "exempt", "unknown")


class Wanted(msgspec.Struct, frozen=True):
    """Which changes are asked for; ``start`` and ``end`` bound their landing, Unix seconds, the end left out."""

    start: int | None = None
    end: int | None = None
    repository: str | None = None
    verdicts: tuple[str, ...] = ()
    attributions: tuple[str, ...] = ()
    unproved: tuple[str, ...] = ()
    completeness: bool = False


def changes_of(
    wanted: Wanted, rows: list[ListedChange], *, source: str, repositories: tuple[str, ...], gaps: tuple[Gap, ...]
) -> ChangeList:
    """The list with its counts, of the rows that the filters ask for."""
    kept = tuple(row for row in rows if _is_asked(row, wanted))
    grades = {name.value: dict.fromkeys((grade.value for grade in Grade), 0) for name in LinkName}
    for row in kept:
        for name, grade in row.grades.items():
            grades[name][grade] += 1
    verdicts = Counter(row.review for row in kept)
    return ChangeList(
        schema=SCHEMA,
        version=asbuilt.__version__,
        source=source,
        repositories=repositories,
        start=wanted.start,
        end=wanted.end,
        total=len(rows),
        changes=kept,
        links=grades,
        reviews={verdict: verdicts[verdict] for verdict in VERDICTS},
        gaps=gaps,
    )


def _is_asked(row: ListedChange, wanted: Wanted) -> bool:
    return (
        (not wanted.verdicts or row.review in wanted.verdicts)
        and (not wanted.attributions or row.attribution in wanted.attributions)
        and all(row.grades[name] != Grade.PROVED for name in wanted.unproved)
    )


def listed_change(seen: Mapping[str, Any], told: Told, chain: Chain, *, whole: bool) -> ListedChange:
    """One row of the list: what git says, with the forge's word over it where there is one.

    ``whole``: with its links; else with their grades alone.
    """
    change = told.change or seen
    request: Row = told.landed_as or {}
    size = [request.get("added_lines"), request.get("removed_lines")]
    lines = change.get("changed_lines")
    if lines is None and None not in size:
        lines = sum(size)  # type: ignore[arg-type]  # both are there
    return ListedChange(
        change=seen["change_id"],
        repository=seen["repository"],
        number=request.get("number", seen["number"]),
        head=seen.get("head_commit") or change.get("head_commit") or request.get("head_commit"),
        landed_at=seconds_of(seen["landed_at"]),
        landing=seen["landing"],
        subject=seen["subject"],
        author=seen["author"],
        request_author=change.get("request_author") or request.get("author"),
        opened_at=_seconds(request.get("opened_at")),
        merged_by=change.get("merged_by") or request.get("merged_by"),
        changed_lines=lines,
        grades={link.name.value: link.grade.value for link in chain.links},
        links=chain.links if whole else (),
        unbroken=chain.unbroken,
        review=_verdict(change),
        approvers=tuple(change.get("approvers") or ()),
        approved_at=_seconds(change.get("approved_at")),
        rejected=tuple(change.get("rejected_approvals") or ()),
        tests_failed=tuple(change.get("approvals_rejected_for") or ()),
        signals=tuple(change.get("review_signals") or ()),
        attribution=seen["attribution"],
        agent_hints=tuple(change.get("agent_under_login") or ()),
        record=seen.get("record"),
    )


def _verdict(change: Row) -> str:
    """The review verdict; where none was derived, what the count of independent approvals comes to."""
    verdict = change.get("review_verdict")
    if verdict is not None:
        return str(verdict)
    count = change.get("independent_human_approvals")
    if count:
        return "reviewed"
    if change.get("is_initial_import"):
        return "exempt"
    return "unknown" if count is None else "not-reviewed"


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else seconds_of(moment)

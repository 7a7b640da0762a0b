"""``asbuilt changes``: every change of a window, with its ten links, its review and who wrote it.

1. Take the changes that the ledger holds (``changes_seen``); with no ledger, those of the history here.
2. Build the chain that git states, and hold it against the facts where there are any.
3. Leave out what the filters do not ask for; count grades and verdicts of what is listed.
4. With ``completeness``: reconcile the changes with requests, pushes and deployments.
"""

import importlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import msgspec

import asbuilt
from asbuilt.app.chain_facts import LedgerFacts, Meant, open_ledger_facts, seconds_of
from asbuilt.app.completeness import reconcile
from asbuilt.facts.chains import open_command
from asbuilt.facts.forge_chain import Row, Told
from asbuilt.facts.forge_chain_after import join_facts
from asbuilt.facts.forge_chain_seen import seen_chain
from asbuilt.model.chain import Chain, Grade, LinkName
from asbuilt.model.changes import SCHEMA, ChangeList, ListedChange, Reconciliation
from asbuilt.model.errors import UsageError
from asbuilt.model.inspection import Gap
from asbuilt.model.progress import Listener, silent

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


def list_changes(
    wanted: Wanted, *, ledger: Path | None, path: Path, whole: bool = True, on: Listener = silent
) -> ChangeList:
    """The changes of a window, oldest first.

    Args:
        wanted: which.
        ledger: the folder of the ledger; None: there is none, and the history alone is read.
        path: a folder inside the repository whose history is read where no ledger holds one.
        whole: with the ten links of each change, reason and evidence; else with their grades alone.
        on: hears of progress.

    Raises:
        UsageError: the window ends before it begins, or no such repository was recorded.
        SourceError, ConfigError, LedgerError: see ``model.errors``.
    """
    if wanted.start is not None and wanted.end is not None and wanted.start >= wanted.end:
        raise UsageError("The window ends before it begins.", fix="--to is the day after the last one.")
    if ledger is None:
        if wanted.completeness:
            raise UsageError(
                "Completeness ties the records of two sources, and there is no ledger.",
                fix="Record both: `asbuilt record git`, then `asbuilt sync`.",
            )
        from_git: ChangeList = importlib.import_module("asbuilt.app.changes_git").changes_from_git(
            wanted, path, on, whole=whole
        )
        return from_git
    with open_ledger_facts(ledger, on) as facts:
        known = facts.repositories()
        if wanted.repository is not None and wanted.repository not in known:
            names = f"Recorded are: {', '.join(known[:10])}." if known else "None was recorded."
            raise UsageError(
                f"The ledger holds no changes of {wanted.repository!r}.",
                fix=f"{names} `asbuilt record git` adds one.",
            )
        on("Building decision chains", 0, None)
        rows = list(_from_ledger(facts, wanted, whole=whole))
        repositories = (wanted.repository,) if wanted.repository else tuple(known)
        reconciled, differences = (
            reconcile(facts, repositories, wanted.start, wanted.end) if wanted.completeness else ((), ())
        )
        gaps = (*_unrecorded(known), *_unseen(reconciled))
        listed = changes_of(wanted, rows, source="ledger", repositories=repositories, gaps=gaps)
        return msgspec.structs.replace(listed, reconciliations=reconciled, differences=differences)


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


def _from_ledger(facts: LedgerFacts, wanted: Wanted, *, whole: bool) -> Iterator[ListedChange]:
    remedies = {name: open_command(facts.forge_of(name), name) for name in facts.repositories()}
    for batch in facts.changes_seen(wanted.start, wanted.end, wanted.repository):
        meant = [
            Meant(row["change_id"], row["repository"], row["number"], row["head_commit"], row["landed_at"])
            for row in batch
        ]
        for row, told in zip(batch, facts.told_of(meant), strict=True):
            chain = join_facts(seen_chain(row, remedies[row["repository"]]), told)
            yield listed_change(row, told, chain, whole=whole)


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


def _unseen(reconciled: Iterable[Reconciliation]) -> tuple[Gap, ...]:
    """A gap for each side of which the other source was not read."""
    return tuple(
        Gap(
            code="GAP-RECONCILED",
            what=f"{one.repository}: {one.unseen} of {one.total} of kind {one.kind} tie to nothing that was read.",
            why="No extract of the other source covers the time at which they happened.",
            remedy="Read the forge (asbuilt sync) and record the history (asbuilt record git) for the window.",
            count=one.unseen,
        )
        for one in reconciled
        if one.unseen
    )


def _unrecorded(known: Iterable[str]) -> tuple[Gap, ...]:
    if list(known):
        return ()
    return (
        Gap(
            code="GAP-CHANGES",
            what="The ledger holds no history: no change was recorded in it.",
            why="Nothing of kind fact/changes_seen is there.",
            remedy="Record it: asbuilt record git PATH",
        ),
    )

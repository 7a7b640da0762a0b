"""``asbuilt changes``: every change of a window, with its ten links, its review and who wrote it.

1. Take the changes that the ledger holds (``changes_seen``); with no ledger, those of the history here.
2. Build the chain that git states, and hold it against the facts where there are any.
3. Leave out what the filters do not ask for; count grades and verdicts of what is listed.
4. With ``completeness``: reconcile the changes with requests, pushes and deployments.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from asbuilt.app.chain_facts import LedgerFacts, Meant, open_ledger_facts
from asbuilt.app.changes_git import changes_from_git
from asbuilt.app.completeness import reconcile
from asbuilt.app.listed_changes import Wanted, changes_of, listed_change
from asbuilt.facts.chains import open_command
from asbuilt.facts.forge_chain_after import join_facts
from asbuilt.facts.forge_chain_seen import seen_chain
from asbuilt.model.changes import ChangeList, ListedChange, Reconciliation
from asbuilt.model.errors import UsageError
from asbuilt.model.inspection import Gap
from asbuilt.model.progress import Listener, silent


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
        return changes_from_git(wanted, path, on, whole=whole)
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

"""What was approved held against what landed, by git, as records: rows of ``coverings``.

1. From the facts: each change that a request brought, the commits that were approved there, and its last head.
2. What git answered for good is not asked again; where an object was absent, it is.
3. Git recomputes (``history.coverings``).
4. A row for each answer, an extract of this repository, and a gap where objects are absent.
"""

import hashlib
from pathlib import Path
from typing import Final

import msgspec

from asbuilt.app.chain_facts import LedgerFacts, open_ledger_facts
from asbuilt.app.gaps import FETCH_PULL_REFS
from asbuilt.app.ledger_place import ledger_folder
from asbuilt.app.taking import Recorded, Taking
from asbuilt.facts.recording.manifest import Manifest, extract_row
from asbuilt.facts.recording.records import Batch
from asbuilt.facts.recording.rows import RawRow, check_rows
from asbuilt.facts.recording.tables import find_table
from asbuilt.history.coverings import Covering, Question, prove_coverings
from asbuilt.history.git import open_repository
from asbuilt.model.progress import Listener, silent
from asbuilt.model.record import FACT, Record

COLLECTOR: Final = "asbuilt sync"
TABLE: Final = "coverings"
_GAP: Final = f"{FACT}gaps"
# What was answered for good is left out: objects never change.
_ASKED: Final = """
WITH brought AS (
  SELECT repository, number, change_id, head_commit, landing = 'rebase' AS is_run
  FROM changes
  WHERE repository = ? AND number IS NOT NULL
),
asked AS (
  SELECT change_id, head_commit AS commit, head_commit, is_run FROM brought WHERE head_commit IS NOT NULL
  UNION
  SELECT brought.change_id, requests.head_commit, brought.head_commit, brought.is_run
  FROM brought
  JOIN requests ON requests.repository = brought.repository AND requests.number = brought.number
  WHERE requests.head_commit IS NOT NULL
  UNION
  SELECT brought.change_id, reviews.commit, brought.head_commit, brought.is_run
  FROM brought
  JOIN reviews ON reviews.repository = brought.repository AND reviews.number = brought.number
  WHERE reviews.commit IS NOT NULL AND lower(reviews.state) IN ('approved', 'dismissed')
)
SELECT asked.commit, asked.change_id, asked.head_commit AS head, asked.is_run
FROM asked
LEFT JOIN coverings AS known
  ON known.repository = ? AND known.change_id = asked.change_id AND known.commit = asked.commit
WHERE known.covers IS NULL
ORDER BY asked.change_id, asked.commit
"""


def record_coverings(
    path: str, repository: str, ledger: Path | None, *, now: int | None = None, on: Listener = silent
) -> Recorded | None:
    """Record whether what was approved is what landed, for every request of a repository that the ledger knows.

    Args:
        path: a folder inside the repository whose objects are read.
        repository: ``owner/name``, as the ledger knows it.
        ledger: the ledger's folder (None: see ``ledger_place``); its history must have been recorded before.
        now: Unix seconds (None: the clock).
        on: hears of progress.

    Returns:
        What was recorded; None where there is nothing to ask.

    Raises:
        UsageError, SourceError, LedgerError: see ``model.errors``.
    """
    # (1), (2)
    with open_ledger_facts(ledger_folder(ledger), on) as facts:
        questions = _questions(facts, repository)
    if not questions:
        return None
    # (3)
    with open_repository(path) as opened:
        found = prove_coverings(opened, questions, on)
    # (4)
    taking = Taking(ledger, now=now)
    source = f"git:{repository}"
    _take(taking, found, Manifest(source, COLLECTOR, taking.now, part=repository, query="git merge-tree, patch-id"))
    absent = sum(own.covers is None for own in found)
    if absent:
        taking.add_records([_gap(repository, source, absent, taking.now)])
        taking.note([f"coverings: for {absent:,} approvals an object is not here, so that git cannot tell."])
    return taking.write()


def _questions(facts: LedgerFacts, repository: str) -> list[Question]:
    return [Question(**row) for row in facts.rows(_ASKED, repository, repository)]


def _take(taking: Taking, found: list[Covering], manifest: Manifest) -> None:
    rows = [
        RawRow(
            0,
            {
                "repository": manifest.part,
                **{name: told for name, told in msgspec.structs.asdict(own).items() if told is not None},
            },
        )
        for own in found
    ]
    checked = check_rows(
        find_table(TABLE),
        rows,
        name=f"git: {TABLE}",
        observed=manifest.taken_at,
        problems=taking.problems,
        typed=True,
    )
    digest = hashlib.sha256(b"\n".join(sorted(row.payload for row in checked.rows))).hexdigest()
    extract = extract_row(manifest, checked, digest=digest, name=TABLE, line=0, problems=taking.problems)
    taking.add(Batch(TABLE, checked, manifest, None)._replace(extract=extract), by=COLLECTOR, how="git")


def _gap(repository: str, source: str, absent: int, now: int) -> Record:
    own = f"{source}: approved commits"
    told = {
        "gap": own,
        "code": "GAP-PULLREFS",
        "what": f"Of {absent:,} approvals in {repository}, the commit approved or the head is not here.",
        "why": "The forge keeps the heads of requests under refs that a plain clone leaves out.",
        "remedy": FETCH_PULL_REFS,
        "item_count": absent,
    }
    return Record(
        source=source,
        event=own,
        kind=_GAP,
        payload=msgspec.json.encode(told, order="sorted"),
        observed=now,
        recorded=now,
        by=COLLECTOR,
        how="git",
    )

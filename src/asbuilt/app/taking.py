"""Taking evidence into the ledger: all of a batch or nothing of it.

1. What is wrong is collected from every file and refused together.
2. Files are kept by their digests: a file that no record names yet harms nobody.
3. All records go into the ledger in one append.
4. A row that says again what was said before another word is recorded anew, marked as said again.
"""

import hashlib
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from asbuilt.app.ledger_place import ledger_folder
from asbuilt.facts.recording.records import Batch, Kept, check_across, records_of, tables_of
from asbuilt.ledger.ledger import Appended, Ledger, open_ledger
from asbuilt.model.commit import moment
from asbuilt.model.evidence import Problems
from asbuilt.model.record import FACT, RESTATED, Record, decode_entry
from asbuilt.model.text import visible


class Recorded(msgspec.Struct, frozen=True):
    """What came of it: ``rows`` by table, records that are ``new`` and ``known``, and what is worth saying.

    ``files`` are kept by digest, ``attached`` how many. A dry run checks everything and records nothing.
    """

    rows: dict[str, int]
    new: int
    known: int
    files: int
    notes: tuple[str, ...]
    dry_run: bool = False


class Taking:
    """One act of recording: collects batches, and writes them at the end.

    ``ledger`` is the ledger's folder (None: see ``ledger_place``), ``now`` Unix seconds (None: the clock).
    """

    def __init__(self, ledger: Path | None = None, *, dry_run: bool = False, now: int | None = None) -> None:
        self.now = int(time.time()) if now is None else now
        self.problems = Problems()
        self._folder, self._dry_run = ledger_folder(ledger), dry_run
        self._contents: dict[str, bytes] = {}
        self._batches: list[Batch] = []
        self._records: list[Record] = []
        self._notes: list[str] = []

    def keep(self, data: bytes, name: str, role: str) -> Kept:
        """Keep a file's bytes under their digest, once the rest is known to be good."""
        digest = hashlib.sha256(data).hexdigest()
        self._contents[digest] = data
        return Kept(visible(name), digest, len(data), role)

    def add(self, batch: Batch, *, by: str, how: str) -> None:
        """Take a batch in: its rows, its extract, its files."""
        self._batches.append(batch)
        self._records += records_of(batch, by=by, how=how, recorded=self.now)

    def add_records(self, records: Iterable[Record]) -> None:
        """Take in records that are no rows of a batch."""
        self._records += records

    def note(self, notes: Iterable[str]) -> None:
        """Say something about what was taken in."""
        self._notes += notes

    def write(self) -> Recorded:
        """Refuse everything, or record everything.

        Raises:
            EvidenceError: something is wrong; all of it is listed, and nothing was recorded.
            UsageError, SourceError, LedgerError: see ``ledger.ledger``.
        """
        # (1) Everything is good, each file by itself and all of them together.
        check_across(self._batches, self.problems)
        self.problems.refuse()
        rows, files = tables_of(self._batches), len(self._contents)
        if self._dry_run:
            return Recorded(rows, 0, 0, files, tuple(self._notes), dry_run=True)
        with open_ledger(self._folder) as opened:
            # (2) Files first.
            for content in self._contents.values():
                opened.put_attachment(content)
            # (3) One append.
            placed = opened.append(self._records)
            # (4) What was said before, and others have said otherwise since, is said again.
            back = restated(opened, self._records, placed)
            again = opened.append(back) if back else []
        new = sum(each.is_new for each in (*placed, *again))
        if again:
            shown = ", ".join(visible(record.event, 60) for record in back[:5]) + (", …" if len(back) > 5 else "")
            self._notes.append(
                f"{len(back):,} row{'' if len(back) == 1 else 's'} went back to what was recorded before another "
                f"word ({shown}): recorded as said again."
            )
        return Recorded(rows, new, len(self._records) - new, files, tuple(self._notes))


def restated(ledger: Ledger, records: Sequence[Record], placed: Sequence[Appended]) -> list[Record]:
    """The rows that were known already, and of which another word was newest: to be recorded as said again.

    One pass over the entries from the first known one on; memory grows with the rows, not with the ledger.
    """
    known = {
        (record.source, record.event, record.kind): record
        for record, place in zip(records, placed, strict=True)
        if not place.is_new and record.kind.startswith(FACT)
    }
    if not known:
        return []
    newest: dict[tuple[str, str, str], Record] = {}
    start = min(place.index for place in placed if not place.is_new)
    for entry in ledger.entries(start):
        other = decode_entry(entry)
        own = (other.source, other.event, other.kind)
        if own in known and (own not in newest or other.observed >= newest[own].observed):
            newest[own] = other
    return [
        msgspec.structs.replace(record, media=f"{record.media}{RESTATED}{moment(record.observed).isoformat()}")
        for own, record in known.items()
        if newest[own].payload != record.payload and newest[own].observed <= record.observed
    ]

"""Taking evidence into the ledger: all of a batch or nothing of it.

1. What is wrong is collected from every file and refused together.
2. Files are kept by their digests: a file that no record names yet harms nobody.
3. All records go into the ledger in one append.
4. A row that says again what was said before another word is recorded anew, marked as said again.
"""

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

import msgspec

from asbuilt.app.ledger_place import ledger_folder
from asbuilt.app.said_again import said_again
from asbuilt.facts.recording.records import Batch, Kept, check_across, each_record, records_of, tables_of
from asbuilt.ledger.ledger import open_ledger
from asbuilt.model.evidence import Problems
from asbuilt.model.record import Record
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
        self._contents: dict[str, Callable[[], Iterable[bytes]]] = {}
        self._batches: list[Batch] = []
        self._compared: list[Batch] = []
        self._records: list[Iterable[Record]] = []
        self._notes: list[str] = []

    def keep(self, data: bytes, name: str, role: str) -> Kept:
        """Keep a file's bytes under their digest, once the rest is known to be good."""
        return self.keep_parts(lambda: (data,), name, role)

    def keep_parts(self, parts: Callable[[], Iterable[bytes]], name: str, role: str) -> Kept:
        """As ``keep``, of what need not be held: its bytes in parts, each time that they are asked for."""
        found, size = hashlib.sha256(), 0
        for part in parts():
            found.update(part)
            size += len(part)
        digest = found.hexdigest()
        self._contents[digest] = parts
        return Kept(visible(name), digest, size, role)

    def add(self, batch: Batch, *, by: str, how: str, distinct: bool = False) -> None:
        """Take a batch in: its rows, its extract, its files.

        ``distinct``: none of its rows is of an identity that another batch tells, and they may lie in a file.
        """
        self._batches.append(batch)
        if distinct:
            self._records.append(_Lying(batch, by, how, self.now))
            return
        self._compared.append(batch)
        self._records.append(records_of(batch, by=by, how=how, recorded=self.now))

    def add_records(self, records: Iterable[Record]) -> None:
        """Take in records that are no rows of a batch."""
        self._records.append(list(records))

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
        check_across(self._compared, self.problems)
        self.problems.refuse()
        rows, files = tables_of(self._batches), len(self._contents)
        if self._dry_run:
            return Recorded(rows, 0, 0, files, tuple(self._notes), dry_run=True)
        with open_ledger(self._folder) as opened:
            # (2) Files first.
            for digest, parts in self._contents.items():
                opened.put_attachment_parts(digest, parts())
            # (3) One append.
            told = _Told(self._records)
            placed = opened.append_all(told)
            # (4) What was said before, and others have said otherwise since, is said again.
            back = said_again(opened, told, placed)
            again = opened.append(back) if back else []
        new = sum(each >= 0 for each in placed) + sum(each.is_new for each in again)
        if again:
            shown = ", ".join(visible(record.event, 60) for record in back[:5]) + (", …" if len(back) > 5 else "")
            self._notes.append(
                f"{len(back):,} row{'' if len(back) == 1 else 's'} went back to what was recorded before another "
                f"word ({shown}): recorded as said again."
            )
        return Recorded(rows, new, len(placed) - new, files, tuple(self._notes))


class _Told:
    """All records of an act, in order, as often as they are asked for; those of a batch that lies in a file too."""

    def __init__(self, parts: Sequence[Iterable[Record]]) -> None:
        self._parts = parts

    def __iter__(self) -> Iterator[Record]:
        return chain.from_iterable(self._parts)


class _Lying:
    """The records of a batch whose rows lie in a file: made anew each time."""

    def __init__(self, batch: Batch, by: str, how: str, recorded: int) -> None:
        self._batch, self._by, self._how, self._recorded = batch, by, how, recorded

    def __iter__(self) -> Iterator[Record]:
        return each_record(self._batch, by=self._by, how=self._how, recorded=self._recorded)

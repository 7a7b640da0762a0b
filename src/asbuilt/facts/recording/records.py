"""From checked batches to the records that the ledger keeps."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from asbuilt.facts.recording.manifest import EXTRACTS, Manifest
from asbuilt.facts.recording.rows import JOINT, Checked, CheckedRow, encode_payload, place
from asbuilt.facts.recording.values import Told, quoted
from asbuilt.model.evidence import Problems
from asbuilt.model.record import FACT, Record

ATTACHMENT = "attachment"  # kind of a record that names a file kept by its digest


class Kept(NamedTuple):
    """A file that belongs to a batch: its name beside the batch, its digest, size, and what it is.

    ``role`` is ``as-it-came`` for the file that the rows were read from, ``attached`` for what stands behind them.
    """

    name: str
    sha256: str
    size: int
    role: str


class Batch(NamedTuple):
    """Everything that one file, or one command, tells: rows, their extract's own row, and files."""

    name: str
    checked: Checked
    manifest: Manifest
    extract: CheckedRow | None
    files: tuple[Kept, ...] = ()


def records_of(batch: Batch, *, by: str, how: str, recorded: int) -> list[Record]:
    """The records of a batch: its rows, its extract, its files; in this order, the same for the same batch."""
    return list(each_record(batch, by=by, how=how, recorded=recorded))


def each_record(batch: Batch, *, by: str, how: str, recorded: int) -> Iterator[Record]:
    """As ``records_of``, one by one."""
    manifest = batch.manifest

    def fact(table: str, row: CheckedRow) -> Record:
        return Record(
            source=manifest.source,
            event=row.event,
            kind=f"{FACT}{table}",
            payload=row.payload,
            observed=manifest.taken_at,
            recorded=recorded,
            by=by,
            how=how,
            occurred=row.occurred,
        )

    kind = batch.checked.table.name
    yield from (fact(kind, row) for row in batch.checked.rows)
    if batch.extract is None:
        return
    yield fact(EXTRACTS.name, batch.extract)
    for file in batch.files:
        told: dict[str, Told] = {
            "extract": batch.extract.event,
            "name": file.name,
            "role": file.role,
            "sha256": file.sha256,
            "size": file.size,
        }
        event = f"{batch.extract.event}{JOINT}{file.sha256}"
        record = fact("", CheckedRow(event, encode_payload(told), batch.extract.occurred, 0))
        yield msgspec.structs.replace(record, kind=ATTACHMENT)


def check_across(batches: Sequence[Batch], problems: Problems) -> None:
    """Refuse two files that, taken at one moment, tell different things of one identity."""
    seen: dict[tuple[str, str, int], tuple[str, CheckedRow]] = {}
    for batch in batches:
        table = batch.checked.table
        for row in batch.checked.rows:
            key = (table.name, row.event, batch.manifest.taken_at)
            name, earlier = seen.setdefault(key, (batch.name, row))
            if earlier.payload != row.payload:
                problems.add(
                    place(batch.name, row.line),
                    f"{quoted(row.event)} is told differently in {place(name, earlier.line)}, "
                    "taken at the same moment.",
                    "Keep the row that is right, or say in taken_at which is newer.",
                    column=table.identity[0],
                )


def tables_of(batches: Iterable[Batch]) -> dict[str, int]:
    """Rows by table, extracts left out; in the order in which they come."""
    counts: dict[str, int] = {}
    for batch in batches:
        name = batch.checked.table.name
        counts[name] = counts.get(name, 0) + len(batch.checked.rows)
    return counts

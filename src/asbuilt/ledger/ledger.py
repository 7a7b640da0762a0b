"""The ledger: records in the order in which they came, each under its index for good.

A ledger is a folder: ``ledger.db`` (or ``store.toml``, which names a PostgreSQL database), ``key``,
``attachments/`` and ``checkpoints/``.
"""

import os
import shutil
import tempfile
from array import array
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Self

from asbuilt.ledger import attachments
from asbuilt.ledger.appending import Appended, Edge, Prepared, entries_in, prepare, recent_marks, record_at
from asbuilt.ledger.checkpoints import CHECKPOINTS, check_extends, latest_checkpoint, parse_checkpoint
from asbuilt.ledger.databases import create_store, open_store
from asbuilt.ledger.durable import sync_folder
from asbuilt.ledger.keys import make_key
from asbuilt.ledger.marks import marks_of
from asbuilt.ledger.merkle import HASH_BYTES, consistency_path, inclusion_path, root_at
from asbuilt.ledger.notes import check_name
from asbuilt.ledger.store import TILE_HASHES, Head, Store
from asbuilt.ledger.tree import tile_node
from asbuilt.model.errors import LedgerError, SourceError, UsageError
from asbuilt.model.record import Record

__all__ = ["Appended", "Ledger", "create_ledger", "open_ledger"]

ENTRIES_AT_ONCE = 4096


class Ledger:
    """A ledger that was opened; close it, or use it as a context manager. For one thread: see ``group``."""

    def __init__(self, folder: Path, store: Store, *, read_only: bool = False) -> None:
        self.folder = folder
        self.store = store
        self.read_only = read_only
        self.origin = store.head().origin
        self._edge: Edge | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    @property
    def size(self) -> int:
        """How many entries are committed, whoever appended them."""
        return self.store.head().size

    def append(self, records: Iterable[Record]) -> list[Appended]:
        """Append records in one transaction: all are on the disk when it returns, or none is.

        A record that is there already (source, event, kind and payload are the same) keeps its place.

        Raises:
            UsageError: the ledger was opened for reading, or a record cannot be written.
            SourceError: disk full, read-only, no rights, or another writer does not let go.
            LedgerError: what is stored is damaged.
        """
        return self.append_prepared(prepare(records))

    def append_prepared(self, told: Prepared) -> list[Appended]:
        """Append what ``prepare`` made of records; as ``append``."""
        if self.read_only:
            raise UsageError("The ledger was opened for reading only.", where=str(self.folder))
        if not told.records:
            return []
        edge, self._edge = self._edge, None  # what fails leaves no edge behind
        with self.store.writing() as head:
            if edge is None or edge.head != head:
                edge = Edge(self.store, head, edge)
            placed = edge.grow(self.store, told)
        self._edge = edge
        return placed

    def append_all(self, records: Iterable[Record]) -> "array[int]":
        """As ``append``, of any number: some thousands are at hand at a time, and yet all are kept or none is.

        Gives the index of each in order; of a record that was there already the index turned over (``~index``).
        What the records raise while they are made leaves nothing behind.
        """
        if self.read_only:
            raise UsageError("The ledger was opened for reading only.", where=str(self.folder))
        source, found = iter(records), array("q")
        told = prepare(islice(source, ENTRIES_AT_ONCE))
        if len(told.records) < ENTRIES_AT_ONCE:
            found.extend(each.index if each.is_new else ~each.index for each in self.append_prepared(told))
            return found
        edge, self._edge = self._edge, None  # what fails leaves no edge behind
        with self.store.writing() as head:
            if edge is None or edge.head != head:
                edge = Edge(self.store, head, edge)
            while told.records:
                placed = edge.grow(self.store, told)
                found.extend(each.index if each.is_new else ~each.index for each in placed)
                told = prepare(islice(source, ENTRIES_AT_ONCE))
        self._edge = edge
        return found

    def entries(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The entries from ``start`` up to, not including, ``end`` (else all that are committed), in order.

        Raises:
            LedgerError: one is missing or damaged.
        """
        size = self.size
        last = size if end is None else min(end, size)
        for begun in range(max(start, 0), last, ENTRIES_AT_ONCE):
            yield from entries_in(self.store, begun, min(begun + ENTRIES_AT_ONCE, last))

    def entry(self, index: int) -> bytes:
        """The bytes of one entry.

        Raises:
            UsageError: there is no such entry.
            LedgerError: it is missing or damaged.
        """
        size = self.size
        if not 0 <= index < size:
            raise UsageError(f"There is no entry {index} in a ledger of {size}.", fix="Entries are counted from 0.")
        return next(self.entries(index, index + 1))

    def find(self, source: str, event: str) -> list[int]:
        """The indexes of all records of one event, in order."""
        first, last = marks_of(source, event)
        found = [position for _, position in self.store.marks(first, last)]
        for start, marks in recent_marks(self.store, self.store.head().indexed):
            found += [at for at, mark in enumerate(marks, start) if first <= mark <= last]
        return [index for index in sorted(found) if self._is_of(index, source, event)]

    def find_hash(self, digits: str) -> list[int]:
        """The indexes of the entries whose leaf hash begins with these lower-case hex digits, in order."""
        width = 2 * HASH_BYTES
        found: list[int] = []
        for number in range(-(-self.size // TILE_HASHES)):
            hashes = (self.store.tile(0, number) or b"").hex()
            place = hashes.find(digits)
            while place >= 0:
                if place % width == 0:
                    found.append(number * TILE_HASHES + place // width)
                place = hashes.find(digits, place + 1)
        return [index for index in found if index < self.size]

    def root(self, size: int | None = None) -> bytes:
        """The root over the first ``size`` entries (else over all).

        Raises:
            UsageError: there are not so many.
        """
        head = self.store.head()
        if size is None or size == head.size:
            return head.root
        if not 0 <= size <= head.size:
            raise UsageError(f"The ledger has {head.size} entries, not {size}.")
        return root_at(size, tile_node(self.store.tile))

    def inclusion_proof(self, index: int, size: int) -> list[bytes]:
        """The proof that entry ``index`` is among the first ``size`` (RFC 9162, 2.1.3).

        Raises:
            UsageError: there are not so many entries.
        """
        self.root(size)
        return inclusion_path(index, size, tile_node(self.store.tile))

    def consistency_proof(self, old: int, new: int) -> list[bytes]:
        """The proof that the first ``new`` entries begin with the first ``old`` (RFC 9162, 2.1.4).

        Raises:
            UsageError: ``old`` is 0, or there are not so many entries.
        """
        self.root(new)
        return consistency_path(old, new, tile_node(self.store.tile))

    def put_attachment(self, data: bytes) -> str:
        """Keep a document; see ``attachments.put_attachment``."""
        if self.read_only:
            raise UsageError("The ledger was opened for reading only.", where=str(self.folder))
        return attachments.put_attachment(self.folder, data)

    def put_attachment_parts(self, digest: str, parts: Iterable[bytes]) -> None:
        """Keep a document from its parts; see ``attachments.put_attachment_parts``."""
        if self.read_only:
            raise UsageError("The ledger was opened for reading only.", where=str(self.folder))
        attachments.put_attachment_parts(self.folder, digest, parts)

    def attachment(self, digest: str) -> bytes:
        """A document by its SHA-256; see ``attachments.read_attachment``."""
        return attachments.read_attachment(self.folder, digest)

    def close(self) -> None:
        """Let go of the database."""
        self.store.close()

    def _is_of(self, index: int, source: str, event: str) -> bool:
        record = record_at(self.store, index)
        return (record.source, record.event) == (source, event)


def create_ledger(folder: Path, *, origin: str, now: int, store: str | None = None) -> Ledger:
    """Make an empty ledger and its key; ``store`` is the URL of a PostgreSQL database, None for SQLite.

    1. Everything is made in a folder beside it, which then takes the name: there is a whole ledger or none.

    Raises:
        UsageError: there is a ledger already, the folder holds something else, or the origin names no ledger.
        SourceError: the disk or the database refuses it.
    """
    del now  # an empty ledger tells no time
    check_name(origin)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(
            f"{folder} holds {'a ledger' if is_ledger(folder) else 'something'} already.",
            why="A ledger is never made over another one.",
            fix="Name an empty or a new folder.",
        )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".part", dir=folder.parent))
    except OSError as error:
        raise _refused(folder, error) from error
    try:
        for name in (attachments.ATTACHMENTS, CHECKPOINTS):
            (part / name).mkdir()
        make_key(part, origin)
        create_store(part, Head(origin), store)
        sync_folder(part)
        part.replace(folder)
        sync_folder(folder.parent)
    except OSError as error:
        raise _refused(folder, error) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return open_ledger(folder)


def open_ledger(folder: Path, *, read_only: bool = False) -> Ledger:
    """Open a ledger.

    1. There must be one.
    2. It holds at least what its newest checkpoint has published, with the same root.

    Raises:
        UsageError: there is none.
        SourceError: it cannot be reached or locked.
        LedgerError: it is damaged, or has gone back behind what was published.
    """
    # (1) There is one.
    if not is_ledger(folder):
        raise UsageError(
            f"There is no ledger in {folder}.",
            fix="Make one with `asbuilt ledger init NAME`, or name its folder with --ledger.",
        )
    store = open_store(folder, read_only=read_only)
    try:
        ledger = Ledger(folder, store, read_only=read_only)
        # (2) It holds what was published.
        newest = latest_checkpoint(ledger)
        if newest is not None:
            check_extends(ledger, parse_checkpoint(newest))
    except (LedgerError, SourceError):
        store.close()
        raise
    return ledger


def is_ledger(folder: Path) -> bool:
    """Whether a ledger stands there."""
    return any(os.path.lexists(folder / name) for name in ("ledger.db", "store.toml"))


def _refused(folder: Path, error: OSError) -> SourceError:
    return SourceError(
        f"A ledger cannot be made in {folder}: {error.strerror or error}.",
        why="Nothing was left there.",
        fix="Make room or grant the rights, and do it again.",
    )

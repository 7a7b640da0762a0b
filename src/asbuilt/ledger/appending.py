"""The edge of a ledger: what must be known to append to it, and how it grows."""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from importlib import import_module
from itertools import count, islice, repeat
from typing import Any

import msgspec

from asbuilt.ledger.bundles import MOST_BYTES, bundle_rows, unpack_bundle
from asbuilt.ledger.marks import MARK_BYTES, marks_for, pack_marks, same_record, unpack_marks
from asbuilt.ledger.merkle import HASH_BYTES, frontier_at
from asbuilt.ledger.small_sieve import SmallSieve, in_order
from asbuilt.ledger.store import TILE_HASHES, Head, Store
from asbuilt.ledger.tree import TILE_LEVEL, tile_node
from asbuilt.model.errors import LedgerError, UsageError
from asbuilt.model.record import Record, decode_entry, encode_entry

INDEX_AFTER = 65_536  # recent marks; then they go into the index together, in its order
SIEVED = 16  # marks in one call from which on a sieve is quicker than the index

_FULL = TILE_HASHES * HASH_BYTES
_FULL_MARKS = TILE_HASHES * MARK_BYTES
_STOP = "Stop writing; keep a copy of the folder; `asbuilt ledger verify` names what differs."


class Appended(msgspec.Struct, frozen=True):
    """Where a record stands, and whether this call put it there."""

    index: int
    is_new: bool


class Prepared(msgspec.Struct, frozen=True):
    """Records, the bytes that are kept of each, and the mark of each."""

    records: list[Record]
    entries: list[bytes]
    marks: list[int]


class Edge:
    """The right edge of the tree and the marks that are not indexed yet. Bounded, however large the ledger is.

    It belongs to the head that it was read with. ``grow`` changes it before the transaction is committed: an edge
    whose transaction failed is thrown away.
    """

    def __init__(self, store: Store, head: Head, before: "Edge | None" = None) -> None:
        """Read the edge at ``head``; what ``before``, an earlier edge, knows of the marks is not read again."""
        self.head = head
        self._frontier = frontier_at(head.size, tile_node(store.tile))
        if self._frontier.root() != head.root:
            raise LedgerError(
                "The ledger's stored tree does not lead to its root.",
                why=f"The head says {head.root.hex()} at {head.size} entries.",
                fix=_STOP,
                where=store.where,
            )
        self._partial: list[bytes] = []  # hashes of the last tile of each level, unless it is full
        for level in range(1 + (head.size.bit_length() - 1) // TILE_LEVEL if head.size else 0):
            hashes = head.size >> level * TILE_LEVEL
            part = store.tile(level, hashes // TILE_HASHES) if hashes % TILE_HASHES else b""
            self._partial.append(part or b"")
        self._marks = b""  # of the last tile of level 0, unless it is full
        self.recent: dict[int, int] = {}  # mark: where its first record stands
        self.twins: list[tuple[int, int]] = []  # mark and place of every further record with that mark
        self.searched = 0  # marks looked for in the index
        self.sieve: Any = None  # see ``small_sieve`` and ``sieve``; all that is indexed passes it
        since = head.indexed
        if before is not None and before.head.indexed == head.indexed and before.head.size <= head.size:
            self.recent, self.twins, since = before.recent, before.twins, before.head.size
            self.sieve, self.searched = before.sieve, before.searched
        for start, marks in recent_marks(store, since):
            self._remember(start, marks)
        if head.size % TILE_HASHES:
            for _, packed in store.tile_marks(head.size // TILE_HASHES):
                self._marks = packed

    def grow(self, store: Store, told: Prepared) -> list[Appended]:
        """Append, inside of the store's transaction, those records that are not there yet.

        1. Records that are there already, before or in this very call, keep their place.
        2. The others' bytes are kept.
        3. The tree grows by their hashes; the tiles that changed are kept, with the marks.
        4. The marks are remembered; when there are many, they go into the index.
        5. The head follows.
        """
        # (1) What is new.
        start, indexed = self.head.size, self.head.indexed
        placed, new = self._place(store, told)
        if not new.entries:
            return placed
        # (2) The bytes.
        store.add_bundles(bundle_rows(start, new.entries))
        # (3) The tree.
        store.put_tiles(self._grow_tree(start, new))
        # (4) The marks.
        if new is told:  # no mark was known
            self.recent.update(zip(new.marks, count(start)))
        else:
            self._remember(start, new.marks)
        size = self._frontier.size
        if size - indexed >= INDEX_AFTER:
            for some in in_order(self.recent, self.twins):
                store.add_marks(some)
            if indexed == 0:
                self.sieve = SmallSieve()
            if self.sieve is not None:
                self.sieve.add(list(self.recent))
            self.recent, self.twins, indexed = {}, [], size
        # (5) The head.
        self.head = Head(self.head.origin, size, self._frontier.root(), indexed)
        store.put_head(self.head)
        return placed

    def _place(self, store: Store, told: Prepared) -> tuple[list[Appended], Prepared]:
        """Where each record stands or will stand, and those that are new."""
        size, marks = self.head.size, told.marks
        found = self._find(store, marks) if self.head.indexed else []
        alone = not found and self.recent.keys().isdisjoint(marks) and len(set(marks)) == len(marks)
        if alone:  # no mark is known: nothing to compare
            return [Appended(index, is_new=True) for index in range(size, size + len(marks))], told
        # Where records with these marks stand, oldest first.
        seen: dict[int, list[int]] = {mark: [] for mark in marks}
        recent = [(mark, self.recent[mark]) for mark in seen if mark in self.recent]
        for mark, index in (*sorted(found), *recent, *self.twins):
            if mark in seen:
                seen[mark].append(index)
        placed: list[Appended] = []
        new = Prepared([], [], [])
        for record, entry, mark in zip(told.records, told.entries, marks, strict=True):
            same = seen[mark]
            for index in same:
                if same_record(record, record_at(store, index) if index < size else new.records[index - size]):
                    placed.append(Appended(index, is_new=False))
                    break
            else:
                index = size + len(new.records)
                placed.append(Appended(index, is_new=True))
                same.append(index)
                new.records.append(record)
                new.entries.append(entry)
                new.marks.append(mark)
        return placed, new

    def _find(self, store: Store, marks: list[int]) -> list[tuple[int, int]]:
        """What the index holds of these marks."""
        if self.sieve is None or self.sieve.is_crowded:
            self.searched += len(marks)
            if self.searched * 4 >= self.head.indexed:
                # So many were looked for that reading the whole index once costs no more.
                self.sieve = import_module("asbuilt.ledger.sieve").Sieve()
                indexed = store.marks()
                while some := [mark for mark, _ in islice(indexed, INDEX_AFTER)]:
                    self.sieve.add(some)
            elif self.sieve is None:
                return store.find_marks(marks)
        passing = marks if len(marks) < SIEVED else self.sieve.passing(marks)
        return store.find_marks(passing) if passing else []

    def _grow_tree(self, start: int, new: Prepared) -> list[tuple[int, int, bytes, bytes]]:
        """The tiles that change when entries are added from index ``start`` on."""
        levels = self._frontier.extend([sha256(b"\0" + entry).digest() for entry in new.entries])
        tiles: list[tuple[int, int, bytes, bytes]] = []
        for level, nodes in enumerate(levels[::TILE_LEVEL]):
            if level == len(self._partial):
                self._partial.append(b"")
            first = (start >> level * TILE_LEVEL) // TILE_HASHES
            parts = _parts(self._partial[level] + b"".join(nodes), _FULL)
            marks = _parts(self._marks + pack_marks(new.marks), _FULL_MARKS) if level == 0 else [b""] * len(parts)
            tiles += zip(repeat(level), count(first), parts, marks)
            is_full = len(parts[-1]) == _FULL
            self._partial[level] = b"" if is_full else parts[-1]
            if level == 0:
                self._marks = b"" if is_full else marks[-1]
        return tiles

    def _remember(self, start: int, marks: Sequence[int]) -> None:
        for index, mark in enumerate(marks, start):
            if self.recent.setdefault(mark, index) != index:
                self.twins.append((mark, index))


def recent_marks(store: Store, since: int) -> Iterator[tuple[int, Sequence[int]]]:
    """The marks of the entries from index ``since`` on, in order: the index of the first, and the marks."""
    for number, packed in store.tile_marks(since // TILE_HASHES):
        start = number * TILE_HASHES
        yield max(start, since), unpack_marks(packed)[max(since - start, 0) :]


def _parts(whole: bytes, size: int) -> list[bytes]:
    return [whole[at : at + size] for at in range(0, len(whole), size)]


def prepare(records: Iterable[Record]) -> Prepared:
    """What is kept of each record, made before any transaction begins.

    Raises:
        UsageError: one is too large, or holds text or a time that is none.
    """
    told = list(records)
    try:
        entries = [encode_entry(record) for record in told]
        marks = marks_for(told)
    except (ValueError, OverflowError, OSError) as error:
        raise UsageError(
            f"A record cannot be written: {error}.",
            why="A text in it is no Unicode, or a time in it is none of this calendar.",
            fix="Mend it where it comes from; none of the records of this call was kept.",
        ) from error
    longest = max(map(len, entries), default=0)
    if longest > MOST_BYTES:
        raise UsageError(
            f"A record has {longest:,} bytes; an entry takes {MOST_BYTES:,}.",
            why="What reads the ledger's export could not read it (C2SP tlog-tiles); none of this call was kept.",
            fix="Keep the document as an attachment, and its digest in the record.",
        )
    return Prepared(told, entries, marks)


def entries_in(store: Store, start: int, end: int) -> Iterable[bytes]:
    """The entries from ``start`` up to ``end``, in order, as the store has them.

    Raises:
        LedgerError: one is missing or damaged.
    """
    expected = None
    for begun, bundle in store.bundles(start, end):
        if not isinstance(bundle, bytes) or (begun > start if expected is None else begun != expected):
            break
        entries = unpack_bundle(bundle)
        expected = begun + len(entries)
        yield from entries[max(start - begun, 0) : end - begun]
    if end > start and (expected is None or expected < end):
        raise LedgerError(
            f"Entry {start if expected is None else max(expected, start)} is missing or damaged.",
            fix=_STOP,
            where=store.where,
        )


def record_at(store: Store, index: int) -> Record:
    """The record of one entry.

    Raises:
        LedgerError: it is missing or damaged.
    """
    (entry,) = entries_in(store, index, index + 1)
    return decode_entry(entry)

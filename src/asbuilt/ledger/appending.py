"""The edge of a ledger: what must be known to append to it, and how it grows."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import NamedTuple

import msgspec

from asbuilt.ledger.marks import PAIR, mark_of, same_record, split_marks
from asbuilt.ledger.merkle import HASH_BYTES, frontier_at
from asbuilt.ledger.store import TILE_HASHES, Head, Store
from asbuilt.ledger.tree import TILE_LEVEL, tile_node
from asbuilt.model.errors import LedgerError, UsageError
from asbuilt.model.record import Record, decode_entry, encode_entry

INDEX_AFTER = 16_384  # recent marks; then they go into the index together, in its order
MOST_BYTES = 0xFFFF  # of an entry: what an entry bundle of C2SP tlog-tiles can hold

_FULL = TILE_HASHES * HASH_BYTES


class Appended(msgspec.Struct, frozen=True):
    """Where a record stands, and whether this call put it there."""

    index: int
    is_new: bool


class Prepared(NamedTuple):
    """A record, the bytes that are kept of it, and its mark."""

    record: Record
    entry: bytes
    mark: bytes


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
                fix="Stop writing; keep a copy of the folder; `asbuilt ledger verify` names what differs.",
                where=store.where,
            )
        self._partial: list[bytearray] = []
        for level in range(1 + (head.size.bit_length() - 1) // TILE_LEVEL if head.size else 0):
            hashes = head.size >> level * TILE_LEVEL
            part = store.tile(level, hashes // TILE_HASHES) if hashes % TILE_HASHES else b""
            self._partial.append(bytearray(part or b""))
        self.recent: dict[bytes, tuple[int, ...]] = {}
        known = 0
        if before is not None and before.head.indexed == head.indexed and before.head.size <= head.size:
            self.recent, known = before.recent, before.head.size
        for start, marks in store.recent(known):
            self._remember(start, split_marks(marks))

    def grow(self, store: Store, told: Sequence[Prepared]) -> list[Appended]:
        """Append, inside of the store's transaction, those records that are not there yet.

        1. Records that are there already, before or in this very call, keep their place.
        2. The others' bytes are kept.
        3. The tree grows by their hashes; the tiles that changed are kept.
        4. Their marks are kept; many recent ones go into the index.
        5. The head follows.
        """
        # (1) What is new.
        placed, new = self._place(store, told)
        if not new:
            return placed
        # (2) The bytes.
        start = self.head.size
        store.add_entries(start, [each.entry for each in new])
        # (3) The tree.
        store.put_tiles(self._grow_tree(each.entry for each in new))
        # (4) The marks.
        marks = [each.mark for each in new]
        indexed = self.head.indexed
        self._remember(start, marks)
        if self._frontier.size - indexed < INDEX_AFTER:
            store.add_recent(start, b"".join(marks))
        else:
            recent = [(*PAIR.unpack(mark), at) for mark, places in self.recent.items() for at in places]
            store.index_recent(sorted(recent))
            self.recent = {}
            indexed = self._frontier.size
        # (5) The head.
        self.head = Head(self.head.origin, self._frontier.size, self._frontier.root(), indexed)
        store.put_head(self.head)
        return placed

    def _place(self, store: Store, told: Sequence[Prepared]) -> tuple[list[Appended], list[Prepared]]:
        size = self.head.size
        indexed = self._find_indexed(store, told)
        placed: list[Appended] = []
        new: list[Prepared] = []
        mine: dict[bytes, list[int]] = {}
        for each in told:
            mark = each.mark
            for index in (*indexed.get(mark, ()), *self.recent.get(mark, ()), *mine.get(mark, ())):
                if same_record(each.record, _record_at(store, index) if index < size else new[index - size].record):
                    placed.append(Appended(index, is_new=False))
                    break
            else:
                index = size + len(new)
                placed.append(Appended(index, is_new=True))
                mine.setdefault(mark, []).append(index)
                new.append(each)
        return placed, new

    def _find_indexed(self, store: Store, told: Sequence[Prepared]) -> dict[bytes, list[int]]:
        found: dict[bytes, list[int]] = {}
        if self.head.indexed:
            for event, identity, position in store.find_marks([PAIR.unpack(each.mark) for each in told]):
                found.setdefault(PAIR.pack(event, identity), []).append(position)
        return found

    def _grow_tree(self, entries: Iterable[bytes]) -> list[tuple[int, int, bytes]]:
        frontier, partial = self._frontier, self._partial
        tiles: list[tuple[int, int, bytes]] = []
        changed = 0  # levels whose last tile changed
        for entry in entries:
            done = frontier.append(sha256(b"\0" + entry).digest())
            for level, node in enumerate(done[::TILE_LEVEL]):
                if level == len(partial):
                    partial.append(bytearray())
                part = partial[level]
                part += node
                changed = max(changed, level + 1)
                if len(part) == _FULL:
                    tiles.append((level, ((frontier.size >> level * TILE_LEVEL) - 1) // TILE_HASHES, bytes(part)))
                    part.clear()
        for level, part in enumerate(partial[:changed]):
            if part:
                tiles.append((level, (frontier.size >> level * TILE_LEVEL) // TILE_HASHES, bytes(part)))
        return tiles

    def _remember(self, start: int, marks: Iterable[bytes]) -> None:
        recent = self.recent
        for index, mark in enumerate(marks, start):
            recent[mark] = (*recent.get(mark, ()), index)


def prepare(records: Iterable[Record]) -> list[Prepared]:
    """What is kept of each record, made before any transaction begins.

    Raises:
        UsageError: one is too large, or holds text that is none.
    """
    return [Prepared(record, *_kept(record)) for record in records]


def _kept(record: Record) -> tuple[bytes, bytes]:
    try:
        entry = encode_entry(record)
        mark = mark_of(record.source, record.event, record.kind, record.payload)
    except (UnicodeEncodeError, ValueError, OverflowError, OSError) as error:
        raise UsageError(
            f"A record of {record.source!r} cannot be written: {error}.",
            why="A text in it is no Unicode, or a time in it is none of this calendar.",
            fix="Mend it where it comes from; none of the records of this call was kept.",
        ) from error
    if len(entry) > MOST_BYTES:
        raise UsageError(
            f"A record of {record.source!r} has {len(entry):,} bytes; an entry takes {MOST_BYTES:,}.",
            why="Whatever reads tile logs could not read the ledger's export.",
            fix="Keep the document as an attachment, and its digest in the record.",
        )
    return entry, mark


def _record_at(store: Store, index: int) -> Record:
    for position, entry in store.entries(index, index + 1):
        if position == index and isinstance(entry, bytes):
            return decode_entry(entry)
    raise LedgerError(
        f"Entry {index} is missing.",
        fix="Stop writing; keep a copy of the folder; `asbuilt ledger verify` names what differs.",
        where=store.where,
    )

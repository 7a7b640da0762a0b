"""The stored marks against the marks of the entries themselves, in memory that does not grow with the ledger.

Both sides are summed up: to every mark and its position belongs a number of 64 bits, made with factors that are
drawn anew for each check, and for each block of positions the numbers are added. Sums that differ show the block;
only its marks are then compared one by one.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from asbuilt.ledger.marks import MARK_BYTES, pack_marks, unpack_marks
from asbuilt.ledger.problems import Problems
from asbuilt.ledger.store import TILE_HASHES, Store

BLOCK = 4096  # positions in one sum
NAMED_BLOCKS = 16  # blocks that are compared one by one, when so many differ

Numbers = NDArray[np.uint64]


class MarkCheck:
    """Takes the marks of the entries in order, then compares what is stored."""

    def __init__(self, store: Store, indexed: int, problems: Problems) -> None:
        self._store, self._indexed = store, indexed
        self._problems = problems
        blocks = -(-indexed // BLOCK)
        self._sums = np.zeros(blocks, np.uint64)
        self._factors = np.array([secrets.randbits(64) | 1 for _ in range(4)], np.uint64)
        self._recent: list[int | None] = []

    def add(self, start: int, marks: Sequence[int | None]) -> None:
        """The marks of the next tile's entries, from ``start`` on; None where there is no entry to make one of."""
        self._compare_kept(start // TILE_HASHES, marks)
        inner = marks[: max(self._indexed - start, 0)]
        if inner:
            at = (
                [index for index, mark in enumerate(inner) if mark is not None]
                if None in inner
                else range(len(inner))
            )
            self._add_up(
                self._sums,
                np.array([inner[index] for index in at], np.int64),
                np.fromiter(at, np.int64, len(at)) + start,
            )
        self._recent += marks[len(inner) :]

    def finish(self, marks_in: Callable[[int, int], Iterable[tuple[int, int]]]) -> Iterator[tuple[int, int]]:
        """Compare what is stored; gives the pairs of positions under one mark, to be compared as records.

        ``marks_in`` makes the marks and positions of the entries from one index to another anew.
        """
        store = self._store
        yield from self._recent_twins(store)
        found = np.zeros_like(self._sums)
        lonely = (0, -1)
        rows = store.marks()
        while some := list(islice(rows, BLOCK)):
            sound = self._sound(some)
            marks, positions = sound[:, 0], sound[:, 1]
            self._add_up(found, marks, positions)
            for at in np.flatnonzero(marks[1:] == marks[:-1]):
                yield int(positions[at]), int(positions[at + 1])
            if len(sound) and int(marks[0]) == lonely[0] and lonely[1] >= 0:
                yield lonely[1], int(positions[0])
            if len(sound):
                lonely = (int(marks[-1]), int(positions[-1]))
        bad = [int(block) for block in np.flatnonzero(found != self._sums)]
        if bad:
            self._name(store, marks_in, bad)

    def _compare_kept(self, number: int, marks: Sequence[int | None]) -> None:
        """The marks that stand beside the hashes of a tile."""
        where = f"tile 0/{number}"
        packed: bytes | None = None
        for _, packed in self._store.tile_marks(number, number):
            if None not in marks and isinstance(packed, bytes) and packed == pack_marks(marks):  # type: ignore[arg-type]
                return
        if packed is None:
            return  # the tile is missing, which is told where its hashes are compared
        start = number * TILE_HASHES
        if not isinstance(packed, bytes) or len(packed) != len(marks) * MARK_BYTES:
            self._problems.add(start, "The marks of these entries are damaged.", where)
            return
        for index, (mark, own) in enumerate(zip(unpack_marks(packed), marks, strict=True), start):
            if own is not None and own != mark:
                self._problems.add(index, f"The mark of entry {index} is not the entry's.", where)

    def _recent_twins(self, store: Store) -> Iterator[tuple[int, int]]:
        seen: dict[int, int] = {}
        for index, mark in enumerate(self._recent, self._indexed):
            if mark is not None and seen.setdefault(mark, index) != index:
                yield seen[mark], index
        for mark, index in store.find_marks(list(seen)):
            yield index, seen[mark]

    def _sound(self, rows: list[Any]) -> NDArray[np.int64]:
        """The rows that are marks of entries below ``indexed``; the others are told."""
        try:
            found = np.array(rows, np.int64).reshape(-1, 2)
        except (TypeError, ValueError, OverflowError):
            found = np.array([], np.int64).reshape(-1, 2)
        inside = (found[:, 1] >= 0) & (found[:, 1] < self._indexed)
        if len(found) == len(rows) and bool(inside.all()):
            return found
        kept = []
        for mark, position in rows:
            if isinstance(mark, int) and isinstance(position, int) and 0 <= position < self._indexed:
                kept.append((mark, position))
            else:
                self._problems.add(None, f"A mark stands for {position!r}, which is no entry.", f"marks {mark!r}")
        return np.array(kept, np.int64).reshape(-1, 2)

    def _add_up(self, sums: Numbers, marks: NDArray[np.int64], positions: NDArray[np.int64]) -> None:
        one, two, three, four = self._factors
        mixed = (marks.view(np.uint64) ^ one) * two
        mixed ^= mixed >> np.uint64(31)
        mixed += positions.view(np.uint64) * three
        mixed *= four
        mixed ^= mixed >> np.uint64(29)
        mixed *= two
        np.add.at(sums, positions // BLOCK, mixed)

    def _name(
        self, store: Store, marks_in: Callable[[int, int], Iterable[tuple[int, int]]], bad: Sequence[int]
    ) -> None:
        """Compare the marks of blocks one by one."""
        named = bad[:NAMED_BLOCKS]
        chosen = set(named)
        stored: dict[int, list[int]] = {}
        for mark, position in store.marks():
            if isinstance(position, int) and position // BLOCK in chosen:
                stored.setdefault(position, []).append(mark)
        for block in named:
            for index, mark in marks_in(block * BLOCK, min((block + 1) * BLOCK, self._indexed)):
                told = stored.get(index, [])
                if told != [mark]:
                    what = f"Entry {index} is {'not indexed' if not told else 'indexed under another mark'}."
                    self._problems.add(index, what, "marks")
        self._problems.untold += len(bad) - len(named)

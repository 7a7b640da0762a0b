"""Many marks at once: a sieve that keeps most searches of the index away from the database, and their order in it.

A sieve has one of two sizes, however large the ledger is: what a new ledger takes in needs the small one.

Import it late: few processes append so much that they need one.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

BITS = 26  # eight megabytes; with a million marks one of 67 that are not there passes
SMALL = 23  # one megabyte, for half a million marks
_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # 2**64 divided by the golden ratio: neighbours land far apart
_AT_ONCE = 8192  # pairs that are put in order are handed over


class Sieve:
    """A bit for each of ``2**bits`` classes of marks: set when a mark of that class was added."""

    def __init__(self, bits: int = BITS) -> None:
        self._bits = np.zeros(1 << bits - 3, np.uint8)
        self._shift, self._room = np.uint64(64 - bits), (1 << bits) // 16 if bits < BITS else None

    @property
    def is_crowded(self) -> bool:
        """Whether so many were added that a larger one would be better."""
        return self._room is not None and self._room < 0

    def add(self, marks: Sequence[int]) -> None:
        """Let these marks pass from now on."""
        classes = self._classes(marks)
        if self._room is not None:
            self._room -= len(classes)
        np.bitwise_or.at(self._bits, classes >> 3, np.left_shift(1, classes & 7).astype(np.uint8))

    def passing(self, marks: Sequence[int]) -> list[int]:
        """Those that were added, and a few that were not."""
        classes = self._classes(marks)
        set_ones = self._bits[classes >> 3] >> (classes & 7).astype(np.uint8) & 1
        return [marks[at] for at in np.flatnonzero(set_ones).tolist()]

    def _classes(self, marks: Sequence[int]) -> NDArray[np.int64]:
        spread = np.array(marks, np.int64).view(np.uint64) * _SPREAD
        return (spread >> self._shift).astype(np.int64)


def in_order(first: Mapping[int, int], twins: Sequence[tuple[int, int]]) -> Iterator[list[list[int]]]:
    """Marks with their positions as the index has them, by mark, then by position; some thousands at a time.

    ``first`` has the mark's first position; ``twins`` the further ones, in their order. A quarter of the time that
    sorting pairs takes.
    """
    many = len(first) + len(twins)
    pairs = np.empty((many, 2), np.int64)
    pairs[: len(first), 0] = np.fromiter(first.keys(), np.int64, len(first))
    pairs[: len(first), 1] = np.fromiter(first.values(), np.int64, len(first))
    pairs[len(first) :] = np.array(twins, np.int64).reshape(-1, 2)
    # Stable: of equal marks the first stands before its twins.
    ordered = pairs[np.argsort(pairs[:, 0], kind="stable")]
    for at in range(0, many, _AT_ONCE):
        yield ordered[at : at + _AT_ONCE].tolist()

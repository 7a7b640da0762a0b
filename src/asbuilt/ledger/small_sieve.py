"""A sieve of one megabyte, for the first half million marks, and marks in the order of their index.

Most processes append less than that: none of them brings the libraries and the eight megabytes of ``sieve``.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

BITS = 23
ROOM = 1 << BITS - 4  # marks; then one of seventeen that are not there passes, and a larger one is better
_AT_ONCE = 8192  # pairs that are handed over together
_SPREAD = 0x9E3779B97F4A7C15  # 2**64 divided by the golden ratio: neighbours land far apart
_WHOLE = (1 << 64) - 1


class SmallSieve:
    """As ``sieve.Sieve``: a bit for each of 2**23 classes of marks, set when a mark of that class was added."""

    def __init__(self) -> None:
        self._bits = bytearray(1 << BITS - 3)
        self._room = ROOM

    @property
    def is_crowded(self) -> bool:
        """Whether so many were added that a larger one would be better."""
        return self._room < 0

    def add(self, marks: Sequence[int]) -> None:
        """Let these marks pass from now on."""
        bits = self._bits
        self._room -= len(marks)
        for mark in marks:
            own = (mark * _SPREAD & _WHOLE) >> 64 - BITS
            bits[own >> 3] |= 1 << (own & 7)

    def passing(self, marks: Sequence[int]) -> list[int]:
        """Those that were added, and a few that were not."""
        bits = self._bits
        found = []
        for mark in marks:
            own = (mark * _SPREAD & _WHOLE) >> 64 - BITS
            if bits[own >> 3] >> (own & 7) & 1:
                found.append(mark)
        return found


def in_order(first: Mapping[int, int], twins: Sequence[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """Marks with their positions as the index has them, by mark, then by position; some thousands at a time.

    ``first`` has the mark's first position; ``twins`` the further ones, in their order.
    """
    pairs = iter(sorted([*first.items(), *twins])) if twins else ((mark, first[mark]) for mark in sorted(first))
    while some := list(islice(pairs, _AT_ONCE)):
        yield some

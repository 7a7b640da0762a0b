"""A sieve that keeps most searches of the index of marks away from the database; its size is always the same.

Import it late: few processes append so much that ``small_sieve`` does not do.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

BITS = 26  # eight megabytes; with a million marks one of 67 that are not there passes
_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # 2**64 divided by the golden ratio: neighbours land far apart
_SHIFT = np.uint64(64 - BITS)


class Sieve:
    """A bit for each of 2**26 classes of marks: set when a mark of that class was added."""

    is_crowded = False  # there is no larger one

    def __init__(self) -> None:
        self._bits = np.zeros(1 << BITS - 3, np.uint8)

    def add(self, marks: Sequence[int]) -> None:
        """Let these marks pass from now on."""
        classes = _classes(marks)
        np.bitwise_or.at(self._bits, classes >> 3, np.left_shift(1, classes & 7).astype(np.uint8))

    def passing(self, marks: Sequence[int]) -> list[int]:
        """Those that were added, and a few that were not."""
        classes = _classes(marks)
        set_ones = self._bits[classes >> 3] >> (classes & 7).astype(np.uint8) & 1
        return [marks[at] for at in np.flatnonzero(set_ones).tolist()]


def _classes(marks: Sequence[int]) -> NDArray[np.int64]:
    spread = np.array(marks, np.int64).view(np.uint64) * _SPREAD
    return (spread >> _SHIFT).astype(np.int64)

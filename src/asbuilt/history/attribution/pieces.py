"""Runs of lines as columns, and cutting them where something finer than a run is known."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from asbuilt.history.origins.table import LineOrigins

Whole = NDArray[np.int64]


class Pieces(NamedTuple):
    """Runs of lines, each with the place where it was written; all columns have one row a piece.

    ``row`` is the run of the origins table that the piece lies in, ``first`` its 1-based first line in the file and
    ``length`` its lines; ``commit``, ``path`` and ``line`` (1-based, of ``first``) are where it was written, as
    numbers into lists that grow beyond those of the table; ``replay`` is the number of a ``Replay``, or -1.
    """

    row: Whole
    first: Whole
    length: Whole
    commit: Whole
    path: Whole
    line: Whole
    replay: Whole

    def take(self, chosen: NDArray[np.integer] | NDArray[np.bool_]) -> "Pieces":
        """Some of the pieces, by mask or by number."""
        return Pieces(*(column[chosen] for column in self))

    def cut(self, which: Whole, offset: Whole, length: Whole) -> "Pieces":
        """Parts of pieces: of piece ``which``, ``length`` lines from its line ``offset`` (from 0) on."""
        part = self.take(which)
        return part._replace(first=part.first + offset, length=length, line=part.line + offset)


def whole_runs(origins: LineOrigins) -> Pieces:
    """Every run of the table as one piece, written where ``git blame`` says."""
    runs = len(origins.first)
    first, count, commit, path, line = (
        np.asarray(column).astype(np.int64)
        for column in (origins.first, origins.count, origins.commit, origins.origin_path, origins.origin_line)
    )
    return Pieces(np.arange(runs), first, count, commit, path, line, np.full(runs, -1))


def join_pieces(parts: Sequence[Pieces]) -> Pieces:
    """All parts together, in the order of runs and of lines in them."""
    columns = Pieces(*(np.concatenate(column) for column in zip(*parts, strict=True)))
    return columns.take(np.lexsort((columns.first, columns.row)))


def spread(counts: Whole) -> tuple[Whole, Whole]:
    """For groups of so many members: the group of each member, and its number within the group (from 0)."""
    group = np.repeat(np.arange(len(counts)), counts)
    ends = np.cumsum(counts)
    return group, np.arange(len(group)) - np.repeat(ends - counts, counts)

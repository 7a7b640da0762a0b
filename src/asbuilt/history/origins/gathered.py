"""Runs that came home by different ways, put together as one ``Found``."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from asbuilt.history.origins.runs import OriginRun
from asbuilt.history.origins.table import Found, LineOrigins

_Name = TypeVar("_Name", str, bytes)
_Column = NDArray[np.int64]


class Gathering:
    """Collects runs with their origins; each commit and path is held once."""

    __slots__ = ("_commits", "_parts", "_paths", "_rows")

    def __init__(self) -> None:
        self._commits: dict[str, int] = {}
        self._paths: dict[bytes, int] = {}
        self._parts: list[tuple[_Column, ...]] = []
        self._rows: list[tuple[int, int, int, int, int]] = []

    def add(self, found: Found) -> None:
        """All runs that a walk brought home."""
        commit = _renumbered(found.commits, found.commit, self._commits)
        path = _renumbered(found.paths, found.path, self._paths)
        self._part(found.gid, found.count, commit, path, found.line)

    def add_runs(self, start: int, runs: Iterable[OriginRun]) -> None:
        """Runs as git blame gives them; line 1 has the global number ``start``."""
        for run in runs:
            commit = self._commits.setdefault(run.commit, len(self._commits))
            path = self._paths.setdefault(run.origin_path, len(self._paths))
            self._rows.append((start + run.first - 1, run.lines, commit, path, run.origin_line - 1))

    def add_indexed(self, old: LineOrigins, bounds: _Column, wanted: Sequence[tuple[int, int, int]]) -> None:
        """Runs of lines that stand in ``old``, with the origins that they have there.

        Args:
            old: the table.
            bounds: ``line_bounds(old)``.
            wanted: global number here of the run's first line, its global number in ``old``, number of lines.
        """
        if not wanted:
            return
        gid, there, count = np.array(wanted, dtype=np.int64).T
        starts = row_starts(old, bounds)
        ends = starts + old.count
        # Each wanted run meets one or more rows of the table: one piece for each.
        row = np.searchsorted(starts, there, side="right") - 1
        pieces = np.searchsorted(starts, there + count, side="left") - row
        which = np.repeat(np.arange(len(gid)), pieces)
        row = np.repeat(row, pieces) + np.arange(len(which)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
        top = np.maximum(starts[row], there[which])
        bottom = np.minimum(ends[row], (there + count)[which])
        commit = _renumbered(old.commits, old.commit[row], self._commits)
        path = _renumbered(old.origin_paths, old.origin_path[row], self._paths)
        line = old.origin_line[row] - 1 + top - starts[row]
        self._part(gid[which] + top - there[which], bottom - top, commit, path, line)

    def found(self) -> Found:
        """Everything together."""
        columns = np.array(self._rows, dtype=np.int64).reshape(-1, 5).T
        parts = [*self._parts, tuple(columns)]
        gid, count, commit, path, line = (np.concatenate(column) for column in zip(*parts, strict=True))
        small = (column.astype(np.int32) for column in (count, commit, path, line))
        return Found(list(self._commits), list(self._paths), gid, *small)

    def _part(self, *columns: NDArray[Any]) -> None:
        self._parts.append(tuple(column.astype(np.int64, copy=False) for column in columns))


def line_bounds(origins: LineOrigins) -> _Column:
    """The global number of each file's first line, and of the line after the last; one more than files."""
    last = origins.file_start[1:] - 1  # every file has at least one run
    sizes = origins.first[last].astype(np.int64) + origins.count[last] - 1
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes)))


def row_starts(origins: LineOrigins, bounds: _Column) -> _Column:
    """The global number of each run's first line."""
    return np.repeat(bounds[:-1], np.diff(origins.file_start)) + origins.first - 1


def _renumbered(names: Sequence[_Name], which: NDArray[Any], known: dict[_Name, int]) -> _Column:
    """``which`` points into ``names``; the same as numbers in ``known``, which grows by what is used."""
    numbers = np.zeros(len(names), np.int64)
    for number in np.flatnonzero(np.bincount(which, minlength=len(names))).tolist():
        numbers[number] = known.setdefault(names[number], len(known))
    chosen: _Column = numbers[which]
    return chosen

"""Line origins of a whole tree as columns: one row a run of lines that came together from one place."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from asbuilt.history.origins.runs import OriginRun
from asbuilt.model.inspection import Gap

# Pending or resolved lines of one file: (position, number of lines, global number of the first), sorted by
# position; positions count from 0 in the version that the runs lie in, global numbers in the lines asked for.
Runs = list[tuple[int, int, int]]


class LineOrigins:
    """Where every line of every text file at one commit comes from, as ``git blame`` says.

    Attributes:
        tip: the commit.
        object_format: ``sha1`` or ``sha256``.
        paths: text files with lines, sorted by their bytes.
        blobs: the blob of each.
        file_start: runs of file i are ``file_start[i]`` to ``file_start[i + 1]``; int64, one more than files.
        first: 1-based first line of each run in its file; int32, as all columns of runs.
        count: how many lines the run has.
        commit: which of ``commits`` brought it.
        origin_path: which of ``origin_paths`` it stood at there.
        origin_line: 1-based line of ``first`` there.
        commits: ids.
        origin_paths: paths as bytes.
        boundary: which of ``commits`` history is cut at (shallow, grafted): the true origin is not known.
        skipped: how many entries have no line origins: ``binary``, ``empty``, ``symlink``, ``submodule``.
        gaps: files whose origins could not be found out; they are not in ``paths``.
    """

    __slots__ = (
        "blobs", "boundary", "commit", "commits", "count", "file_start", "first", "gaps", "object_format",
        "origin_line", "origin_path", "origin_paths", "paths", "skipped", "tip",
    )  # fmt: skip

    def __init__(
        self, *, tip: str, object_format: str, paths: list[bytes], blobs: list[str],
        file_start: NDArray[np.int64], first: NDArray[np.int32], count: NDArray[np.int32],
        commit: NDArray[np.int32], origin_path: NDArray[np.int32], origin_line: NDArray[np.int32],
        commits: list[str], origin_paths: list[bytes],
        boundary: frozenset[int] = frozenset(), skipped: dict[str, int] | None = None, gaps: tuple[Gap, ...] = (),
    ) -> None:  # fmt: skip
        self.tip = tip
        self.object_format = object_format
        self.paths = paths
        self.blobs = blobs
        self.file_start = file_start
        self.first = first
        self.count = count
        self.commit = commit
        self.origin_path = origin_path
        self.origin_line = origin_line
        self.commits = commits
        self.origin_paths = origin_paths
        self.boundary = boundary
        self.skipped = skipped or {}
        self.gaps = gaps

    @property
    def lines(self) -> int:
        """How many lines all files have together."""
        return int(self.count.sum(dtype=np.int64))

    def file(self, path: bytes) -> slice | None:
        """The rows of one file's runs; None when it is no text file of the tree."""
        number = bisect_left(self.paths, path)
        if number == len(self.paths) or self.paths[number] != path:
            return None
        return slice(int(self.file_start[number]), int(self.file_start[number + 1]))

    def runs(self, path: bytes) -> Iterator[OriginRun]:
        """The runs of one file, top to bottom; nothing when it is no text file of the tree."""
        rows = self.file(path)
        if rows is None:
            return
        columns = (self.first, self.count, self.commit, self.origin_path, self.origin_line)
        for first, count, commit, name, line in zip(*(column[rows].tolist() for column in columns), strict=True):
            yield OriginRun(first, count, self.commits[commit], self.origin_paths[name], line)


class Found(msgspec.Struct, frozen=True, eq=False):
    """Runs that have come home, as columns; the order means nothing.

    ``gid`` is the global number of a run's first line, ``count`` its lines, ``line`` the 0-based position in the
    origin; ``commit`` and ``path`` index ``commits`` and ``paths``.
    """

    commits: list[str]
    paths: list[bytes]
    gid: NDArray[np.int64]
    count: NDArray[np.int32]
    commit: NDArray[np.int32]
    path: NDArray[np.int32]
    line: NDArray[np.int32]


def tabulate(
    tip: str, object_format: str, files: Sequence[tuple[bytes, str, int]], found: Found, *,
    boundary: frozenset[str] = frozenset(), skipped: dict[str, int] | None = None, gaps: tuple[Gap, ...] = (),
) -> LineOrigins:  # fmt: skip
    """The table of a tree from the runs found for it.

    Args:
        tip: the commit.
        object_format: of the repository.
        files: path, blob and number of lines of each file, sorted by path; global line numbers count through
            them in this order.
        found: runs that cover every line exactly once.
        boundary: ids of commits that history is cut at.
        skipped: as in ``LineOrigins``.
        gaps: as in ``LineOrigins``.

    Raises:
        ValueError: a line has no origin or more than one: a defect, never to be passed over.
    """
    # 1. Runs in the order of the lines; together they must be all lines, each once.
    sizes = np.array([size for _, _, size in files], dtype=np.int64)
    bounds = np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes)))
    order = np.argsort(found.gid, kind="stable")
    gid, count = found.gid[order], found.count[order].astype(np.int64)
    commit, path, line = found.commit[order], found.path[order], found.line[order].astype(np.int64)
    _check_cover(gid, gid + count, int(bounds[-1]))
    # 2. Neighbours that continue each other in file and origin are one run.
    number = np.searchsorted(bounds, gid, side="right") - 1
    starts = np.ones(len(gid), dtype=bool)
    starts[1:] = (
        (number[1:] != number[:-1])
        | (commit[1:] != commit[:-1])
        | (path[1:] != path[:-1])
        | (line[1:] != line[:-1] + count[:-1])
    )
    rows = np.flatnonzero(starts)
    lengths = np.diff(np.append(gid[rows], bounds[-1]))
    # 3. Dictionaries hold only what is named.
    commits, own_commit = _renumber(commit[rows], len(found.commits))
    paths, own_path = _renumber(path[rows], len(found.paths))
    ids = [found.commits[which] for which in commits.tolist()]
    return LineOrigins(
        tip=tip,
        object_format=object_format,
        paths=[name for name, _, _ in files],
        blobs=[blob for _, blob, _ in files],
        file_start=np.searchsorted(number[rows], np.arange(len(files) + 1)).astype(np.int64),
        first=(gid[rows] - bounds[number[rows]] + 1).astype(np.int32),
        count=lengths.astype(np.int32),
        commit=own_commit.astype(np.int32),
        origin_path=own_path.astype(np.int32),
        origin_line=(line[rows] + 1).astype(np.int32),
        commits=ids,
        origin_paths=[found.paths[which] for which in paths.tolist()],
        boundary=frozenset(number for number, own in enumerate(ids) if own in boundary),
        skipped=skipped,
        gaps=gaps,
    )


def _check_cover(starts: NDArray[np.int64], ends: NDArray[np.int64], lines: int) -> None:
    whole = lines == 0 if len(starts) == 0 else bool(starts[0] == 0 and ends[-1] == lines)
    if not whole or bool(np.any(ends[:-1] != starts[1:])):
        raise ValueError("line origins do not cover every line once")


def _renumber(which: NDArray[np.int32], names: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The numbers in use, rising, and for each entry its place among them; all are below ``names``."""
    used = np.flatnonzero(np.bincount(which, minlength=names))
    place = np.zeros(names, dtype=np.int64)
    place[used] = np.arange(len(used))
    return used, place[which]

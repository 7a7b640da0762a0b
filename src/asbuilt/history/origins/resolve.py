"""Where given lines of given commits come from, within a part of history: one walk for all of them."""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from asbuilt.history.git import Repository
from asbuilt.history.origins.stream import read_stream
from asbuilt.history.origins.table import Runs
from asbuilt.history.origins.walk import walk
from asbuilt.model.progress import Listener, silent

# For commits, for paths that are text files there: lines as positions from 0, in any order.
Seeds = Mapping[str, Mapping[bytes, "Sequence[int] | NDArray[np.integer]"]]
# For the same commits and paths: for each position the commit, path and 1-based line it comes from, or None.
Resolved = dict[str, dict[bytes, list[tuple[str, bytes, int] | None]]]


def resolve_lines(
    repository: Repository, seeds: Seeds, *, exclude: Sequence[str], on: Listener = silent
) -> Resolved:
    """Where lines come from, as ``git blame`` says, walking only what is reachable from their own commits.

    Args:
        repository: where.
        seeds: the lines.
        exclude: commits; what is reachable from them is not walked. A line that reaches such a commit comes from
            before: None. So does a line whose own commit is such, and a line that an absent blob hides.
        on: hears of commits walked.

    Raises:
        SourceError: history cannot be read.
    """
    # 1. Every line gets a number, every file its runs.
    runs: dict[str, dict[bytes, Runs]] = {}
    total = 0
    for commit, files in seeds.items():
        for path, positions in files.items():
            runs.setdefault(commit, {})[path] = _in_runs(np.asarray(positions, np.int64), total)
            total += len(positions)
    origins: list[tuple[str, bytes, int] | None] = [None] * total
    # 2. One walk.
    if total:
        with tempfile.TemporaryDirectory(dir=repository.private_dir) as folder:
            stream = read_stream(repository, list(runs), Path(folder), exclude=exclude)
            here = {commit: files for commit, files in runs.items() if commit in stream.number}
            found = walk(repository, stream, here, on=on).found
        columns = (found.gid, found.count, found.commit, found.path, found.line)
        for gid, count, number, place, line in zip(*(column.tolist() for column in columns), strict=True):
            own, path = found.commits[number], found.paths[place]
            for step in range(count):
                origins[gid + step] = (own, path, line + step + 1)
    # 3. The answers, in the order of the questions.
    answers = iter(origins)
    return {
        commit: {path: [next(answers) for _ in range(len(positions))] for path, positions in files.items()}
        for commit, files in seeds.items()
    }


def _in_runs(positions: NDArray[np.int64], start: int) -> Runs:
    """Positions that follow each other as runs, sorted; numbers count from ``start`` in the order given."""
    if not len(positions):
        return []
    begins = np.flatnonzero(np.concatenate(([True], np.diff(positions) != 1)))
    lengths = np.diff(np.append(begins, len(positions)))
    return sorted(zip(positions[begins].tolist(), lengths.tolist(), (begins + start).tolist(), strict=True))

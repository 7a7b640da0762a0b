"""The full pass: every line of every text file of one commit, from the whole history behind it.

1. The tree at the commit: links, submodules, empty and binary files have no lines to trace.
2. The stream of all commits behind it.
3. The walk, in one process or several.
4. The table. A file that lost a line to an absent blob is no row but a gap.
"""

import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np

from asbuilt.history.git import Repository
from asbuilt.history.origins.blobs import Blobs
from asbuilt.history.origins.boundary import find_boundary
from asbuilt.history.origins.diff import count_lines
from asbuilt.history.origins.share import Load, walk_together
from asbuilt.history.origins.stream import read_stream
from asbuilt.history.origins.table import Found, LineOrigins, tabulate
from asbuilt.history.origins.walk import TOGETHER, Walked
from asbuilt.model.inspection import Gap
from asbuilt.model.progress import Listener, silent
from asbuilt.model.text import path_text

_SNIFFED = 8_000  # git takes a file for binary when a NUL is among so many bytes at its start
ABSENT_CODE = "GAP-BLOB"
_LINK, _SUBMODULE = b"120000", b"160000"


class TextFile(NamedTuple):
    """One text file: ``lines`` counts a last line without newline too; ``size`` is in bytes."""

    path: bytes
    blob: str
    lines: int
    size: int


class Tree(NamedTuple):
    """Text files sorted by path, how many entries are none, and files whose blob is absent."""

    files: list[TextFile]
    skipped: dict[str, int]
    gaps: list[Gap]


def read_tree(repository: Repository, commit: str) -> Tree:
    """What stands at a commit, by kind."""
    tree = Tree([], dict.fromkeys(("binary", "empty", "symlink", "submodule"), 0), [])
    entries: list[tuple[bytes, bytes]] = []
    for line in repository.run("ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0")[:-1]:
        about, path = line.split(b"\t", 1)
        mode, _, blob = about.split(b" ")
        if mode in {_LINK, _SUBMODULE}:
            tree.skipped["symlink" if mode == _LINK else "submodule"] += 1
        else:
            entries.append((path, blob))
    with Blobs(repository) as blobs:
        for at in range(0, len(entries), TOGETHER):
            part = entries[at : at + TOGETHER]
            blobs.want(blob for _, blob in part)
            for path, blob in part:
                _sort_in(tree, path, blob.decode("ascii"), blobs.get(blob))
            blobs.release()
    tree.files.sort()
    return tree


def is_text(content: bytes) -> bool:
    """Whether a file has lines, by git's own rule; attributes are not asked."""
    return bool(content) and b"\0" not in content[:_SNIFFED]


def _sort_in(tree: Tree, path: bytes, blob: str, content: bytes | None) -> None:
    if content is None:
        tree.gaps.append(absent_gap(path, blob))
    elif not is_text(content):
        tree.skipped["binary" if content else "empty"] += 1
    else:
        tree.files.append(TextFile(path, blob, count_lines(content), len(content)))


def full_pass(
    repository: Repository, commit: str, *, on: Listener = silent, workers: int | None = None
) -> LineOrigins:
    """Where every line of every text file at a commit comes from, by walking all of history.

    Args:
        repository: where.
        commit: its id.
        on: hears of commits walked, as ``lines``.
        workers: processes at once; None: one a core for all but small histories.

    Raises:
        SourceError: history cannot be read, or a worker failed.
    """
    with tempfile.TemporaryDirectory(dir=repository.private_dir) as folder, ThreadPoolExecutor(1) as pool:
        # 1. The tree, and 2. the stream at the same time.
        reading = pool.submit(read_tree, repository, commit)
        stream = read_stream(repository, [commit], Path(folder))
        tree = reading.result()
        # 3. The walk.
        starts = np.concatenate(([0], np.cumsum([file.lines for file in tree.files], dtype=np.int64))).tolist()
        loads = [
            Load(file.path, file.lines, start, file.size)
            for file, start in zip(tree.files, starts[:-1], strict=True)
        ]
        parts = walk_together(repository, stream, Path(folder), commit, loads, on=on, workers=workers)
    # 4. The table.
    files, found, lost = _without_lost(tree.files, starts, parts)
    return tabulate(
        commit,
        repository.object_format,
        [file[:3] for file in files],
        found,
        boundary=find_boundary(repository, set(stream.commits)),
        skipped=tree.skipped,
        gaps=(*tree.gaps, *lost),
    )


def _without_lost(
    files: Sequence[TextFile], starts: list[int], parts: Sequence[Walked]
) -> tuple[list[TextFile], Found, list[Gap]]:
    """All parts as one, without the files that lost lines; line numbers close up."""
    found = _joined([part.found for part in parts])
    missing: dict[int, str] = {}
    for part in parts:
        for blob, runs in part.lost:
            for number in np.searchsorted(starts, [gid for _, _, gid in runs], side="right").tolist():
                missing.setdefault(number - 1, blob.decode("ascii"))
    if not missing:
        return list(files), found, []
    bounds = np.array(starts, np.int64)
    number = np.searchsorted(bounds, found.gid, side="right") - 1
    sizes = np.diff(bounds)
    gone = np.zeros(len(files), np.int64)
    gone[list(missing)] = sizes[list(missing)]
    before = np.cumsum(gone) - gone
    rows = gone[number] == 0
    found = Found(
        found.commits, found.paths, (found.gid - before[number])[rows],
        count=found.count[rows], commit=found.commit[rows], path=found.path[rows], line=found.line[rows],
    )  # fmt: skip
    kept = [file for place, file in enumerate(files) if place not in missing]
    return kept, found, [absent_gap(files[place].path, blob) for place, blob in sorted(missing.items())]


def _joined(parts: Sequence[Found]) -> Found:
    """Parts that share one list of commits."""
    if len(parts) == 1:
        return parts[0]
    paths: dict[bytes, int] = {}
    numbers = [np.array([paths.setdefault(path, len(paths)) for path in part.paths], np.int32) for part in parts]
    return Found(
        parts[0].commits,
        list(paths),
        np.concatenate([part.gid for part in parts]),
        count=np.concatenate([part.count for part in parts]),
        commit=np.concatenate([part.commit for part in parts]),
        path=np.concatenate([own[part.path] for own, part in zip(numbers, parts, strict=True)]),
        line=np.concatenate([part.line for part in parts]),
    )


def absent_gap(path: bytes, blob: str) -> Gap:
    """What is told of a file whose lines cannot be traced, because a version of it is not here."""
    return Gap(
        code=ABSENT_CODE,
        what="Where the lines of this file come from could not be found out.",
        why=f"A version of the file (blob {blob[:12]}) is absent, as in a partial clone, or damaged.",
        remedy="Clone again without --filter, or fetch all objects: git fetch --refetch --no-filter.",
        path=path_text(path),
    )

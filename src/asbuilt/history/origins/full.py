"""The full pass: every line of every text file of one commit, from the whole history behind it.

1. The tree at the commit: links, submodules, empty and binary files have no lines to trace.
2. The stream of all commits behind it.
3. The walk, one process or several; each has some of the files.
4. The table; files that lost lines to an absent blob become gaps.
"""

import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np

from asbuilt.history.git import Repository
from asbuilt.history.origins.blobs import Blobs
from asbuilt.history.origins.diff import count_lines
from asbuilt.history.origins.stream import read_stream
from asbuilt.history.origins.table import LineOrigins, Found, tabulate
from asbuilt.history.origins.walk import walk
from asbuilt.model.inspection import Gap
from asbuilt.model.progress import Listener, silent

_SNIFFED = 8_000  # git takes a file for binary when a NUL is among so many bytes at its start


class TextFile(NamedTuple):
    path: bytes
    blob: str
    lines: int
    size: int


class Tree(NamedTuple):
    files: list[TextFile]
    skipped: dict[str, int]
    gaps: list[Gap]


def read_tree(repository: Repository, commit: str) -> Tree:
    """The text files of a commit, sorted by path, and how many entries are none."""
    skipped = dict.fromkeys(("binary", "empty", "symlink", "submodule"), 0)
    files, gaps, entries = [], [], []
    for line in repository.run("ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0")[:-1]:
        meta, path = line.split(b"\t", 1)
        mode, kind, blob = meta.split(b" ")
        if kind == b"commit":
            skipped["submodule"] += 1
        elif mode == b"120000":
            skipped["symlink"] += 1
        else:
            entries.append((path, blob))
    with Blobs(repository) as blobs:
        for at in range(0, len(entries), 200):
            part = entries[at : at + 200]
            blobs.want([b for _, b in part])
            for path, blob in part:
                content = blobs.get(blob)
                if content is None:
                    gaps.append(Gap("x", "x", "x", "x"))
                elif not content:
                    skipped["empty"] += 1
                elif b"\0" in content[:_SNIFFED]:
                    skipped["binary"] += 1
                else:
                    files.append(TextFile(path, blob.decode("ascii"), count_lines(content), len(content)))
            blobs.release()
    files.sort()
    return Tree(files, skipped, gaps)


def full_pass(
    repository: Repository, commit: str, *, on: Listener = silent, workers: int | None = None
) -> LineOrigins:
    tree = read_tree(repository, commit)
    with tempfile.TemporaryDirectory(prefix="asbuilt-") as folder:
        stream = read_stream(repository, [commit], Path(folder))
        gid = 0
        seeds = {}
        for file in tree.files:
            seeds[file.path] = [(0, file.lines, gid)]
            gid += file.lines
        walked = walk(repository, stream, {commit: seeds}, on=on)
    return tabulate(
        commit,
        repository.object_format,
        [(f.path, f.blob, f.lines) for f in tree.files],
        walked.found,
        skipped=tree.skipped,
    )

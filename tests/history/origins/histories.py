"""Whole histories for tests, written in one go: every commit is given as its full tree."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from tests.repos import START, Repo

FILE, EXECUTABLE, SYMLINK, SUBMODULE = b"100644", b"100755", b"120000", b"160000"


class Entry(NamedTuple):
    """A tree entry; of a submodule, ``content`` is the hex id."""

    mode: bytes
    content: bytes


Tree = Mapping[bytes, bytes | Entry]


class History:
    """Commits as full trees with any parents; ``build`` writes them with one ``git fast-import``."""

    def __init__(self) -> None:
        self.trees: list[dict[bytes, Entry]] = []
        self.parents: list[tuple[int, ...]] = []
        self._stream: list[bytes] = []
        self._blobs: dict[bytes, int] = {}

    def commit(self, tree: Tree, *parents: int, at: int | None = None) -> int:
        """Add a commit; returns its number, to be named as a parent later."""
        number = len(self.trees)
        entries = {path: entry if isinstance(entry, Entry) else Entry(FILE, entry) for path, entry in tree.items()}
        self.trees.append(entries)
        self.parents.append(parents)
        for entry in entries.values():
            if entry.mode != SUBMODULE and entry.content not in self._blobs:
                mark = self._blobs[entry.content] = len(self._blobs) + 1
                self._stream.append(b"blob\nmark :%d\ndata %d\n%s\n" % (mark, len(entry.content), entry.content))
        out = [] if parents else [b"reset refs/heads/main\n\n"]
        when = START + 60 * number if at is None else at
        out.append(b"commit refs/heads/main\nmark :%d\n" % _mark(number))
        out.append(b"committer Ana Alves <ana@example.com> %d +0000\ndata 6\nchange\n" % when)
        out += [b"%s :%d\n" % (b"merge" if i else b"from", _mark(p)) for i, p in enumerate(parents)]
        out.append(b"deleteall\n")
        for path, entry in entries.items():
            name = entry.content if entry.mode == SUBMODULE else b":%d" % self._blobs[entry.content]
            out.append(b'M %s %s "%s"\n' % (entry.mode, name, _quoted(path)))
        self._stream += [*out, b"\n"]
        return number

    def build(self, repo: Repo) -> list[str]:
        """Write everything; the id of each commit by its number. ``main`` is the last one."""
        marks = repo.path.parent / f"{repo.path.name}.marks"
        stream = b"".join(self._stream)
        repo.git("fast-import", "--quiet", "--force", f"--export-marks={marks}", stdin=stream)
        ids = dict(line.split() for line in marks.read_text().splitlines())
        return [ids[f":{_mark(number)}"] for number in range(len(self.trees))]


def _mark(commit: int) -> int:
    return 1_000_000 + commit


def _quoted(path: bytes) -> bytes:
    return path.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")


class Line(NamedTuple):
    """What ``git blame`` says of one line."""

    commit: str
    path: bytes
    line: int


def text_files(repo: Repo, commit: str) -> list[bytes]:
    """The regular files of a commit that have lines and are text, by git's rule (no NUL in the first 8,000 bytes)."""
    found = []
    for entry in repo.git("ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0")[:-1]:
        head, path = entry.split(b"\t", 1)
        mode, _, blob = head.split(b" ")
        if mode in {FILE, EXECUTABLE}:
            content = repo.git("cat-file", "blob", blob)
            if content and b"\0" not in content[:8000]:
                found.append(path)
    return found


def blame(repo: Repo, commit: str, path: bytes) -> list[Line]:
    """Plain ``git blame --line-porcelain`` in the test's own repository, default options, one entry a line."""
    said = repo.git("blame", "--line-porcelain", commit, "--", path)
    found: list[Line] = []
    at = 0
    while at < len(said):
        end = said.index(b"\n", at)
        own, origin, final = said[at:end].split(b" ")[:3]
        assert int(final) == len(found) + 1
        while not said.startswith(b"filename ", end + 1):
            end = said.index(b"\n", end + 1)
        start = end + 1
        end = said.index(b"\n", start)
        found.append(Line(own.decode(), unquoted(said[start + 9 : end]), int(origin)))
        assert said[end + 1 : end + 2] == b"\t"
        at = said.index(b"\n", end + 1) + 1 if b"\n" in said[end + 1 :] else len(said)
    return found


def unquoted(path: bytes) -> bytes:
    """A path as git prints it, without its C-style quotes."""
    if not path.startswith(b'"'):
        return path
    return path[1:-1].decode("unicode_escape").encode("latin-1")


def blame_tree(repo: Repo, commit: str) -> dict[bytes, list[Line]]:
    """``blame`` of every text file."""
    return {path: blame(repo, commit, path) for path in text_files(repo, commit)}


def git_plain(path: Path, *args: str) -> bytes:
    """A git command on any repository, without the user's settings."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    env |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C"}
    return subprocess.run(["git", *args], cwd=path, capture_output=True, env=env, check=True).stdout

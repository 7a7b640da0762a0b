r"""History as one stream: commits with children before parents, and what each changed, read before any blob is.

    1. `rev-list --topo-order --parents` names the commits and the parents that git uses: grafts, replace refs and
       a shallow boundary are in them.
    2. `diff-tree --stdin` compares each commit with its first parent. The list is cut in two, one process a core.
    3. `diff-tree --stdin -c` compares each merge of two with both parents: a path that is in 2 and not here is
       identical in the second parent.
    4. The answers lie in files, so that every worker maps the same bytes; a commit's entries are taken apart when
       the walk has lines there, and not before.

Entries are `:mode mode id id status NUL path NUL` (`git-diff-tree`, "Raw output format" and "diff format for
merges"); tokens are read in sequence, since a path may hold any byte but NUL.
"""

import mmap
import re
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from asbuilt.history.git import Repository, git_failed
from asbuilt.model.errors import SourceError

_COMPARE = ("diff-tree", "--stdin", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", "--no-ext-diff")
REGULAR = b"100"  # how the mode of a regular file begins; 120000 is a link, 160000 a submodule
ABSENT = b"000000"


class Change(NamedTuple):
    """One path as a commit and one of its parents have it; ids and modes as git prints them."""

    old_mode: bytes
    new_mode: bytes
    old: bytes
    new: bytes


class Stream:
    """Commits in walking order and their changes.

    Attributes:
        commits: ids, children before parents; ``commits[inside:]`` are parents that the stream itself leaves out
            (excluded ones), in the order met.
        inside: how many commits the stream holds.
        number: from id to place in ``commits``.
        parents: of each commit inside, places in ``commits``.
    """

    __slots__ = (
        "_chunks",
        "_combined",
        "_first",
        "_folder",
        "_id_length",
        "commits",
        "inside",
        "number",
        "parents",
    )

    def __init__(self, folder: Path, id_length: int) -> None:
        lines = (folder / "commits").read_text("ascii").splitlines()
        self._id_length = id_length
        self.commits = [line[:id_length] for line in lines]
        self.inside = len(lines)
        self.number = {commit: number for number, commit in enumerate(self.commits)}
        self.parents: list[tuple[int, ...]] = []
        for line in lines:
            own = []
            for parent in line.split(" ")[1:]:
                place = self.number.get(parent)
                if place is None:
                    place = self.number[parent] = len(self.commits)
                    self.commits.append(parent)
                own.append(place)
            self.parents.append(tuple(own))
        # Indexed when first asked: whoever hands the walk to workers never asks.
        self._folder = folder
        self._chunks: list[bytes | mmap.mmap] = []
        self._first: dict[int, tuple[int, int, int]] | None = None
        self._combined: dict[int, tuple[int, int, int]] | None = None

    def _index(self, kind: str) -> dict[int, tuple[int, int, int]]:
        """For each commit that has entries: which chunk, and from where to where."""
        found: dict[int, tuple[int, int, int]] = {}
        entry = re.compile(rb"([0-9a-f]{%d})\0((?::[^\0]*\0[^\0]*\0)*)" % self._id_length)
        for file in sorted(self._folder.glob(kind + ".*.raw")):
            body = _mapped(file)
            at, end = 0, len(body)
            while at < end:
                match = entry.match(body, at)
                if match is None:
                    raise SourceError("The output of `git diff-tree` is not what its manual says.")
                at = match.end()
                if match.start(2) != at:
                    found[self.number[match[1].decode("ascii")]] = (len(self._chunks), match.start(2), at)
            self._chunks.append(body)
        return found

    def changes(self, commit: int) -> tuple[list[bytes], list[bytes]]:
        """What a commit changed against its first parent: paths, and beside each its entry for ``read_change``."""
        if self._first is None:
            self._first = self._index("first")
        place = self._first.get(commit)
        if place is None:
            return [], []
        tokens = self._chunks[place[0]][place[1] : place[2] - 1].split(b"\0")
        return tokens[1::2], tokens[0::2]

    def combined(self, commit: int) -> dict[bytes, tuple[Change, ...]]:
        """Paths of a merge that differ from all parents, with the change against each parent in order."""
        if self._combined is None:
            self._combined = self._index("combined")
        place = self._combined.get(commit)
        if place is None:
            return {}
        tokens = self._chunks[place[0]][place[1] : place[2] - 1].split(b"\0")
        return dict(zip(tokens[1::2], map(_read_combined, tokens[0::2]), strict=True))


def read_change(entry: bytes) -> Change:
    """One raw entry: ``:100644 100644 ID ID M``."""
    old_mode, new_mode, old, new, _ = entry[1:].split(b" ")
    return Change(old_mode, new_mode, old, new)


def _read_combined(entry: bytes) -> tuple[Change, ...]:
    parents = len(entry) - len(entry.lstrip(b":"))
    words = entry[parents:].split(b" ")
    modes, ids = words[: parents + 1], words[parents + 1 : -1]
    return tuple(Change(modes[n], modes[-1], ids[n], ids[-1]) for n in range(parents))


def read_stream(
    repository: Repository, tips: Sequence[str], folder: Path, *, exclude: Sequence[str] = (), processes: int = 2
) -> Stream:
    """The commits reachable from ``tips`` and not from ``exclude``.

    Args:
        repository: where.
        tips: commit ids.
        folder: empty; the stream keeps its files there and needs them as long as it lives.
        exclude: commit ids.
        processes: git processes at once.

    Raises:
        SourceError: a commit or tree is absent or damaged.
    """
    # 1. Commits and parents.
    names = "\n".join([*tips, *(f"^{commit}" for commit in exclude)]).encode()
    listing = repository.run("rev-list", "--topo-order", "--parents", "--stdin", stdin=names + b"\n")
    (folder / "commits").write_bytes(listing)
    lines = listing.splitlines()
    wide = 2 * repository.id_length + 1
    # 2. and 3. Comparisons.
    share = max(-(-len(lines) // max(processes, 1)), 1)
    parts = [lines[at : at + share] for at in range(0, len(lines), share)]
    jobs: list[_Job] = []
    for number, part in enumerate(parts):
        jobs.append(_Job("first", number, [line[:wide] for line in part if len(line) >= wide], ()))
        jobs.append(_Job("combined", number, [line for line in part if line.count(b" ") == 2], ("-c",)))
    _compare(repository, folder, jobs)
    # 4. The files, mapped.
    return Stream(folder, repository.id_length)


def compare(repository: Repository, parent: str, commit: str) -> dict[bytes, Change]:
    """What differs between one parent and a commit, whichever parent it is."""
    words = [word for word in _COMPARE if word != "--stdin"]
    tokens = repository.run(*words, parent, commit).split(b"\0")
    return dict(zip(tokens[1::2], map(read_change, tokens[:-1:2]), strict=True))


class _Job(NamedTuple):
    kind: str
    number: int
    asked: list[bytes]
    flags: tuple[str, ...]


def _compare(repository: Repository, folder: Path, jobs: Sequence[_Job]) -> None:
    running = []
    try:
        for kind, number, asked, flags in jobs:
            if not asked:
                continue
            words = ("--literal-pathspecs", *_COMPARE, *flags)
            with tempfile.TemporaryFile() as questions, (folder / f"{kind}.{number}.raw").open("wb") as answers:
                questions.write(b"\n".join(asked) + b"\n")
                questions.seek(0)
                errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the process has ended
                process = subprocess.Popen(
                    ["git", *words], stdin=questions, stdout=answers, stderr=errors, env=repository.environment
                )
                running.append((process, errors))
        for process, errors in running:
            if process.wait() != 0:
                errors.seek(0)
                raise git_failed(("diff-tree",), process.returncode, errors.read())
    finally:
        for process, errors in running:
            if process.poll() is None:
                process.kill()
                process.wait()
            errors.close()


def _mapped(file: Path) -> bytes | mmap.mmap:
    with file.open("rb") as opened:
        if file.stat().st_size == 0:
            return b""
        return mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)

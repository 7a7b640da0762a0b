"""From the origins of one revision to those of a later one, reading only what lies between.

``git blame`` has no memory: the origin of a line at a commit depends on that commit, its parents and the versions
of the file, and on nothing else. So a line that arrives at the old revision has the origin it has there.

    1. Walk ``old..new``. Lines that arrive at ``old`` take their origin from its table.
    2. A branch that forked before ``old`` brings lines to its fork point instead. Walk on from the fork points
       down to their common ancestor with ``old``, and with them the lines of the same files at ``old``: where a
       line of ours and a line of ``old`` stand at one place of one version, they have one origin.
    3. What then still has none (lines that ``old`` has lost since): ``git blame``, for these lines only.

Whenever that would cost more than walking everything, the answer is None and the caller walks everything.
"""

import hashlib
import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np

from asbuilt.history.git import Repository
from asbuilt.history.origins.ancestry import count_commits
from asbuilt.history.origins.blame import blame_lines
from asbuilt.history.origins.blobs import Blobs
from asbuilt.history.origins.boundary import find_boundary
from asbuilt.history.origins.diff import count_lines
from asbuilt.history.origins.full import ABSENT_CODE, absent_gap, is_text
from asbuilt.history.origins.gathered import Gathering, line_bounds
from asbuilt.history.origins.runs import OriginRun, cut_runs
from asbuilt.history.origins.stream import ABSENT, Stream, compare, read_stream
from asbuilt.history.origins.table import Found, LineOrigins, Runs, tabulate
from asbuilt.history.origins.walk import Arrival, walk
from asbuilt.model.errors import SourceError
from asbuilt.model.inspection import Gap
from asbuilt.model.text import path_bytes

MOST_COMMITS = 20_000  # in one walk on one core; beyond, a full pass on all cores is as quick
MOST_BLAMED = 60  # files; each costs a good part of a second on a large history


_KINDS = {b"120000": "symlink", b"160000": "submodule"}


class _Left(NamedTuple):
    """Lines at a place of history that no table knows: commit, path there, runs."""

    commit: str
    path: bytes
    runs: Runs


class LaterFiles(NamedTuple):
    """What stands at the later revision, and what changed since the older one.

    ``text``: blob and number of lines of each text file, sorted by path; ``skipped`` and ``gaps`` as in
    ``LineOrigins``; ``changed``: all paths that differ.
    """

    text: dict[bytes, tuple[str, int]]
    skipped: dict[str, int]
    gaps: dict[bytes, Gap]
    changed: frozenset[bytes]


def list_later(repository: Repository, old: LineOrigins, new: str) -> LaterFiles:
    """What stands at ``new``, by what changed since ``old``."""
    sizes = np.diff(line_bounds(old)).tolist()
    text = dict(zip(old.paths, zip(old.blobs, sizes, strict=True), strict=True))
    gaps = {path_bytes(gap.path): gap for gap in old.gaps if gap.code == ABSENT_CODE and gap.path is not None}
    later = LaterFiles(text, dict(old.skipped), gaps, frozenset())
    changes = compare(repository, old.tip, new)
    empty = hashlib.new(old.object_format, b"blob 0\0").hexdigest().encode()
    with Blobs(repository) as blobs:
        for path, change in changes.items():
            # 1. What stood there goes.
            known = text.pop(path, None) or gaps.pop(path, None)
            if known is None and change.old_mode != ABSENT:
                kind = _KINDS.get(change.old_mode) or ("empty" if change.old == empty else "binary")
                later.skipped[kind] -= 1
            # 2. What stands there comes.
            if change.new_mode in _KINDS:
                later.skipped[_KINDS[change.new_mode]] += 1
            elif change.new_mode != ABSENT:
                _sort_in(later, path, change.new.decode("ascii"), blobs.get(change.new))
                blobs.release()
    return LaterFiles(dict(sorted(text.items())), later.skipped, dict(sorted(gaps.items())), frozenset(changes))


def _sort_in(later: LaterFiles, path: bytes, blob: str, content: bytes | None) -> None:
    if content is None:
        later.gaps[path] = absent_gap(path, blob)
    elif not is_text(content):
        later.skipped["binary" if content else "empty"] += 1
    else:
        later.text[path] = (blob, count_lines(content))


def extend_origins(repository: Repository, old: LineOrigins, new: str, files: LaterFiles) -> LineOrigins | None:
    """The origins of ``new`` from those of ``old``, its ancestor; None when a full pass is the better way.

    Args:
        repository: where.
        old: the table of the ancestor, sound and of the same state of the repository.
        new: commit id.
        files: ``list_later`` of the two.

    Raises:
        SourceError: history cannot be read.
    """
    if count_commits(repository, [new], [old.tip]) > MOST_COMMITS:
        return None
    extension = _Extension(repository, old, new, files)
    if not extension.settle():
        return None
    listed = [(path, blob, lines) for path, (blob, lines) in files.text.items()]
    found = extension.home.found()
    boundary = find_boundary(repository, set(found.commits))
    return tabulate(
        new,
        old.object_format,
        listed,
        found,
        boundary=boundary,
        skipped=files.skipped,
        gaps=tuple(files.gaps.values()),
    )


class _Extension:
    """One increment at work."""

    def __init__(self, repository: Repository, old: LineOrigins, new: str, files: LaterFiles) -> None:
        self.repository = repository
        self.old = old
        self.bounds = line_bounds(old)
        self.starts = self.bounds.tolist()
        self.numbers = {path: number for number, path in enumerate(old.paths)}
        self.new = new
        self.home = Gathering()
        self.seeds: dict[bytes, Runs] = {}
        self.lines = 0
        for path, (_, lines) in files.text.items():
            self.seeds[path] = [(0, lines, self.lines)]
            self.lines += lines

    def settle(self) -> bool:
        """Bring every line home; False when a full pass is the better way."""
        with tempfile.TemporaryDirectory(dir=self.repository.private_dir) as folder:
            stream = _read(self.repository, Path(folder, "new"), [self.new], [self.old.tip])
            walked = walk(self.repository, stream, {self.new: self.seeds})
            if walked.lost:
                return False
            self.home.add(walked.found)
            left = self._take(a for a in walked.arrivals if a.commit == self.old.tip)
            foreign = [a for a in walked.arrivals if a.commit != self.old.tip]
            if foreign:
                older = self._walk_on(foreign, Path(folder, "older"))
                if older is None:
                    return False
                left += older
        return self._ask_git(left)

    def _take(self, arrivals: Iterable[Arrival]) -> list[_Left]:
        """Lines that arrived at the old revision take the origin they have there; what its table does not know."""
        wanted: list[tuple[int, int, int]] = []
        left: list[_Left] = []
        for commit, path, runs in arrivals:
            number = self.numbers.get(path)
            if number is None:  # no text file there, such as a binary one
                left.append(_Left(commit, path, runs))
                continue
            start = self.starts[number]
            wanted += [(gid, start + at, lines) for at, lines, gid in runs]
        self.home.add_indexed(self.old, self.bounds, wanted)
        return left

    def _walk_on(self, foreign: Sequence[Arrival], folder: Path) -> list[_Left] | None:
        """Step 2: what remains, or None when it would be too far to walk."""
        forks = sorted({arrival.commit for arrival in foreign})
        base = self.repository.run("merge-base", "--octopus", self.old.tip, *forks, ok=(0, 1)).decode().split()
        stream = _read(self.repository, folder, [self.old.tip, *forks], base)
        seeds: dict[str, dict[bytes, Runs]] = {}
        beyond = [a for a in foreign if stream.number.get(a.commit, stream.inside) >= stream.inside]
        for commit, path, runs in foreign:
            if stream.number.get(commit, stream.inside) >= stream.inside:
                continue  # the common ancestor itself
            known = seeds.setdefault(commit, {})
            known[path] = sorted([*known.get(path, []), *runs])
        # Lines of the old revision are numbered after ours, one apart so that no run can hold both.
        offset = self.lines + 1
        seeds.setdefault(self.old.tip, {}).update(
            {
                path: [(0, self.starts[number + 1] - self.starts[number], offset + self.starts[number])]
                for path in {arrival.path for arrival in foreign}
                if (number := self.numbers.get(path)) is not None
            }
        )
        walked = walk(self.repository, stream, seeds)
        if walked.lost:
            return None
        self.home.add(_below(walked.found, self.lines))
        wanted, left = _meet([*walked.arrivals, *beyond], offset)
        self.home.add_indexed(self.old, self.bounds, wanted)
        return left

    def _ask_git(self, left: Sequence[_Left]) -> bool:
        """Step 3."""
        if len(left) > MOST_BLAMED:
            return False

        def ask(one: _Left) -> list[tuple[int, OriginRun]]:
            ranges = sorted({(at + 1, at + lines) for at, lines, _ in one.runs})
            said = blame_lines(self.repository, one.commit, one.path, ranges)
            return [(gid - at, part) for at, lines, gid in one.runs for part in cut_runs(said, at + 1, at + lines)]

        try:
            with ThreadPoolExecutor(2) as pool:
                for found in pool.map(ask, left):
                    for start, run in found:
                        self.home.add_runs(start, [run])
        except SourceError:  # an object is absent: the full pass tells which lines that takes
            return False
        return True


def _meet(arrivals: Sequence[Arrival], offset: int) -> tuple[list[tuple[int, int, int]], list[_Left]]:
    """Ours and the old revision's lines that arrived at the same place: pairs, and ours that met none."""
    places: dict[tuple[str, bytes], Runs] = {}
    for commit, path, runs in arrivals:
        places.setdefault((commit, path), []).extend(runs)
    wanted: list[tuple[int, int, int]] = []
    left: list[_Left] = []
    for (commit, path), runs in places.items():
        known = sorted(run for run in runs if run[2] >= offset)
        alone: Runs = []
        for at, lines, gid in sorted(run for run in runs if run[2] < offset):
            here, end = at, at + lines
            for start, count, token in known:
                top, bottom = max(here, start), min(end, start + count)
                if top >= bottom:
                    continue
                if top > here:
                    alone.append((here, top - here, gid + here - at))
                wanted.append((gid + top - at, token - offset + top - start, bottom - top))
                here = bottom
            if here < end:
                alone.append((here, end - here, gid + here - at))
        if alone:
            left.append(_Left(commit, path, alone))
    return wanted, left


def _below(found: Found, limit: int) -> Found:
    """The runs whose global numbers are below ``limit``."""
    ours = found.gid < limit
    return Found(
        found.commits, found.paths, found.gid[ours], found.count[ours], found.commit[ours], found.path[ours],
        found.line[ours],
    )  # fmt: skip


def _read(repository: Repository, folder: Path, tips: Sequence[str], exclude: Sequence[str]) -> Stream:
    folder.mkdir()
    return read_stream(repository, tips, folder, exclude=exclude)

"""Who wrote every line of a tree, as columns."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from asbuilt.history.attribution.detail import Detail
from asbuilt.model.attribution import Authorship, Replay
from asbuilt.model.origin import LineRun
from asbuilt.model.text import path_text

# Replays by number, for columns.
REPLAYS = tuple(Replay)


class LineAttribution:
    """Who wrote every line of a tree; one row a run, in the order of files and lines.

    Attributes:
        paths: the text files, sorted by their bytes.
        file: which of ``paths`` the run lies in; int32, as all columns of numbers.
        first: its 1-based first line there.
        count: how many lines it has.
        origin: which of ``commits`` ``git blame`` names.
        origin_path: which of ``origin_paths`` its lines stood at there.
        origin_line: 1-based line of ``first`` there.
        writing: which of ``commits`` wrote the lines: the origin, or through a squash a commit of the branch.
        replay: number of the ``Replay`` in ``REPLAYS``, -1 where the origin is no squash; int8.
        boundary: whether history ends before the true origin.
        detail: which of ``details`` says who wrote it.
        commits: ids.
        origin_paths: paths as bytes.
        details: authorship and evidence.
    """

    __slots__ = (
        "boundary", "commits", "count", "detail", "details", "file", "first", "origin", "origin_line",
        "origin_path", "origin_paths", "paths", "replay", "writing",
    )  # fmt: skip

    def __init__(
        self, *, paths: Sequence[bytes], file: NDArray[np.int32], first: NDArray[np.int32],
        count: NDArray[np.int32], origin: NDArray[np.int32], origin_path: NDArray[np.int32],
        origin_line: NDArray[np.int32], writing: NDArray[np.int32], replay: NDArray[np.int8],
        boundary: NDArray[np.bool_], detail: NDArray[np.int32], commits: Sequence[str],
        origin_paths: Sequence[bytes], details: Sequence[Detail],
    ) -> None:  # fmt: skip
        self.paths = paths
        self.file = file
        self.first = first
        self.count = count
        self.origin = origin
        self.origin_path = origin_path
        self.origin_line = origin_line
        self.writing = writing
        self.replay = replay
        self.boundary = boundary
        self.detail = detail
        self.commits = commits
        self.origin_paths = origin_paths
        self.details = details

    def __len__(self) -> int:
        return len(self.first)

    def runs(self, path: bytes | None = None) -> Iterator[LineRun]:
        """Every run, or those of one file, as values; nothing when it is no text file of the tree."""
        rows = slice(0, len(self)) if path is None else self._rows(path)
        shown = [path_text(path) for path in self.paths]
        origins = [path_text(path) for path in self.origin_paths]
        columns = (
            self.file, self.first, self.count, self.origin, self.origin_path, self.origin_line, self.writing,
            self.replay, self.boundary, self.detail,
        )  # fmt: skip
        for file, first, count, origin, origin_path, origin_line, writing, replay, boundary, detail in zip(
            *(column[rows].tolist() for column in columns), strict=True
        ):
            told = self.details[detail]
            yield LineRun(
                shown[file], first, first + count - 1, self.commits[origin], origins[origin_path], origin_line,
                self.commits[writing], told.authorship, told.tool, told.model, told.confidence,
                None if replay < 0 else REPLAYS[replay], boundary, told.evidence,
            )  # fmt: skip

    def _rows(self, path: bytes) -> slice:
        try:
            number = list(self.paths).index(path)
        except ValueError:
            return slice(0, 0)
        start, end = np.searchsorted(self.file, (number, number + 1))
        return slice(int(start), int(end))

    def by_authorship(self) -> dict[Authorship, int]:
        """Lines of each class, every class named."""
        found = dict.fromkeys(Authorship, 0)
        for detail, lines in self._by_detail():
            found[detail.authorship] += lines
        return found

    def by_tool(self) -> dict[str | None, int]:
        """AI-written lines of each tool, most first; None for records that name no tool."""
        found: dict[str | None, int] = {}
        for detail, lines in self._by_detail():
            if detail.authorship in {Authorship.AI_TRACKED, Authorship.AI_DECLARED}:
                found[detail.tool] = found.get(detail.tool, 0) + lines
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0] or "")))

    def files(self) -> Iterator[tuple[bytes, dict[Authorship, int]]]:
        """Lines of each class in each file, in order of path; classes without lines are left out."""
        classes = tuple(Authorship)
        number = {authorship: place for place, authorship in enumerate(classes)}
        kinds = np.array([number[detail.authorship] for detail in self.details], dtype=np.int64)
        keys = self.file.astype(np.int64) * len(classes) + (kinds[self.detail] if len(self) else 0)
        totals = np.bincount(keys, weights=self.count, minlength=len(self.paths) * len(classes)).astype(np.int64)
        for path, row in zip(self.paths, totals.reshape(-1, len(classes)).tolist(), strict=True):
            yield path, {authorship: lines for authorship, lines in zip(classes, row, strict=True) if lines}

    def _by_detail(self) -> Iterator[tuple[Detail, int]]:
        totals = np.bincount(self.detail, weights=self.count, minlength=len(self.details)).astype(np.int64)
        yield from zip(self.details, totals.tolist(), strict=True)

"""Who wrote the lines that findings of a report stand on: from the clone that the report is recorded in.

1. Findings with a file and a line are gathered by the commit that was scanned.
2. Where the clone holds that commit, each line is traced to its origin and attributed, as an inspection does it.
3. A line whose origin lies before the history that is here keeps none; neither does one that the tree has not.
"""

import importlib
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from asbuilt.history.git import Repository, open_repository
from asbuilt.model.errors import ConfigError, SourceError, UsageError
from asbuilt.model.origin import LineRun

_Row = Mapping[str, object]


class Traced:
    """Who wrote the lines of findings; eight bytes are held for each line."""

    def __init__(self) -> None:
        # By commit and path: the lines of findings, and of each the place of its origin in the list; 0: not known.
        self._lines: dict[tuple[str, str], array[int]] = {}
        self._found: dict[tuple[str, str], array[int]] = {}
        self._origins: list[dict[str, str]] = [{}]
        self._unknown = 0
        self._why: str | None = None

    def take(self, row: _Row) -> None:
        """(1) Take note of a finding's place."""
        if (own := _place(row)) is not None:
            self._lines.setdefault(own[:2], array("i")).append(own[2])

    def trace(self, place: Path) -> None:
        """(2), (3) Trace all lines that were taken note of, in the clone that is there."""
        for own, lines in self._lines.items():
            kept = self._lines[own] = array("i", sorted(set(lines)))
            self._found[own] = array("i", bytes(4 * len(kept)))
        if not self._lines:
            return
        try:
            with open_repository(place) as repository:
                for commit in dict.fromkeys(commit for commit, _ in self._lines):
                    self._commit(repository, commit)
        except (UsageError, SourceError, ConfigError) as error:
            self._why = error.what

    def told(self, row: _Row) -> dict[str, str]:
        """``attribution`` and ``written_in`` of a row's line, as far as they are known; others are counted."""
        own = _place(row)
        if own is None:
            return {}
        found = self._origins[self._found[own[:2]][bisect_left(self._lines[own[:2]], own[2])]]
        self._unknown += not found
        return found

    def sentence(self) -> str | None:
        """How many rows could not be told who wrote their lines, and why; None: there was none."""
        if not self._unknown:
            return None
        findings = "finding" if self._unknown == 1 else "findings"
        said = f"who wrote the lines of {self._unknown:,} {findings} is not known"
        return f"{said}: {self._why}" if self._why else said

    def _commit(self, repository: Repository, commit: str) -> None:
        """(2) The runs of lines that findings stand on."""
        numbers: dict[tuple[str, str], int] = {}
        # What traces lines is brought only where there are some, and the clone holds their commit.
        repository.resolve(commit)
        attributed: Any = importlib.import_module("asbuilt.app.attributed")
        runs: Iterable[LineRun] = attributed.attribute_tree(repository, commit).lines.runs()
        for run in runs:
            lines = self._lines.get((commit, run.path))
            if lines is None or run.boundary:  # (3)
                continue
            first, last = bisect_left(lines, run.first), bisect_right(lines, run.last)
            if first < last:
                told = (run.authorship.value, run.writing)
                if told not in numbers:
                    numbers[told] = len(self._origins)
                    self._origins.append({"attribution": told[0], "written_in": told[1]})
                found = self._found[commit, run.path]
                for at in range(first, last):
                    found[at] = numbers[told]


def _place(row: _Row) -> tuple[str, str, int] | None:
    """Commit, path and line of an open finding; None: it does not tell all three."""
    commit, path, line = row.get("commit"), row.get("path"), row.get("line")
    if isinstance(commit, str) and isinstance(path, str) and isinstance(line, int) and "closed_at" not in row:
        return commit, path, line
    return None

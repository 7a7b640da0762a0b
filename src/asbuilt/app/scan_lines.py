"""Who wrote the lines that findings of a report stand on: from the clone that the report is recorded in.

1. Findings with a file and a line are gathered by the commit that was scanned.
2. Where the clone holds that commit, each line is traced to its origin and attributed, as an inspection does it.
3. A line whose origin lies before the history that is here keeps none; neither does one that the tree has not.
"""

import importlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from asbuilt.history.git import Repository, open_repository
from asbuilt.model.errors import ConfigError, SourceError, UsageError
from asbuilt.model.origin import LineRun

_Row = dict[str, object]


def attribute_findings(rows: Iterable[_Row], place: Path) -> str | None:
    """Give each row of ``findings_seen`` its ``attribution``; a sentence where some could not be traced."""
    # (1)
    wanted: dict[str, dict[tuple[str, int], list[_Row]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        commit, path, line = row.get("commit"), row.get("path"), row.get("line")
        if isinstance(commit, str) and isinstance(path, str) and isinstance(line, int) and "closed_at" not in row:
            wanted[commit][path, line].append(row)
    if not wanted:
        return None
    count = sum(len(own) for lines in wanted.values() for own in lines.values())
    try:
        with open_repository(place) as repository:
            for commit, lines in wanted.items():
                for told in _written(repository, commit, lines):
                    count -= told
    except (UsageError, SourceError, ConfigError) as error:
        return f"{_unknown(count)}: {error.what}"
    return _unknown(count) if count else None


def _unknown(count: int) -> str:
    return f"who wrote the lines of {count:,} {'finding' if count == 1 else 'findings'} is not known"


def _written(repository: Repository, commit: str, lines: dict[tuple[str, int], list[_Row]]) -> Iterator[int]:
    """(2) How many rows each run of lines told of."""
    paths = defaultdict(list)
    for path, line in lines:
        paths[path].append(line)
    # What traces lines is brought only where there are some.
    attributed: Any = importlib.import_module("asbuilt.app.attributed")
    runs: Iterable[LineRun] = attributed.attribute_tree(repository, commit).lines.runs()
    for run in runs:
        for line in paths.get(run.path, ()):
            # (3)
            if run.first <= line <= run.last and not run.boundary:
                for row in lines[run.path, line]:
                    row |= {"attribution": run.authorship.value, "written_in": run.writing}
                    yield 1

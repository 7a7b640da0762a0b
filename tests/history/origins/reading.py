"""Line origins as the tests compare them: one entry a line, and every invariant of the table checked on the way."""

from pathlib import Path

from asbuilt.history.git import open_repository
from asbuilt.history.origins import LineOrigins, line_origins
from asbuilt.history.origins.full import full_pass
from tests.history.origins.histories import Line
from tests.repos import Repo


def origins_of(repo: Repo, revision: str = "main", index: Path | None = None) -> LineOrigins:
    with open_repository(repo.path) as opened:
        return line_origins(opened, opened.resolve(revision), index=index)


def walked(repo: Repo, revision: str = "main") -> LineOrigins:
    """By the walk, however small the repository is."""
    with open_repository(repo.path) as opened:
        return full_pass(opened, opened.resolve(revision), workers=1)


def lines_of(origins: LineOrigins) -> dict[bytes, list[Line]]:
    assert origins.paths == sorted(origins.paths)
    assert len(origins.paths) == len(origins.blobs) == len(origins.file_start) - 1
    assert len(origins.first) == len(origins.count) == len(origins.commit) == origins.file_start[-1]
    assert len(set(origins.commits)) == len(origins.commits)
    assert len(set(origins.origin_paths)) == len(origins.origin_paths)
    found: dict[bytes, list[Line]] = {}
    for number, path in enumerate(origins.paths):
        lines = found[path] = []
        for run in range(origins.file_start[number], origins.file_start[number + 1]):
            assert origins.first[run] == len(lines) + 1
            assert origins.count[run] > 0
            commit = origins.commits[origins.commit[run]]
            name = origins.origin_paths[origins.origin_path[run]]
            start = int(origins.origin_line[run])
            lines += [Line(commit, name, start + step) for step in range(origins.count[run])]
    return found


def assert_same(found: dict[bytes, list[Line]], expected: dict[bytes, list[Line]]) -> None:
    """Equal, and if not: the first difference, small enough to read."""
    assert set(found) == set(expected)
    for path, lines in expected.items():
        assert len(found[path]) == len(lines), path
        for number, (ours, gits) in enumerate(zip(found[path], lines, strict=True), 1):
            assert ours == gits, (path, number)

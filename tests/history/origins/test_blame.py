"""What ``blame_files`` reads is what plain ``git blame`` says, on every shape of history."""

import pytest

from asbuilt.history.git import open_repository
from asbuilt.history.origins.blame import blame_files, blame_lines, parse_blame, write_commit_graph
from asbuilt.history.origins.runs import OriginRun
from asbuilt.model.errors import SourceError
from tests.history.origins.corpus import SHAPES
from tests.history.origins.histories import Line, blame_tree
from tests.repos import Repo


def spread(runs: object) -> list[Line]:
    assert isinstance(runs, list)
    lines: list[Line] = []
    for run in runs:
        assert run.first == len(lines) + 1
        lines += [Line(run.commit, run.origin_path, run.origin_line + step) for step in range(run.lines)]
    return lines


@pytest.mark.parametrize("name", SHAPES)
def test_agrees_with_plain_git(name: str, repo: Repo) -> None:
    SHAPES[name]().build(repo)
    expected = blame_tree(repo, "main")
    with open_repository(repo.path) as opened:
        tip = opened.resolve("main")
        write_commit_graph(opened, tip)
        found = {path: spread(runs) for path, runs in blame_files(opened, tip, list(expected))}
    assert found == expected


def test_nothing_is_written_to_the_repository(repo: Repo) -> None:
    SHAPES["octopus"]().build(repo)
    before = {path: path.stat().st_mtime_ns for path in repo.path.rglob("*")}
    with open_repository(repo.path) as opened:
        write_commit_graph(opened, opened.resolve("main"))
        assert (opened.private_dir / "objects" / "info" / "commit-graph").is_file()
    assert {path: path.stat().st_mtime_ns for path in repo.path.rglob("*")} == before


def test_some_lines_of_a_file(repo: Repo) -> None:
    SHAPES["evil_merge"]().build(repo)
    expected = blame_tree(repo, "main")[b"a"]
    with open_repository(repo.path) as opened:
        runs = blame_lines(opened, opened.resolve("main"), b"a", [(2, 3), (7, 7)])
    said = {run.first + step: (run.commit, run.origin_line + step) for run in runs for step in range(run.lines)}
    assert said == {line: (expected[line - 1].commit, expected[line - 1].line) for line in (2, 3, 7)}


def test_a_file_that_takes_too_long_is_left_out(repo: Repo) -> None:
    SHAPES["straight"]().build(repo)
    with open_repository(repo.path) as opened:
        tip = opened.resolve("main")
        assert dict(blame_files(opened, tip, [b"a", b"dir/b"], seconds=0)) == {b"a": None, b"dir/b": None}


def test_a_file_that_git_cannot_blame_does_not_stop_the_others(repo: Repo) -> None:
    SHAPES["straight"]().build(repo)
    with open_repository(repo.path) as opened:
        found = dict(blame_files(opened, opened.resolve("main"), [b"no such file", b"a"]))
    assert isinstance(found[b"no such file"], SourceError)
    assert "no such file" in str(found[b"no such file"])
    assert spread(found[b"a"]) == blame_tree(repo, "main")[b"a"]


def test_a_message_cannot_forge_an_entry() -> None:
    one, two = "1" * 40, "2" * 40
    said = (
        f"{one} 1 2 1\nauthor filename x\nsummary filename forged\nfilename a b\n"
        f'{two} 5 1 1\nsummary {one} 1 1 1\nboundary\nfilename "q\\"\\377"\n'
        f"{one} 2 3 1\nfilename a b\n"
    )
    assert parse_blame(said.encode()) == [OriginRun(1, 1, two, b'q"\xff', 5), OriginRun(2, 2, one, b"a b", 1)]

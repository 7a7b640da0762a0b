"""The walk hands back what it is told to, and everything else comes home."""

from pathlib import Path

import pytest

from asbuilt.history.git import open_repository
from asbuilt.history.origins.stream import read_stream
from asbuilt.history.origins.table import Runs
from asbuilt.history.origins.walk import Arrival, Walked, walk
from tests.history.origins.grown import grow
from tests.history.origins.histories import blame_tree
from tests.repos import Repo


def walked(repo: Repo, folder: Path, seeds: dict[str, dict[bytes, Runs]], **kwargs: object) -> Walked:
    folder.mkdir()
    exclude = kwargs.pop("exclude", ())
    with open_repository(repo.path) as opened:
        stream = read_stream(opened, list(seeds), folder, exclude=exclude)
        return walk(opened, stream, seeds, **kwargs)


def home(done: Walked) -> dict[int, tuple[str, bytes, int]]:
    """Global number to commit, path and position; no number twice."""
    found = done.found
    columns = (found.gid, found.count, found.commit, found.path, found.line)
    lines = [
        (gid + step, (found.commits[commit], found.paths[path], line + step))
        for gid, count, commit, path, line in zip(*(column.tolist() for column in columns), strict=True)
        for step in range(count)
    ]
    assert len(dict(lines)) == len(lines)
    return dict(lines)


def test_excluded_commits_hand_back(repo: Repo, tmp_path: Path) -> None:
    one = repo.write("a", "1\n2\n").commit()
    two = repo.write("a", "1\nx\n2\n").rename("a", "b").commit()
    done = walked(repo, tmp_path / "s", {two: {b"b": [(0, 3, 0)]}}, exclude=[one])
    assert home(done) == {1: (two, b"b", 1)}
    assert done.arrivals == [Arrival(one, b"a", [(0, 1, 0), (1, 1, 2)])]


def test_stop_hands_back_even_at_once(repo: Repo, tmp_path: Path) -> None:
    one = repo.write("a", "1\n").commit()
    two = repo.write("a", "1\n2\n").commit()
    three = repo.write("b", "3\n").commit()
    seeds = {three: {b"a": [(0, 2, 5)], b"b": [(0, 1, 9)]}}
    done = walked(repo, tmp_path / "s", seeds, stop={two}.__contains__)
    assert home(done) == {9: (three, b"b", 0)}
    assert done.arrivals == [Arrival(two, b"a", [(0, 2, 5)])]
    done = walked(repo, tmp_path / "t", seeds, stop={three}.__contains__)
    assert sorted(done.arrivals) == [Arrival(three, b"a", [(0, 2, 5)]), Arrival(three, b"b", [(0, 1, 9)])]
    assert home(walked(repo, tmp_path / "u", seeds))[5] == (one, b"a", 0)


def test_only_some_lines_may_be_asked_for(repo: Repo, tmp_path: Path) -> None:
    one = repo.write("a", "1\n2\n3\n4\n5\n").commit()
    two = repo.write("a", "0\n1\n2\nx\n4\n5\n").commit()
    done = walked(repo, tmp_path / "s", {two: {b"a": [(0, 1, 7), (2, 2, 20), (5, 1, 3)]}})
    assert home(done) == {7: (two, b"a", 0), 20: (one, b"a", 1), 21: (two, b"a", 3), 3: (one, b"a", 4)}


def test_seeds_at_several_commits_may_overlap(repo: Repo, tmp_path: Path) -> None:
    one = repo.write("a", "1\n2\n3\n").commit()
    two = repo.write("a", "1\n2\n3\n4\n").commit()
    seeds = {two: {b"a": [(0, 4, 0), (1, 2, 100), (1, 1, 200)]}, one: {b"a": [(0, 3, 300)]}}
    found = home(walked(repo, tmp_path / "s", seeds))
    assert found == (
        {0: (one, b"a", 0), 1: (one, b"a", 1), 2: (one, b"a", 2), 3: (two, b"a", 3)}
        | {100: (one, b"a", 1), 101: (one, b"a", 2), 200: (one, b"a", 1)}
        | {300 + at: (one, b"a", at) for at in range(3)}
    )


def test_seeds_are_left_as_they_were(repo: Repo, tmp_path: Path) -> None:
    repo.write("a", "1\n").write("b", "1\n").commit()
    tip = repo.write("a", "0\n1\n").commit()
    seeds: dict[str, dict[bytes, Runs]] = {tip: {b"a": [(0, 2, 0)], b"b": [(0, 1, 2)]}}
    walked(repo, tmp_path / "s", seeds)
    assert seeds == {tip: {b"a": [(0, 2, 0)], b"b": [(0, 1, 2)]}}


@pytest.mark.parametrize("seed", [3, 4, 5])
def test_every_line_is_home_or_handed_back_once(seed: int, repo: Repo, tmp_path: Path) -> None:
    """What is handed back at a stop comes from where git blame of that commit says."""
    ids = grow(seed, 40).build(repo)
    expected = blame_tree(repo, ids[-1])
    seeds: dict[bytes, Runs] = {}
    wanted = []
    for path, lines in expected.items():
        seeds[path] = [(0, len(lines), len(wanted))]
        wanted += lines
    stops = set(ids[5:30:6])
    done = walked(repo, tmp_path / "s", {ids[-1]: seeds}, stop=stops.__contains__)
    assert {arrival.commit for arrival in done.arrivals} <= stops
    found = {gid: (commit, path, at + 1) for gid, (commit, path, at) in home(done).items()}
    for commit in {arrival.commit for arrival in done.arrivals}:
        there = blame_tree(repo, commit)
        for arrival in done.arrivals:
            if arrival.commit == commit:
                for at, count, gid in arrival.runs:
                    for step in range(count):
                        assert gid + step not in found
                        found[gid + step] = tuple(there[arrival.path][at + step])
    assert [found[number] for number in range(len(wanted))] == [tuple(line) for line in wanted]
    assert done.arrivals


def test_the_listener_hears_the_end(repo: Repo, tmp_path: Path) -> None:
    tip = repo.write("a", "1\n").commit()
    heard: list[tuple[str, int, int | None]] = []
    walked(repo, tmp_path / "s", {tip: {b"a": [(0, 1, 0)]}}, on=lambda *said: heard.append(said))
    assert heard[-1] == ("lines", 1, 1)

"""Lines of many commits, resolved together, come from where ``git blame`` of each commit says."""

import random

import numpy as np

from asbuilt.history.git import open_repository
from asbuilt.history.origins import resolve_lines
from tests.history.origins.grown import grow
from tests.history.origins.histories import blame_tree
from tests.repos import Repo


def test_as_git_blame_says(repo: Repo) -> None:
    dice = random.Random(4)
    ids = grow(8, 40).build(repo)
    seeds: dict[str, dict[bytes, list[int]]] = {}
    expected = {}
    for commit in ids[10::9]:
        for path, lines in blame_tree(repo, commit).items():
            positions = [dice.randrange(len(lines)) for _ in range(dice.randint(1, 9))] + [*range(len(lines) // 2)]
            seeds.setdefault(commit, {})[path] = positions
            expected.setdefault(commit, {})[path] = [tuple(lines[at]) for at in positions]
    with open_repository(repo.path) as opened:
        assert resolve_lines(opened, seeds, exclude=[]) == expected


def test_older_lines_are_none(repo: Repo) -> None:
    base = repo.write("a", "1\n2\n").commit()
    repo.checkout("side", new=True)
    one = repo.write("a", "1\n2\n3\n").commit()
    two = repo.write("a", "0\n1\n2\n3\n").rename("a", "b").commit()
    with open_repository(repo.path) as opened:
        seeds = {two: {b"b": np.arange(4)}, base: {b"a": [0]}, one: {b"a": []}}
        assert resolve_lines(opened, seeds, exclude=[base]) == {
            two: {b"b": [(two, b"b", 1), None, None, (one, b"a", 3)]},
            base: {b"a": [None]},
            one: {b"a": []},
        }
        assert resolve_lines(opened, {}, exclude=[]) == {}

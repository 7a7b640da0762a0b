"""A small tree asked of git blame gives the walk's table."""

import pytest

from asbuilt.history.git import open_repository
from asbuilt.history.origins.small import blame_tree
from tests.history.origins.corpus import SHAPES
from tests.history.origins.reading import assert_same, lines_of, walked
from tests.repos import Repo


@pytest.mark.parametrize("name", ["criss_cross", "many_candidates", "empty_files"])
def test_it_agrees_with_the_walk(name: str, repo: Repo) -> None:
    SHAPES[name]().build(repo)
    with open_repository(repo.path) as opened:
        asked = blame_tree(opened, opened.resolve("main"), most=100, workers=2)
    assert asked is not None
    walk = walked(repo)
    assert_same(lines_of(asked), lines_of(walk))
    assert asked.skipped == walk.skipped


def test_many_files_are_left_to_the_walk(repo: Repo) -> None:
    for number in range(4):
        repo.write(f"{number}", "x\n")
    tip = repo.commit()
    with open_repository(repo.path) as opened:
        assert blame_tree(opened, tip, most=3) is None
        assert blame_tree(opened, tip, most=4) is not None

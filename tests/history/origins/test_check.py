"""The self-check: silent on what git blame says, loud on any line that differs."""

import pytest

from asbuilt.history.git import open_repository
from asbuilt.history.origins.ancestry import is_ancestor
from asbuilt.history.origins.check import ask_git, check_increment, check_origins, choose_sample
from asbuilt.history.origins.full import full_pass
from asbuilt.model.errors import LedgerError
from tests.history.origins.corpus import SHAPES
from tests.history.origins.grown import grow
from tests.repos import Repo

COLUMNS = ["commit", "origin_path", "origin_line"]


@pytest.mark.parametrize("column", COLUMNS)
def test_any_wrong_line_is_found(column: str, repo: Repo) -> None:
    SHAPES["rename_on_one_side_of_a_merge"]().build(repo)
    with open_repository(repo.path) as opened:
        origins = full_pass(opened, opened.resolve("main"), workers=1)
        said = ask_git(opened, origins.tip, origins.paths)
        assert check_origins(origins, said) == len(origins.paths)
        values = getattr(origins, column)
        for run in range(len(origins.first)):
            right = int(values[run])
            values[run] = right + 1 if right == 0 or column == "origin_line" else right - 1
            with pytest.raises(LedgerError, match="differ from git blame"):
                check_origins(origins, said)
            values[run] = right
        assert check_origins(origins, said) == len(origins.paths)


def test_what_was_not_done_in_time_is_not_compared_but_for_one_file(repo: Repo) -> None:
    SHAPES["strange_names_and_bytes"]().build(repo)
    with open_repository(repo.path) as opened:
        origins = full_pass(opened, opened.resolve("main"), workers=1)
        assert len(origins.paths) > 1
        said = ask_git(opened, origins.tip, origins.paths, seconds=0)
        assert said.keys() == set(origins.paths)
        assert check_origins(origins, said) == 1
        run = int(origins.file_start[origins.paths.index(next(path for path in said if said[path] is not None))])
        origins.origin_line[run] += 1
        with pytest.raises(LedgerError, match="differ from git blame"):
            check_origins(origins, said)


def test_the_sample_stays_the_same_and_leaves_long_files_out() -> None:
    lines = {b"%d" % number: number for number in range(1000, 3000, 50)}
    one = choose_sample("a" * 40, lines, 5)
    assert one == choose_sample("a" * 40, dict(reversed(lines.items())), 5)
    assert one != choose_sample("b" * 40, lines, 5)
    assert all(lines[path] <= 2000 for path in choose_sample("a" * 40, lines, 1000))
    assert choose_sample("a" * 40, {b"long": 9000, b"longer": 9001}, 2) == [b"long"]
    assert choose_sample("a" * 40, {}, 2) == []


@pytest.mark.parametrize("seed", range(200, 206))
def test_increments_are_compared_with_git_since_the_old_revision(seed: int, repo: Repo) -> None:
    history = grow(seed, 30)
    ids = history.build(repo)
    last = len(ids) - 1
    with open_repository(repo.path) as opened:
        for older in (history.parents[last][0], history.parents[last][-1]):
            old, new = (full_pass(opened, ids[which], workers=1) for which in (older, last))
            said = ask_git(opened, new.tip, new.paths, since=old.tip)
            assert check_increment(opened, new, old, said) == len(new.paths)


def test_a_wrong_increment_is_found(repo: Repo) -> None:
    history = SHAPES["clean_merge"]()
    ids = history.build(repo)
    with open_repository(repo.path) as opened:
        old, new = (full_pass(opened, ids[which], workers=1) for which in (-2, -1))
        said = ask_git(opened, new.tip, new.paths, since=old.tip)
        new.origin_line[0] += 1
        with pytest.raises(LedgerError, match="at line 1"):
            check_increment(opened, new, old, said)


def test_clocks_that_run_backwards_raise_no_false_alarm(repo: Repo) -> None:
    """Found by chance: git blame stops at a fork point that `rev-list` says is not behind the old revision."""
    ids = grow(1458, 40).build(repo)
    with open_repository(repo.path) as opened:
        old, new = (full_pass(opened, ids[which], workers=1) for which in (30, -1))
        assert is_ancestor(opened, old.tip, new.tip)
        assert check_increment(opened, new, old, ask_git(opened, new.tip, new.paths, since=old.tip)) > 0

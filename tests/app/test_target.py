"""What a person means by a target."""

import pytest

from asbuilt.app.target import CommitTarget, FileTarget, candidates, read_target, tree_holds
from asbuilt.history.git import open_repository
from asbuilt.model.errors import UsageError
from tests.repos import Repo


def test_a_file_whose_name_looks_like_lines_is_that_file(repo: Repo) -> None:
    repo.write("a:3", "x\n").write("a", "1\n2\n3\n").write("d/b", "1\n").commit()
    repo.tag("a-tag")
    with open_repository(repo.path) as repository:
        tip = repository.resolve("HEAD")
        assert read_target(repository, tip, "a:3") == FileTarget(b"a:3")
        assert read_target(repository, tip, "a:2") == FileTarget(b"a", 2, 2)
        assert read_target(repository, tip, "a:2-3") == FileTarget(b"a", 2, 3)
        assert read_target(repository, tip, "d/b:1") == FileTarget(b"d/b", 1, 1)
        assert read_target(repository, tip, "./d/../a") == FileTarget(b"a")
        assert read_target(repository, tip, "a-tag") == CommitTarget(tip, "a-tag")
        assert read_target(repository, tip, tip[:8]) == CommitTarget(tip)
        assert tree_holds(repository, tip, b"d/b")
        assert not tree_holds(repository, tip, b"d")
        assert not tree_holds(repository, tip, b"absent")


def test_a_quoted_path_names_bytes(repo: Repo) -> None:
    repo.write(b"caf\xe9.txt", "1\n").commit()
    with open_repository(repo.path) as repository:
        tip = repository.resolve("HEAD")
        assert read_target(repository, tip, '"caf\\351.txt":1') == FileTarget(b"caf\xe9.txt", 1, 1)


@pytest.mark.parametrize("text", ["../outside", "/etc/passwd", ".", "*", ":(top)a"])
def test_nothing_outside_the_tree_is_a_file_of_it(repo: Repo, text: str) -> None:
    repo.write("a", "1\n").commit()
    with open_repository(repo.path) as repository, pytest.raises(UsageError):
        read_target(repository, repository.resolve("HEAD"), text)


def test_paths_are_tried_from_where_one_stands_and_from_the_top(repo: Repo) -> None:
    repo.write("d/b", "1\n").commit()
    with open_repository(repo.path / "d") as repository:
        assert candidates(repository, "b") == [b"d/b", b"b"]
        assert read_target(repository, repository.resolve("HEAD"), "d/b") == FileTarget(b"d/b")

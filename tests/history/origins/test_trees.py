"""Trees compared by us differ where git says they do."""

import pytest

from asbuilt.history.git import open_repository
from asbuilt.history.origins.trees import Trees
from asbuilt.model.errors import SourceError
from tests.history.origins.grown import grow
from tests.repos import Repo


def told_by_git(repo: Repo, parent: str, commit: str) -> dict[bytes, tuple[bytes, bytes, bytes, bytes]]:
    words = repo.git("diff-tree", "-r", "-z", "--no-renames", "--no-abbrev", parent, commit).split(b"\0")
    found = {}
    for meta, path in zip(words[::2], words[1::2], strict=False):
        old_mode, mode, old, new, _ = meta.lstrip(b":").split(b" ")
        found[path] = (old_mode, mode, old, new)
    return found


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_pair_of_commits_differs_as_git_says(seed: int, repo: Repo) -> None:
    history = grow(seed, 12)
    history.build(repo)
    commits = repo.git("rev-list", "--all").decode().split()
    compared = 0
    with open_repository(repo.path) as opened:
        trees = Trees(opened)
        try:
            for parent in commits[::3]:
                for commit in commits[:8]:
                    found = trees.compare(parent, commit)
                    assert set(found) == set(told_by_git(repo, parent, commit))
                    compared += len(found)
        finally:
            trees.close()
    assert compared > 20


def test_an_absent_tree_is_an_error(repo: Repo) -> None:
    one = repo.write("d/a", "1\n").commit()
    two = repo.write("d/a", "2\n").commit()
    tree = repo.git("rev-parse", f"{one}:d").decode().strip()
    (repo.path / ".git" / "objects" / tree[:2] / tree[2:]).unlink()
    with open_repository(repo.path) as opened:
        trees = Trees(opened)
        try:
            with pytest.raises(SourceError):
                trees.compare(one, two)
        finally:
            trees.close()

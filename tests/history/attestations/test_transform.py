"""What became of a reviewed head when it landed."""

from pathlib import Path

import pytest

from asbuilt.history.attestations.transform import recompute_merge
from asbuilt.history.git import open_repository
from asbuilt.model.attestation import MergeTransform
from tests.repos import Repo


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    made = Repo(tmp_path / "repo")
    made.write("a", "".join(f"{n}\n" for n in range(30))).write("b", "b\n").commit("Start")
    made.checkout("topic", new=True)
    made.write("a", "".join(f"{n}\n" for n in range(30)) + "end\n").commit("Topic")
    made.checkout("main")
    return made


def transform(repo: Repo, head: str | None = "topic") -> MergeTransform:
    with open_repository(repo.path) as opened:
        return recompute_merge(opened, opened.resolve("HEAD"), opened.resolve(head) if head else None)


def test_fast_forward(repo: Repo) -> None:
    repo.git("merge", "-q", "--ff-only", "topic")
    assert (transform(repo).kind, transform(repo).result) == ("identity", "identity")


def test_a_merge_of_what_was_reviewed(repo: Repo) -> None:
    repo.write("b", "c\n").commit("Main moved")
    repo.merge("topic", message="Merge")
    told = transform(repo)
    assert (told.kind, told.result, told.replay_clean) == ("merge-commit", "replay", True)
    assert told.expected_tree == told.tree


def test_a_squash_of_what_was_reviewed(repo: Repo) -> None:
    repo.write("b", "c\n").commit("Main moved")
    repo.squash("topic", "Topic (#7)")
    assert (transform(repo).kind, transform(repo).result) == ("squash", "replay")


def test_more_than_was_reviewed(repo: Repo) -> None:
    repo.write("evil", "x\n").squash("topic", "Topic (#7)")
    told = transform(repo)
    assert (told.result, told.replay_clean) == ("residual", False)


def test_a_head_that_is_not_known(repo: Repo) -> None:
    assert transform(repo, None).result == "unverifiable"

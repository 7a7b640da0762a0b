"""Through a squash to the commit of the branch."""

from pathlib import Path

from asbuilt.app.component_branches import find_branch_commits
from asbuilt.app.component_history import ComponentHistory, component_history
from asbuilt.app.gather import gather
from asbuilt.app.gathered import GatheredHistory
from asbuilt.history.git import open_repository
from tests.app.test_component_history import lock
from tests.repos import Repo

BEN = "Ben Ito <ben@example.com>"


def found(repo: Repo, folder: Path | None = None) -> ComponentHistory:
    with open_repository(repo.path) as opened:
        history = GatheredHistory(gather(opened, "HEAD"))
        told = component_history(opened, history.tip, folder=folder)
        return find_branch_commits(opened, history, told, folder)


def test_what_came_went_and_came_again_on_the_branch_is_that_of_the_last_time(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    repo.write("package-lock.json", lock(a="1.0.0")).commit("Start")
    repo.checkout("topic", new=True)
    repo.write("package-lock.json", lock(a="1.0.0", b="1.0.0")).commit("Take b", author=BEN)
    gone = repo.write("package-lock.json", lock()).commit("Drop both", author=BEN)
    last = repo.write("package-lock.json", lock(b="1.0.0")).commit("Take b again", author=BEN)
    repo.ref("refs/pull/1/head", last).checkout("main").write("README", "x").commit("Else")
    squash = repo.squash("topic", "Swap (#1)")
    kept = tmp_path / "kept"
    kept.mkdir()
    told = found(repo, kept)
    rows = [(own.kind, own.component.name, own.commit, own.landed) for own in told.introductions[1:]]
    assert rows == [("removed", "a", gone, squash), ("new", "b", last, squash)]
    assert found(repo, kept) == told == found(repo)


def test_a_branch_that_the_same_person_wrote_without_a_signal_is_not_asked(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    repo.write("README", "x").commit("Start")
    repo.checkout("topic", new=True)
    head = repo.write("package-lock.json", lock(a="1.0.0")).commit("Take a")
    repo.ref("refs/pull/1/head", head).checkout("main")
    squash = repo.squash("topic", "Take (#1)")
    (own,) = found(repo).introductions
    assert (own.commit, own.landed) == (squash, None)

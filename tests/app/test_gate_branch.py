"""What the commits of a branch hold besides what would land: a secret that was taken out again is in the history."""

from pathlib import Path

import pytest

from asbuilt.model.gate import Answer
from asbuilt.reports.gate_json import gate_json
from tests.app.test_gate import asked
from tests.app.test_gate_brought import OPEN
from tests.repos import Repo

IDENTITY = {f"GIT_{who}_{what}": "n" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
TOKEN = "glpat-" + "q7RmX2vK9pLw4TzB8nYc"


@pytest.fixture
def branch(repo: Repo) -> Repo:
    repo.write("asbuilt.toml", OPEN).write("a.py", "x = 1\n").commit("Begin")
    return repo.checkout("topic", new=True)


def test_a_secret_that_a_later_commit_takes_out_is_in_the_history(branch: Repo) -> None:
    branch.write("a.py", f'x = "{TOKEN}"\n')
    held = branch.commit("Add")
    branch.write("a.py", "x = 2\n").commit("Take out")
    found = asked(branch)
    assert found.answer is Answer.REFUSED
    (own,) = found.refusing
    assert (own.name, own.path, own.line) == ("secret-provider-token", "a.py", 1)
    assert held[:12] in own.message
    assert own.remedy.startswith("Revoke it")
    assert TOKEN.encode() not in gate_json(found)


def test_a_file_that_came_and_went_is_searched(branch: Repo) -> None:
    branch.write("env", f'token = "{TOKEN}"\n').commit("Add")
    branch.remove("env").commit("Take out")
    branch.write("b.txt", "b\n").commit("Go on")
    assert [own.path for own in asked(branch).refusing] == ["env"]


def test_what_somebody_put_into_a_merge_is_searched(branch: Repo) -> None:
    start = branch.head()
    branch.write("b.txt", "b\n").commit("One side")
    side = branch.head()
    branch.checkout("other", new=True, start=start).write("c.txt", "c\n").commit("Another side")
    branch.git(
        "merge", "-q", "--no-commit", "--no-ff", side, env={"GIT_COMMITTER_NAME": "N", "GIT_COMMITTER_EMAIL": "n"}
    )
    branch.write("evil.txt", f'token = "{TOKEN}"\n')
    branch.commit("Merge")
    branch.remove("evil.txt").commit("Take out")
    branch.git("branch", "-f", "topic", "HEAD")
    assert [own.path for own in asked(branch).refusing] == ["evil.txt"]


def test_a_message_and_a_name_and_a_link_may_hold_a_secret(branch: Repo) -> None:
    branch.write(f"notes/{TOKEN}.txt", "x\n").commit(f"Use {TOKEN}")
    (branch.path / "link").symlink_to(f"/run/{TOKEN}")
    branch.git("add", "link")
    branch.commit("Link")
    places = {own.path.split(" ")[0] for own in asked(branch).refusing}
    assert places == {"message", "names", "link"}


def test_what_lands_is_told_once(branch: Repo) -> None:
    branch.write("env", f'token = "{TOKEN}"\n').commit("Add")
    branch.write("b.txt", "b\n").commit("Go on")
    assert [own.path for own in asked(branch).refusing] == ["env"]


def test_commits_without_words_of_rules_load_no_rules(branch: Repo, tmp_path: Path) -> None:
    branch.write("b.txt", "b\n").commit("Add")
    branch.write("b.txt", "c\n").commit("Change")
    assert asked(branch).brought == ()
    assert not list(tmp_path.glob("*.sqlite"))


def test_a_replaced_commit_is_judged_as_it_is_pushed(branch: Repo) -> None:
    start = branch.head()
    branch.write("env", f'token = "{TOKEN}"\n').commit("Add")
    tip = branch.head()
    branch.git(
        "replace", tip, branch.git("commit-tree", f"{start}^{{tree}}", "-p", start, "-m", "x", env=IDENTITY).strip()
    )
    assert [own.path for own in asked(branch).refusing] == ["env"]


def test_grafts_of_the_clone_change_nothing(branch: Repo) -> None:
    branch.write("env", f'token = "{TOKEN}"\n').commit("Add")
    branch.write("b.txt", "b\n").commit("Go on")
    (branch.path / ".git" / "info").mkdir(exist_ok=True)
    (branch.path / ".git" / "info" / "grafts").write_text(f"{branch.head()}\n")
    assert [own.path for own in asked(branch).refusing] == ["env"]

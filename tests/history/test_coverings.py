"""Whether what landed is what was approved: each way in which a change may differ from its approval."""

from pathlib import Path

import pytest

from asbuilt.history.coverings import Covering, Question, prove_coverings
from asbuilt.history.git import open_repository
from tests.repos import Repo

LINES = [f"line {number}\n" for number in range(1, 41)]


def text(**changes: str) -> str:
    """Forty lines, some replaced: ``text(n3="x")`` replaces line 3."""
    lines = list(LINES)
    for name, content in changes.items():
        lines[int(name[1:]) - 1] = content + "\n"
    return "".join(lines)


def ask(path: Path, *questions: Question) -> list[tuple[bool | None, str]]:
    with open_repository(path) as repository:
        objects = len(list((repository.common_dir / "objects").rglob("*")))
        found = prove_coverings(repository, questions)
        assert len(list((repository.common_dir / "objects").rglob("*"))) == objects  # it is not written to
    return [(own.covers, own.how) for own in found]


@pytest.fixture
def started(repo: Repo) -> Repo:
    """A branch ``topic`` with one commit on a main that has moved on elsewhere."""
    repo.write("a", text()).write("b", "other\n").commit("start")
    repo.checkout("topic", new=True).write("a", text(n3="x")).commit("work")
    repo.checkout("main").write("b", "moved\n").commit("elsewhere")
    return repo.checkout("topic")


def landed(repo: Repo, way: str = "merge") -> str:
    repo.checkout("main")
    return repo.merge("topic") if way == "merge" else repo.squash("topic", "Work (#7)")


@pytest.mark.parametrize("way", ["merge", "squash"])
def test_the_head_was_approved(started: Repo, way: str) -> None:
    head = started.head()
    change = landed(started, way)
    assert ask(started.path, Question(head, change, head)) == [(True, "merge-tree")]
    assert ask(started.path, Question(change, change, head)) == [(True, "same-commit")]


@pytest.mark.parametrize("way", ["merge", "squash"])
def test_the_target_did_not_move(repo: Repo, way: str) -> None:
    repo.write("a", text()).commit("start")
    head = repo.checkout("topic", new=True).write("a", text(n3="x")).commit("work")
    assert ask(repo.path, Question(head, landed(repo, way), head)) == [(True, "same-tree")]


@pytest.mark.parametrize("way", ["merge", "squash"])
def test_something_was_pushed_after_the_approval(started: Repo, way: str) -> None:
    approved = started.head()
    head = started.write("a", text(n3="x", n9="sneaked in")).commit("more")
    change = landed(started, way)
    assert ask(started.path, Question(approved, change, head), Question(head, change, head)) == [
        (False, "differs"),
        (True, "merge-tree"),
    ]


@pytest.mark.parametrize("way", ["merge", "squash"])
def test_the_base_was_merged_in_after_the_approval(started: Repo, way: str) -> None:
    approved = started.head()
    head = started.merge("main", message="Merge branch main into topic")
    started.checkout("main").write("c", "more\n").commit("elsewhere again")
    change = landed(started, way)
    assert ask(started.path, Question(approved, change, head)) == [(True, "base-sync")]


def test_a_merge_of_the_base_that_brought_more_is_no_sync(started: Repo) -> None:
    approved = started.head()
    started.git("merge", "-q", "--no-ff", "--no-commit", "main", env=started._identity("N <n@x>", None, None))
    head = started.write("a", text(n3="x", n20="in the merge")).commit("Merge branch main into topic")
    change = landed(started)
    assert ask(started.path, Question(approved, change, head)) == [(False, "differs")]


def test_a_merge_that_holds_something_of_its_own(started: Repo) -> None:
    head = started.head()
    started.checkout("main")
    started.git("merge", "-q", "--no-ff", "--no-commit", "topic", env=started._identity("N <n@x>", None, None))
    change = started.write("a", text(n3="x", n20="evil")).commit("Merge topic")
    assert ask(started.path, Question(head, change, head)) == [(False, "differs")]


def test_a_forced_push_of_the_same_patch_on_a_newer_base(started: Repo) -> None:
    approved = started.head()
    started.git("rebase", "-q", "main", env=started._identity("Ana Alves <ana@example.com>", None, None))
    head = started.head()
    assert head != approved
    change = landed(started)
    assert ask(started.path, Question(approved, change, head)) == [(True, "merge-tree")]


def test_a_forced_push_of_another_patch(started: Repo) -> None:
    approved = started.head()
    started.checkout("main").checkout("other", new=True)
    head = started.write("a", text(n3="y")).commit("work")
    started.git("branch", "-q", "-f", "topic", head)
    change = landed(started)
    assert ask(started.path, Question(approved, change, head)) == [(False, "differs")]


def test_a_rebased_run(started: Repo) -> None:
    approved = started.head()
    head = started.write("a", text(n3="x", n9="y")).commit("more")
    started.checkout("landing", new=True)
    started.git("rebase", "-q", "main", env=started._identity("Ben Ito <ben@example.com>", None, None))
    change = started.head()
    started.git("branch", "-q", "-f", "main", change)
    started.checkout("main")
    assert ask(
        started.path, Question(head, change, head, is_run=True), Question(approved, change, head, is_run=True)
    ) == [(True, "merge-tree"), (False, "differs")]
    # Taken for a single commit, only the last of the run is looked at.
    assert ask(started.path, Question(head, change, head)) == [(True, "merge-tree")]


def test_a_stacked_request_after_the_one_it_stands_on_was_squashed(repo: Repo) -> None:
    repo.write("c", "").commit("before")
    repo.write("a", text()).commit("start")
    repo.checkout("first", new=True).write("a", text(n3="first")).commit("first")
    approved = repo.checkout("second", new=True).write("a", text(n3="second")).commit("second")
    repo.checkout("main").write("b", "elsewhere\n").commit("elsewhere")
    repo.squash("first", "First (#1)")
    change = repo.write("a", text(n3="second")).commit("Second (#2)")
    assert ask(repo.path, Question(approved, change, approved)) == [(True, "patch-id")]


def test_the_same_patch_without_what_it_was_stacked_on(repo: Repo) -> None:
    repo.write("a", text()).commit("start")
    repo.checkout("first", new=True).write("guard", "checks it\n").commit("first")
    approved = repo.checkout("second", new=True).write("a", text(n3="second")).commit("second")
    repo.checkout("main").write("b", "elsewhere\n").commit("elsewhere")
    change = repo.write("a", text(n3="second")).commit("Second (#2)")
    # Approved was the second on top of the first, which never came.
    assert ask(repo.path, Question(approved, change, approved)) == [(False, "differs")]


def test_what_is_not_here_cannot_be_told(started: Repo) -> None:
    head, gone = started.head(), "1" * 40
    change = landed(started)
    assert ask(
        started.path, Question(gone, change, head), Question(head, gone, head), Question(head, change, gone)
    ) == [
        (None, "unavailable"),
        (None, "unavailable"),
        (True, "merge-tree"),
    ]
    assert ask(started.path, Question(head, change, gone, is_run=True)) == [(None, "unavailable")]


def test_the_first_commit_and_a_merge_of_three(repo: Repo) -> None:
    first = repo.write("a", text()).commit("start")
    for name in ("one", "two"):
        repo.checkout(name, new=True, start="main").write(name, "x\n").commit(name)
    repo.checkout("main")
    change = repo.merge("one", "two")
    two = repo.git("rev-parse", "two").decode().strip()
    assert ask(repo.path, Question(two, first), Question(two, change, two)) == [
        (False, "differs"),
        (None, "unavailable"),
    ]


def test_each_question_is_answered_once_and_in_order(started: Repo) -> None:
    head = started.head()
    change = landed(started)
    with open_repository(started.path) as repository:
        asked = [Question(head, change, head), Question(change, change), Question(head, change, head)]
        assert prove_coverings(repository, asked) == [
            Covering(head, change, covers=True, how="merge-tree"),
            Covering(change, change, covers=True, how="same-commit"),
        ]
        assert prove_coverings(repository, []) == []


def test_conflicts_among_many_merges_do_not_shift_the_answers(repo: Repo) -> None:
    repo.write("a", text()).commit("start")
    asked = []
    for number in range(6):
        repo.checkout(f"t{number}", new=True, start="main")
        head = repo.write("a" if number % 2 else f"f{number}", f"{number}\n").commit("work")
        repo.checkout("main").write(f"m{number}", "m\n").commit("elsewhere")
        if number % 2:  # what was approved cannot be merged any more: something else landed
            repo.write("a", text(**{f"n{number}": "other"})).commit("elsewhere")
            asked.append(Question(head, repo.write("a", text(n1=f"{number}")).commit("landed"), head))
        else:
            asked.append(Question(head, repo.squash(f"t{number}", "landed"), head))
    assert [covers for covers, _ in ask(repo.path, *asked)] == [True, False, True, False, True, False]

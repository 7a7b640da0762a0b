"""What became of wanted files, commit by commit."""

from pathlib import Path

from asbuilt.history.file_steps import FileChange, FileStep, read_file_steps, read_steps_of
from asbuilt.history.git import open_repository
from tests.repos import Repo


def steps_of(repo: Repo) -> list[FileStep]:
    with open_repository(repo.path) as opened:
        return list(read_file_steps(opened, opened.resolve("HEAD"), lambda path: path.endswith(".lock")))


def test_each_commit_is_told_against_its_first_parent(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    first = repo.write("a.lock", "1").write("other", "x").commit("First")
    repo.checkout("topic", new=True)
    branch = repo.write("b.lock", "2").commit("Branch")
    second = repo.checkout("main").remove("a.lock").commit("Second")
    repo.merge("topic")
    steps = {step.commit: step for step in steps_of(repo)}
    blob = {name: repo.git("rev-parse", f"{branch}:{name}").decode().strip() for name in ("a.lock", "b.lock")}
    assert next(iter(steps)) == first
    assert steps[first].files == (("a.lock", blob["a.lock"], None),)
    assert steps[second].files == (("a.lock", None, blob["a.lock"]),)
    merge = steps[repo.head()]
    assert merge.parents == (second, branch)
    assert merge.files == (("b.lock", blob["b.lock"], None),)


def test_names_of_any_bytes_links_and_commits_without_files_are_told(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    repo.write("\x01 \n.lock", "1").write("\n:100644 .lock", "2").write(b"\xff.lock", "3").commit("First")
    empty = repo.write("plain", "x").commit("Second")
    (repo.path / "link.lock").symlink_to("/etc/passwd")
    repo.git("add", "link.lock")
    link = repo.commit("Third")
    first, second, third = steps_of(repo)
    assert {change.path for change in first.files} == {"\x01 \n.lock", "\n:100644 .lock"}
    assert second == FileStep(empty, (first.commit,), second.at, ())
    assert third == FileStep(link, (second.commit,), third.at, (FileChange("link.lock", None, None),))


def test_commits_of_ones_choice_are_told_in_their_order(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    ids = [repo.write("a.lock", str(number)).commit("Next") for number in range(3)]
    with open_repository(repo.path) as opened:
        steps = list(read_steps_of(opened, [ids[2], ids[0]], lambda _: True))
        assert list(read_steps_of(opened, [], lambda _: True)) == []
    assert [(step.commit, step.files[0].old is None) for step in steps] == [(ids[2], False), (ids[0], True)]

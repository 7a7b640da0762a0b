"""Git is run where nothing of the repository's can run, and every failure has a sentence."""

import os
import subprocess
from pathlib import Path

import pytest

from asbuilt.history.git import git_version, open_repository
from asbuilt.model.errors import SourceError, UsageError
from tests.repos import Repo


def test_a_repository_is_found_from_any_folder_below(repo: Repo) -> None:
    head = repo.write("a/b/c.txt", "x\n").commit()
    for path in (repo.path, repo.path / "a" / "b", repo.path / ".git"):
        with open_repository(path) as repository:
            assert repository.resolve("HEAD") == head
    with open_repository(repo.path / "a") as repository:
        assert repository.work_tree == repo.path.resolve()


def test_a_bare_repository_has_no_work_tree(tmp_path: Path) -> None:
    with open_repository(Repo(tmp_path / "bare.git", bare=True).path) as repository:
        assert repository.work_tree is None


def test_a_linked_work_tree_has_its_own_head_and_shared_objects(repo: Repo, tmp_path: Path) -> None:
    first = repo.write("a", "1\n").commit()
    second = repo.write("a", "2\n").commit()
    repo.git("worktree", "add", "-q", "--detach", str(tmp_path / "linked"), first)
    with open_repository(tmp_path / "linked") as repository:
        assert repository.resolve("HEAD") == first
        assert repository.resolve("main") == second
        assert repository.common_dir == (repo.path / ".git").resolve()


def test_sha256_repositories_are_read(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "r", object_format="sha256")
    head = repo.write("a", "1\n").commit()
    with open_repository(repo.path) as repository:
        assert (repository.object_format, repository.id_length) == ("sha256", 64)
        assert repository.resolve("HEAD") == head
        assert repository.run("cat-file", "blob", f"{head}:a") == b"1\n"


@pytest.mark.parametrize(
    "name", ["with space", '"quoted"', "new\nline", "back\\slash", "caf\u00e9", "#hash", "-dash"]
)
def test_any_folder_name_will_do(name: str, tmp_path: Path) -> None:
    repo = Repo(tmp_path / name)
    head = repo.write("a", "1\n").commit()
    with open_repository(repo.path) as repository:
        assert repository.run("cat-file", "blob", f"{head}:a") == b"1\n"


def test_the_private_directory_goes_away_and_the_repository_stays_as_it_was(repo: Repo) -> None:
    repo.write("a", "1\n").commit()
    before = sorted(str(file) for file in (repo.path / ".git").rglob("*"))
    with open_repository(repo.path) as repository:
        private = repository.private_dir
        repository.run("hash-object", "-w", "--stdin", stdin=b"new object")
        assert private.is_dir()
    assert not private.exists()
    assert sorted(str(file) for file in (repo.path / ".git").rglob("*")) == before


def test_the_users_own_git_settings_do_not_reach_git(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.write("a", "1\n").commit()
    monkeypatch.setenv("GIT_DIR", "/nonexistent")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.pager")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "false")
    with open_repository(repo.path) as repository:
        assert not {key for key in repository.environment if key.startswith("GIT_CONFIG_KEY")}
        listed = repository.run("config", "--list", "--show-origin").decode()
    assert {line.split("\t")[0] for line in listed.splitlines()} == {f"file:{repository.private_dir}/config"}


def test_a_revision_is_a_commit_or_a_sentence(repo: Repo) -> None:
    with open_repository(repo.path) as repository, pytest.raises(SourceError, match="no commit yet"):
        repository.resolve("HEAD")
    head = repo.write("a", "1\n").commit()
    repo.tag("v1", message="first")
    with open_repository(repo.path) as repository:
        assert {repository.resolve(name) for name in ("HEAD", "main", "v1", head[:10], "HEAD^{commit}")} == {head}
        for name in ("nope", "--all", "-h", "HEAD:a", "HEAD^{tree}", "", "HEAD..main"):
            with pytest.raises(UsageError, match="No commit is called"):
                repository.resolve(name)


@pytest.mark.parametrize("damaged", [True, False])
def test_a_branch_whose_commit_cannot_be_read_is_the_repositorys_fault(damaged: bool, repo: Repo) -> None:
    head = repo.write("a", "1\n").commit()
    file = repo.path / ".git" / "objects" / head[:2] / head[2:]
    file.chmod(0o644)
    if damaged:
        file.write_bytes(b"rubbish")
    else:
        file.unlink()
    with open_repository(repo.path) as repository:
        for name in ("HEAD", "main"):
            with pytest.raises(SourceError, match="could not read"):
                repository.resolve(name)
        with pytest.raises(UsageError, match="No commit is called"):
            repository.resolve("1" * 40)


def test_a_failing_command_is_an_error_with_what_git_said(repo: Repo) -> None:
    repo.write("a", "1\n").commit()
    with open_repository(repo.path) as repository:
        with pytest.raises(SourceError, match="`git cat-file` could not read") as failed:
            repository.run("cat-file", "blob", "1" * 40)
        assert failed.value.why
        with pytest.raises(SourceError), repository.stream("cat-file", "blob", "1" * 40) as stream:
            stream.read()
        assert repository.run("cat-file", "-e", "1" * 40, ok=(0, 1)) == b""


def test_a_stream_left_early_is_no_failure_of_its_own(repo: Repo) -> None:
    repo.write("big", "x" * 5_000_000).commit()

    def leave_early() -> None:
        with repository.stream("cat-file", "blob", "HEAD:big") as stream:
            stream.read(10)
            raise RuntimeError("enough")

    with open_repository(repo.path) as repository, pytest.raises(RuntimeError, match="enough"):
        leave_early()


def test_shallow_partial_and_grafted_are_seen(repo: Repo, tmp_path: Path) -> None:
    repo.write("a", "1\n").commit()
    head = repo.write("a", "2\n").commit()
    repo.git("config", "uploadpack.allowFilter", "true")
    repo.git("clone", "-q", "--depth=1", f"file://{repo.path}", str(tmp_path / "cut"))
    repo.git("clone", "-q", "--filter=blob:none", f"file://{repo.path}", str(tmp_path / "part"))
    (repo.path / ".git" / "info").mkdir(exist_ok=True)
    (repo.path / ".git" / "info" / "grafts").write_text(f"{head}\n")
    seen = []
    for path in (repo.path, tmp_path / "cut", tmp_path / "part"):
        with open_repository(path) as repository:
            count = repository.run("rev-list", "--count", "HEAD").decode().strip()
            seen.append((repository.shallow, repository.partial, repository.grafted, count))
    assert seen == [(False, False, True, "1"), (True, False, False, "1"), (False, True, False, "2")]


def test_a_missing_object_is_never_fetched(repo: Repo, tmp_path: Path) -> None:
    repo.write("a", "1\n").commit()
    repo.git("config", "uploadpack.allowFilter", "true")
    repo.git("clone", "-q", "--filter=blob:none", "--no-checkout", f"file://{repo.path}", str(tmp_path / "part"))
    with open_repository(tmp_path / "part") as repository, pytest.raises(SourceError):
        repository.run("cat-file", "blob", "HEAD:a")


def test_a_git_file_that_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / ".git").write_text("gitdir: /nonexistent\n")
    with pytest.raises(SourceError, match="not there"):
        open_repository(tmp_path / "a")
    (tmp_path / "a" / ".git").write_text("rubbish")
    with pytest.raises(SourceError, match="not a git directory"):
        open_repository(tmp_path / "a")


def test_the_remotes_are_read_and_includes_are_not_followed(repo: Repo, tmp_path: Path) -> None:
    repo.git("config", "remote.origin.url", "git@example.com:a/b.git")
    repo.git("config", "include.path", str(tmp_path / "included"))
    (tmp_path / "included").write_text('[remote "evil"]\n\turl = x\n')
    with open_repository(repo.path) as repository:
        assert repository.remotes == {"origin": "git@example.com:a/b.git"}


def test_git_is_new_enough_here() -> None:
    assert git_version() >= (2, 38)


def test_a_process_that_is_started_has_the_private_directory(repo: Repo) -> None:
    head = repo.write("a", "1\n").commit()
    with open_repository(repo.path) as repository:
        process = repository.start("cat-file", "--batch-check")
        with process:
            out, _ = process.communicate(f"{head}\n".encode())
    assert out.split()[:2] == [head.encode(), b"commit"]


def test_closing_twice_is_harmless(repo: Repo) -> None:
    repository = open_repository(repo.path)
    repository.close()
    repository.close()
    assert not repository.private_dir.exists()


def test_packed_refs_are_seen(repo: Repo) -> None:
    head = repo.write("a", "1\n").commit()
    repo.tag("v1").git("pack-refs", "--all")
    with open_repository(repo.path) as repository:
        assert repository.resolve("v1") == head
        assert b"refs/tags/v1" in repository.run("for-each-ref")


def test_a_folder_that_may_not_be_read(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    inner = tmp_path / "closed" / "inner"
    inner.mkdir(parents=True)
    subprocess.run(["git", "init", "-q", str(inner)], check=True)
    (tmp_path / "closed").chmod(0)
    try:
        with pytest.raises((SourceError, UsageError)):
            open_repository(inner)
    finally:
        (tmp_path / "closed").chmod(0o755)

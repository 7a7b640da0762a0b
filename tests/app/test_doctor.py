"""What a doctor sees: each state of a clone has its line and its remedy."""

import subprocess
from pathlib import Path

import pytest

from asbuilt.app.doctor import Check, State, examine
from tests.repos import Repo


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASBUILT_CACHE", str(tmp_path / "cache"))


def found(path: Path) -> dict[str, Check]:
    return {check.name: check for check in examine(str(path))}


def test_a_plain_clone_has_no_failure(repo: Repo) -> None:
    repo.write("a", "1\n").commit()
    checks = found(repo.path)
    assert [name for name, check in checks.items() if check.state is State.FAIL] == []
    assert checks["history"].found == "commits behind HEAD: 1"
    assert checks["repository"].found == "sha1, work tree"
    assert {checks[name].state for name in ("depth", "objects", "ancestry", "cache", "disclosure")} == {State.OK}


def test_what_is_not_well_has_a_remedy(repo: Repo) -> None:
    repo.write("a", "1\n").commit()
    assert [
        name for name, check in found(repo.path).items() if check.state is not State.OK and not check.remedy
    ] == []


def test_no_repository_and_no_commit_are_failures(repo: Repo, tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    assert found(tmp_path / "plain")["repository"].state is State.FAIL
    assert found(repo.path)["history"].state is State.FAIL


def test_no_git_is_a_failure_and_ends_the_look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    checks = found(tmp_path)
    assert checks["git"].state is State.FAIL
    assert "Install git" in checks["git"].remedy
    assert "repository" not in checks


def test_an_old_git_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git = tmp_path / "git"
    git.write_text("#!/bin/sh\necho git version 2.20.1\n")
    git.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert found(tmp_path)["git"] == Check("git", State.FAIL, "2.20.1", "Install git 2.38 or newer.")


def test_a_shallow_clone(repo: Repo, tmp_path: Path) -> None:
    repo.write("a", "1\n").commit()
    repo.write("a", "2\n").commit()
    subprocess.run(["git", "clone", "-q", "--depth=1", f"file://{repo.path}", str(tmp_path / "cut")], check=True)
    depth = found(tmp_path / "cut")["depth"]
    assert (depth.state, depth.remedy) == (State.WARN, "git fetch --unshallow")


def test_a_partial_clone(repo: Repo, tmp_path: Path) -> None:
    repo.write("a", "1\n").commit()
    repo.git("config", "uploadpack.allowFilter", "true")
    subprocess.run(
        ["git", "clone", "-q", "--filter=blob:none", f"file://{repo.path}", str(tmp_path / "part")], check=True
    )
    assert found(tmp_path / "part")["objects"].state is State.WARN


def test_replace_refs_and_grafts(repo: Repo) -> None:
    first = repo.write("a", "1\n").commit()
    second = repo.write("a", "2\n").commit()
    repo.ref(f"refs/replace/{second}", first)
    (repo.path / ".git" / "info").mkdir(exist_ok=True)
    (repo.path / ".git" / "info" / "grafts").write_text(f"{second}\n")
    ancestry = found(repo.path)["ancestry"]
    assert ancestry.state is State.WARN
    assert "replace refs (1) and grafts" in ancestry.found


def test_pull_refs_notes_mailmap_and_commit_graph(repo: Repo) -> None:
    bare = found(repo.write("a", "1\n").commit() and repo.path)
    assert (bare["pull requests"].state, bare["notes"].state) == (State.WARN, State.WARN)
    commit = repo.write(".mailmap", "").commit()
    repo.ref("refs/pull/1/head", commit).note("refs/notes/ai", commit, "x")
    repo.git("commit-graph", "write", "--reachable")
    full = found(repo.path)
    assert (full["pull requests"].state, full["notes"].state) == (State.OK, State.OK)
    assert (full["mailmap"].found, full["commit-graph"].found) == ("there", "there")


def test_a_cache_that_cannot_be_written(repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.write("a", "1\n").commit()
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("ASBUILT_CACHE", str(tmp_path / "file" / "below"))
    cache = found(repo.path)["cache"]
    assert (cache.state, "ASBUILT_CACHE" in cache.remedy) == (State.WARN, True)


def test_disclosure_switched_off_is_a_warning(repo: Repo) -> None:
    repo.write(".claude/settings.json", '{"includeCoAuthoredBy": false}\n').commit()
    disclosure = found(repo.path)["disclosure"]
    assert disclosure.state is State.WARN
    assert disclosure.remedy

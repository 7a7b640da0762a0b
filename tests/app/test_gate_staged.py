"""What is staged is looked at, and neither run nor judged."""

import pytest

from asbuilt.app.gate_staged import gate_staged
from asbuilt.model.errors import ConfigError
from asbuilt.model.gate import Answer
from tests.app.requests import NOW
from tests.repos import Repo


def test_guarded_paths_and_dependencies_are_named(repo: Repo) -> None:
    repo.write("a.md", "a").commit()
    repo.write(".github/workflows/ci.yml", "on: push").write("package.json", "{}").write("b.md", "b")
    found = gate_staged(str(repo.path), NOW)
    assert found.answer is Answer.MAY_LAND
    assert {notice.kind: notice.paths for notice in found.notices} == {
        "guarded": (".github/workflows/ci.yml",),
        "dependencies": ("package.json",),
    }
    assert (found.change.head, found.change.paths, found.tests) == (None, 3, ())
    assert [gap.code for gap in found.not_seen] == ["GAP-STAGED"]


def test_a_policy_that_would_mean_nothing_is_refused_before_it_is_committed(repo: Repo) -> None:
    repo.write("a.md", "a").commit()
    repo.write("asbuilt.toml", "[gate]\nrequire = 1\n")
    with pytest.raises(ConfigError):
        gate_staged(str(repo.path), NOW)


def test_no_hook_and_no_filter_of_the_repository_runs(repo: Repo) -> None:
    repo.write("a.md", "a").commit()
    touched = repo.path / "touched"
    repo.git("config", "filter.evil.clean", f"touch {touched}")
    repo.git("config", "core.fsmonitor", f"touch {touched}")
    repo.write(".gitattributes", "* -text\n").write("b.md", "b")
    (repo.path / ".gitattributes").write_text("* filter=evil\n")
    before = repo.git("-c", "core.fsmonitor=false", "count-objects", "-v")
    touched.unlink()  # the test's own git ran it
    gate_staged(str(repo.path), NOW)
    assert not touched.exists()
    assert repo.git("-c", "core.fsmonitor=false", "count-objects", "-v") == before


def test_a_secret_is_stopped_before_it_is_in_the_history(repo: Repo) -> None:
    repo.write("a.md", "a").commit()
    repo.write("notes.txt", "token: " + "glpat-" + "q7RmX2vK9pLw4TzB8nYc\n")
    found = gate_staged(str(repo.path), NOW)
    assert found.answer is Answer.REFUSED
    assert found.verdict == "Refused: it brings in secret-provider-token (notes.txt:1)."
    assert found.next_step


def test_what_is_on_the_base_already_does_not_stop_another_commit(repo: Repo) -> None:
    line = "token: " + "glpat-" + "q7RmX2vK9pLw4TzB8nYc\n"
    repo.write("notes.txt", line).commit()
    repo.write("notes.txt", f"words\n{line}")
    found = gate_staged(str(repo.path), NOW)
    assert (found.answer, found.looked.known) == (Answer.MAY_LAND, 1)

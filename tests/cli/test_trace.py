"""``asbuilt trace`` as a user types it."""

import json
from pathlib import Path

import pytest

from tests.commands import asbuilt
from tests.repos import Repo


@pytest.fixture
def small(repo: Repo) -> Repo:
    """A released line, and one that is not released yet."""
    repo.write("src/a.txt", "one\ntwo\n").commit("Start")
    repo.tag("v1")
    repo.write("src/a.txt", "one\ntwo\nthree\n").commit("Add\n\nCo-Authored-By: Claude <noreply@anthropic.com>\n")
    return repo


@pytest.mark.parametrize("target", ["src/a.txt:3", "src/a.txt", "src/a.txt:1-2", "HEAD", "v1"])
def test_targets(target: str, small: Repo) -> None:
    done = asbuilt("trace", target, cwd=small.path)
    assert done.code in {0, 3}, done.said
    assert "review" in done.text.lower()
    found = json.loads(asbuilt("trace", target, "--format", "json", cwd=small.path).out)
    assert found["target"] == target
    assert found["steps"]


def test_to_says_whether_a_release_has_the_code(small: Repo) -> None:
    assert asbuilt("trace", "src/a.txt:3", "--to", "v1", cwd=small.path).code == 1
    assert asbuilt("trace", "src/a.txt:1", "--to", "v1", cwd=small.path).code in {0, 3}


def test_another_repository_and_output_files(small: Repo, tmp_path: Path) -> None:
    file = tmp_path / "trace.json"
    done = asbuilt(
        "trace", "-C", str(small.path), "src/a.txt:1", "--output", f"json={file}", "--quiet", cwd=tmp_path
    )
    assert (done.out, done.err) == (b"", b"")
    assert json.loads(file.read_bytes())["steps"]


def test_a_target_that_is_nothing_is_2(small: Repo) -> None:
    done = asbuilt("trace", "nothing.here", cwd=small.path)
    assert (done.code, done.out) == (2, b"")
    assert "fix: " in done.said

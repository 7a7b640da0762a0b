"""Findings of a report are traced to who wrote their lines, where the clone holds the commit."""

from pathlib import Path

import pytest

from asbuilt.app.scan_lines import Traced
from tests.repos import Repo

CLAUDE = "\n\nCo-Authored-By: Claude <noreply@anthropic.com>\n"


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASBUILT_CACHE", str(tmp_path / "cache"))


def attribute(rows: list[dict[str, object]], place: Path) -> str | None:
    """The rows with who wrote their lines, and what is said of those that could not be traced."""
    traced = Traced()
    for row in rows:
        traced.take(row)
    traced.trace(place)
    for row in rows:
        row.update(traced.told(row))
    return traced.sentence()


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    repo = Repo(tmp_path / "shop")
    repo.write("a.py", "one\n").commit("By hand")
    return repo


def row(commit: str, line: int | None = 2, **more: object) -> dict[str, object]:
    return {"commit": commit, "path": "a.py", "line": line, **more}


def test_each_line_is_told_by_whoever_wrote_it(repo: Repo) -> None:
    tip = repo.write("a.py", "one\ntwo\n").commit(f"By tool{CLAUDE}")
    rows = [row(tip), row(tip, 1), row(tip), row(tip, None), row(tip, closed_at="2026-01-01")]
    assert attribute(rows, repo.path) is None
    assert [each.get("attribution") for each in rows] == ["ai-declared", "unknown", "ai-declared", None, None]
    assert rows[0]["written_in"] == tip


def test_a_line_that_the_tree_has_not_is_said(repo: Repo) -> None:
    tip = repo.write("b.py", "x\n").commit("b")
    told = attribute([row(tip, 99)], repo.path)
    assert told == "who wrote the lines of 1 finding is not known"


def test_a_commit_or_a_clone_that_is_not_here_is_said(repo: Repo, tmp_path: Path) -> None:
    asked = row("f" * 40)
    told = attribute([asked], repo.path)
    assert told is not None
    assert "is not known" in told
    assert "attribution" not in asked
    (tmp_path / "plain").mkdir()
    assert attribute([row("f" * 40)], tmp_path / "plain") is not None


def test_where_nothing_has_a_line_no_clone_is_asked_for(tmp_path: Path) -> None:
    assert attribute([row("f" * 40, None)], tmp_path / "none") is None

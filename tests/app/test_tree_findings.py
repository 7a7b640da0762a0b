"""What our own rules find in a tree: by who wrote the line, and searched once."""

from pathlib import Path

import pytest

from asbuilt.app.attributed import attribute_tree
from asbuilt.app.config import Config
from asbuilt.app.tree_findings import FindingPlaces, findings_gaps, search_tree
from asbuilt.history.git import open_repository
from asbuilt.history.origins.index import index_folder
from asbuilt.model.tree_content import TreeFindings
from tests.repos import Repo

CLAUDE = "\n\nCo-Authored-By: Claude <noreply@anthropic.com>\n"
SAFE = "import requests\n\n\ndef ask(address):\n    return requests.get(address, timeout=3)\n"
OPEN = "\n\ndef peek(address):\n    return requests.get(address, verify=False, timeout=3)\n"
ACCEPTED = (
    "\n\ndef look(address):\n    return requests.get(address, verify=False, timeout=3)  "
    "# asbuilt: accept py-tls-off because it is the loopback\n"
)


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASBUILT_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    repo = Repo(tmp_path / "shop")
    repo.write("app.py", SAFE).write("main.kt", "package main\n").commit("By hand")
    repo.write("app.py", SAFE + OPEN).commit(f"By tool{CLAUDE}")
    return repo


def count(repo: Repo) -> TreeFindings:
    with open_repository(repo.path) as repository:
        found, _, lines, folder = attribute_tree(repository, "HEAD", keep_index=False)
        searched = search_tree(repository, found.tip, Config(), folder)
        assert searched is not None
        assert sum(run.count for run in searched.passing(lines.runs())) > 5
    return searched.count()


def test_a_finding_counts_by_who_wrote_its_line(repo: Repo) -> None:
    found = count(repo)
    (told,) = found.findings
    assert (told.rule, told.path, told.line, told.attribution) == ("py-tls-off", "app.py", 9, "ai-declared")
    assert told.commit == repo.git("rev-parse", "HEAD").decode().strip()
    assert found.by_rule == {"py-tls-off": 1}
    assert found.by_attribution["ai-declared"][told.severity] == 1
    assert sum(sum(counts.values()) for counts in found.by_attribution.values()) == 1
    assert (found.open, found.info, found.accepted) == (1, 0, 0)
    assert (found.languages, found.uncovered, found.unread) == ({"python": 1}, {"Kotlin": 1}, 0)


def test_what_a_comment_accepts_is_counted_apart(repo: Repo) -> None:
    repo.write("app.py", SAFE + OPEN + ACCEPTED).commit("Accept")
    found = count(repo)
    assert (found.open, found.accepted) == (1, 1)


def test_a_tree_is_searched_once_and_again_when_the_company_says_otherwise(repo: Repo) -> None:
    with open_repository(repo.path) as repository:
        folder = index_folder(repository)
        assert folder is not None
        tip = repository.resolve("HEAD")
        first = search_tree(repository, tip, Config(), folder)
        (kept,) = folder.glob("*.findings")
        made = kept.stat().st_mtime_ns
        again = search_tree(repository, tip, Config(), folder)
        assert kept.stat().st_mtime_ns == made
        other = search_tree(repository, tip, Config(exclude=("*.py",)), folder)
        assert kept.stat().st_mtime_ns != made
        kept.write_bytes(b"none")
        mended = search_tree(repository, tip, Config(), folder)
    assert first is not None
    assert again is not None
    assert other is not None
    assert mended is not None
    assert first.count() == again.count() == mended.count()
    assert other.count().open == 0


def test_what_was_not_searched_is_a_gap(repo: Repo) -> None:
    with open_repository(repo.path) as repository:
        assert findings_gaps(search_tree(repository, repository.resolve("HEAD"), Config(), None)) == ()
    repo.write("wide.js", "var a=1;" * 5_000).commit("Minified")
    with open_repository(repo.path) as repository:
        (gap,) = findings_gaps(search_tree(repository, repository.resolve("HEAD"), Config(), None))
    assert (gap.code, gap.path) == ("GAP-FINDINGS", "wide.js")
    (gap,) = findings_gaps(None)
    assert "not installed" in gap.what


def test_nothing_is_known_of_a_line_that_no_run_holds(repo: Repo) -> None:
    with open_repository(repo.path) as repository:
        searched = search_tree(repository, repository.resolve("HEAD"), Config(), None)
    assert isinstance(searched, FindingPlaces)
    assert [own.attribution for own in searched.count().findings] == ["unknown"]

"""What git shows of a repository, as records: complete, the same each time, honest about what it covers."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from asbuilt.app.evidence_origin import Origin
from asbuilt.app.record_git import record_git
from asbuilt.app.taking import Recorded, Taking
from asbuilt.ledger.ledger import create_ledger, open_ledger
from asbuilt.model.errors import UsageError
from asbuilt.model.record import Record, decode_entry
from tests.facts.telling import facts_of, rows_of
from tests.repos import HOUR, START, Repo

NOW = START + 1000 * HOUR


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASBUILT_CACHE", str(tmp_path / "cache"))


def make(tmp_path: Path) -> Repo:
    repo = Repo(tmp_path / "repo")
    repo.write("pyproject.toml", "[project]\n").write("AGENTS.md", "Be kind.\n").commit("Start")
    repo.write("app.py", "one\n").commit("Add it (#3)\n\nCo-Authored-By: Claude <noreply@anthropic.com>\n")
    repo.checkout("topic", new=True)
    repo.write("db/migrate/1.rb", "x\n").commit("Topic", author="Ben Ito <ben@example.com>")
    repo.checkout("main")
    repo.merge("topic", message="Merge topic\n\nReviewed-by: Cy Ora <cy@example.com>\n")
    return repo


def record(tmp_path: Path, now: int = NOW, **more: Any) -> Recorded:
    ledger = tmp_path / "ledger"
    if not ledger.exists():
        create_ledger(ledger, origin="example.com/log", now=0).close()
    return record_git(str(tmp_path / "repo"), Origin(), Taking(ledger, now=now), name="o/n", **more)


def records(tmp_path: Path) -> list[Record]:
    with open_ledger(tmp_path / "ledger", read_only=True) as opened:
        return [decode_entry(entry) for entry in opened.entries()]


def extract_of(tmp_path: Path) -> dict[str, Any]:
    found = [json.loads(each.payload) for each in records(tmp_path) if each.kind == "fact/extracts"]
    return [each for each in found if each["population"] == "changes_seen"][-1]


@pytest.mark.slow
def test_each_change_and_each_tool_is_a_row_that_the_facts_are_made_from(tmp_path: Path) -> None:
    repo = make(tmp_path)
    done = record(tmp_path)
    assert done.rows["changes_seen"] == 3
    told = records(tmp_path)
    assert {each.source for each in told} == {"git:o/n"}
    assert {each.by for each in told} == {"asbuilt record git"}
    assert {each.kind for each in told} == {"fact/changes_seen", "fact/ai_tools_seen", "fact/extracts", "fact/gaps"}
    with facts_of(told) as store:
        assert all(row["gap"].startswith("git:o/n: GAP-") for row in rows_of(store, "gaps"))
        seen = {row["change_id"]: row for row in rows_of(store, "changes_seen")}
        changes = {row["change_id"]: row for row in rows_of(store, "changes")}
        tools = {row["tool"]: row for row in rows_of(store, "ai_tools")}
    merge = seen[repo.head()]
    assert merge["participants"] == ["Ben Ito <ben@example.com>"]
    assert (merge["landing"], merge["stated_approvals"], merge["touches_migrations"]) == ("merge", 1, True)
    assert merge["merged_by"] is None
    assert merge["head_commit"] == repo.git("rev-parse", "topic").decode().strip()
    assert changes[repo.head()]["independent_human_approvals"] == 1
    assert sorted(row["attribution"] for row in changes.values()) == ["ai-declared", "unknown", "unknown"]
    assert tools["claude_code"]["observed"] is True
    assert tools["claude_code"]["commits"] == 1
    assert tools["claude_code"]["lines"] == 1


def test_recording_again_adds_only_that_somebody_looked_again(tmp_path: Path) -> None:
    repo = make(tmp_path)
    first = record(tmp_path)
    again = record(tmp_path)
    assert (again.new, again.known) == (0, first.new)
    later = record(tmp_path, NOW + 60)
    assert (later.new, later.known) == (2, first.new - 2)
    repo.write("app.py", "two\n").commit("Change it", author="ana alves <ANA@example.com>")
    grown = record(tmp_path, NOW + 120)
    assert grown.rows["changes_seen"] == 4
    assert sum(each.kind == "fact/changes_seen" for each in records(tmp_path)) == 4


def test_a_repository_without_a_remote_covers_its_branch_until_now(tmp_path: Path) -> None:
    make(tmp_path)
    record(tmp_path)
    extract = extract_of(tmp_path)
    assert extract["covers_from"] == "1970-01-01T00:00:00Z"
    assert extract["covers_until"] == extract["ended_at"] == "2023-12-26T14:13:20Z"
    assert extract["row_count"] == 3
    assert extract["query"] == "git log --first-parent --format=raw TIP"
    assert extract["part"] == "o/n"


def test_a_history_is_of_no_part_but_its_own(tmp_path: Path) -> None:
    make(tmp_path)
    create_ledger(tmp_path / "ledger", origin="example.com/log", now=0).close()
    with pytest.raises(UsageError, match="of no other part"):
        record_git(str(tmp_path / "repo"), Origin(part="o/other"), Taking(tmp_path / "ledger", now=NOW), name="o/n")
    assert records(tmp_path) == []


@pytest.mark.slow
def test_a_clone_covers_what_was_fetched_and_an_older_commit_what_leads_to_it(tmp_path: Path) -> None:
    repo = make(tmp_path)
    tip_at = int(repo.git("log", "-1", "--format=%ct"))
    repo.git("remote", "add", "origin", "https://example.com/o/n.git")
    assert covered_until(tmp_path) == tip_at + 1
    (repo.path / ".git" / "FETCH_HEAD").touch()
    os.utime(repo.path / ".git" / "FETCH_HEAD", (tip_at + 77, tip_at + 77))
    assert covered_until(tmp_path, NOW + 1) == tip_at + 77
    before = int(repo.git("log", "-1", "--format=%ct", "HEAD~1"))
    assert covered_until(tmp_path, NOW + 2, rev="HEAD~1") == before + 1


def covered_until(tmp_path: Path, now: int = NOW, **more: Any) -> int:
    record(tmp_path, now, **more)
    with facts_of([each for each in records(tmp_path) if each.kind == "fact/extracts"], only=()) as store:
        (found,) = store.connection.execute(
            "SELECT epoch(covers_until)::BIGINT FROM extracts WHERE population = 'changes_seen' ORDER BY ended_at DESC LIMIT 1"
        ).fetchone() or (0,)
    return int(found)


def test_a_shallow_clone_covers_nothing_before_its_edge(tmp_path: Path) -> None:
    repo = make(tmp_path)
    edge = int(repo.git("log", "-1", "--format=%ct", "HEAD^1"))
    repo.path.rename(tmp_path / "whole")
    Repo(tmp_path / "elsewhere").git(
        "clone", "-q", "--depth=2", f"file://{tmp_path / 'whole'}", str(tmp_path / "repo")
    )
    record(tmp_path)
    assert extract_of(tmp_path)["covers_from"] > "2023"
    assert any("GAP-SHALLOW" in each.event for each in records(tmp_path))
    assert edge > START


def test_a_clock_that_runs_ahead_is_recorded_as_git_tells_it(tmp_path: Path) -> None:
    repo = make(tmp_path)
    repo.write("app.py", "x\n").commit("From the future", at=NOW + 99 * HOUR)
    done = record(tmp_path)
    assert done.rows["changes_seen"] == 4
    assert any("still to come" in note for note in done.notes)

"""What was approved, held against what landed: rows, an extract, a gap, and the verdict that comes of it."""

import json
from pathlib import Path
from typing import Any

import pytest

from asbuilt.app.chain_facts import open_ledger_facts
from asbuilt.app.coverings import record_coverings
from asbuilt.app.evidence_origin import Origin
from asbuilt.app.record_git import record_git
from asbuilt.app.taking import Recorded, Taking
from asbuilt.ledger.ledger import create_ledger, open_ledger
from asbuilt.model.record import decode_entry
from tests.facts.telling import tell
from tests.repos import HOUR, START, Repo

NOW = START + 1000 * HOUR
OWN: dict[str, Any] = {"repository": "o/n", "number": 7}


def moment(hours: int) -> str:
    day, hour = divmod(22 + hours, 24)
    return f"2023-11-{14 + day:02}T{hour:02}:13:20Z"


@pytest.fixture
def ledger(tmp_path: Path, repo: Repo) -> Path:
    """A request that was approved, then brought up to its base, and merged: git's history of it is recorded."""
    repo.write("a", "one\n").write("b", "one\n").commit("start")
    repo.checkout("topic", new=True).write("a", "two\n").commit("work")
    repo.ref("refs/heads/approved", repo.head())
    repo.checkout("main").write("b", "two\n").commit("elsewhere")
    repo.checkout("topic").merge("main", message="Merge branch main into topic")
    repo.ref("refs/heads/head", repo.head())
    repo.checkout("main").write("c", "more\n").commit("elsewhere again")
    repo.merge("topic", message="Merge pull request #7 from ana/topic")
    folder = tmp_path / "ledger"
    create_ledger(folder, origin="example.com/log", now=0).close()
    record_git(str(repo.path), Origin(), Taking(folder, now=NOW), name="o/n")
    return folder


def named(repo: Repo, name: str) -> str:
    return repo.git("rev-parse", name).decode().strip()


def told(ledger: Path, repo: Repo, approved: str) -> None:
    """What the forge knows of the request."""
    head = named(repo, "head")
    records = [
        tell(
            "requests", **OWN, opened_at=moment(0), author="ana", state="merged", merged_at=moment(6),
            merge_commit=named(repo, "main"), head_commit=head,
        ),
        tell("reviews", **OWN, review_id="1", reviewer="cem", is_bot=False, commit=approved, state="approved",
             submitted_at=moment(3)),
        tell("request_commits", **OWN, commit=head, author="Ana <ana@example.com>", parents=["x", "y"]),
    ]  # fmt: skip
    with open_ledger(ledger) as opened:
        opened.append(records)


def hold(ledger: Path, repo: Repo) -> Recorded | None:
    return record_coverings(str(repo.path), "o/n", ledger, now=NOW)


def row_of(ledger: Path) -> dict[str, Any]:
    with open_ledger_facts(ledger) as facts:
        (row,) = facts.rows("SELECT * FROM changes WHERE number = 7")
    return row


def gaps(ledger: Path) -> list[str]:
    with open_ledger(ledger, read_only=True) as opened:
        found = [decode_entry(entry) for entry in opened.entries()]
    return [json.loads(own.payload)["code"] for own in found if own.kind == "fact/gaps"]


@pytest.mark.slow
def test_what_git_proves_decides_the_verdict(ledger: Path, repo: Repo) -> None:
    told(ledger, repo, named(repo, "approved"))
    assert (row_of(ledger)["review_verdict"], row_of(ledger)["rejected_approvals"]) == (
        "unknown",
        ["cem: unknown-covering"],
    )
    done = hold(ledger, repo)
    assert done is not None
    assert (done.rows["coverings"], done.notes) == (2, ())
    row = row_of(ledger)
    assert (row["review_verdict"], row["approvers"], row["approval_covers_merged"]) == ("reviewed", ["cem"], True)
    with open_ledger_facts(ledger) as facts:
        found = facts.rows("SELECT commit, covers, how FROM coverings ORDER BY how")
        extracts = facts.rows("SELECT part, row_count FROM extracts WHERE population = 'coverings'")
    assert found == [
        {"commit": named(repo, "approved"), "covers": True, "how": "base-sync"},
        {"commit": named(repo, "head"), "covers": True, "how": "merge-tree"},
    ]
    assert extracts == [{"part": "o/n", "row_count": 2}]
    assert hold(ledger, repo) is None  # answered for good


@pytest.mark.slow
def test_what_is_not_here_is_a_gap_and_asked_again(ledger: Path, repo: Repo) -> None:
    told(ledger, repo, "1" * 40)
    for _ in range(2):
        done = hold(ledger, repo)
        assert done is not None
        assert "an object is not here" in done.notes[0]
        assert set(gaps(ledger)) & {"GAP-PULLREFS"}
        assert row_of(ledger)["review_verdict"] == "unknown"

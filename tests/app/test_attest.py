"""The review and the chain of a commit as signed statements."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from asbuilt.app.attest import write_statements
from asbuilt.app.attestations import read_attestation_files, trusted_from
from asbuilt.app.evidence_origin import Origin
from asbuilt.app.record_git import record_git
from asbuilt.app.taking import Taking
from asbuilt.ledger.ledger import create_ledger, open_ledger
from asbuilt.model.attestation import Standing
from asbuilt.model.errors import LedgerError, UsageError
from tests.facts.telling import covering, tell
from tests.repos import HOUR, START, Repo

NOW = START + 1000 * HOUR


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    monkeypatch.setenv("ASBUILT_CACHE", str(tmp_path / "cache"))
    made = Repo(tmp_path / "repo")
    made.write("app.py", "one\n").commit("Start")
    made.checkout("topic", new=True)
    made.write("app.py", "one\ntwo\n").commit("Two", author="Ben Ito <ben@example.com>")
    made.checkout("main")
    made.merge("topic", message="Merge pull request #7 from o/topic\n")
    return made


def payloads(folder: Path, repo: Repo, target: str = "HEAD") -> list[dict[str, Any]]:
    written = write_statements(target, path=repo.path, ledger=folder)
    return [json.loads(base64.b64decode(json.loads(own)["payload"])) for own in written.envelopes]


def ledger_of(tmp_path: Path, *records) -> Path:
    folder = tmp_path / "ledger"
    with create_ledger(folder, origin="example.com/log", now=0) as opened:
        opened.append(records)
    record_git(str(tmp_path / "repo"), Origin(), Taking(folder, now=NOW), name="o/n")
    return folder


def test_an_approval_is_bound_to_the_tree_that_was_approved(repo: Repo, tmp_path: Path) -> None:
    head = repo.git("rev-parse", "topic").decode().strip()
    tree = repo.git("rev-parse", "topic^{tree}").decode().strip()
    review = {"repository": "o/n", "number": 7, "commit": head, "reviewer": "cy", "state": "approved"}
    folder = ledger_of(
        tmp_path,
        tell("reviews", review_id="1", is_bot=False, submitted_at="2026-01-01T00:00:00Z", **review),
        tell("reviews", review_id="2", is_bot=True, **{**review, "reviewer": "helper[bot]"}),
        tell(
            "checks", repository="o/n", check_id="1", commit=head, name="tests", kind="tests", conclusion="success"
        ),
        *covering("reviews", "checks"),
    )
    review_told, chain = payloads(folder, repo)
    predicate = review_told["predicate"]
    assert [own["overTree"] for own in predicate["approvals"]] == [tree, tree]
    assert {own["approver"]: own["fails"] for own in predicate["approvals"]}["helper[bot]"] == ["bot"]
    assert predicate["checks"][0] == {
        "name": "tests",
        "overCommit": head,
        "overTree": tree,
        "outcome": "success",
        "runnerIdentity": None,
    }
    assert predicate["reviewCoverage"] == {"result": "replay", "residualBase": None}
    assert predicate["mergeTransform"]["replayClean"] is True
    assert review_told["subject"] == chain["subject"]
    assert len(chain["predicate"]["links"]) == 10


def test_a_merge_that_holds_more_than_was_reviewed_is_residual(repo: Repo, tmp_path: Path) -> None:
    repo.write("evil.py", "x\n")
    merged = repo.git("rev-parse", "HEAD^1", "HEAD^2").decode().split()
    tree = repo.git("write-tree").decode().strip()
    parents = [word for own in merged for word in ("-p", own)]
    env = {f"GIT_{who}_{what}": "x@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    evil = repo.git("commit-tree", tree, *parents, "-m", "Merge pull request #7 from o/topic", env=env)
    repo.git("reset", "-q", "--hard", evil.decode().strip())
    predicate = payloads(ledger_of(tmp_path), repo)[0]["predicate"]
    assert predicate["reviewCoverage"]["result"] == "residual"
    assert predicate["mergeTransform"]["replayClean"] is False


def test_the_envelopes_are_signed_with_the_ledgers_key_and_the_same_each_time(repo: Repo, tmp_path: Path) -> None:
    folder = ledger_of(tmp_path)
    first = write_statements("HEAD", path=repo.path, ledger=folder).envelopes
    assert first == write_statements("HEAD", path=repo.path, ledger=folder).envelopes
    file = tmp_path / "head.jsonl"
    file.write_bytes(b"".join(first))
    found = read_attestation_files([file], trusted_from([folder / "key.vkey"]))
    assert [own.verification.standing for own in found] == [Standing.VERIFIED] * 2


def test_the_first_commit_was_reviewed_by_nobody(repo: Repo, tmp_path: Path) -> None:
    predicate = payloads(ledger_of(tmp_path), repo, "HEAD~1")[0]["predicate"]
    assert predicate["reviewCoverage"]["result"] == "unverifiable"
    assert predicate["approvals"] == []


def test_lines_of_a_file_are_no_commit(repo: Repo, tmp_path: Path) -> None:
    folder = ledger_of(tmp_path)
    with pytest.raises(UsageError, match="no single commit"):
        write_statements("app.py", path=repo.path, ledger=folder)


def test_without_a_ledger_there_is_no_key(repo: Repo, tmp_path: Path) -> None:
    with pytest.raises((UsageError, LedgerError)):
        write_statements("HEAD", path=repo.path, ledger=tmp_path / "none")
    with pytest.raises((UsageError, LedgerError)), open_ledger(tmp_path / "none"):
        pass

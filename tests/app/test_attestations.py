"""Signed statements and signed commits as evidence."""

import json
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from asbuilt.app.attestations import (
    read_attestation_files,
    read_commit_signatures,
    record_attestations,
    trusted_from,
)
from asbuilt.app.evidence_origin import Origin
from asbuilt.app.taking import Taking
from asbuilt.ledger.ledger import create_ledger, open_ledger
from asbuilt.model.attestation import Standing
from asbuilt.model.errors import UsageError
from asbuilt.model.record import decode_entry
from tests.facts.telling import facts_of, rows_of
from tests.history.attestations.signing import AT, commit_bytes, pem, ssh_line, ssh_sign
from tests.history.attestations.test_files import ENVELOPE, KEY
from tests.repos import Repo


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    statement, key = tmp_path / "build.intoto.jsonl", tmp_path / "release.pem"
    statement.write_bytes(ENVELOPE)
    key.write_bytes(pem(KEY))
    return statement, key


def recorded(tmp_path: Path, found, files) -> list[dict]:
    ledger = tmp_path / "ledger"
    create_ledger(ledger, origin="example.com/log", now=0).close()
    done = record_attestations(found, files, "o/n", Origin(), Taking(ledger, now=AT + 9))
    assert done.rows == {"attestations": len(found)}
    with open_ledger(ledger, read_only=True) as opened:
        told = [decode_entry(entry) for entry in opened.entries()]
        kept = [json.loads(own.payload)["sha256"] for own in told if own.kind == "attachment"]
        assert [opened.attachment(own) for own in kept] == [file.read_bytes() for file in files]
    return rows_of(facts_of(told, only=()), "attestations")


def test_a_statement_under_a_key_is_recorded_as_verified(files: tuple[Path, Path], tmp_path: Path) -> None:
    found = read_attestation_files(files[:1], trusted_from(files[1:]))
    (row,) = recorded(tmp_path, found, files[:1])
    assert (row["is_verified"], row["signer"], row["commit"]) == (True, str(files[1]), "c" * 40)


def test_without_a_key_it_is_not_known_whether_it_holds(files: tuple[Path, Path], tmp_path: Path) -> None:
    (row,) = recorded(tmp_path, read_attestation_files(files[:1], trusted_from(())), files[:1])
    assert row["is_verified"] is None


def test_signatures_of_commits(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    repo.write("a", "a").commit("Start")
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    raw = commit_bytes(ssh_sign(key, commit_bytes()))
    subprocess.run(["git", "mktree"], cwd=repo.path, input=b"", check=True, capture_output=True)
    told = subprocess.run(
        ["git", "hash-object", "-t", "commit", "-w", "--stdin"],
        cwd=repo.path,
        input=raw,
        check=True,
        capture_output=True,
    ).stdout.decode()
    allowed = tmp_path / "allowed"
    allowed.write_text(f"ana@example.com {ssh_line(key)}\n")
    _, found = read_commit_signatures(str(repo.path), told.strip(), trusted_from([allowed]))
    assert [own.verification.standing for own in found] == [Standing.VERIFIED]
    _, plain = read_commit_signatures(str(repo.path), "HEAD", trusted_from([allowed]))
    assert [own.verification.standing for own in plain] == [Standing.NONE]
    _, late = read_commit_signatures(str(repo.path), told.strip(), trusted_from([allowed]), since=AT + 1)
    assert late == []
    (row,) = recorded(tmp_path, found, ())
    assert (row["subject"], row["is_verified"]) == (f"gitCommit:{told.strip()}", True)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        trusted_from([tmp_path / "none.pem"])
    assert "none.pem" in f"{raised.value.what} {raised.value.where}"

"""``asbuilt attest`` as commands."""

from pathlib import Path

from tests.commands import asbuilt
from tests.history.attestations.signing import pem
from tests.history.attestations.test_files import ENVELOPE, KEY
from tests.repos import Repo


def test_reading_with_and_without_a_key(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(ENVELOPE)
    (tmp_path / "key.pem").write_bytes(pem(KEY))
    plain = asbuilt("attest", "read", "a.json", cwd=tmp_path)
    assert plain.code == 3
    assert "present, not verified" in plain.text
    assert asbuilt("attest", "read", "a.json", "--key", "key.pem", cwd=tmp_path).code == 0
    assert asbuilt("attest", "read", "a.json", "--record", cwd=tmp_path).code == 2
    assert asbuilt("attest", "read", "none.json", cwd=tmp_path).code == 2


def test_a_commit_is_written_read_again_and_recorded(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    repo.write("a", "a\n").commit("Start")
    assert asbuilt("ledger", "init", "example.com/log", cwd=repo.path).code == 0
    done = asbuilt("attest", "write", "-o", "head.jsonl", cwd=repo.path)
    assert done.code == 0, done.said
    read = ("attest", "read", "head.jsonl", "--key", ".asbuilt/ledger/key.vkey", "--record", "--name", "o/n")
    assert asbuilt(*read, cwd=repo.path).text.rstrip().endswith("kept by digest.")
    lines = asbuilt("attest", "write", cwd=repo.path).out.splitlines()
    assert lines == (repo.path / "head.jsonl").read_bytes().splitlines()


def test_commits_without_signatures_are_counted(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    repo.write("a", "a\n").commit("Start")
    done = asbuilt("attest", "commits", cwd=repo.path)
    assert (done.code, done.text) == (3, "1 not signed.\n")
    assert asbuilt("attest", "commits", "--record", cwd=repo.path).code == 2

"""All of it or nothing: one append, files first, nothing when anything is wrong."""

from pathlib import Path

import pytest

from asbuilt.app.taking import Taking
from asbuilt.facts.recording.manifest import Manifest
from asbuilt.facts.recording.records import Batch
from asbuilt.facts.recording.rows import Checked, CheckedRow
from asbuilt.facts.schemas import TABLES
from asbuilt.ledger.ledger import create_ledger, open_ledger
from asbuilt.model.errors import UsageError
from asbuilt.model.evidence import EvidenceError

NOW = 1_782_900_000


def batch(taking: Taking) -> Batch:
    rows = (CheckedRow("ana", b"{}", None, 2), CheckedRow("ben", b"{}", None, 3))
    kept = taking.keep(b"as it came", "people.csv", "as-it-came")
    checked = Checked(TABLES["people"], rows)
    return Batch("f", checked, Manifest("HR", "ana", NOW), CheckedRow("x", b"{}", None, 0), (kept,))


def test_what_was_taken_is_recorded_once(tmp_path: Path) -> None:
    create_ledger(tmp_path / "ledger", origin="example.com/log", now=0).close()
    for new in (4, 0):
        taking = Taking(tmp_path / "ledger", now=NOW)
        taking.add(batch(taking), by="ana", how="csv")
        taking.note(["said"])
        done = taking.write()
        assert (done.new, done.known, done.files, done.rows) == (new, 4 - new, 1, {"people": 2})
        assert done.notes == ("said",)
    with open_ledger(tmp_path / "ledger", read_only=True) as ledger:
        assert ledger.size == 4
        assert [path.read_bytes() for path in (tmp_path / "ledger" / "attachments").glob("*/*")] == [b"as it came"]


def test_a_problem_leaves_the_ledger_and_the_files_as_they_were(tmp_path: Path) -> None:
    create_ledger(tmp_path / "ledger", origin="example.com/log", now=0).close()
    taking = Taking(tmp_path / "ledger", now=NOW)
    taking.add(batch(taking), by="ana", how="csv")
    taking.problems.add("f:1", "Bad.", "Mend it.")
    with pytest.raises(EvidenceError):
        taking.write()
    with open_ledger(tmp_path / "ledger", read_only=True) as ledger:
        assert ledger.size == 0
    assert list((tmp_path / "ledger" / "attachments").glob("*/*")) == []


def test_a_dry_run_needs_no_ledger_and_a_run_does(tmp_path: Path) -> None:
    taking = Taking(tmp_path / "none", dry_run=True, now=NOW)
    taking.add(batch(taking), by="ana", how="csv")
    assert taking.write().dry_run
    with pytest.raises(UsageError, match="There is no ledger"):
        Taking(tmp_path / "none", now=NOW).write()
    assert not (tmp_path / "none").exists()

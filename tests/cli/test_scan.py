"""``asbuilt scan`` as a user runs it."""

import json
from pathlib import Path

import pytest

from asbuilt.cli.exit_status import scan_status
from asbuilt.model.finding import SCHEMA, CodeFinding, Scan, ScannerReport
from tests.commands import asbuilt
from tests.repos import Repo

SQL = 'cur.execute(f"SELECT a FROM t WHERE b = {c}")\n'


def make(tmp_path: Path, text: str = SQL) -> Path:
    repo = Repo(tmp_path / "acme")
    repo.write("a.py", text).commit("First")
    return repo.path


def test_findings_are_printed_and_are_exit_code_1(tmp_path: Path) -> None:
    done = asbuilt("scan", "--only", "own", cwd=make(tmp_path))
    assert done.code == 1, done.said
    assert "a.py:1  cur.execute" in done.text
    assert "medium  py-sql-built" in done.text
    assert asbuilt("scan", "--only", "own", "--fail-on", "high", cwd=tmp_path / "acme").code == 0


def test_formats_are_written_to_files_and_recorded(tmp_path: Path) -> None:
    path = make(tmp_path)
    done = asbuilt(
        "scan", "--only", "own", "--rev", "HEAD", "--output", "sarif=s.sarif", "--output", "json=s.json", cwd=path
    )
    assert (done.code, done.out) == (1, b"")
    assert json.loads((path / "s.json").read_bytes())["schema"] == SCHEMA
    assert len(json.loads((path / "s.sarif").read_bytes())["runs"]) == 2
    assert asbuilt("ledger", "init", "example.com/acme", cwd=path).code == 0
    done = asbuilt("record", "scan", "s.sarif", "--repository", "acme/shop", "--commit", "HEAD", cwd=path)
    assert done.code == 0, done.said


def test_nothing_found_is_exit_code_0_and_what_was_not_looked_at_3(tmp_path: Path) -> None:
    path = make(tmp_path, "x = 1\n")
    assert asbuilt("scan", "--only", "own", cwd=path).code == 0
    (path / "big.js").write_text("x" * 20_000)
    done = asbuilt("scan", "--only", "own", cwd=path)
    assert done.code == 3
    assert "big.js" in done.text


def test_an_unknown_revision_and_rules_by_address_are_refused(tmp_path: Path) -> None:
    path = make(tmp_path)
    assert asbuilt("scan", "--rev", "nothing", cwd=path).code == 2
    assert asbuilt("scan", "--semgrep-rules", "https://example.com/r.yml", cwd=path).code == 2


def scan_with(*severities: str | None, standing: str = "ran", name: str = "AsBuilt") -> Scan:
    found = tuple(
        CodeFinding(scanner=name, rule="r", severity=each, message="m", path="a", line=1, end_line=1)  # type: ignore[arg-type]
        for each in severities
    )
    report = ScannerReport(name=name, kind="other", standing=standing, looks_for="x")  # type: ignore[arg-type]
    return Scan(schema=SCHEMA, program="p", commit=None, is_work_tree=True, scanners=(report,), findings=found)


@pytest.mark.parametrize(
    ("scan", "fail_on", "only", "code"),
    [
        (scan_with(), "low", (), 0),
        (scan_with("info"), "low", (), 0),
        (scan_with("info"), "info", (), 1),
        (scan_with("low"), "low", (), 1),
        (scan_with("medium"), "high", (), 0),
        (scan_with("critical"), "never", (), 0),
        (scan_with(None), "critical", (), 1),
        (scan_with(standing="failed"), "low", (), 3),
        (scan_with(standing="in part"), "never", (), 3),
        (scan_with("high", standing="failed"), "low", (), 1),
        (scan_with(standing="not run"), "low", (), 3),
        (scan_with(standing="not run", name="Bandit"), "low", (), 0),
        (scan_with(standing="not run", name="Bandit"), "low", ("bandit",), 3),
    ],
)
def test_the_exit_code_says_what_was_found_and_what_was_not_seen(
    scan: Scan, fail_on: str, only: tuple[str, ...], code: int
) -> None:
    assert scan_status(scan, fail_on, only) == code

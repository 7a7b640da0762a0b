"""``asbuilt record`` as a person runs it: a journey from an empty ledger to rows in it, and what is refused."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from asbuilt.ledger.ledger import create_ledger, open_ledger
from asbuilt.model.record import decode_entry
from tests.commands import Done, asbuilt, environment
from tests.repos import Repo
from tests.scans.samples import located, sarif

CSV = "person,name,starts_at\nana,Ana,2026-01-05\nben,Ben,2026-02-01\n"
YAML = """table: incidents
source: PagerDuty
taken_at: 2026-07-01T08:00:00Z
taken_by: ana
covers: {from: 2026-01-01, until: 2026-07-01}
rows: []
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "here"
    folder.mkdir()
    create_ledger(folder / ".asbuilt" / "ledger", origin="example.com/log", now=0).close()
    return folder


def record(place: Path, *words: str, **more: str) -> Done:
    return asbuilt("record", *words, cwd=place, **more)


def kinds(place: Path) -> list[str]:
    with open_ledger(place / ".asbuilt" / "ledger", read_only=True) as ledger:
        return [decode_entry(entry).kind for entry in ledger.entries()]


@pytest.mark.slow
def test_a_journey_from_nothing_to_evidence(place: Path) -> None:
    listed = record(place, "--list")
    assert "\npeople " in listed.text
    template = record(place, "people", "--template", "csv")
    assert template.text.startswith("person,name,starts_at,")
    assert "starts_at" in template.said
    (place / "people.csv").write_text(CSV)
    told = ("people", "--csv", "people.csv", "--source", "HR list", "--by", "ana")
    dry = record(place, *told, "--dry-run", "--ledger", "nowhere")
    assert (dry.code, dry.text.splitlines()[-1]) == (0, "Everything can be recorded; nothing was (--dry-run).")
    done = record(
        place, *told, "--observed-at", "2026-07-01T08:00:00Z", "--covers", "2026-01-01..2026-07-01",
        "--second-source", "payroll", "--second-count", "3", "--difference", "Cy left", "--scopes", "read, export",
        "--attach", "people.csv",
    )  # fmt: skip
    assert done.code == 0, done.said
    assert done.text.splitlines() == [
        "people.csv: dates without a time (starts_at) mean 00:00:00 UTC.",
        "people: 2 rows",
        "5 new, 0 known, 1 file kept by digest.",
    ]
    one = record(place, "people", "person=cy", "name=Cy Ora", "starts_at=2026-03-01", ASBUILT_BY="ben")
    assert (one.code, one.text.splitlines()[-1]) == (0, "2 new, 0 known.")
    (place / "evidence").mkdir()
    (place / "evidence" / "incidents.yaml").write_text(YAML)
    assert record(place, "evidence").text == "incidents: 0 rows\n2 new, 0 known, 1 file kept by digest.\n"
    assert record(place, "evidence").text == "incidents: 0 rows\n0 new, 2 known, 1 file kept by digest.\n"
    assert kinds(place).count("fact/people") == 3


def test_everything_that_is_wrong_stands_on_stderr_one_line_each(place: Path) -> None:
    (place / "bad.csv").write_text("person,nam,starts_at\nana,Ana,2026-01-05 10:00\n\x1b[2J,,2099-01-01\n")
    done = record(place, "people", "--csv", "bad.csv", "--source", "HR", "--by", "ana")
    assert (done.code, done.text) == (2, "")
    assert "\x1b" not in done.said
    lines = done.said.splitlines()
    assert [line.split(": ")[0] for line in lines] == [
        "bad.csv:1", "bad.csv:1", "bad.csv:2", "bad.csv:3", "bad.csv:3", "asbuilt", "  fix",
    ]  # fmt: skip
    assert lines[0] == "bad.csv:1: nam: people has no such column. Did you mean name?"
    assert lines[-2] == "asbuilt: Nothing was recorded: 5 problems."
    assert kinds(place) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "It is not said what to record."),
        (("people",), "It is not said what to record in 'people'."),
        (("peple",), "There is no table 'peple'."),
        (("peeple", "a=b", "--by", "x"), "There is no table 'peeple'."),
        (("people", "a=b"), "It is not said who answers for this evidence."),
        (("people", "a=b", "--csv", "f", "--by", "x"), "Rows come from one place."),
        (("people", "--csv", "none.csv", "--source", "s", "--by", "x"), "'none.csv' is not there."),
        (("evidence", "--source", "x"), "Evidence files say themselves where they come from."),
        (("people", "a=b", "--by", "x", "--rev", "main"), "--rev and --name speak of a repository."),
        (("git", "a", "b"), "`asbuilt record git` takes one folder"),
        (("git",), "is not in a git repository."),
        (("people", "--template", "xml"), "'xml'"),
    ],
)
def test_a_command_that_means_nothing_is_refused_with_what_to_do(
    place: Path, words: tuple[str, ...], said: str
) -> None:
    (place / "evidence").mkdir()
    done = record(place, *words)
    assert done.code in {2, 3}
    assert said in done.said
    assert "fix: " in done.said
    assert kinds(place) == []


def test_without_a_ledger_it_says_how_to_make_one(tmp_path: Path) -> None:
    (tmp_path / "e").mkdir()
    done = record(tmp_path / "e", "people", "person=a", "name=A", "starts_at=2026-01-01", "--by", "x")
    assert done.code == 2
    assert "asbuilt ledger init" in done.said
    assert list((tmp_path / "e").iterdir()) == []


def test_rows_from_standard_input(place: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "asbuilt", "record", "people", "--csv", "-", "--source", "HR", "--by", "ana"],
        cwd=place,
        env=environment(place.parent / "cache"),
        input=CSV.encode(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert b"standard input: taken as read now, " in done.stdout
    assert len(kinds(place)) == 4


def test_git_is_recorded(place: Path) -> None:
    Repo(place / "repo").write("a", "b\n").commit("Start")
    done = record(place, "git", "repo", "--name", "o/n")
    assert done.code == 0, done.said
    assert "changes_seen: 1 row" in done.text
    with open_ledger(place / ".asbuilt" / "ledger", read_only=True) as ledger:
        first = decode_entry(ledger.entry(0))
    assert json.loads(first.payload)["repository"] == "o/n"


def test_a_report_of_a_scanner_is_recorded_and_what_was_not_read_leaves_status_3(place: Path) -> None:
    whole = sarif([located("py/sql", "a.py", 3)], invocations=[{"executionSuccessful": True}])
    (place / "out.sarif").write_text(json.dumps(whole))
    (place / "npm.json").write_text('{"error": {"code": "ENOAUDIT", "summary": "no audit here"}}')
    asked = ("--repository", "acme/shop", "--commit", "a" * 40)
    done = record(place, "scan", "out.sarif", *asked)
    assert (done.code, done.said) == (0, "")
    assert done.text.splitlines()[1:] == [
        "who wrote the lines of 1 finding is not known: '.' is not in a git repository.",
        "scan_runs: 1 row",
        "checks: 1 row",
        "findings_seen: 1 row",
        "9 new, 0 known, 1 file kept by digest.",
    ]
    failed = record(place, "scan", "npm.json", *asked)
    assert failed.code == 3
    assert "not read: npm audit failed: no audit here." in failed.text


def test_scans_need_a_repository_and_their_options_speak_of_nothing_else(place: Path) -> None:
    assert record(place, "scan", "out.sarif").code == 2
    assert record(place, "scan", "--repository", "acme/shop").code == 2
    assert "These options speak of scans" in record(place, "people", "person=ana", "--unmerged").said

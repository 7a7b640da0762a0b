"""What is said of a report, in words that its reader can act on."""

from collections import Counter

from asbuilt.app.scan_notes import left_open, notes_of
from asbuilt.app.scan_rows import Scanned
from asbuilt.model.scan import ScanResult, ScanRun, Suppressed

SCANNED = Scanned("acme/shop", "a" * 40, "run", 1)


def result(**told: object) -> ScanResult:
    return ScanResult(**{"tool": "gitleaks", "rule": "r", "message": "m"} | told)  # type: ignore[arg-type]


def test_what_is_set_aside_and_what_is_masked_are_counted() -> None:
    results = (result(suppressed=Suppressed("external")), result(is_secret=True, is_masked=True), result())
    run = ScanRun(tool="gitleaks", kind="secret-scan", succeeded=True, results=results)
    told, masked = notes_of(run, SCANNED, "r.json")
    assert (
        told == "r.json: gitleaks (secret-scan) tells 3 results, 1 of them set aside by the tool: they stay open."
    )
    assert masked.startswith("r.json: the values of 1 secret are not shown")


def test_a_run_without_an_end_or_a_commit_and_a_listing_say_what_is_missing() -> None:
    run = ScanRun(tool="gitleaks", kind="secret-scan")
    assert "--ended-well" in list(notes_of(run, SCANNED, "r"))[-1]
    run = ScanRun(tool="gitleaks", kind="secret-scan", succeeded=True)
    assert "--commit" in list(notes_of(run, Scanned("acme/shop", None, "run", 1), "r"))[-1]
    (said,) = notes_of(ScanRun(tool="x", kind="other", is_listing=True), SCANNED, "r")
    assert "does not show that a scan ran" in said


def test_what_stays_open_is_said_with_some_files_and_the_option_where_there_is_one() -> None:
    run = ScanRun(tool="Trivy", kind="dependency-scan", succeeded=True, names_all_with="--list-all-pkgs")
    (said,) = left_open(run, Counter({"a": 2, "b": 1, "c": 1, "d\x1b": 1}), "r")
    assert "5 earlier findings of Trivy" in said
    assert "(a, b, c, …)" in said
    assert said.endswith("with --list-all-pkgs.")
    (said,) = left_open(ScanRun(tool="x", kind="other"), Counter({"d\x1b": 1}), "r")
    assert "\x1b" not in said
    assert said.endswith("(d\\x1b).")
    assert list(left_open(run, Counter(), "r")) == []

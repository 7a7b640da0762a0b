"""What rows a run becomes: when it counts as a run, what its check says, what is fixed and what is not."""

from typing import Any

import pytest

from asbuilt.app.scan_rows import Scanned, conclusion, rows_of
from asbuilt.app.scan_state import Earlier
from asbuilt.model.scan import ScanResult, ScanRun, Suppressed

REPOSITORY, COMMIT = "acme/shop", "a" * 40
FIRST, SECOND = 1_772_323_200, 1_772_409_600


def result(**told: Any) -> ScanResult:
    return ScanResult(**{"tool": "CodeQL", "rule": "py/sql", "message": "SQL", "severity": "low", "path": "a.py", "line": 3, "snippet": "s"} | told)  # fmt: skip


def run(*results: ScanResult, **told: Any) -> ScanRun:
    return ScanRun(
        **{
            "tool": "CodeQL",
            "kind": "static-analysis",
            "succeeded": True,
            "rules": frozenset({"py/sql"}),
            "files": frozenset({"a.py"}),
            "results": results,
        }
        | told
    )


def rows(told: ScanRun, earlier: Earlier | None = None, *, at: int = FIRST, **more: Any) -> dict[str, list[Any]]:
    scanned = Scanned(**{"repository": REPOSITORY, "commit": COMMIT, "run": "run", "ran_at": at} | more)
    found: dict[str, list[Any]] = {}
    for row in rows_of(told, scanned, earlier or Earlier()):
        found.setdefault(row.table, []).append(row.told)
    return found


def after(told: ScanRun, **more: Any) -> Earlier:
    """What a ledger knows after that run."""
    seen = rows(told, **more).get("findings_seen", [])
    return Earlier(findings={each["finding"]: {name: value for name, value in each.items() if value is not None} for each in seen})  # fmt: skip


def test_a_run_is_a_run_a_check_and_findings() -> None:
    told = rows(run(result()))
    assert told["scan_runs"] == [
        {
            "run": "run",
            "target": REPOSITORY,
            "scanner": "CodeQL",
            "ran_at": "2026-03-01T00:00:00Z",
            "succeeded": True,
        }
    ]
    (check,) = told["checks"]
    assert (check["commit"], check["kind"], check["conclusion"]) == (COMMIT, "static-analysis", "success")
    (finding,) = told["findings_seen"]
    assert (finding["severity"], finding["rule"], finding["path"], finding["line"]) == ("low", "py/sql", "a.py", 3)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (run(), "success"),
        (run(result(severity="medium")), "success"),
        (run(result(severity="high")), "failure"),
        (run(result(severity=None)), "failure"),
        (run(result(severity="low", is_secret=True)), "failure"),
        (run(result(severity="high", suppressed=Suppressed("in-source"))), "success"),
        (run(result(severity="high", state="absent")), "success"),
        (run(unread=("x",)), "neutral"),
        (run(succeeded=False), "failure"),
        (run(result(), kind="tests"), "failure"),
    ],
)
def test_what_the_check_says(told: ScanRun, said: str) -> None:
    assert conclusion(told) == said


def test_a_run_whose_end_nobody_states_is_none_but_its_findings_stand() -> None:
    assert set(rows(run(result(), succeeded=None))) == {"findings_seen"}
    assert set(rows(run(succeeded=False))) == {"scan_runs", "checks"}
    assert set(rows(run(result()), commit=None)) == {"scan_runs", "findings_seen"}


def test_an_unmerged_commit_is_checked_and_starts_no_clock() -> None:
    assert set(rows(run(result()), unmerged=True)) == {"checks"}
    earlier = after(run(result()))
    assert set(rows(run(), earlier, at=SECOND, unmerged=True)) == {"checks"}


def test_tests_are_a_check_and_no_scan() -> None:
    assert set(rows(run(result(), kind="tests"))) == {"checks"}


def test_what_is_set_aside_stays_open_and_an_unrated_severity_is_not_low() -> None:
    (finding,) = rows(run(result(severity=None, suppressed=Suppressed("external", "ana", "fine"))))["findings_seen"]
    assert finding["severity"] == "unrated"
    assert "closed_at" not in finding


def test_a_finding_is_fixed_when_the_same_rule_ran_to_its_end_on_its_file_and_no_longer_tells_it() -> None:
    earlier = after(run(result()))
    (fixed,) = rows(run(), earlier, at=SECOND)["findings_seen"]
    assert fixed["closed_at"] == fixed["seen_at"] == "2026-03-02T00:00:00Z"
    assert fixed["finding"] in earlier.findings


@pytest.mark.parametrize(
    "later",
    [
        run(succeeded=None),
        run(succeeded=False),
        run(rules=frozenset({"py/xss"})),
        run(rules=None),
        run(files=frozenset({"b.py"})),
        run(files=None),
        run(tool="Semgrep"),
        run(result()),
    ],
)
def test_anything_less_fixes_nothing(later: ScanRun) -> None:
    told = rows(later, after(run(result())), at=SECOND)
    assert [each for each in told.get("findings_seen", []) if "closed_at" in each] == []


def test_an_older_run_fixes_nothing_and_what_is_closed_is_not_closed_again() -> None:
    earlier = after(run(result()), at=SECOND)
    assert "findings_seen" not in rows(run(), earlier, at=FIRST)
    known = next(iter(earlier.findings.values()))
    known["closed_at"] = known["seen_at"]
    assert "findings_seen" not in rows(run(), earlier, at=SECOND + 60)


def test_a_finding_of_another_source_is_never_closed_by_a_scan() -> None:
    known = {"finding": "pentest 7", "seen_at": "2026-01-01T00:00:00Z", "target": REPOSITORY, "found_by": "CodeQL", "severity": "high", "rule": "py/sql", "path": "a.py"}  # fmt: skip
    assert "findings_seen" not in rows(run(), Earlier(findings={"pentest 7": known}), at=SECOND)


def test_a_secret_is_one_alert_and_is_closed_by_no_scan() -> None:
    told = run(result(is_secret=True, secret="hash", commit="c" * 40), tool="gitleaks", kind="secret-scan")
    first = rows(told)
    (alert,) = first["secret_alerts"]
    assert (alert["kind"], alert["commit"], alert["opened_at"]) == ("py/sql", "c" * 40, "2026-03-01T00:00:00Z")
    assert "findings_seen" not in first
    again = rows(told, Earlier(alerts={alert["alert"]}), at=SECOND)
    assert "secret_alerts" not in again
    assert "secret_alerts" not in rows(run(tool="gitleaks"), Earlier(alerts={alert["alert"]}), at=SECOND)


def test_a_list_of_alerts_is_no_run() -> None:
    listed = run(result(is_secret=True), result(), is_listing=True, succeeded=None)
    assert rows(listed) == {}


def audit(*packages: str, **told: Any) -> ScanRun:
    found = [result(tool="npm audit", rule="GHSA-1", path=None, package=name, snippet=None) for name in packages]
    told = {"tool": "npm audit", "kind": "dependency-scan", "rules": None, "any_rule": True, "files": None} | told
    return run(*found, **told)


def closed(later: ScanRun, earlier: Earlier, **more: Any) -> list[str]:
    told = rows(later, earlier, at=SECOND, **more).get("findings_seen", [])
    return [each["package"] for each in told if "closed_at" in each]


def test_a_scanner_of_dependencies_without_files_closes_what_it_no_longer_names() -> None:
    earlier = after(audit("npm:a", "npm:b"))
    assert closed(audit("npm:b"), earlier) == ["npm:a"]
    assert closed(audit("npm:b", succeeded=None), earlier) == []
    assert closed(audit("npm:b", unchecked=frozenset({"npm:a"})), earlier) == []
    assert closed(audit(tool="pip-audit"), earlier) == []


def test_a_report_about_one_part_closes_nothing_of_another() -> None:
    earlier = after(audit("npm:a"), scope="web")
    assert closed(audit(), earlier) == []
    assert closed(audit(), earlier, scope="api") == []
    assert closed(audit(), earlier, scope="web") == ["npm:a"]

"""Reports of scanners become records: what is kept, what is refused, and what the facts say of it."""

import json
import resource
from pathlib import Path
from typing import Any

import pytest

from asbuilt.app import record_scan as app
from asbuilt.app import shelf
from asbuilt.app.evidence_origin import Origin
from asbuilt.app.record_scan import Asked, RecordedScan, find_commit, record_scan
from asbuilt.app.taking import Taking
from asbuilt.ledger.ledger import create_ledger, open_ledger
from asbuilt.model.errors import SourceError, UsageError
from asbuilt.model.record import decode_entry
from asbuilt.scans import content, pieces
from tests.repos import Repo
from tests.scans.samples import CODE_ALERT, DEPENDABOT, JUNIT, REPORTS, SECRET, SECRET_ALERT, located, sarif

NOW, LATER = 1_772_500_000, 1_772_600_000
COMMIT = "a" * 40


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    folder = tmp_path / "ledger"
    create_ledger(folder, origin="example.com/log", now=0).close()
    return folder


def take(ledger: Path, *documents: Any, now: int = NOW, origin: Origin | None = None, **asked: Any) -> RecordedScan:
    files = []
    for number, document in enumerate(documents):
        file = ledger.parent / f"report{number}.json"
        file.write_bytes(document if isinstance(document, bytes) else json.dumps(document).encode())
        files.append(str(file))
    told = Asked(**{"repository": "acme/shop", "commit": COMMIT} | asked)
    return record_scan(files, told, origin or Origin(), Taking(ledger, now=now), ledger)


def rows(ledger: Path, table: str) -> list[dict[str, Any]]:
    with open_ledger(ledger, read_only=True) as opened:
        records = [decode_entry(entry) for entry in opened.entries()]
    return [json.loads(record.payload) for record in records if record.kind == f"fact/{table}"]


WHOLE = [{"executionSuccessful": True, "endTimeUtc": "2026-03-01T10:00:00Z"}]
RULES = [{"id": "py/sql"}]
PLACES = [{"location": {"uri": "a.py"}}]


def report(*lines: int, end: str = "2026-03-01T10:00:00Z", **run: Any) -> dict[str, Any]:
    return sarif(
        [located("py/sql", "a.py", line, f"run(sql{number})") for number, line in enumerate(lines)],
        rules=RULES,
        artifacts=PLACES,
        invocations=[{"executionSuccessful": True, "endTimeUtc": end}],
        **run,
    )


def test_a_scan_of_a_commit_becomes_a_fact(ledger: Path) -> None:
    done = take(ledger, report(3, 9))
    assert done.unread == 0
    assert done.recorded.rows == {"scan_runs": 1, "checks": 1, "findings_seen": 2}
    (check,) = rows(ledger, "checks")
    assert (check["commit"], check["kind"], check["name"]) == (COMMIT, "static-analysis", "CodeQL")
    assert (check["conclusion"], check["completed_at"]) == ("success", "2026-03-01T10:00:00Z")
    assert {row["population"] for row in rows(ledger, "extracts")} == {"scan_runs", "checks", "findings_seen"}


def test_recording_it_again_adds_no_row_whenever_it_is_done(ledger: Path) -> None:
    documents = list(REPORTS.values())
    take(ledger, *documents, JUNIT, ended_well=True, origin=Origin(by="ana"))
    tables = ("scan_runs", "checks", "findings_seen", "finding_decisions", "secret_alerts", "gaps")
    before = {table: rows(ledger, table) for table in tables}
    take(ledger, *documents, JUNIT, now=LATER, ended_well=True, origin=Origin(by="ana"))
    assert {table: rows(ledger, table) for table in tables} == before
    assert all(before.values())


def test_lines_that_move_are_the_same_findings_and_one_that_is_gone_is_fixed(ledger: Path) -> None:
    take(ledger, report(3, 9))
    take(ledger, report(30, end="2026-03-02T10:00:00Z"), now=LATER)
    seen = rows(ledger, "findings_seen")
    first, second, moved, closed = seen
    assert moved["finding"] == first["finding"]
    assert (closed["finding"], closed["closed_at"]) == (second["finding"], "2026-03-02T10:00:00Z")
    take(ledger, report(3, 9, end="2026-03-02T11:00:00Z"), now=LATER + 1)  # and it comes back
    assert "closed_at" not in rows(ledger, "findings_seen")[-1]


def test_no_secret_gets_into_the_ledger_or_beside_it(ledger: Path) -> None:
    take(ledger, *REPORTS.values(), JUNIT)
    told = b"".join(path.read_bytes() for path in ledger.rglob("*") if path.is_file())
    assert len(told) > 10_000
    for canary in (SECRET.encode(), b"ana@example.com", SECRET.encode().hex().encode()):
        assert canary not in told
    assert len(rows(ledger, "secret_alerts")) == 6


def test_a_file_that_cannot_be_read_is_a_gap_and_the_others_are_recorded(ledger: Path) -> None:
    done = take(ledger, b"{", report(3), {"error": {"code": "ENOAUDIT", "summary": "no audit here"}})
    assert done.unread == 2
    assert [row["code"] for row in rows(ledger, "gaps")] == ["GAP-SCAN"] * 2
    assert len(rows(ledger, "findings_seen")) == 1
    failed = [row for row in rows(ledger, "scan_runs") if row["scanner"] == "npm audit"]
    assert [row["succeeded"] for row in failed] == [False]
    assert [row["conclusion"] for row in rows(ledger, "checks") if row["name"] == "npm audit"] == ["failure"]


def test_a_failed_run_is_not_read_even_if_it_does_not_say_why(ledger: Path) -> None:
    assert take(ledger, sarif([], invocations=[{"executionSuccessful": False}])).unread == 1


def test_a_report_of_another_commit_is_refused_with_everything(ledger: Path) -> None:
    other = report(3, versionControlProvenance=[{"revisionId": "b" * 40}])
    with pytest.raises(UsageError, match="of another commit"):
        take(ledger, report(3), other)
    assert rows(ledger, "scan_runs") == []
    take(ledger, other, commit=None)
    assert rows(ledger, "checks")[0]["commit"] == "b" * 40


def test_a_person_states_that_a_run_ended_where_the_report_does_not(
    ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ASBUILT_BY", raising=False)
    assert take(ledger, REPORTS["gitleaks"]).recorded.rows == {"scan_runs": 0, "secret_alerts": 1}
    with pytest.raises(UsageError, match="who answers"):
        take(ledger, REPORTS["gitleaks"], ended_well=True)
    take(ledger, REPORTS["gitleaks"], ended_well=True, origin=Origin(by="ana"))
    assert [row["kind"] for row in rows(ledger, "checks")] == ["secret-scan"]
    take(ledger, [], tool="gitleaks", ended_well=True, origin=Origin(by="ana"), now=LATER)
    assert [row["conclusion"] for row in rows(ledger, "checks")] == ["failure", "success"]
    failed = {"error": {"code": "E", "summary": "s"}}
    take(ledger, failed, ended_well=True, origin=Origin(by="ana"))
    assert rows(ledger, "scan_runs")[-1]["succeeded"] is False  # never against what the report says


def test_alerts_of_github_are_the_rows_that_a_sync_makes(ledger: Path) -> None:
    take(ledger, [CODE_ALERT, SECRET_ALERT, DEPENDABOT])
    assert {row["finding"] for row in rows(ledger, "findings_seen")} == {
        "acme/shop code-scanning 35",
        "acme/shop dependabot 7",
    }
    (decision,) = rows(ledger, "finding_decisions")
    assert (decision["decided_by"], decision["decision"]) == ("ana", "accepted")
    (alert,) = rows(ledger, "secret_alerts")
    assert (alert["alert"], alert["commit"]) == ("2", "c" * 40)
    assert rows(ledger, "scan_runs") == rows(ledger, "checks") == []


def test_two_reports_of_one_run_are_no_contradiction(ledger: Path) -> None:
    take(ledger, report(3), report(3) | {"properties": {}})
    assert len(rows(ledger, "findings_seen")) == 1
    assert len(rows(ledger, "checks")) == 2


def test_a_dry_run_needs_no_ledger(tmp_path: Path) -> None:
    file = tmp_path / "r.json"
    file.write_text(json.dumps(report(3)))
    taking = Taking(tmp_path / "none", dry_run=True, now=NOW)
    done = record_scan([str(file)], Asked("acme/shop", COMMIT), Origin(), taking, tmp_path / "none")
    assert done.recorded.dry_run
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("name", ["shop", "", "a b/c", "acme/shop\x1b"])
def test_a_repository_has_an_owner_and_a_name(ledger: Path, name: str) -> None:
    with pytest.raises(UsageError, match="no repository's name"):
        take(ledger, report(3), repository=name)


def test_a_commit_is_found_by_any_name_that_git_knows(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    commit = repo.commit("one")
    monkeypatch.chdir(repo.path)
    assert find_commit("HEAD") == commit
    assert find_commit(COMMIT) == COMMIT
    assert find_commit(None) is None
    with pytest.raises(UsageError):
        find_commit("nowhere")


def npm(*names: str) -> dict[str, Any]:
    listed = {
        name: {
            "via": [
                {
                    "url": f"https://github.com/advisories/GHSA-{name}",
                    "name": name,
                    "title": "x",
                    "severity": "high",
                }
            ]
        }
        for name in names
    }
    return {"auditReportVersion": 2, "vulnerabilities": listed, "metadata": {}}


def still_open(ledger: Path) -> set[str]:
    newest: dict[str, dict[str, Any]] = {}
    for row in sorted(rows(ledger, "findings_seen"), key=lambda row: row["seen_at"]):
        newest[row["finding"]] = row
    return {row["package"] for row in newest.values() if "closed_at" not in row}


def test_npm_audit_closes_what_it_no_longer_names_and_reports_side_by_side_close_nothing(ledger: Path) -> None:
    take(ledger, npm("a", "b"))
    take(ledger, npm("a"), npm("b"), now=LATER)
    assert still_open(ledger) == {"npm:a", "npm:b"}
    take(ledger, npm("b"), now=LATER + 60, commit="b" * 40)
    assert still_open(ledger) == {"npm:b"}
    take(ledger, npm("a"), now=LATER + 120, scope="web")
    assert still_open(ledger) == {"npm:a", "npm:b"}


def test_the_same_report_of_another_commit_is_a_check_of_that_commit_too(ledger: Path) -> None:
    for number, commit in enumerate(("a" * 40, "b" * 40, "b" * 40)):
        take(ledger, npm(), now=NOW + number, commit=commit)
    assert [(row["commit"], row["conclusion"]) for row in rows(ledger, "checks")] == [
        ("a" * 40, "success"),
        ("b" * 40, "success"),
    ]


def many(count: int, *, end: str = "2026-03-01T10:00:00Z", gone: int = 0) -> dict[str, Any]:
    """A report of so many findings; some of them are gone, and every fifth has an equal on another line."""
    told = [located("py/sql", "a.py", line + 1, f"run(sql{line // 5 * 5})") for line in range(gone, count)]
    invocations = [{"executionSuccessful": True, "endTimeUtc": end}]
    return sarif(told, rules=RULES, artifacts=PLACES, invocations=invocations)


def test_many_findings_are_recorded_as_few_are(
    ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = tmp_path / "few"
    create_ledger(few, origin="example.com/log", now=0).close()
    (few / "scan-key").write_bytes(b"k" * 32)
    (ledger / "scan-key").write_bytes(b"k" * 32)
    for place, held, window in ((few, 10_000, 1 << 20), (ledger, 7, 400)):
        for module in (shelf, app):  # bounds, so that few rows are many
            monkeypatch.setattr(module, "MOST_HELD", held)
        for module in (content, pieces):
            monkeypatch.setattr(module, "WINDOW", window)
        take(place, many(40), sarif([located("hard-coded-secret", "a.py", 7, SECRET)] * 9))
        take(place, many(40), now=LATER)  # nothing new
        take(place, many(40, end="2026-03-02T10:00:00Z", gone=12), many(2, end="2026-03-02T10:00:00Z"), now=LATER)
    with open_ledger(few, read_only=True) as one, open_ledger(ledger, read_only=True) as other:
        assert list(one.entries()) == list(other.entries())
    assert sum("closed_at" in row for row in rows(ledger, "findings_seen")) == 10
    assert SECRET.encode() not in b"".join(path.read_bytes() for path in ledger.rglob("*") if path.is_file())


def test_a_report_that_breaks_off_late_leaves_nothing_of_what_it_told_before(ledger: Path) -> None:
    whole = json.dumps(many(3)).encode()
    done = take(ledger, whole[:-2] + b',{"results": 7}, 7]}', many(1))
    assert done.unread == 1
    assert len(rows(ledger, "findings_seen")) == 1


def test_a_disk_without_room_records_nothing(ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "MOST_HELD", 7)
    file = ledger.parent / "report.sarif"
    file.write_text(json.dumps(many(1500)))
    taking = Taking(ledger, now=NOW)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    (ledger / "scan-key").write_bytes(b"k" * 32)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(SourceError, match="cannot be put aside"):
            record_scan([str(file)], Asked("acme/shop", COMMIT), Origin(), taking, ledger)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert rows(ledger, "scan_runs") == []


def test_what_stays_open_because_its_file_is_not_named_is_said_with_the_option_that_mends_it(ledger: Path) -> None:
    def trivy(*targets: str, listed: tuple[str, ...] = ()) -> dict[str, Any]:
        weak = [{"VulnerabilityID": "CVE-2026-1", "PkgName": "a", "InstalledVersion": "1", "Severity": "HIGH"}]
        told = [{"Target": each, "Class": "lang-pkgs", "Vulnerabilities": weak} for each in targets]
        told += [{"Target": each, "Class": "lang-pkgs", "Packages": [{"Name": "a"}]} for each in listed]
        return {"SchemaVersion": 2, "ArtifactName": ".", "Results": told}

    stated = {"origin": Origin(by="ana"), "ended_well": True}
    take(ledger, trivy("a/uv.lock", "b/uv.lock"), **stated)
    done = take(ledger, trivy("a/uv.lock"), now=LATER, commit="b" * 40, **stated)
    (note,) = [note for note in done.recorded.notes if "stays open" in note]
    assert "1 earlier finding of Trivy" in note
    assert "(b/uv.lock)" in note
    assert "--list-all-pkgs" in note
    assert not any("closed_at" in row for row in rows(ledger, "findings_seen"))
    done = take(ledger, trivy("a/uv.lock", listed=("b/uv.lock",)), now=LATER + 60, commit="c" * 40, **stated)
    assert not any("stay" in note for note in done.recorded.notes)
    assert [row["path"] for row in rows(ledger, "findings_seen") if "closed_at" in row] == ["b/uv.lock"]


def test_a_secret_in_two_files_is_one_alert_and_another_in_its_place_is_a_second(ledger: Path) -> None:
    def leak(secret: str, path: str) -> dict[str, Any]:
        return {"RuleID": "key", "Secret": secret, "File": path, "StartLine": 1, "Match": f"k = {secret}"}

    take(ledger, [leak(SECRET, "a.py"), leak(SECRET, "b.py")])
    assert len(rows(ledger, "secret_alerts")) == 1
    take(ledger, [leak(SECRET, "moved.py")], now=LATER)
    assert len(rows(ledger, "secret_alerts")) == 1
    take(ledger, [leak(f"{SECRET}2", "a.py")], now=LATER)
    assert len(rows(ledger, "secret_alerts")) == 2
    done = take(ledger, [leak("REDACTED", "a.py"), leak("REDACTED", "b.py")], now=LATER)
    assert len(rows(ledger, "secret_alerts")) == 4
    assert any("2 secrets are not shown" in note for note in done.recorded.notes)

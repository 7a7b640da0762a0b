"""Reports of scanners in, facts out: a scan ran on the commit that landed, and what became of a finding."""

import json
from pathlib import Path
from typing import Any

import pytest

from asbuilt.app.evidence_origin import Origin
from asbuilt.app.record_scan import Asked, record_scan
from asbuilt.app.taking import Taking
from asbuilt.facts.store import open_facts, project
from asbuilt.ledger.ledger import create_ledger, open_ledger
from tests.facts.telling import moment
from tests.scans.samples import GITLEAKS, located, sarif

pytestmark = pytest.mark.slow
COMMIT = "a" * 40


def report(end: str, *results: dict[str, Any]) -> dict[str, Any]:
    return sarif(
        list(results),
        rules=[{"id": "py/sql"}],
        artifacts=[{"location": {"uri": "a.py"}}],
        invocations=[{"executionSuccessful": True, "endTimeUtc": end}],
    )


def take(ledger: Path, document: object, at: str, *, by: str | None = None) -> None:
    file = ledger.parent / "report.json"
    file.write_text(json.dumps(document))
    asked = Asked("acme/shop", COMMIT, ended_well=by is not None)
    record_scan([str(file)], asked, Origin(by=by), Taking(ledger, now=moment(at)), ledger)


def test_a_finding_moves_is_fixed_comes_back_and_keeps_its_first_day(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    create_ledger(ledger, origin="example.com/log", now=0).close()
    sql = ("py/sql", "a.py")
    states = []
    for day, results in enumerate([[located(*sql, 3, "run(q)")], [located(*sql, 9, "run(q)")], [], [located(*sql, 4, "run(q)")]], 1):  # fmt: skip
        take(ledger, report(f"2026-03-0{day}T10:00:00Z", *results), f"2026-03-0{day}T12:00:00Z")
        states.append(asked(ledger, "SELECT first_seen_at::DATE::VARCHAR, closed_at::DATE::VARCHAR FROM findings"))
    first = "2026-03-01"
    assert states == [[(first, None)], [(first, None)], [(first, "2026-03-03")], [(first, None)]]
    ran = "SELECT count(*), bool_and(succeeded), min(target) FROM scan_runs"
    assert asked(ledger, ran) == [(4, True, "acme/shop")]


def test_a_scan_for_secrets_of_the_commit_shows_in_its_check_and_its_alert(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    create_ledger(ledger, origin="example.com/log", now=0).close()
    take(ledger, GITLEAKS, "2026-03-01T12:00:00Z", by="ana")
    assert asked(ledger, "SELECT kind, conclusion, commit FROM checks") == [("secret-scan", "failure", COMMIT)]
    told = "SELECT kind, done_at FROM secret_checks"
    assert asked(ledger, told) == [("alert", None)]


def asked(ledger: Path, question: str) -> list[tuple[Any, ...]]:
    with open_ledger(ledger, read_only=True) as opened, open_facts(None, origin="example.com/log") as store:
        project(store, list(opened.entries()), start=0, root_at=opened.root)
        return store.connection.execute(question).fetchall()

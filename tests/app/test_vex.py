"""Decisions of people become statements; what states nothing is told."""

from pathlib import Path
from typing import Any

import pytest

from asbuilt.app.vex import make_vex
from asbuilt.ledger.ledger import create_ledger, open_ledger
from asbuilt.model.errors import UsageError
from asbuilt.model.record import Record
from asbuilt.model.vex import VexDocument
from tests.facts.telling import tell

NOW = 1_790_000_000  # 2026-09-21
SEEN = {
    "finding": "acme/shop scan 1",
    "seen_at": "2026-03-01",
    "target": "acme/shop",
    "found_by": "npm audit",
    "severity": "high",
    "rule": "GHSA-1",
    "package": "npm:@acme/a",
    "package_version": "1.0.0",
}


def decided(**columns: Any) -> Record:
    told = {
        "finding": "acme/shop scan 1",
        "decided_at": "2026-03-02",
        "decision": "assessed",
        "decided_by": "ana",
        "reason": "only tests call it",
        "vex_status": "not_affected",
        "justification": "vulnerable_code_not_in_execute_path",
        **columns,
    }
    return tell("finding_decisions", **told)


def made(folder: Path, *records: Record) -> VexDocument:
    with create_ledger(folder / "ledger", origin="example.com/log", now=0):
        pass
    with open_ledger(folder / "ledger") as ledger:
        ledger.append([tell("findings_seen", **SEEN), *records])
    return make_vex(folder / "ledger", product="shop", author="Acme", now=NOW)


def test_a_decision_is_a_statement_about_the_package_of_its_finding(tmp_path: Path) -> None:
    found = made(tmp_path, decided())
    (told,) = found.statements
    assert (told.vulnerability, told.purl, told.status) == ("GHSA-1", "pkg:npm/%40acme/a@1.0.0", "not_affected")
    assert (told.by, told.reason, told.justification) == (
        "ana",
        "only tests call it",
        "vulnerable_code_not_in_execute_path",
    )
    assert found.left_out == ()


def test_it_may_name_advisory_and_package_itself(tmp_path: Path) -> None:
    own = decided(finding="none of a scanner", vulnerability="CVE-2026-1", component="pkg:pypi/b@2")
    (told,) = made(tmp_path, own).statements
    assert (told.vulnerability, told.purl) == ("CVE-2026-1", "pkg:pypi/b@2")


def test_what_is_accepted_is_affected_with_what_was_decided(tmp_path: Path) -> None:
    own = {"vex_status": None, "justification": None, "accepted_until": "2027-01-01"}
    (told,) = made(tmp_path, decided(decision="accepted", **own)).statements
    assert (told.status, told.reason, told.until) == ("affected", "Accepted: only tests call it", 1_798_761_600)


def test_the_newest_decision_counts(tmp_path: Path) -> None:
    later = decided(decided_at="2026-04-01", vex_status="affected", justification=None)
    (told,) = made(tmp_path, decided(), later).statements
    assert told.status == "affected"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"reason": None}, "no reason"),
        ({"decided_by": "scanner[bot]"}, "no person"),
        ({"accepted_until": "2026-05-01"}, "run out"),
        ({"finding": "another"}, "names no package"),
        ({"finding": "another", "component": "pkg:npm/a"}, "names no advisory"),
        ({"vex_status": "fine"}, "no status"),
        ({"vex_status": None}, "no status"),
        ({"justification": "because"}, "no justification"),
    ],
)
def test_what_states_nothing_is_told(tmp_path: Path, wrong: dict[str, Any], says: str) -> None:
    good = decided(finding="good", vulnerability="CVE-1", component="pkg:npm/c@1")
    found = made(tmp_path, good, decided(**wrong))
    assert len(found.statements) == 1
    assert len(found.left_out) == 1
    assert says in found.left_out[0]


def test_who_is_on_no_list_of_people_states_nothing(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No decision") as failed:
        made(tmp_path, decided(), tell("people", person="bo", name="Bo", starts_at="2020-01-01"))
    assert "ana is no person" in failed.value.why


def test_a_ledger_without_decisions_has_nothing_to_state(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No decision"):
        made(tmp_path)

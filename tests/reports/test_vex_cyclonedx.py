"""CycloneDX VEX that the strict validator accepts, and that we read as we wrote it."""

import json

import msgspec
import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from asbuilt.reports.vex_cyclonedx import vex_cyclonedx
from asbuilt.supply.vex_in import read_vex
from tests.reports.test_vex_openvex import ALL, AT

STRICT = {"1.6": SchemaVersion.V1_6, "1.7": SchemaVersion.V1_7}


@pytest.mark.slow
@pytest.mark.parametrize("version", STRICT)
def test_the_strict_validator_accepts_it(version: str) -> None:
    assert JsonStrictValidator(STRICT[version]).validate_str(vex_cyclonedx(ALL, version).decode()) is None


def test_a_weakness_says_what_was_decided() -> None:
    told = json.loads(vex_cyclonedx(ALL))
    first = told["vulnerabilities"][0]
    assert first["analysis"] == {
        "state": "not_affected",
        "justification": "code_not_reachable",
        "detail": "Only its tests call it.",
        "firstIssued": "2026-03-01T00:00:00Z",
    }
    assert [each["name"] for each in told["components"]] == ["%40acme/a"]
    assert [each["analysis"]["state"] for each in told["vulnerabilities"]] == [
        *("not_affected", "not_affected", "exploitable", "resolved", "in_triage"),
    ]


def test_a_justification_that_it_has_no_word_for_stays_in_the_detail() -> None:
    first = msgspec.structs.replace(
        ALL.statements[0], justification="vulnerable_code_cannot_be_controlled_by_adversary"
    )
    told = json.loads(vex_cyclonedx(msgspec.structs.replace(ALL, statements=(first,))))
    assert "justification" not in told["vulnerabilities"][0]["analysis"]


def test_we_read_what_we_wrote() -> None:
    found = read_vex(vex_cyclonedx(ALL), "vex.json")
    assert found.ignored == ()
    assert [each.said.status for each in found.taken] == [each.status for each in ALL.statements]
    assert [each.said.by for each in found.taken] == ["ana@example.com"] * 5
    assert found.taken[0].said.until == AT + 86_400

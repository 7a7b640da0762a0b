"""Statements about weaknesses: set beside matches, never instead of them."""

import json

import pytest

from asbuilt.model.advisory import Advisory, Checked, Match
from asbuilt.model.errors import SourceError
from asbuilt.supply.vex_in import apply_vex, is_answered, read_vex

MATCH = Match("pkg:npm/a@1.0.0?x=y", (Advisory("GHSA-1", 0),), ("CVE-1", "GHSA-1"), (), "affected")
CHECKED = Checked("npm", "a", "1.0.0", MATCH.purl, "matched", (MATCH,))


def applied(*documents: object) -> Match:
    statements = [each for one in documents for each in read_vex(json.dumps(one).encode(), "vex.json")]
    (found,) = apply_vex([CHECKED], statements)
    assert found.coverage == "matched"
    return found.matches[0]


def openvex(**statement: object) -> dict[str, object]:
    said = {
        "vulnerability": {"name": "CVE-1"},
        "products": [{"@id": "pkg:npm/a@1.0.0"}],
        "status": "not_affected",
        "justification": "vulnerable_code_not_in_execute_path",
    }
    return {"@context": "https://openvex.dev/ns/v0.2.0", "author": "Ana", "statements": [said | statement]}


def test_a_statement_stands_beside_the_match() -> None:
    match = applied(openvex(impact_statement="Never called."))
    (vex,) = match.vex
    assert (vex.status, vex.by, vex.justification, vex.statement, vex.source) == (
        "not_affected",
        "Ana",
        "vulnerable_code_not_in_execute_path",
        "Never called.",
        "vex.json",
    )
    assert is_answered(match)


@pytest.mark.parametrize(
    "statement",
    [
        {"products": [{"@id": "pkg:npm/a"}]},
        {"products": [{"@id": "app", "identifiers": {"purl": "pkg:npm/a@1.0.0"}}]},
        {"products": [{"@id": "pkg:oci/app", "subcomponents": [{"@id": "pkg:npm/a@1.0.0"}]}]},
        {"vulnerability": {"@id": "https://x/GHSA-1", "name": "other"}},
        {"vulnerability": {"name": "other", "aliases": ["GHSA-1"]}},
    ],
)
def test_it_is_found_by_any_name_and_address(statement: dict[str, object]) -> None:
    assert is_answered(applied(openvex(**statement)))


@pytest.mark.parametrize(
    "statement",
    [
        {"products": [{"@id": "pkg:npm/a@1.0.1"}]},
        {"products": [{"@id": "pkg:npm/b"}]},
        {"products": [{"@id": "our-app"}]},
        {"products": [{"@id": "pkg:npm/a", "subcomponents": [{"@id": "pkg:npm/b"}]}]},
        {"products": None},
        {"vulnerability": {"name": "CVE-2"}},
        {"justification": ""},
        {"status": "fine"},
        {"status": "fixed"},
        {"status": "under_investigation"},
    ],
)
def test_what_is_about_something_else_or_gives_no_reason_answers_nothing(statement: dict[str, object]) -> None:
    assert not is_answered(applied(openvex(**statement)))


def test_a_contradiction_answers_nothing() -> None:
    assert not is_answered(applied(openvex(), openvex(status="affected")))


def test_cyclonedx() -> None:
    told = {
        "bomFormat": "CycloneDX",
        "components": [{"bom-ref": "r1", "purl": "pkg:npm/a@1.0.0"}],
        "vulnerabilities": [
            {
                "id": "CVE-1",
                "analysis": {"state": "not_affected", "justification": "code_not_reachable", "detail": "Unused."},
                "affects": [{"ref": "r1"}],
            },
            {"id": "CVE-1", "affects": [{"ref": "r1"}]},
        ],
    }
    match = applied(told)
    assert is_answered(match)
    assert [vex.statement for vex in match.vex] == ["Unused."]


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b'{"statements": 1}', b"[" * 100_000])
def test_what_holds_no_statements_is_refused(data: bytes) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        read_vex(data, "vex.json")

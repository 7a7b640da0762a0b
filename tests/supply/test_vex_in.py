"""Statements about weaknesses: set beside matches, never instead of them."""

import json

import pytest

from asbuilt.model.advisory import Advisory, Checked, Match
from asbuilt.model.errors import SourceError
from asbuilt.supply.vex_in import apply_vex, is_answered, read_vex

MATCH = Match("pkg:npm/a@1.0.0?x=y", (Advisory("GHSA-1", 0),), ("CVE-1", "GHSA-1"), (), "affected")
NOW = 1_790_000_000
CHECKED = Checked("npm", "a", "1.0.0", MATCH.purl, "matched", (MATCH,))


def applied(*documents: object) -> Match:
    statements = [each for one in documents for each in read_vex(json.dumps(one).encode(), "vex.json").taken]
    (found,) = apply_vex([CHECKED], statements, now=NOW).checked
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


def test_the_newest_of_one_author_counts() -> None:
    older = openvex(status="affected", action_statement="Wait.", timestamp="2026-01-01T00:00:00Z")
    newer = openvex(timestamp="2026-02-01T00:00:00Z")
    assert is_answered(applied(older, newer))
    assert is_answered(applied(newer, older))
    assert not is_answered(applied(newer, {**older, "author": "Bo"}))
    same = openvex(status="affected", action_statement="Wait.", timestamp="2026-02-01T00:00:00Z")
    assert not is_answered(applied(same, newer))


def test_one_that_has_run_out_is_shown_and_does_not_count() -> None:
    match = applied(openvex(status_notes="Decided by Ana. Holds until 2026-01-01T00:00:00Z."))
    assert [(vex.status, vex.expired) for vex in match.vex] == [("not_affected", True)]
    assert not is_answered(match)
    assert is_answered(applied(openvex(status_notes="Decided by Ana. Holds until 2027-01-01T00:00:00Z.")))


def test_what_is_not_taken_or_not_used_is_told() -> None:
    told = openvex()
    told["statements"] = [
        openvex(**changed)["statements"][0]  # type: ignore[index]
        for changed in (
            {"status": "fine"},
            {"products": [{"@id": "urn:product"}]},
            {"justification": ""},
            {"vulnerability": {"description": "x"}},
            {"vulnerability": {"name": "CVE-9"}},
        )
    ]
    found = read_vex(json.dumps(told).encode(), "vex.json")
    assert [each.rpartition(": ")[2] for each in found.ignored] == [
        "'fine' is no status",
        "what it covers cannot be told",
        "not_affected without a reason",
        "it names no weakness",
    ]
    applied_all = apply_vex([CHECKED], found.taken, now=NOW)
    assert applied_all.unused == ("vex.json: CVE-9 in pkg:npm/a@1.0.0: nothing matches it",)


def test_who_states_it_in_cyclonedx() -> None:
    def bom(**analysis: object) -> dict[str, object]:
        return {
            "bomFormat": "CycloneDX",
            "metadata": {"authors": [{"name": "Acme"}], "timestamp": "2026-01-01T00:00:00Z"},
            "vulnerabilities": [
                {
                    "id": "CVE-1",
                    "affects": [{"ref": "pkg:npm/a@1.0.0"}],
                    "analysis": {"state": "not_affected", "justification": "code_not_reachable", **analysis},
                    "properties": [{"name": "asbuilt:holds-until", "value": "2026-01-01T00:00:00Z"}],
                }
            ],
        }

    (vex,) = applied(bom()).vex
    assert (vex.by, vex.at, vex.expired) == ("Acme", 1_767_225_600, True)

"""OpenVEX that its own schema accepts, and that we read as we wrote it."""

import json
from typing import Any

import jsonschema
import msgspec
import pytest

from asbuilt.model.vex import VexDocument, VexStatement
from asbuilt.reports.vex_openvex import vex_openvex
from asbuilt.supply.vex_in import read_vex

AT = 1_772_323_200
ONE = VexStatement(
    vulnerability="GHSA-1",
    purl="pkg:npm/%40acme/a@1.0.0",
    status="not_affected",
    by="ana@example.com",
    at=AT,
    reason="Only its tests call it.",
    justification="vulnerable_code_not_in_execute_path",
    until=AT + 86_400,
)
BARE = msgspec.structs.replace(ONE, vulnerability="CVE-2026-1", justification=None, until=None)
OPEN = msgspec.structs.replace(BARE, status="affected", reason="Accepted: wait for 1.0.1")
FIXED = msgspec.structs.replace(BARE, status="fixed", reason="1.0.1 is in")
LOOKING = msgspec.structs.replace(BARE, status="under_investigation")
ALL = VexDocument(
    product="pkg:oci/shop",
    author="Acme",
    moment=AT,
    program="asbuilt 0.1",
    statements=(ONE, BARE, OPEN, FIXED, LOOKING),
)
# What openvex/spec's openvex_json_schema.json (0.2.0, CC0 by its specification) asks of a document, in our words.
_STATEMENT = {
    "type": "object",
    "additionalProperties": False,
    "required": ["vulnerability", "status"],
    "properties": {
        "vulnerability": {
            "type": "object",
            "required": ["name"],
            "additionalProperties": False,
            "properties": {"name": {"type": "string"}},
        },
        "timestamp": {"type": "string", "format": "date-time"},
        "products": {
            "type": "array",
            "uniqueItems": True,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "@id": {"type": "string", "format": "uri"},
                    "subcomponents": {
                        "type": "array",
                        "uniqueItems": True,
                        "items": {
                            "type": "object",
                            "additionalProperties": False,
                            "properties": {"@id": {"type": "string", "format": "uri"}},
                        },
                    },
                },
            },
        },
        "status": {"enum": ["not_affected", "affected", "fixed", "under_investigation"]},
        "status_notes": {"type": "string"},
        "justification": {
            "enum": [
                "component_not_present",
                "vulnerable_code_not_present",
                "vulnerable_code_not_in_execute_path",
                "vulnerable_code_cannot_be_controlled_by_adversary",
                "inline_mitigations_already_exist",
            ]
        },
        "impact_statement": {"type": "string"},
        "action_statement": {"type": "string"},
    },
    "allOf": [
        {
            "if": {"properties": {"status": {"const": "not_affected"}}},
            "then": {
                "oneOf": [
                    {"required": ["justification"], "not": {"required": ["impact_statement"]}},
                    {"required": ["impact_statement"], "not": {"required": ["justification"]}},
                ]
            },
        },
        {"if": {"properties": {"status": {"const": "affected"}}}, "then": {"required": ["action_statement"]}},
    ],
}
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "additionalProperties": False,
    "required": ["@context", "@id", "author", "timestamp", "version", "statements"],
    "properties": {
        "@context": {"type": "string", "format": "uri"},
        "@id": {"type": "string", "format": "uri"},
        "author": {"type": "string"},
        "timestamp": {"type": "string", "format": "date-time"},
        "version": {"type": "integer", "minimum": 1},
        "tooling": {"type": "string"},
        "statements": {"type": "array", "uniqueItems": True, "minItems": 1, "items": _STATEMENT},
    },
}


def told(document: VexDocument) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(vex_openvex(document))
    return found


def test_the_schema_accepts_it() -> None:
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.Draft202012Validator(SCHEMA, format_checker=checker).validate(told(ALL))


def test_a_statement_says_who_decided_why_and_until_when() -> None:
    first, second = told(ALL)["statements"][:2]
    assert first["products"] == [{"@id": "pkg:oci/shop", "subcomponents": [{"@id": "pkg:npm/%40acme/a@1.0.0"}]}]
    assert first["status_notes"] == (
        "Decided by ana@example.com. Only its tests call it. Holds until 2026-03-02T00:00:00Z."
    )
    assert "justification" not in second
    assert second["impact_statement"] == "Only its tests call it."


def test_a_product_without_an_address_is_left_to_its_packages() -> None:
    named = msgspec.structs.replace(ALL, product="shop")
    assert told(named)["statements"][0]["products"] == [{"@id": "pkg:npm/%40acme/a@1.0.0"}]


def test_the_same_statements_are_the_same_document() -> None:
    later = msgspec.structs.replace(ALL, moment=AT + 9)
    assert told(later)["@id"] == told(ALL)["@id"]
    assert told(msgspec.structs.replace(ALL, author="Bo"))["@id"] != told(ALL)["@id"]


@pytest.mark.parametrize("product", ["pkg:oci/shop", "shop"])
def test_we_read_what_we_wrote(product: str) -> None:
    found = read_vex(vex_openvex(msgspec.structs.replace(ALL, product=product)), "vex.json")
    assert found.ignored == ()
    assert [each.said.status for each in found.taken] == [each.status for each in ALL.statements]
    assert (found.taken[0].said.until, found.taken[0].said.by) == (AT + 86_400, "Acme")

"""The audit as OSCAL assessment results: its shape, its references, and that unknown is no pass."""

import json
import re
from typing import Any

from asbuilt.reports.audit_oscal import OSCAL_VERSION, audit_oscal
from tests import audit_world

# OSCAL's own patterns (version 1.2.1).
UUID = re.compile(r"[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[45][0-9A-Fa-f]{3}-[89ABab][0-9A-Fa-f]{3}-[0-9A-Fa-f]{12}")
TOKEN = re.compile(r"[_A-Za-z][-_.A-Za-z0-9]*")
WHEN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def document(**more: object) -> dict[str, Any]:
    return json.loads(audit_oscal(audit_world.audit(**more)))["assessment-results"]


def test_what_the_model_requires_is_there() -> None:
    found = document()
    assert found["metadata"]["oscal-version"] == OSCAL_VERSION
    assert WHEN.fullmatch(found["metadata"]["last-modified"])
    (result,) = found["results"]
    assert (result["start"], result["end"]) == ("2026-01-01T00:00:00Z", "2026-06-30T23:59:59Z")
    assert found["import-ap"]["href"]
    chosen = result["reviewed-controls"]["control-selections"][0]["include-controls"]
    assert all(TOKEN.fullmatch(own["control-id"]) for own in chosen)


def test_every_identifier_is_a_uuid_of_its_own_and_every_reference_leads_somewhere() -> None:
    result = document()["results"][0]
    made = [own["uuid"] for own in (*result["observations"], *result["findings"])]
    assert all(UUID.fullmatch(own) for own in made)
    assert len(set(made)) == len(made)
    known = {own["uuid"] for own in result["observations"]}
    related = {
        own["observation-uuid"] for each in result["findings"] for own in each.get("related-observations", [])
    }
    assert related
    assert related <= known


def test_unknown_is_never_satisfied() -> None:
    states = {own["target"]["target-id"]: own["target"]["status"] for own in document()["results"][0]["findings"]}
    assert states["A1.1"]["state"] == "satisfied"
    assert {own: states[own]["state"] for own in ("CC6.2", "CC8.1", "CC9.1")} == {
        "CC6.2": "not-satisfied", "CC8.1": "not-satisfied", "CC9.1": "not-satisfied",
    }  # fmt: skip
    assert states["CC6.2"]["remarks"] == "evidence missing"


def test_titles_are_one_line_and_nothing_foreign_acts() -> None:
    data = audit_oscal(audit_world.audit())
    assert b"\x1b" not in data
    assert "\u202e" not in data.decode()
    assert all("\n" not in own["title"] for own in document()["results"][0]["observations"])


def test_the_same_audit_gives_the_same_bytes_and_another_other_identifiers() -> None:
    assert audit_oscal(audit_world.audit()) == audit_oscal(audit_world.audit())
    assert document()["uuid"] != document(system="Another")["uuid"]


def test_an_empty_audit_leaves_out_what_may_not_be_empty() -> None:
    result = document(results=(), criteria=(), ledger=None)["results"][0]
    assert not {"observations", "findings", "props"} & result.keys()
    assert result["reviewed-controls"]["control-selections"] == [{"include-all": {}}]

"""CycloneDX documents are valid by the official schemas, and say where each component is named."""

import json

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from asbuilt.reports.sbom_cyclonedx import VERSIONS, sbom_cyclonedx
from asbuilt.supply.sbom_subject import read_subject
from tests.reports.bills import SHA, bill, bound_bill, who_bill


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("unread", [True, False])
def test_it_is_valid_by_the_official_schema(version: str, unread: bool) -> None:
    told = sbom_cyclonedx(bill(unread=unread), version).decode()
    validator = JsonStrictValidator(SchemaVersion[f"V{version.replace('.', '_')}"])
    assert validator.validate_str(told) is None
    assert validator.validate_str(told.replace('"bomFormat"', '"bomform"')) is not None


def test_components_have_places_hashes_licences_and_what_is_declared() -> None:
    told = json.loads(sbom_cyclonedx(bill()))
    image, locked, words, declared = told["components"]
    assert image["type"] == "container"
    assert locked["evidence"] == {
        "occurrences": [{"location": "package-lock.json", "line": 5}, {"location": "other.json"}]
    }
    assert locked["hashes"] == [{"alg": "SHA-256", "content": SHA}]
    assert (locked["scope"], locked["licenses"]) == ("required", [{"expression": "MIT"}])
    assert words["licenses"] == [{"license": {"name": "Ask\u202eus"}}]
    assert "hashes" not in words
    assert "version" not in declared
    properties = {own["name"]: own["value"] for own in declared["properties"]}
    assert (properties["asbuilt:locked"], properties["asbuilt:declared"]) == ("no", ">=1 \x1b[31m")


def test_what_was_not_read_makes_it_incomplete() -> None:
    told = json.loads(sbom_cyclonedx(bill()))
    assert told["compositions"][0]["aggregate"] == "incomplete"
    assert {"name": "asbuilt:unread", "value": "bun.lockb: It is binary."} in told["metadata"]["properties"]
    assert json.loads(sbom_cyclonedx(bill(unread=False)))["compositions"][0]["aggregate"] == "unknown"


def test_the_same_bill_gives_the_same_bytes_and_nothing_that_acts() -> None:
    assert sbom_cyclonedx(bill()) == sbom_cyclonedx(bill())
    assert b"\x1b" not in sbom_cyclonedx(bill())
    assert "\u202e".encode() not in sbom_cyclonedx(bill())
    first, second = (json.loads(sbom_cyclonedx(bill(), version))["serialNumber"] for version in VERSIONS)
    assert first != second


def test_who_brought_a_component_is_a_commit_of_its_pedigree_and_valid() -> None:
    told = sbom_cyclonedx(who_bill()).decode()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(told) is None
    image, locked, *_ = json.loads(told)["components"]
    assert image["pedigree"]["commits"][0]["uid"] == "c" * 40
    words = {each["name"]: each["value"] for each in image["properties"]}
    assert words["asbuilt:introduced-attribution"] == "ai-declared"
    assert words["asbuilt:introduced-approved-by"] == "dee"
    assert "pedigree" not in locked


@pytest.mark.parametrize("version", VERSIONS)
def test_the_artefact_is_named_by_its_digest(version: str) -> None:
    told = sbom_cyclonedx(bound_bill(), version)
    validator = JsonStrictValidator(SchemaVersion[f"V{version.replace('.', '_')}"])
    assert validator.validate_str(told.decode()) is None
    assert read_subject(told, "x").digests == (f"sha256:{SHA}",)
    assert read_subject(sbom_cyclonedx(bill(), version), "x").digests == ()
    properties = json.loads(told)["metadata"]["properties"]
    assert {"name": "asbuilt:release", "value": "1.0"} in properties
    assert b"\x1b" not in told

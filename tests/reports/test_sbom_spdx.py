"""SPDX documents are valid by the reference parser, and say where each component is named."""

import json

from spdx_tools.spdx.parser.jsonlikedict.json_like_dict_parser import JsonLikeDictParser
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

from asbuilt.reports.sbom_spdx import sbom_spdx
from asbuilt.supply.sbom_subject import read_subject
from tests.reports.bills import SHA, bill, bound_bill, who_bill


def test_it_is_valid_by_the_reference_parser() -> None:
    told = json.loads(sbom_spdx(bill()))
    assert validate_full_spdx_document(JsonLikeDictParser().parse(told)) == []
    told["packages"][1]["SPDXID"] = "no id"
    told["relationships"][1]["relatedSpdxElement"] = "no id"
    assert validate_full_spdx_document(JsonLikeDictParser().parse(told)) != []


def test_packages_say_where_they_are_named_and_what_they_are_licensed_under() -> None:
    told = json.loads(sbom_spdx(bill()))
    product, _, locked, words, declared = told["packages"]
    assert (product["name"], product["versionInfo"]) == ("acme", "0123456789" * 4)
    assert "package-lock.json:5, other.json" in locked["sourceInfo"]
    assert locked["licenseDeclared"] == "MIT"
    assert words["licenseDeclared"] == "LicenseRef-asbuilt-1"
    assert told["hasExtractedLicensingInfos"][0]["extractedText"] == "Ask\u202eus"
    assert "versionInfo" not in declared
    assert "declared >=1" in declared["sourceInfo"]
    kinds = [own["relationshipType"] for own in told["relationships"]]
    assert kinds == ["DESCRIBES", "DEPENDS_ON", "DEPENDS_ON", "DEV_DEPENDENCY_OF", "OPTIONAL_DEPENDENCY_OF"]
    assert "bun.lockb" in told["comment"]


def test_the_same_bill_gives_the_same_bytes() -> None:
    assert sbom_spdx(bill()) == sbom_spdx(bill())
    assert "comment" not in json.loads(sbom_spdx(bill(unread=False)))


def test_who_brought_a_package_stands_in_its_comment() -> None:
    (image,) = [own for own in json.loads(sbom_spdx(who_bill()))["packages"] if own["name"] == "python"]
    assert "introduced-commit cccc" in image["comment"]
    assert "introduced-request 7" in image["comment"]


def test_the_artefact_is_named_by_its_digest() -> None:
    told = sbom_spdx(bound_bill())
    assert validate_full_spdx_document(JsonLikeDictParser().parse(json.loads(told))) == []
    assert read_subject(told, "x").digests == (f"sha256:{SHA}",)
    assert read_subject(sbom_spdx(bill()), "x").digests == ()

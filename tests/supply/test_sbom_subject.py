"""What a list of components is about: the digest of the artefact that the document itself names."""

import json
from typing import Any

import pytest

from asbuilt.model.errors import SourceError
from asbuilt.supply.sbom_subject import artifact_digest, read_subject

HEX = "ab" * 32
OWN = f"sha256:{HEX}"


def cyclonedx(component: Any = None, **more: Any) -> bytes:
    told = {"bomFormat": "CycloneDX", "specVersion": "1.6", "metadata": {"component": component}, **more}
    return json.dumps(told).encode()


def spdx(package: dict[str, Any], **more: Any) -> bytes:
    told = {
        "spdxVersion": "SPDX-2.3",
        "packages": [{"SPDXID": "SPDXRef-a", "name": "a"} | package, {"SPDXID": "SPDXRef-b", "name": "b"}],
        "documentDescribes": ["SPDXRef-a"],
        **more,
    }
    return json.dumps(told).encode()


@pytest.mark.parametrize(
    "component",
    [
        {"hashes": [{"alg": "MD5", "content": "00"}, {"alg": "SHA-256", "content": HEX.upper()}]},
        {"type": "container", "version": OWN},
        {"purl": f"pkg:oci/shop@sha256%3A{HEX}?repository_url=example.com"},
    ],
)
def test_cyclonedx_names_it_of_the_product_alone(component: dict[str, Any]) -> None:
    parts = [{"name": "part", "hashes": [{"alg": "SHA-256", "content": "cd" * 32}]}]
    assert read_subject(cyclonedx(component, components=parts), "x").digests == (OWN,)


@pytest.mark.parametrize(
    "component",
    [
        None,
        "text",
        {"hashes": "text"},
        {"hashes": [{"alg": "SHA-256", "content": "ab"}]},
        {"version": "1.0"},
        {"purl": "pkg:npm/a@1"},
    ],
)
def test_what_names_nothing_binds_to_nothing(component: Any) -> None:
    assert read_subject(cyclonedx(component), "x").digests == ()


def test_what_cyclonedx_says_of_itself() -> None:
    metadata = {
        "timestamp": "2026-03-01T10:00:00Z",
        "tools": [{"name": "syft", "version": "1.2"}],
        "component": {"name": "shop", "version": "c" * 40},
    }
    model = {"type": "application", "name": "a", "components": [{"type": "machine-learning-model", "name": "m"}]}
    found = read_subject(cyclonedx(metadata=metadata, components=[model]), "x")
    assert (found.format, found.components, found.lists_models) == ("CycloneDX 1.6", 2, True)
    assert (found.commit, found.made_at, found.made_by) == ("c" * 40, 1_772_359_200, "syft 1.2")


@pytest.mark.parametrize(
    "package",
    [
        {"checksums": [{"algorithm": "SHA256", "checksumValue": HEX}]},
        {"versionInfo": OWN},
        {"externalRefs": [{"referenceType": "purl", "referenceLocator": f"pkg:oci/a@{OWN}"}]},
    ],
)
def test_spdx_names_it_of_what_it_describes(package: dict[str, Any]) -> None:
    described = {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES"}
    relations = [described | {"relatedSpdxElement": "SPDXRef-a"}]
    creation = {"created": "2026-03-01T10:00:00Z", "creators": ["Person: a", "Tool: syft-1.2"]}
    for document in (spdx(package), spdx(package, documentDescribes=[], relationships=relations)):
        assert read_subject(document, "x").digests == (OWN,)
    found = read_subject(spdx(package, creationInfo=creation), "x")
    assert (found.format, found.made_at, found.made_by) == ("SPDX 2.3", 1_772_359_200, "syft-1.2")
    assert read_subject(spdx(package, documentDescribes=["SPDXRef-b"]), "x").digests == ()


def test_spdx_3_names_it_at_its_root() -> None:
    graph = [
        {"type": "CreationInfo", "specVersion": "3.0.1", "created": "2026-03-01T10:00:00Z"},
        {"type": "software_Sbom", "spdxId": "urn:sbom", "rootElement": ["urn:a"]},
        {
            "type": "software_Package",
            "spdxId": "urn:a",
            "name": "a",
            "verifiedUsing": [{"type": "Hash", "algorithm": "sha256", "hashValue": HEX}],
        },
        {"type": "ai_AIPackage", "spdxId": "urn:m", "name": "m"},
    ]
    found = read_subject(json.dumps({"@graph": graph}).encode(), "x")
    assert (found.format, found.digests, found.lists_models) == ("SPDX 3.0.1", (OWN,), True)


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"a":', b"[" * 100_000])
def test_what_is_no_list_is_refused(data: bytes) -> None:
    with pytest.raises(SourceError):
        read_subject(data, "x")


def test_a_time_that_cannot_be_is_none() -> None:
    for told in ("yesterday", "0001-01-01T00:00:00Z", 7, None):
        assert read_subject(cyclonedx(metadata={"timestamp": told}), "x").made_at is None


def test_a_digest_is_written_as_releases_name_it() -> None:
    assert artifact_digest(f"SHA256:{HEX.upper()}") == OWN
    for wrong in ("sha256:ab", "md5:" + "0" * 32, HEX):
        with pytest.raises(SourceError):
            artifact_digest(wrong)

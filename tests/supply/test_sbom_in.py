"""Other people's SBOMs: three formats, hostile ones too."""

import json

import pytest

from asbuilt.model.errors import SourceError
from asbuilt.supply import sbom_in
from asbuilt.supply.sbom_in import purl_component, read_sbom


def read(told: object) -> list[tuple[str, str, str | None, str | None]]:
    found = read_sbom(json.dumps(told).encode(), "bom.json")
    return [(each.ecosystem, each.name, each.version, each.source) for each in found]


def test_cyclonedx_with_components_within_components() -> None:
    told = {
        "bomFormat": "CycloneDX",
        "components": [
            {
                "type": "library",
                "group": "@scope",
                "name": "a",
                "version": "1.0.0",
                "purl": "pkg:npm/%40scope/a@1.0.0",
                "components": [{"name": "b", "version": "2", "purl": "pkg:pypi/b"}],
            },
            {"type": "file", "name": "x.js"},
            {"group": "g", "name": "without", "version": "3"},
            {"name": "again", "purl": "pkg:npm/%40scope/a@1.0.0"},
            "junk",
        ],
    }
    assert read(told) == [
        ("npm", "@scope/a", "1.0.0", "registry"),
        ("PyPI", "b", "2", "registry"),
        ("", "g/without", "3", "registry"),
    ]


def test_spdx_2() -> None:
    told = {
        "spdxVersion": "SPDX-2.3",
        "packages": [
            {
                "name": "core",
                "versionInfo": "2.0",
                "externalRefs": [
                    {"referenceType": "cpe23Type", "referenceLocator": "cpe:x"},
                    {"referenceType": "purl", "referenceLocator": "pkg:maven/org.x/core@2.0"},
                ],
            },
            {"name": "bare"},
        ],
    }
    assert read(told) == [("Maven", "org.x:core", "2.0", "registry"), ("", "bare", None, "registry")]


def test_spdx_3() -> None:
    told = {
        "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
        "@graph": [
            {"type": "software_Package", "name": "m", "software_packageUrl": "pkg:golang/example.com/m@v1.2.0#v2"},
            {"type": "Person", "name": "x"},
        ],
    }
    assert read(told) == [("Go", "example.com/m/v2", "v1.2.0", "registry")]


@pytest.mark.parametrize(
    ("purl", "source"),
    [
        ("pkg:npm/a@1?vcs_url=git%2Bhttps://x", "git"),
        ("pkg:npm/a@1?download_url=https://x", "url"),
        ("pkg:npm/a@1?repository_url=https://x", "registry"),
    ],
)
def test_what_is_not_of_a_registry_is_told_by_its_address(purl: str, source: str) -> None:
    found = purl_component(purl, "x")
    assert found is not None
    assert found.source == source


def test_a_broken_address_is_a_component_all_the_same() -> None:
    assert purl_component("pkg:", "x") is None
    assert read({"bomFormat": "CycloneDX", "components": [{"name": "a", "purl": "nonsense"}]}) == [
        ("", "a", None, "registry")
    ]


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"spdxVersion": 3}', b"[" * 100_000, b"\xff"])
def test_what_is_no_sbom_is_refused(data: bytes) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        read_sbom(data, "bom.json")


def test_depth_and_number_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    deep: dict[str, object] = {"name": "x"}
    for _ in range(60):
        deep = {"name": "x", "components": [deep]}
    with pytest.raises(SourceError, match="nested more than"):
        read({"bomFormat": "CycloneDX", "components": [deep]})
    monkeypatch.setattr(sbom_in, "MOST", 1)
    with pytest.raises(SourceError, match="more than 1 components"):
        read({"bomFormat": "CycloneDX", "components": [{"name": "a"}, {"name": "b"}]})
    monkeypatch.setattr(sbom_in, "LARGEST", 1)
    with pytest.raises(SourceError, match="larger than"):
        read({"bomFormat": "CycloneDX"})

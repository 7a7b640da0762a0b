"""What a list of components is about: the digests of the artefact that a CycloneDX or SPDX document itself names.

1. CycloneDX: the hashes, the package URL and, of an image, the version of ``metadata.component``.
2. SPDX 2: the packages that the document describes: their checksums, package URL and, of an image, version.
3. SPDX 3: the elements at the root of the list: their hashes and package URL.

Nothing of the parts of a product counts: only the digest of the whole binds a list to what was released.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from asbuilt.model.errors import SourceError
from asbuilt.model.text import visible
from asbuilt.supply.sbom_in import LARGEST, read_sbom

_SIZES: Final = {"sha256": 64, "sha384": 96, "sha512": 128}
_DIGEST = re.compile(r"(sha256|sha384|sha512):([0-9a-f]+)")
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_MODELS: Final = frozenset({"machine-learning-model", "data", "ai_aipackage", "dataset_datasetpackage"})
_LATEST: Final = 253_402_300_799  # the end of the year 9999
_MOST: Final = 50  # digests of one document


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """What a document says of itself.

    ``format`` is CycloneDX or SPDX with the version. ``digests`` are those of the artefact, ``sha256:…``, in the
    document's order; none: it names none. ``made_at`` is in Unix seconds. ``lists_models``: AI models or data sets
    are among its components.
    """

    format: str
    digests: tuple[str, ...]
    components: int
    lists_models: bool
    commit: str | None = None
    made_at: int | None = None
    made_by: str | None = None


def read_subject(data: bytes, path: str) -> Subject:
    """What a document is about.

    Args:
        data: its bytes.
        path: what the file is called, for errors.

    Raises:
        SourceError: it is no CycloneDX or SPDX in JSON, or too large.
    """
    components = read_sbom(data, path)  # refuses what is none, and what is too large
    told: dict[str, Any] = msgspec.json.decode(data[: LARGEST + 1].removeprefix(b"\xef\xbb\xbf"))
    if told.get("bomFormat") == "CycloneDX" or "specVersion" in told:
        return _cyclonedx(told, len(components))
    if isinstance(told.get("spdxVersion"), str):
        return _spdx(told, len(components))
    return _graph(told, len(components))


def artifact_digest(told: str) -> str:
    """A digest as releases name it: ``sha256:`` (or ``sha384:``, ``sha512:``) and lower-case hex.

    Raises:
        SourceError: it is none.
    """
    found = next(_plain(told), None)
    if found is None:
        raise SourceError(
            f"{visible(told, 100)!r} is no digest of an artefact.",
            fix="Write sha256: and 64 hex digits, or name the file itself.",
        )
    return found


def _cyclonedx(told: dict[str, Any], count: int) -> Subject:
    # (1)
    metadata = _dict(told.get("metadata"))
    own = _dict(metadata.get("component"))
    tools = metadata.get("tools")
    listed = _dicts(tools) or _dicts(_dict(tools).get("components"))
    maker = listed[0] if listed else {}
    version = own.get("version")
    return Subject(
        format=f"CycloneDX {visible(str(told.get('specVersion', '')), 10)}".strip(),
        digests=_first(
            [
                *_hashes(own.get("hashes"), "alg", "content"),
                *_plain(version),
                *_of_purl(own.get("purl")),
            ]
        ),
        components=count,
        lists_models=any(_lowered(each.get("type")) in _MODELS for each in _nested(told.get("components"))),
        commit=_commit(version),
        made_at=_moment(metadata.get("timestamp")),
        made_by=_made_by(maker.get("name"), maker.get("version")),
    )


def _spdx(told: dict[str, Any], count: int) -> Subject:
    # (2)
    described = set(_texts(told.get("documentDescribes")))
    for each in _dicts(told.get("relationships")):
        if each.get("relationshipType") == "DESCRIBES" and each.get("spdxElementId") == "SPDXRef-DOCUMENT":
            described.update(_texts([each.get("relatedSpdxElement")]))
        elif (
            each.get("relationshipType") == "DESCRIBED_BY" and each.get("relatedSpdxElement") == "SPDXRef-DOCUMENT"
        ):
            described.update(_texts([each.get("spdxElementId")]))
    own = [each for each in _dicts(told.get("packages")) if each.get("SPDXID") in described]
    creation = _dict(told.get("creationInfo"))
    makers = [each for each in _texts(creation.get("creators")) if each.startswith("Tool: ")]
    return Subject(
        format=visible(told["spdxVersion"].replace("-", " ", 1), 20),
        digests=_first(
            [
                digest
                for each in own
                for digest in (
                    *_hashes(each.get("checksums"), "algorithm", "checksumValue"),
                    *_plain(each.get("versionInfo")),
                    *(
                        found
                        for ref in _dicts(each.get("externalRefs"))
                        for found in _of_purl(ref.get("referenceLocator"))
                    ),
                )
            ]
        ),
        components=count,
        lists_models=False,
        commit=next((found for each in own if (found := _commit(each.get("versionInfo")))), None),
        made_at=_moment(creation.get("created")),
        made_by=_made_by(makers[0].removeprefix("Tool: "), None) if makers else None,
    )


def _graph(told: dict[str, Any], count: int) -> Subject:
    # (3)
    graph = _dicts(told.get("@graph"))
    roots = {root for each in graph if _kind(each).endswith("_sbom") for root in _texts(each.get("rootElement"))}
    own = [each for each in graph if (each.get("spdxId") or each.get("@id")) in roots]
    versions = [
        each.get("specVersion") for each in graph if _kind(each) == "creationinfo" and each.get("specVersion")
    ]
    return Subject(
        format=f"SPDX {visible(str(versions[0]), 10)}" if versions else "SPDX 3",
        digests=_first(
            [
                digest
                for each in own
                for digest in (
                    *_hashes(each.get("verifiedUsing"), "algorithm", "hashValue"),
                    *_of_purl(each.get("software_packageUrl")),
                )
            ]
        ),
        components=count,
        lists_models=any(_kind(each) in _MODELS for each in graph),
        made_at=next((found for each in graph if (found := _moment(each.get("created"))) is not None), None),
    )


def _hashes(told: Any, kind: str, value: str) -> Iterator[str]:
    for each in _dicts(told):
        if isinstance(each.get(kind), str) and isinstance(each.get(value), str):
            yield from _plain(f"{each[kind].replace('-', '')}:{each[value]}")


def _of_purl(told: Any) -> Iterator[str]:
    """Of an image's package URL the digest that is its version; others name none."""
    if isinstance(told, str) and told.startswith(("pkg:oci/", "pkg:docker/")):
        yield from _plain(told.partition("?")[0].rpartition("@")[2].replace("%3A", ":").replace("%3a", ":"))


def _plain(told: Any) -> Iterator[str]:
    found = _DIGEST.fullmatch(told.strip().lower()) if isinstance(told, str) else None
    if found is not None and len(found[2]) == _SIZES[found[1]]:
        yield found[0]


def _first(found: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))[:_MOST]


def _nested(told: Any) -> Iterator[dict[str, Any]]:
    """Components with those inside them; how deep was looked at when they were read."""
    waiting = _dicts(told)
    while waiting:
        own = waiting.pop()
        yield own
        waiting += _dicts(own.get("components"))


def _commit(told: Any) -> str | None:
    return told if isinstance(told, str) and _COMMIT.fullmatch(told) else None


def _moment(told: Any) -> int | None:
    if not isinstance(told, str):
        return None
    try:
        at = datetime.fromisoformat(told)
        seconds = int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return None
    return seconds if 0 <= seconds <= _LATEST else None


def _made_by(name: Any, version: Any) -> str | None:
    words = [each for each in (name, version) if isinstance(each, str) and each]
    return visible(" ".join(words), 200) if words else None


def _kind(told: dict[str, Any]) -> str:
    return _lowered(told.get("type", told.get("@type")))


def _lowered(told: Any) -> str:
    return told.lower() if isinstance(told, str) else ""


def _texts(told: Any) -> list[str]:
    return [each for each in told if isinstance(each, str)] if isinstance(told, list) else []


def _dict(told: Any) -> dict[str, Any]:
    return told if isinstance(told, dict) else {}


def _dicts(told: Any) -> list[dict[str, Any]]:
    return [each for each in told if isinstance(each, dict)] if isinstance(told, list) else []

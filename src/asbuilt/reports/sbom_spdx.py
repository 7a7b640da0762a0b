"""A bill of materials as SPDX 2.3 JSON (ISO/IEC 5962): the same bill always gives the same bytes."""

from typing import Any, Final

from asbuilt.model.component import is_locked
from asbuilt.model.sbom import Bill, Entry
from asbuilt.reports.sbom_parts import brought_words, digests, document, moment, reference, serial

PRODUCT: Final = "SPDXRef-Product"
_NEEDS: Final = {"development": "DEV_DEPENDENCY_OF", "optional": "OPTIONAL_DEPENDENCY_OF"}


def sbom_spdx(bill: Bill) -> bytes:
    """The document.

    Files and lines stand in ``sourceInfo``; a version that is only declared is told there too and is no
    ``versionInfo``. Licences in words of their own become ``LicenseRef``s with those words. Nothing is concluded.
    """
    words = sorted({own.component.licence for own in bill.entries if own.component.licence and own.licence is None})
    references = {text: f"LicenseRef-asbuilt-{number}" for number, text in enumerate(words, 1)}
    told: dict[str, Any] = {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"{bill.product} {bill.commit[:12]}",
        "documentNamespace": f"https://spdx.org/spdxdocs/asbuilt-{serial(bill, 'spdx-2.3')}",
        "creationInfo": {
            "created": moment(bill.moment),
            "creators": [f"Tool: {bill.program.replace(' ', '-')}"],
        },
        "packages": [_product(bill), *(_package(entry, references) for entry in bill.entries)],
        "relationships": [
            _relation("SPDXRef-DOCUMENT", "DESCRIBES", PRODUCT),
            *(_need(entry) for entry in bill.entries),
        ],
    }
    if references:
        told["hasExtractedLicensingInfos"] = [
            {"licenseId": own, "extractedText": text, "name": text} for text, own in references.items()
        ]
    if bill.unread:
        told["comment"] = "Not read: " + " ".join(
            f"{own.path}{f':{own.line}' if own.line else ''}: {own.why}" for own in bill.unread
        )
    return document(told)


def _product(bill: Bill) -> dict[str, Any]:
    """The product; with an artefact its checksum, which binds the list to it."""
    own = bill.artifact
    bound: dict[str, Any] = {}
    if own is not None:
        kind, _, value = own.digest.partition(":")
        bound["checksums"] = [{"algorithm": kind.upper(), "checksumValue": value}]
        if own.file is not None:
            bound["packageFileName"] = own.file
        if own.release is not None:
            bound["comment"] = f"Release {own.release}"
    return {
        "SPDXID": PRODUCT,
        "name": bill.product,
        "versionInfo": bill.commit,
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": "NOASSERTION",
        "copyrightText": "NOASSERTION",
        "primaryPackagePurpose": "APPLICATION",
    } | bound


def _package(entry: Entry, references: dict[str, str]) -> dict[str, Any]:
    own = entry.component
    told: dict[str, Any] = {"SPDXID": f"SPDXRef-{reference(entry)}", "name": own.name}
    if own.version is not None:
        told["versionInfo"] = own.version
    places = ", ".join(f"{path}:{line}" if line else path for path, line in entry.places)
    declared = f"; declared {own.declared}, not locked" if own.version is None and own.declared else ""
    declared = "; by a tag that can move" if own.version is not None and not is_locked(own) else declared
    told |= {
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "sourceInfo": f"{own.ecosystem}, {own.source or 'source unknown'}, named in {places}{declared}",
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": entry.licence or references.get(own.licence or "", "NOASSERTION"),
        "copyrightText": "NOASSERTION",
        "externalRefs": [
            {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": own.purl}
        ],
        "primaryPackagePurpose": "CONTAINER" if own.ecosystem == "Docker" else "LIBRARY",
    }
    if entry.brought is not None:
        told["comment"] = "; ".join(f"{name} {value}" for name, value in brought_words(entry.brought))
    checksums = [{"algorithm": kind.upper(), "checksumValue": value} for kind, value in digests(entry).items()]
    return told | ({"checksums": checksums} if checksums else {})


def _need(entry: Entry) -> dict[str, str]:
    own = f"SPDXRef-{reference(entry)}"
    if entry.scope in _NEEDS:
        return _relation(own, _NEEDS[entry.scope], PRODUCT)
    return _relation(PRODUCT, "DEPENDS_ON", own)


def _relation(one: str, kind: str, other: str) -> dict[str, str]:
    return {"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other}

"""Statements as CycloneDX JSON 1.6 or 1.7 (ECMA-424), with nothing but the components that they are about.

Who decided, and until when it holds, are properties of the weakness: ``analysis`` has no member for either.
"""

import uuid
from typing import Any, Final

import msgspec

from asbuilt.model.vex import AUTHOR_PROPERTY, UNTIL_PROPERTY, VexDocument, VexStatement
from asbuilt.reports.sbom_parts import document, moment

VERSIONS: Final = ("1.6", "1.7")
_STATES: Final = {
    "not_affected": "not_affected",
    "affected": "exploitable",
    "fixed": "resolved",
    "under_investigation": "in_triage",
}
# What CycloneDX has no word for stays in the detail alone.
_JUSTIFICATIONS: Final = {
    "component_not_present": "code_not_present",
    "vulnerable_code_not_present": "code_not_present",
    "vulnerable_code_not_in_execute_path": "code_not_reachable",
    "inline_mitigations_already_exist": "protected_by_mitigating_control",
}
_NAMESPACE: Final = uuid.uuid5(uuid.NAMESPACE_URL, "https://cyclonedx.org/capabilities/vex")


def vex_cyclonedx(told: VexDocument, version: str = "1.6") -> bytes:
    """The document."""
    purls = sorted({each.purl for each in told.statements})
    components = [{"type": "library", "bom-ref": purl, "purl": purl, "name": _name(purl)} for purl in purls]
    weaknesses = [_weakness(number, each) for number, each in enumerate(told.statements, 1)]
    own = uuid.uuid5(_NAMESPACE, msgspec.json.encode([version, told.product, told.author, weaknesses]).decode())
    name, _, release = told.program.partition(" ")
    return document(
        {
            "$schema": f"http://cyclonedx.org/schema/bom-{version}.schema.json",
            "bomFormat": "CycloneDX",
            "specVersion": version,
            "serialNumber": f"urn:uuid:{own}",
            "version": 1,
            "metadata": {
                "timestamp": moment(told.moment),
                "tools": {"components": [{"type": "application", "name": name, "version": release}]},
                "authors": [{"name": told.author}],
                "component": {"type": "application", "bom-ref": "product", "name": told.product},
            },
            "components": components,
            "vulnerabilities": weaknesses,
        }
    )


def _weakness(number: int, each: VexStatement) -> dict[str, Any]:
    analysis: dict[str, Any] = {"state": _STATES[each.status]}
    word = _JUSTIFICATIONS.get(each.justification or "")
    if word is not None and each.status == "not_affected":
        analysis["justification"] = word
    analysis |= {"detail": each.reason, "firstIssued": moment(each.at)}
    properties = [{"name": AUTHOR_PROPERTY, "value": each.by}]
    if each.until is not None:
        properties.append({"name": UNTIL_PROPERTY, "value": moment(each.until)})
    return {
        "bom-ref": f"statement-{number}",
        "id": each.vulnerability,
        "analysis": analysis,
        "affects": [{"ref": each.purl}],
        "properties": properties,
    }


def _name(purl: str) -> str:
    return purl.removeprefix("pkg:").partition("/")[2].partition("?")[0].rpartition("@")[0] or purl

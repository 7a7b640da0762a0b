"""Statements as OpenVEX 0.2.0 (github.com/openvex/spec): the same statements always give the same document id.

A statement has a justification or an impact statement, never both: with a justification the reason is a note. Who
decided, and until when it holds, are notes too: OpenVEX has no member for either.
"""

import uuid
from typing import Any, Final

import msgspec

from asbuilt.model.vex import UNTIL, VexDocument, VexStatement
from asbuilt.reports.sbom_parts import document, moment

CONTEXT: Final = "https://openvex.dev/ns/v0.2.0"
_NAMESPACE: Final = uuid.uuid5(uuid.NAMESPACE_URL, CONTEXT)


def vex_openvex(told: VexDocument) -> bytes:
    """The document."""
    statements = [_statement(each, told.product) for each in told.statements]
    own = uuid.uuid5(_NAMESPACE, msgspec.json.encode([told.product, told.author, statements]).decode())
    return document(
        {
            "@context": CONTEXT,
            "@id": f"urn:uuid:{own}",
            "author": told.author,
            "timestamp": moment(told.moment),
            "version": 1,
            "tooling": told.program,
            "statements": statements,
        }
    )


def _statement(each: VexStatement, product: str) -> dict[str, Any]:
    component = {"@id": each.purl}
    is_named = product.startswith("pkg:")
    told: dict[str, Any] = {
        "vulnerability": {"name": each.vulnerability},
        "timestamp": moment(each.at),
        "products": [{"@id": product, "subcomponents": [component]} if is_named else component],
        "status": each.status,
    }
    notes = [f"Decided by {each.by}."]
    if each.status == "not_affected" and each.justification is None:
        told["impact_statement"] = each.reason
    elif each.status == "affected":
        told["action_statement"] = each.reason
    else:
        notes.append(each.reason)
    if each.status == "not_affected" and each.justification is not None:
        told["justification"] = each.justification
    if each.until is not None:
        notes.append(f"{UNTIL} {moment(each.until)}.")
    return told | {"status_notes": " ".join(notes)}

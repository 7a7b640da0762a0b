"""A bill of materials as CycloneDX JSON, 1.6 or 1.7 (ECMA-424): the same bill always gives the same bytes."""

from typing import Any, Final

from asbuilt.model.component import is_locked
from asbuilt.model.deps import Dependency
from asbuilt.model.sbom import Bill, Entry
from asbuilt.reports.sbom_parts import brought_words, digests, document, moment, reference, serial

VERSIONS: Final = ("1.6", "1.7")
_SCOPES: Final = {"runtime": "required", "optional": "optional", "development": "excluded"}
_ALGORITHMS: Final = {"md5": "MD5", "sha1": "SHA-1", "sha256": "SHA-256", "sha384": "SHA-384", "sha512": "SHA-512"}


def sbom_cyclonedx(bill: Bill, version: str = "1.6") -> bytes:
    """The document.

    Each component has its files and lines as ``evidence.occurrences``; a version that is only declared is a
    property and no ``version``. What could not be read makes the composition ``incomplete``, with a property each.
    """
    name, _, release = bill.program.partition(" ")
    return document(
        {
            "$schema": f"http://cyclonedx.org/schema/bom-{version}.schema.json",
            "bomFormat": "CycloneDX",
            "specVersion": version,
            "serialNumber": f"urn:uuid:{serial(bill, f'cyclonedx-{version}')}",
            "version": 1,
            "metadata": {
                "timestamp": moment(bill.moment),
                "tools": {"components": [{"type": "application", "name": name, "version": release}]},
                "component": {
                    "type": "application",
                    "bom-ref": "product",
                    "name": bill.product,
                    "version": bill.commit,
                }
                | _hashes(bill),
                "properties": [
                    _property("tree", "work tree" if bill.is_work_tree else "revision"),
                    *_artifact(bill),
                    *(_property("file", path) for path in bill.files),
                    *(
                        _property("unread", f"{own.path}{f':{own.line}' if own.line else ''}: {own.why}")
                        for own in bill.unread
                    ),
                ],
            },
            "components": [_component(entry) for entry in bill.entries],
            "compositions": [{"aggregate": "incomplete" if bill.unread else "unknown", "assemblies": ["product"]}],
        }
    )


def _component(entry: Entry) -> dict[str, Any]:
    own = entry.component
    told: dict[str, Any] = {
        "type": "container" if own.ecosystem == "Docker" else "library",
        "bom-ref": reference(entry),
        "name": own.name,
    }
    if own.version is not None:
        told["version"] = own.version
    if entry.scope is not None:
        told["scope"] = _SCOPES[entry.scope]
    hashes = [{"alg": _ALGORITHMS[kind], "content": value} for kind, value in digests(entry).items()]
    if hashes:
        told["hashes"] = hashes
    if entry.licence is not None:
        told["licenses"] = [{"expression": entry.licence}]
    elif own.licence is not None:
        told["licenses"] = [{"license": {"name": own.licence}}]
    told["purl"] = own.purl
    told["evidence"] = {
        "occurrences": [{"location": path} | ({"line": line} if line else {}) for path, line in entry.places]
    }
    properties = [("ecosystem", own.ecosystem), ("locked", "yes" if is_locked(own) else "no")]
    optional = (("declared", own.declared), ("source", own.source), ("scope", entry.scope))
    properties += [(name, value) for name, value in optional if value]
    if own.direct is not None:
        properties.append(("direct", "yes" if own.direct else "no"))
    if entry.brought is not None:
        properties += brought_words(entry.brought)
        if entry.brought.commit is not None:
            told["pedigree"] = {"commits": [_commit(entry.brought, entry.brought.commit)]}
    told["properties"] = [_property(name, value) for name, value in properties]
    return told


def _hashes(bill: Bill) -> dict[str, Any]:
    """The digest of the artefact: of the product as it was built, and what binds the list to it."""
    if bill.artifact is None:
        return {}
    kind, _, value = bill.artifact.digest.partition(":")
    return {"hashes": [{"alg": _ALGORITHMS[kind], "content": value}]}


def _artifact(bill: Bill) -> list[dict[str, str]]:
    own = bill.artifact
    told = [] if own is None else [("artifact", own.file), ("release", own.release)]
    return [_property(name, value) for name, value in told if value]


def _commit(own: Dependency, commit: str) -> dict[str, Any]:
    author: dict[str, str] = {}
    if own.author:
        author["name"] = own.author
    if own.at is not None:
        author["timestamp"] = moment(own.at)
    return {"uid": commit} | ({"author": author} if author else {})


def _property(name: str, value: str) -> dict[str, str]:
    return {"name": f"asbuilt:{name}", "value": value}

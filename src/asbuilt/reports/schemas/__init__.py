"""JSON Schemas of the JSON reports: made from the nouns themselves, kept as files that come with the package.

``python -m asbuilt.reports.schemas`` writes the files again after a noun has changed.
"""

from importlib.resources import files
from typing import Any

import msgspec

from asbuilt.model import audit, changes, deps, finding, gate, inspection, route, trace

_KINDS: dict[str, tuple[type, str]] = {
    "audit-1": (audit.Audit, audit.SCHEMA),
    "changes-1": (changes.ChangeList, changes.SCHEMA),
    "deps-1": (deps.DependencyList, deps.SCHEMA),
    "gate-1": (gate.Gate, gate.SCHEMA),
    "inspection-1": (inspection.Inspection, inspection.SCHEMA),
    "routes-1": (route.RouteTable, route.SCHEMA),
    "scan-1": (finding.Scan, finding.SCHEMA),
    "trace-1": (trace.Trace, trace.SCHEMA),
}
NAMES = tuple(_KINDS)
# What is written beside the fields of a noun: what follows from them, so that a reader need not know the rule.
_BESIDE: dict[str, dict[str, Any]] = {
    "Route": {
        "flagged": {"type": "boolean", "description": "It changes something, and nothing stands before it."},
    },
}


def make_schema(name: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of one report, made from its type; ``name`` is one of NAMES."""
    kind, identifier = _KINDS[name]
    made = msgspec.json.schema(kind)
    root = made["$defs"][kind.__name__]
    for noun, fields in _BESIDE.items():
        if noun in made["$defs"]:
            made["$defs"][noun]["properties"].update(fields)
            made["$defs"][noun]["required"] = sorted({*made["$defs"][noun]["required"], *fields})
    root["properties"]["schema"] = {"const": identifier, "description": "Names this schema and its version."}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": identifier, **made}


def schema_bytes(name: str) -> bytes:
    """The schema of one report as the file that holds it: UTF-8, sorted keys, two spaces of indent."""
    return msgspec.json.format(msgspec.json.encode(make_schema(name), order="sorted"), indent=2) + b"\n"


def read_schema(name: str) -> bytes:
    """The schema of one report as it came with the package."""
    return files(__package__).joinpath(f"{name}.json").read_bytes()

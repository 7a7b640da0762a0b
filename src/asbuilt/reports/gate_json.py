"""The gate's answer for other programs; ``schemas/gate-1.json`` describes it."""

import msgspec

from asbuilt.model.gate import Gate
from asbuilt.reports.json import escape_active


def gate_json(gate: Gate) -> bytes:
    """The whole answer as UTF-8 JSON with sorted keys; the same answer gives the same bytes."""
    return inert_json(gate)


def inert_json(value: object) -> bytes:
    """A JSON document that may be printed in a pipeline's log.

    A runner of GitHub Actions takes ``##[`` for a command wherever it stands: as an escape it is the same text.
    """
    document = escape_active(msgspec.json.format(msgspec.json.encode(value, order="sorted"), indent=2))
    return document.replace(b"##[", b"##\\u005b") + b"\n"

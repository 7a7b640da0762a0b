"""The gate's answer for other programs; ``schemas/gate-1.json`` describes it."""

import msgspec

from asbuilt.model.gate import Gate
from asbuilt.reports.json import escape_active


def gate_json(gate: Gate) -> bytes:
    """The whole answer as UTF-8 JSON with sorted keys; the same answer gives the same bytes."""
    return escape_active(msgspec.json.format(msgspec.json.encode(gate, order="sorted"), indent=2)) + b"\n"

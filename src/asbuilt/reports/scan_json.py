"""A scan for other programs; ``schemas/scan-1.json`` describes it."""

from asbuilt.model.finding import Scan
from asbuilt.reports.gate_json import inert_json


def scan_json(scan: Scan) -> bytes:
    """The whole scan as UTF-8 JSON with sorted keys; the same scan gives the same bytes."""
    return inert_json(scan)

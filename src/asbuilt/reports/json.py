"""Reports for other programs: the same value always gives the same bytes."""

import re

import msgspec

from asbuilt.model.audit import Audit
from asbuilt.model.changes import ChangeList
from asbuilt.model.deps import DependencyList
from asbuilt.model.inspection import Inspection
from asbuilt.model.trace import Trace

# Characters that a terminal or an editor may act on, all legal inside a JSON string. Written as JSON escapes the
# data is the same, and nothing happens when somebody prints the file. (Below U+0020 the encoder does it already.)
_ACTIVE = re.compile(
    "[\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_ENCODER = msgspec.json.Encoder(order="sorted")


def inspection_json(inspection: Inspection) -> bytes:
    """The whole inspection as UTF-8 JSON with sorted keys, two spaces of indent and one line break at the end.

    Its ``schema`` field names the JSON Schema that comes with the package (``asbuilt.reports.schemas``).
    """
    return _document(inspection)


def trace_json(trace: Trace) -> bytes:
    """The whole trace, in the same form as ``inspection_json``."""
    return _document(trace)


def audit_json(audit: Audit) -> bytes:
    """The whole audit, in the same form as ``inspection_json``."""
    return _document(audit)


def changes_json(listed: ChangeList) -> bytes:
    """The whole list of changes, in the same form as ``inspection_json``."""
    return _document(listed)


def deps_json(listed: DependencyList) -> bytes:
    """The whole list of dependencies, in the same form as ``inspection_json``."""
    return _document(listed)


def _document(value: Inspection | Trace | Audit | ChangeList | DependencyList) -> bytes:
    return escape_active(msgspec.json.format(_ENCODER.encode(value), indent=2)) + b"\n"


def escape_active(document: bytes) -> bytes:
    """A JSON document in which every character that could act on a screen is a JSON escape."""
    if document.isascii() and b"\x7f" not in document:
        return document
    return _ACTIVE.sub(_escape, document.decode()).encode()


def _escape(match: re.Match[str]) -> str:
    units = match.group().encode("utf-16-be")
    return "".join(f"\\u{int.from_bytes(units[at : at + 2], 'big'):04x}" for at in range(0, len(units), 2))

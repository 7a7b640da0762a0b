"""The gate's answer for other programs; ``schemas/gate-1.json`` describes it."""

from typing import Any

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
    told = _whole(msgspec.to_builtins(value))
    document = escape_active(msgspec.json.format(msgspec.json.encode(told, order="sorted"), indent=2))
    return document.replace(b"##[", b"##\\u005b") + b"\n"


def _whole(value: Any) -> Any:
    """The same with halves of characters (lone surrogates) written as escapes: UTF-8 has no place for them."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {_whole(name): _whole(own) for name, own in value.items()}
    return [_whole(own) for own in value] if isinstance(value, list | tuple) else value

"""The gate's answer as SARIF 2.1.0, for a forge's code scanning.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/. One rule for each control, one result for each that does
not hold or could not be seen, and one for each path that needs a look. Levels: what decides is an error, the rest
a warning or a note.
"""

from typing import Any

from asbuilt.model.gate import Brought, Gate, Notice, Standing, Test
from asbuilt.model.text import path_bytes, visible
from asbuilt.reports.gate_json import inert_json

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
# What stands for itself in the path of a reference (RFC 3986, section 2.3), and the slash.
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")
_KINDS = {"guarded": "GATE-GUARDED", "dependencies": "GATE-DEPENDENCIES"}
_TITLES = {"guarded": "A guarded path is changed", "dependencies": "Dependency files are changed"}


def gate_sarif(gate: Gate) -> bytes:
    """One run with the whole answer, as UTF-8 JSON with sorted keys."""
    failing = [test for test in gate.tests if test.standing in {Standing.DEVIATION, Standing.UNKNOWN}]
    rules = [_rule(test.control, test.title) for test in gate.tests]
    rules += [_rule(_kind(notice.kind), _TITLES.get(notice.kind, notice.kind)) for notice in gate.notices]
    brought = [one for one in gate.brought if one.blocks or one.standing is not Standing.MET]
    rules += [_rule(own, title) for own, title in dict(_rule_of(one) for one in brought).items()]
    places = {rule["id"]: at for at, rule in enumerate(rules)}
    results = [_of_test(gate, test, places) for test in failing]
    results += [_of_path(gate, notice, path, places) for notice in gate.notices for path in notice.paths]
    results += [_of_brought(gate, one, places) for one in brought]
    run = {
        "tool": {"driver": {"name": "AsBuilt gate", "version": gate.version, "rules": rules}},
        "automationDetails": {"id": "asbuilt/gate/"},
        "columnKind": "unicodeCodePoints",
        "results": results,
        "invocations": [
            {
                "executionSuccessful": True,
                "endTimeUtc": gate.judged_at,
                "toolExecutionNotifications": [
                    {"level": "warning", "message": {"text": _text(f"{gap.code}: {gap.what} {gap.remedy}")}}
                    for gap in gate.not_seen
                ],
            }
        ],
        "properties": {"answer": gate.answer.value, "verdict": _text(gate.verdict)},
    }
    document = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return inert_json(document)


def _rule(own: str, title: str) -> dict[str, Any]:
    return {"id": own, "name": own.replace("-", ""), "shortDescription": {"text": _text(title)}}


def _of_test(gate: Gate, test: Test, places: dict[str, int]) -> dict[str, Any]:
    """A control has no line of its own: it is shown at the policy that asks for it."""
    result = {
        "ruleId": test.control,
        "ruleIndex": places[test.control],
        "level": "note" if not test.required else "error" if gate.override is None else "warning",
        "message": {"text": _text(f"{test.message} {test.remedy}")},
        "locations": [_place(gate.policy.source or "asbuilt.toml")],
        "partialFingerprints": {"asbuiltGate/v1": f"{test.control}/{gate.change.request or gate.change.head}"},
        "properties": {"standing": test.standing.value, "required": test.required, "criteria": list(test.criteria)},
    }
    if gate.override is not None and test.required:
        own = gate.override
        result["suppressions"] = [
            {
                "kind": "external",
                "status": "accepted",
                "justification": _text(f"Overridden by {own.by} at {own.at}: {own.reason}"),
            }
        ]
    return result


def _of_path(gate: Gate, notice: Notice, path: str, places: dict[str, int]) -> dict[str, Any]:
    own = _kind(notice.kind)
    return {
        "ruleId": own,
        "ruleIndex": places[own],
        "level": "warning",
        "message": {"text": _text(notice.message)},
        "locations": [_place(path)],
        "partialFingerprints": {"asbuiltGate/v1": f"{own}/{gate.change.request or gate.change.head}"},
    }


def _rule_of(one: Brought) -> tuple[str, str]:
    """A finding's own rule; one rule for all packages, and one for all files that nobody could look at."""
    if one.kind == "finding":
        return one.name, one.name
    if one.kind == "file":
        return "GATE-UNREAD", "A file could not be looked at"
    return "GATE-PACKAGE", "A package is brought in"


def _of_brought(gate: Gate, one: Brought, places: dict[str, int]) -> dict[str, Any]:
    rule, _ = _rule_of(one)
    blocks = "error" if gate.override is None else "warning"
    level = blocks if one.blocks else "warning" if one.standing is Standing.DEVIATION else "note"
    own = f"{rule}/{one.name}/{one.path}/{one.line if one.kind == 'finding' else ''}"
    return {
        "ruleId": rule,
        "ruleIndex": places[rule],
        "level": level,
        "message": {"text": _text(f"{one.message} {' '.join(f'{each}.' for each in one.reasons)} {one.remedy}")},
        "locations": [_place(one.path, one.line or 1)],
        "partialFingerprints": {"asbuiltGate/v1": _text(own)},
        "properties": {"standing": one.standing.value, "required": one.blocks},
    }


def _place(path: str, line: int = 1) -> dict[str, Any]:
    uri = "".join(chr(one) if one in _UNRESERVED else f"%{one:02X}" for one in path_bytes(visible(path)))
    return {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": {"startLine": line}}}


def _kind(kind: str) -> str:
    return _KINDS.get(kind, f"GATE-{kind.upper()}")


def _text(text: str) -> str:
    return visible(text, 2000)

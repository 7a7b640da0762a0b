"""A scan as SARIF 2.1.0: a run for each scanner, with its rules, the files that it looked at, and how it ended.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/. `asbuilt record scan` reads it back: a later run that names
the rule and the file, and no longer tells a finding, closes it. A secret is in no line of it.
"""

from typing import Any, Final

from asbuilt.model.finding import CodeFinding, RuleNote, Scan, ScannerReport
from asbuilt.model.text import path_bytes, visible
from asbuilt.reports.gate_json import inert_json

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")
_LEVELS: Final = {"critical": "error", "high": "error", "medium": "warning", "low": "note", "info": "none"}
# GitHub's scale of `security-severity`: from 9 critical, from 7 high, from 4 medium, above 0 low.
_SCORES: Final = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "3.0"}


def scan_sarif(scan: Scan) -> bytes:
    """Every scanner that ran, or failed, as UTF-8 JSON with sorted keys; one that did not run is no run."""
    runs = [_run(scan, report) for report in scan.scanners if report.standing != "not run"]
    return inert_json({"$schema": _SCHEMA, "version": "2.1.0", "runs": runs})


def _run(scan: Scan, report: ScannerReport) -> dict[str, Any]:
    found = [own for own in scan.findings if own.scanner == report.name]
    rules = sorted({own.id: own for own in report.rules}.values(), key=lambda own: own.id)
    places = {own.id: at for at, own in enumerate(rules)}
    driver: dict[str, Any] = {"name": report.name, "rules": [_rule(own) for own in rules]}
    if report.version:
        driver["version"] = visible(report.version, 60)
    unread = [
        {
            "level": "warning",
            "message": {"text": _text(f"{own.path}: {own.why}" if own.path else own.why)},
            **(
                {"locations": [{"physicalLocation": {"artifactLocation": {"uri": _uri(own.path)}}}]}
                if own.path
                else {}
            ),
        }
        for own in report.unread
    ]
    run: dict[str, Any] = {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"asbuilt/scan/{report.name.replace(' ', '-').lower()}/"},
        "columnKind": "unicodeCodePoints",
        "artifacts": [{"location": {"uri": _uri(path)}} for path in report.files or ()],
        "invocations": [{"executionSuccessful": report.standing != "failed", "toolExecutionNotifications": unread}],
        "results": [_result(own, places) for own in found],
        "properties": {"looksFor": report.looks_for, "standing": report.standing},
    }
    if scan.commit is not None and not scan.is_work_tree:
        run["versionControlProvenance"] = [{"repositoryUri": "urn:asbuilt:scanned", "revisionId": scan.commit}]
    return run


def _rule(own: RuleNote) -> dict[str, Any]:
    tags = ["security", *(f"external/cwe/{each.lower()}" for each in own.cwe)]
    rule: dict[str, Any] = {
        "id": own.id,
        "shortDescription": {"text": _text(own.title or own.id)},
        "properties": {"tags": tags},
    }
    if own.severity is not None:
        rule["defaultConfiguration"] = {"level": _LEVELS[own.severity]}
        if own.severity in _SCORES:
            rule["properties"]["security-severity"] = _SCORES[own.severity]
    told = [
        own.why or "",
        f"To mend it: {own.remedy}" if own.remedy else "",
        f"Blind spot: {own.blind_spot}" if own.blind_spot else "",
    ]
    if any(told):
        rule["help"] = {"text": _text(" ".join(each for each in told if each))}
    return rule


def _result(own: CodeFinding, places: dict[str, int]) -> dict[str, Any]:
    region: dict[str, Any] = {"startLine": own.line, "endLine": own.end_line}
    if own.column is not None:
        region["startColumn"] = own.column
    if own.end_column is not None:
        region["endColumn"] = own.end_column
    if own.snippet:
        region["snippet"] = {"text": _text(own.snippet)}
    result: dict[str, Any] = {
        "ruleId": own.rule,
        "level": _LEVELS[own.severity] if own.severity else "warning",
        "message": {"text": _text(own.message)},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": _uri(own.path)}, "region": region}}],
        "properties": {"cwe": list(own.cwe), "severity": own.severity or "unrated"},
    }
    if own.rule in places:
        result["ruleIndex"] = places[own.rule]
    if own.severity in _SCORES:
        result["properties"]["security-severity"] = _SCORES[own.severity]
    if own.is_new is not None:
        result["baselineState"] = "new" if own.is_new else "unchanged"
    if own.accepted is not None:
        result["suppressions"] = [
            {"kind": "inSource", "status": "accepted", "justification": _text(own.accepted.reason)}
        ]
    return result


def _uri(path: str) -> str:
    return "".join(chr(one) if one in _UNRESERVED else f"%{one:02X}" for one in path_bytes(path))


def _text(text: str) -> str:
    return "\n".join(visible(line, 2000) for line in text.split("\n"))

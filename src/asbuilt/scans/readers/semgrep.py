"""Semgrep's own JSON. Without a login its ``fingerprint`` and ``lines`` are sentinels; see ``identity``.

Source: semgrep-interfaces, ``semgrep_output_v1``: results, errors, paths.scanned, version.
"""

from collections.abc import Iterator
from typing import Any, Final

from asbuilt.model.scan import ScanResult, ScanRun
from asbuilt.scans.content import Content, dig, items, text
from asbuilt.scans.making import Making, cwes, files, plain_path, sentences, severity, suppressed, web_address
from asbuilt.scans.secrecy import keep_only

FORMAT: Final = "semgrep"
SENTINEL: Final = "requires login"
_HARMLESS: Final = frozenset({"check_id", "path", "start", "end", "extra"})
_HARMLESS_EXTRA: Final = frozenset({"severity", "metadata", "is_ignored", "engine_kind"})


def recognises(content: Content) -> bool:
    """Whether it has results, errors and paths, and no other tool's members."""
    top = content.top
    return (
        top is not None
        and {"results", "errors"} <= top.keys()
        and ("paths" in top or "skipped_rules" in top or _first(content))
        and "metrics" not in top
    )


def _first(content: Content) -> bool:
    return isinstance(dig(content.document, "results", 0, "check_id"), str)


def read(content: Content, making: Making) -> Iterator[ScanRun]:
    """The one run: it ended well when no error of its own stopped it."""
    document = content.document
    version = text(dig(document, "version"), 60)
    errors = [each for each in items(dig(document, "errors")) if isinstance(each, dict)]
    fatal = [
        each
        for each in errors
        if each.get("level") == "error" and not dig(each, "path") and not items(each.get("spans"))
    ]
    broken = {plain_path(each.get("path")) for each in errors}
    scanned = [plain_path(path) for path in items(dig(document, "paths", "scanned"))]
    yield ScanRun(
        tool="Semgrep",
        kind="static-analysis",
        version=version,
        succeeded=False if fatal else True if isinstance(dig(document, "paths", "scanned"), list) else None,
        files=files(path for path in scanned if path not in broken),
        results=tuple(
            _result(each, making, version) for each in items(dig(document, "results")) if isinstance(each, dict)
        ),
        unread=sentences(_failures(errors, document)),
    )


def _failures(errors: list[dict[str, Any]], document: Any) -> Iterator[str]:
    for each in errors:
        where = plain_path(each.get("path"))
        said = text(each.get("message") or each.get("long_msg") or each.get("short_msg"), 300) or text(
            each.get("type")
        )
        yield f"Semgrep could not read {where}: {said}" if where else f"Semgrep reports: {said}"
    for rule in items(dig(document, "skipped_rules")):
        yield f"Semgrep skipped the rule {text(dig(rule, 'rule_id'), 200)}."


def _result(told: dict[str, Any], making: Making, version: str | None) -> ScanResult:
    extra = told.get("extra")
    metadata = dig(extra, "metadata")
    lines = dig(extra, "lines")
    fingerprint = text(dig(extra, "fingerprint"), 200)
    made = making.result(
        tool="Semgrep",
        tool_version=version,
        rule=told.get("check_id"),
        message=dig(extra, "message"),
        path=plain_path(told.get("path")),
        line=dig(told, "start", "line"),
        end_line=dig(told, "end", "line"),
        cwe=cwes(dig(metadata, "cwe")),
        severity=severity(dig(extra, "severity")),
        snippet=None if lines == SENTINEL else making.snippet(lines),
        fingerprints=(("fingerprint", fingerprint),) if fingerprint else (),
        suppressed=suppressed("in-source") if dig(extra, "is_ignored") is True else None,
        url=web_address(dig(metadata, "source")) or web_address(dig(metadata, "references", 0)),
        **_package(dig(extra, "sca_info", "dependency_match", "found_dependency"), making),
    )
    if made.is_secret:
        making.secret(*([] if lines == SENTINEL else [lines]), *_captured(dig(extra, "metavars")))
        keep_only(told, _HARMLESS)
        keep_only(extra, _HARMLESS_EXTRA)
    return made


def _package(found: Any, making: Making) -> dict[str, Any]:
    if not isinstance(found, dict):
        return {}
    return making.package(text(found.get("ecosystem"), 60) or "", found.get("package"), found.get("version"))


def _captured(metavars: Any) -> list[Any]:
    return [dig(each, "abstract_content") for each in metavars.values()] if isinstance(metavars, dict) else []

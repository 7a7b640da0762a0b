"""``npm audit --json`` of npm 6 (``advisories``) and of 7 and later (``vulnerabilities``); an error is no result.

Source: npm, ``npm-audit-report`` and ``@npmcli/metavuln-calculator``: ``via`` holds names of packages through which
a weakness comes, and objects, which are the advisories themselves.
"""

from collections.abc import Iterator
from typing import Any, Final

from asbuilt.model.scan import ScanResult, ScanRun
from asbuilt.scans.content import Content, dig, items, text
from asbuilt.scans.making import Making, cwes, sentences, severity, web_address

FORMAT: Final = "npm-audit"


def recognises(content: Content) -> bool:
    """Whether it is a report of npm, or the error that npm writes in its place."""
    top = content.top
    if top is None:
        return False
    if "auditReportVersion" in top or {"advisories", "metadata"} <= top.keys():
        return True
    return (
        "runs" not in top
        and ("error" in top or {"message", "statusCode"} <= top.keys())
        and _is_error(content.document)
    )


def _is_error(document: Any) -> bool:
    told = dig(document, "error")
    return (isinstance(told, dict) and ("code" in told or "summary" in told)) or "statusCode" in document


def read(content: Content, making: Making) -> Iterator[ScanRun]:
    """The one run; without its list of weaknesses it failed, whatever else it holds."""
    document = content.document
    listed = dig(document, "vulnerabilities") if "auditReportVersion" in document else dig(document, "advisories")
    if not isinstance(listed, dict) or "error" in document:
        told = dig(document, "error")
        said = text(
            dig(told, "summary") or dig(told, "detail") or dig(told, "code") or dig(document, "message"), 300
        )
        why = f"npm audit failed: {said}." if said else "npm audit lists no weaknesses, not even none."
        yield ScanRun(tool="npm audit", kind="dependency-scan", succeeded=False, unread=sentences([why]))
        return
    results = _newer(listed, making) if "auditReportVersion" in document else _older(listed, making)
    yield ScanRun(
        tool="npm audit",
        kind="dependency-scan",
        succeeded=True if isinstance(dig(document, "metadata"), dict) else None,
        any_rule=True,
        results=tuple(results),
    )


def _newer(listed: dict[str, Any], making: Making) -> Iterator[ScanResult]:
    for name, told in listed.items():
        for via in items(dig(told, "via")):
            if isinstance(via, dict):
                yield making.result(
                    tool="npm audit",
                    rule=_advisory(via.get("url")) or via.get("source"),
                    message=via.get("title"),
                    is_secret=False,
                    cwe=cwes(via.get("cwe")),
                    severity=severity(via.get("severity")),
                    url=web_address(via.get("url")),
                    fixed_in=_fix(dig(told, "fixAvailable"), via.get("name") or name),
                    **making.package("npm", via.get("name") or name, via.get("range")),
                )


def _fix(told: Any, name: str) -> tuple[str, ...]:
    version = text(dig(told, "version"), 100) if dig(told, "name") == name else None
    return (version,) if version else ()


def _older(listed: dict[str, Any], making: Making) -> Iterator[ScanResult]:
    for own, told in listed.items():
        yield making.result(
            tool="npm audit",
            rule=_advisory(dig(told, "url")) or own,
            message=dig(told, "title"),
            is_secret=False,
            cwe=cwes(dig(told, "cwe")),
            severity=severity(dig(told, "severity")),
            aliases=tuple(each for name in items(dig(told, "cves")) if (each := text(name, 100))),
            url=web_address(dig(told, "url")),
            **making.package("npm", dig(told, "module_name"), dig(told, "findings", 0, "version")),
        )


def _advisory(url: object) -> str | None:
    """The advisory's id, which an address of GitHub's ends in."""
    last = url.rpartition("/")[2] if isinstance(url, str) else ""
    return last if last.startswith("GHSA-") else None

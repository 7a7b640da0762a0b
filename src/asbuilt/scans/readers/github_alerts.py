"""Alerts of GitHub, as its REST interface lists them: code scanning, secret scanning, Dependabot.

Source: GitHub REST API 2022-11-28, ``code-scanning``, ``secret-scanning``, ``dependabot`` alerts. A list of alerts
is no run of a scanner: it says what is known, and never that something was looked at. Several pages that were
written together (``gh api --paginate --slurp``) are lists in a list.
"""

from collections.abc import Iterator
from typing import Any, Final

from asbuilt.model.scan import ScanKind, ScanResult, ScanRun, Suppressed
from asbuilt.scans.content import Content, dig, items, moment, text
from asbuilt.scans.making import Making, commit_id, cwes, plain_path, severity, suppressed, web_address
from asbuilt.scans.secrecy import keep_only

FORMAT: Final = "github-alerts"
_HARMLESS: Final = frozenset({
    "number", "created_at", "updated_at", "url", "html_url", "locations_url", "state", "resolution", "resolved_at",
    "resolved_by", "resolution_comment", "secret_type", "secret_type_display_name", "validity", "publicly_leaked",
    "multi_repo",
    "push_protection_bypassed", "push_protection_bypassed_by", "push_protection_bypassed_at",
    "push_protection_bypass_request_reviewer", "push_protection_bypass_request_comment",
    "push_protection_bypass_request_reviewer_comment", "first_location_detected", "repository",
})  # fmt: skip
_STATES: Final = {"fixed": "fixed", "resolved": "fixed", "dismissed": "dismissed", "auto_dismissed": "open"}


def alerts_of(document: Any) -> list[dict[str, Any]]:
    """The alerts of one page, or of several."""
    listed = [alert for page in items(document) for alert in (page if isinstance(page, list) else [page])]
    return [each for each in listed if isinstance(each, dict)]


def page_name(alert: Any) -> str | None:
    """The endpoint that lists such alerts; None: it is no alert."""
    if not isinstance(alert, dict) or not {"number", "state"} <= alert.keys():
        return None
    if {"rule", "tool"} <= alert.keys():
        return "code-scanning/alerts"
    if "secret_type" in alert:
        return "secret-scanning/alerts"
    return "dependabot/alerts" if {"security_advisory", "dependency"} <= alert.keys() else None


def recognises(content: Content) -> bool:
    """Whether it is a list of alerts."""
    return (
        not content.is_xml
        and content.top is None
        and page_name(next(iter(alerts_of(content.document)), None)) is not None
    )


def read(content: Content, making: Making) -> Iterator[ScanRun]:
    """One listing for each tool."""
    found: dict[tuple[str, ScanKind], list[ScanResult]] = {}
    unread: list[str] = []
    for alert in alerts_of(content.document):
        page = page_name(alert)
        if page is None:
            unread.append(f"Alert {text(alert.get('number'), 20) or '?'} is of no kind that is known.")
            continue
        made, kind = _READERS[page](alert, making)
        found.setdefault((made.tool, kind), []).append(made)
    for (tool, kind), results in found.items():
        yield ScanRun(tool=tool, kind=kind, results=tuple(results), unread=tuple(unread[:100]), is_listing=True)
        unread = []


def _told(alert: dict[str, Any]) -> dict[str, Any]:
    return {
        "own_id": text(alert.get("number"), 20),
        "state": _STATES.get(str(alert.get("state")), "open"),
        "opened": moment(alert.get("created_at")),
        "closed": moment(alert.get("fixed_at")) or moment(alert.get("resolved_at")),
        "url": web_address(alert.get("html_url")),
    }


def _dismissed(alert: dict[str, Any]) -> Suppressed | None:
    if alert.get("state") != "dismissed":
        return None
    said = [text(alert.get(name), 250) for name in ("dismissed_reason", "dismissed_comment")]
    return suppressed("dismissed", dig(alert, "dismissed_by", "login"), ": ".join(each for each in said if each))


def _code(alert: dict[str, Any], making: Making) -> tuple[ScanResult, ScanKind]:
    rule, place = alert.get("rule"), dig(alert, "most_recent_instance")
    made = making.result(
        tool=text(dig(alert, "tool", "name"), 100) or "code scanning",
        tool_version=text(dig(alert, "tool", "version"), 60),
        rule=dig(rule, "id"),
        message=dig(place, "message", "text") or dig(rule, "description"),
        title=dig(rule, "description"),
        path=plain_path(dig(place, "location", "path")),
        line=dig(place, "location", "start_line"),
        end_line=dig(place, "location", "end_line"),
        cwe=cwes([tag for tag in items(dig(rule, "tags")) if isinstance(tag, str)]),
        severity=severity(dig(rule, "security_severity_level")) or severity(dig(rule, "severity")),
        suppressed=_dismissed(alert),
        commit=commit_id(dig(place, "commit_sha")),
        **_told(alert),
    )
    if made.is_secret:
        keep_only(
            place,
            {
                "ref",
                "analysis_key",
                "environment",
                "category",
                "state",
                "commit_sha",
                "location",
                "classifications",
            },
        )
    return made, "static-analysis"


def _secret(alert: dict[str, Any], making: Making) -> tuple[ScanResult, ScanKind]:
    hashed = making.secret(alert.get("secret"))
    made = making.result(
        tool="GitHub secret scanning",
        rule=alert.get("secret_type"),
        message=None,
        title=alert.get("secret_type_display_name"),
        path=plain_path(dig(alert, "first_location_detected", "path")),
        line=dig(alert, "first_location_detected", "start_line"),
        end_line=dig(alert, "first_location_detected", "end_line"),
        is_secret=True,
        secret=hashed,
        is_masked=hashed is None,
        severity="high",
        commit=commit_id(dig(alert, "first_location_detected", "commit_sha")),
        **_told(alert),
    )
    keep_only(alert, _HARMLESS)
    return made, "secret-scan"


def _dependency(alert: dict[str, Any], making: Making) -> tuple[ScanResult, ScanKind]:
    advisory, weakness = alert.get("security_advisory"), alert.get("security_vulnerability")
    package = dig(alert, "dependency", "package")
    fixed = text(dig(weakness, "first_patched_version", "identifier"), 100)
    made = making.result(
        tool="Dependabot",
        rule=dig(advisory, "ghsa_id"),
        message=dig(advisory, "summary"),
        path=plain_path(dig(alert, "dependency", "manifest_path")),
        is_secret=False,
        cwe=cwes([dig(each, "cwe_id") for each in items(dig(advisory, "cwes"))]),
        severity=severity(dig(weakness, "severity")) or severity(dig(advisory, "severity")),
        aliases=tuple(each for each in [text(dig(advisory, "cve_id"), 60)] if each),
        fixed_in=(fixed,) if fixed else (),
        suppressed=_dismissed(alert),
        **_told(alert),
        **making.package(
            text(dig(package, "ecosystem"), 60) or "",
            dig(package, "name"),
            dig(weakness, "vulnerable_version_range"),
        ),
    )
    return made, "dependency-scan"


_READERS: Final = {
    "code-scanning/alerts": _code,
    "secret-scanning/alerts": _secret,
    "dependabot/alerts": _dependency,
}

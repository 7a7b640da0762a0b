"""Alerts: weaknesses in our own code and in what it depends on, and secrets that were pushed.

An alert is told as it was when the forge last changed it. One that a person dismissed stays open, and the
dismissal is that person's decision, which has no end on GitHub. The secret itself is never read, though GitHub
should send it.
"""

from collections.abc import Iterator

from asbuilt.facts.forge.accounts import account_of
from asbuilt.facts.forge.page import ForgePage, Row
from asbuilt.facts.forge.values import LONGEST_TITLE, commit_id, dig, items, moment, own_id, text, whole

_RESOLUTIONS = {"false_positive": "false-positive", "used_in_tests": "test-value"}
_BRANCHES = "refs/heads/"


def project_code_alerts(page: ForgePage) -> Iterator[Row | str]:
    """``code-scanning/alerts``: findings in our own code.

    The severity is the one that bears on security; a finding without one keeps its other word, which is none of
    the four.
    """
    if not isinstance(page.document, list):
        yield "it is no list of alerts."
    for alert in items(page.document):
        rule = dig(alert, "rule")
        severity = text(dig(rule, "security_severity_level")) or text(dig(rule, "severity"))
        tool = text(dig(alert, "tool", "name")) or "code scanning"
        title = text(dig(rule, "description"), LONGEST_TITLE) or text(dig(rule, "name"), LONGEST_TITLE)
        yield from _finding(page, alert, "code-scanning", severity=severity, found_by=tool, title=title)


def project_dependency_alerts(page: ForgePage) -> Iterator[Row | str]:
    """``dependabot/alerts``: weaknesses of packages. One that a rule dismissed, not a person, stays open."""
    if not isinstance(page.document, list):
        yield "it is no list of alerts."
    for alert in items(page.document):
        advisory = dig(alert, "security_advisory")
        severity = text(dig(alert, "security_vulnerability", "severity")) or text(dig(advisory, "severity"))
        package = text(dig(alert, "dependency", "package", "name")) or "?"
        named = text(dig(advisory, "cve_id")) or text(dig(advisory, "ghsa_id")) or ""
        title = text(f"{package}: {named} {text(dig(advisory, 'summary'), LONGEST_TITLE) or ''}", LONGEST_TITLE)
        yield from _finding(page, alert, "dependabot", severity=severity, found_by="Dependabot", title=title)


def _number(alert: object) -> str | None:
    number = whole(dig(alert, "number"))
    return None if number is None else str(number)


def _finding(page: ForgePage, alert: object, kind: str, **rated: object) -> Iterator[Row | str]:
    number = _number(alert)
    finding = None if number is None else f"{page.repository} {kind} {number}"
    opened = moment(dig(alert, "created_at"))
    yield Row(
        "findings_seen",
        {
            "finding": finding,
            "seen_at": moment(dig(alert, "updated_at")) or opened,
            "target": page.repository,
            "first_seen_at": opened,
            "closed_at": moment(dig(alert, "fixed_at")),
        }
        | rated,
    )
    dismissed = moment(dig(alert, "dismissed_at"))
    if dismissed is not None and dig(alert, "state") == "dismissed":
        said = [text(dig(alert, name), LONGEST_TITLE) for name in ("dismissed_reason", "dismissed_comment")]
        yield Row(
            "finding_decisions",
            {
                "finding": finding,
                "decided_at": dismissed,
                "decision": "accepted",
                "decided_by": account_of(dig(alert, "dismissed_by")).login,
                "reason": ": ".join(each for each in said if each) or None,
            },
        )


def project_analyses(page: ForgePage) -> Iterator[Row | str]:
    """``code-scanning/analyses``: runs over a branch; one of a request has not scanned what is released."""
    if not isinstance(page.document, list):
        yield "it is no list of analyses."
    for analysis in items(page.document):
        own, ref, error = own_id(dig(analysis, "id")), dig(analysis, "ref"), dig(analysis, "error")
        if not isinstance(ref, str) or not ref.startswith(_BRANCHES):
            continue
        yield Row(
            "scan_runs",
            {
                "run": None if own is None else f"{page.repository} analysis {own}",
                "target": page.repository,
                "scanner": text(dig(analysis, "tool", "name")),
                "ran_at": moment(dig(analysis, "created_at")),
                "succeeded": error == "" if isinstance(error, str) else None,
            },
        )


def project_secret_alerts(page: ForgePage) -> Iterator[Row | str]:
    """``secret-scanning/alerts``: what was found and what became of it, and who pushed past the block."""
    if not isinstance(page.document, list):
        yield "it is no list of alerts."
    for alert in items(page.document):
        number, resolution = _number(alert), text(dig(alert, "resolution"))
        resolved = moment(dig(alert, "resolved_at"))
        commit = commit_id(dig(alert, "first_location_detected", "commit_sha"))
        yield Row(
            "secret_alerts",
            {
                "repository": page.repository,
                "alert": number,
                "opened_at": moment(dig(alert, "created_at")),
                "kind": text(dig(alert, "secret_type")),
                "commit": commit,
                "revoked_at": resolved if resolution == "revoked" else None,
                "resolution": None
                if resolution is None
                else _RESOLUTIONS.get(resolution, resolution.replace("_", "-")),
                "resolved_at": resolved,
                "resolved_by": account_of(dig(alert, "resolved_by")).login,
                "reason": text(dig(alert, "resolution_comment"), LONGEST_TITLE),
            },
        )
        if dig(alert, "push_protection_bypassed") is True:
            yield Row(
                "secret_bypasses",
                {
                    "repository": page.repository,
                    "bypass": None if number is None else f"alert {number}",
                    "pushed_at": moment(dig(alert, "push_protection_bypassed_at")),
                    "pushed_by": account_of(dig(alert, "push_protection_bypassed_by")).login,
                    "reason": text(dig(alert, "push_protection_bypass_request_comment"), LONGEST_TITLE),
                    "approved_by": account_of(dig(alert, "push_protection_bypass_request_reviewer")).login,
                    "commit": commit,
                },
            )


PAGES = {
    "code-scanning/alerts": project_code_alerts,
    "code-scanning/analyses": project_analyses,
    "dependabot/alerts": project_dependency_alerts,
    "secret-scanning/alerts": project_secret_alerts,
}

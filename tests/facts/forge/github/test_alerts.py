"""Findings, decisions, runs, and secrets that never come near a row."""

from typing import Any

from tests.facts.forge.github.payloads import HEAD, project, rows, user

CODE: dict[str, Any] = {
    "number": 4,
    "created_at": "2026-03-01T00:00:00Z",
    "updated_at": "2026-03-05T00:00:00Z",
    "state": "fixed",
    "fixed_at": "2026-03-05T00:00:00Z",
    "rule": {
        "id": "py/sql",
        "severity": "error",
        "security_severity_level": "high",
        "description": "SQL injection",
    },
    "tool": {"name": "CodeQL"},
}
DISMISSED = {
    "state": "dismissed",
    "fixed_at": None,
    "dismissed_at": "2026-03-04T00:00:00Z",
    "dismissed_by": user("ana"),
    "dismissed_reason": "won't fix",
    "dismissed_comment": "Behind the gateway.",
}


def test_a_finding_in_our_code() -> None:
    assert rows("code-scanning/alerts", [CODE], "findings_seen", "1") == [
        {
            "finding": "acme/shop code-scanning 4",
            "seen_at": "2026-03-05T00:00:00Z",
            "target": "acme/shop",
            "found_by": "CodeQL",
            "severity": "high",
            "title": "SQL injection",
            "first_seen_at": "2026-03-01T00:00:00Z",
            "closed_at": "2026-03-05T00:00:00Z",
        }
    ]


def test_a_dismissal_closes_nothing_and_is_a_persons_decision() -> None:
    assert "closed_at" not in rows("code-scanning/alerts", [CODE | DISMISSED], "findings_seen", "1")[0]
    assert rows("code-scanning/alerts", [CODE | DISMISSED], "finding_decisions", "1") == [
        {
            "finding": "acme/shop code-scanning 4",
            "decided_at": "2026-03-04T00:00:00Z",
            "decision": "accepted",
            "decided_by": "ana",
            "reason": "won't fix: Behind the gateway.",
        }
    ]
    assert project("code-scanning/alerts", [CODE | DISMISSED | {"dismissed_by": None}], "1").refused


def test_a_finding_without_a_severity_of_security_is_none_of_the_four() -> None:
    rule = {"severity": "warning", "name": "Style"}
    assert rows("code-scanning/alerts", [CODE | {"rule": rule}], "findings_seen", "1")[0]["severity"] == "warning"
    assert project("code-scanning/alerts", [CODE | {"rule": {}}], "1").refused


def test_a_weak_package_and_a_rule_that_dismissed_it() -> None:
    alert = {
        **CODE, "state": "auto_dismissed", "fixed_at": None, "auto_dismissed_at": "2026-03-02T00:00:00Z",
        "dependency": {"package": {"name": "left-pad"}},
        "security_advisory": {"cve_id": "CVE-2026-1", "summary": "Bad", "severity": "low"},
        "security_vulnerability": {"severity": "critical"},
    }  # fmt: skip
    found = project("dependabot/alerts", [alert], "1")
    assert [row.table for row in found.rows] == ["findings_seen"]
    told = found.rows[0].told
    assert (told["finding"], told["severity"], told["title"]) == (
        "acme/shop dependabot 4",
        "critical",
        "left-pad: CVE-2026-1 Bad",
    )
    assert "closed_at" not in told


def test_runs_over_branches_alone_count() -> None:
    run = {
        "id": 9,
        "ref": "refs/heads/main",
        "created_at": "2026-03-01T00:00:00Z",
        "error": "",
        "tool": {"name": "CodeQL"},
    }
    told = [run, run | {"id": 10, "error": "out of memory"}, run | {"id": 11, "ref": "refs/pull/3/merge"}]
    assert [(row["run"], row["succeeded"]) for row in rows("code-scanning/analyses", told, "scan_runs", "1")] == [
        ("acme/shop analysis 9", True),
        ("acme/shop analysis 10", False),
    ]
    assert project("code-scanning/analyses", [run | {"error": None}], "1").refused


CANARY = "ghp_CANARYcanaryCANARYcanary0123456789"
SECRET: dict[str, Any] = {
    "number": 2,
    "created_at": "2026-03-01T00:00:00Z",
    "state": "resolved",
    "resolution": "revoked",
    "resolved_at": "2026-03-01T09:00:00Z",
    "resolved_by": user("ana"),
    "secret_type": "github_personal_access_token",
    "secret": CANARY,
    "push_protection_bypassed": True,
    "push_protection_bypassed_at": "2026-02-28T00:00:00Z",
    "push_protection_bypassed_by": user("bo"),
    "push_protection_bypass_request_comment": "A test value.",
    "push_protection_bypass_request_reviewer": user("cy"),
    "first_location_detected": {"commit_sha": HEAD, "blob_sha": HEAD, "path": "a.py"},
}


def test_a_secret_and_a_push_past_the_block() -> None:
    (alert,) = rows("secret-scanning/alerts", [SECRET], "secret_alerts", "1")
    assert (alert["revoked_at"], alert["resolution"], alert["commit"]) == ("2026-03-01T09:00:00Z", "revoked", HEAD)
    (bypass,) = rows("secret-scanning/alerts", [SECRET], "secret_bypasses", "1")
    assert (bypass["pushed_by"], bypass["approved_by"], bypass["reason"]) == ("bo", "cy", "A test value.")


def test_the_secret_itself_is_in_no_row_and_in_no_sentence() -> None:
    for changes in ({}, {"created_at": None}, {"push_protection_bypassed_by": None}, {"number": CANARY}):
        assert CANARY not in repr(project("secret-scanning/alerts", [SECRET | changes], "1"))


def test_what_was_closed_as_none_was_not_revoked() -> None:
    (row,) = rows(
        "secret-scanning/alerts",
        [SECRET | {"resolution": "false_positive", "resolution_comment": "Example."}],
        "secret_alerts",
        "1",
    )
    assert "revoked_at" not in row
    assert (row["resolution"], row["reason"]) == ("false-positive", "Example.")

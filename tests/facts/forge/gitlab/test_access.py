"""Accounts, roles, tokens, keys, deployments, pushes, the log."""

import json

from tests.facts.forge.gitlab.payloads import LANDED, PAGES, user
from tests.facts.forge.gitlab.projected import project, rows


def told(name: str, table: str) -> list[dict[str, object]]:
    key, document = PAGES[name]
    return rows(project(name, key, document), table)


def test_an_accounts_own_page_tells_whether_it_is_a_bots() -> None:
    for flag, kind in ((True, "service"), (False, "human")):
        (found,) = rows(project("user", "5", user("release-robot") | {"bot": flag}), "accounts")
        assert (found["system"], found["account"], found["kind"]) == ("gitlab:a/b", "release-robot", kind)
    assert project("user", "5", user("ben")).refused == ("user 5: GitLab does not say whether ben is a bot.",)


def test_roles_and_rights() -> None:
    found = {each["account"]: each for each in told("members", "path_rights")}
    assert found["ana"]["can_merge"] is True
    assert found["ana"]["can_bypass"] is True
    assert "can_merge" not in found["ben"]
    assert {each["role"]: each["holders"] for each in told("members", "privileged_roles")} == {
        "Owner": ["ana"],
        "Maintainer": [],
    }
    assert told("group/members", "privileged_roles")[0]["system"] == "gitlab:a"


def test_one_that_is_blocked_holds_nothing() -> None:
    page = [user("ana") | {"access_level": 50, "state": "blocked"}]
    assert rows(project("members", "1", page), "path_rights") == []


def test_tokens_and_keys() -> None:
    (token,) = told("access_tokens", "credentials")
    assert (token["credential"], token["scopes"]) == ("access token 3 release", ["api", "role 40"])
    assert token["expires_at"] == "2026-12-31T00:00:00Z"
    (key,) = told("deploy_keys", "credentials")
    assert (key["credential"], key["scopes"]) == ("deploy key 4", ["repository:write"])


def test_deployments_and_who_let_them_through() -> None:
    (deployed,) = told("deployments", "deployments")
    assert (deployed["commit"], deployed["deployed_at"]) == (LANDED, "2026-01-10T10:49:00Z")
    assert deployed["is_production"] is True
    (approval,) = told("deployment", "deployment_approvals")
    assert (approval["approver"], approval["state"]) == ("cleo", "approved")
    key, (document,) = PAGES["deployments"]
    assert rows(project("deployments", key, [document | {"status": "failed"}]), "deployments") == []
    trial = document | {"environment": {"name": "eu-1", "tier": "staging"}}
    assert rows(project("deployments", key, [trial]), "deployments")[0]["is_production"] is False


def test_pushes_to_branches_alone() -> None:
    (push,) = told("events", "pushes")
    assert (push["branch"], push["kind"], push["actor"]) == ("main", "push", "ana")
    event = PAGES["events"][1][0]
    tag = event | {"push_data": event["push_data"] | {"ref_type": "tag"}}
    assert project("events", "1", [tag]).rows == ()


def test_a_protection_that_was_taken_away() -> None:
    (event,) = told("audit_events", "rule_events")
    assert (event["kind"], event["rule"], event["branch"]) == ("deleted", "protection main", "main")
    assert event["weakens"] is True
    assert json.loads(str(event["detail"]))["custom_message"] == "Unprotected branch"
    assert told("group/audit_events", "rule_events") == []


def test_who_must_approve_a_deployment() -> None:
    (found,) = told("protected_environments", "environment_rules")
    assert found["reviewers"] == ["group 12"]


def test_a_finding_and_the_decision_on_it() -> None:
    (found,) = told("vulnerability_findings", "findings_seen")
    assert (found["finding"], found["severity"]) == ("a/b vulnerability 0b7f", "high")
    (decision,) = told("vulnerability_findings", "finding_decisions")
    assert (decision["decided_by"], decision["reason"]) == ("ben", "no secret in it")


def test_a_decision_of_which_nobody_tells_who_took_it_is_said_to_be_none() -> None:
    key, (document,) = PAGES["vulnerability_findings"]
    found = project("vulnerability_findings", key, [{**document, "dismissal_feedback": None}])
    assert rows(found, "finding_decisions") == []
    assert "a/b vulnerability 0b7f was dismissed, and when" in found.refused[0]
    open_one = {**document, "dismissal_feedback": None, "state": "detected"}
    assert project("vulnerability_findings", key, [open_one]).refused == ()

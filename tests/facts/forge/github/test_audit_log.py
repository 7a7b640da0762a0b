"""The audit log: what bears on access and rules, without addresses and tokens."""

from typing import Any

from tests.facts.forge.github.payloads import project

AT = 1_772_000_000_123


def entry(action: str, **more: object) -> dict[str, Any]:
    told = {"@timestamp": AT, "_document_id": f"doc-{action}", "action": action, "actor": "ana", "org": "acme"}
    return told | {"actor_ip": "203.0.113.9", "hashed_token": "CANARY", "external_identity_nameid": "ana@x"} | more


def projected(*entries: dict[str, Any]) -> dict[str, list[dict[str, object]]]:
    found = project("org/audit-log", list(entries), "1", repository=None, organization="acme")
    assert found.refused == ()
    tables: dict[str, list[dict[str, object]]] = {}
    for row in found.rows:
        tables.setdefault(row.table, []).append(row.told)
    return tables


def rule(action: str, **more: object) -> tuple[object, ...]:
    (row,) = projected(entry(action, repo="acme/shop", **more))["rule_events"]
    return row["kind"], row["rule"], row.get("branch"), row.get("weakens")


def test_changes_of_rules() -> None:
    named = {"ruleset_id": 42, "ruleset_name": "main"}
    assert rule("repository_ruleset.create", **named) == ("created", "ruleset 42 main", None, False)
    assert rule("repository_ruleset.destroy", **named) == ("deleted", "ruleset 42 main", None, True)
    off = {"data": {"changes": {"enforcement": ["active", "disabled"]}}}
    assert rule("repository_ruleset.update", **named, **off) == ("disabled", "ruleset 42 main", None, True)
    on = {"ruleset_old_enforcement": "evaluate", "ruleset_enforcement": "active"}
    assert rule("repository_ruleset.update", **named, **on) == ("enabled", "ruleset 42 main", None, False)
    assert rule("repository_ruleset.update", **named) == ("updated", "ruleset 42 main", None, None)
    assert rule("protected_branch.create", name="main") == ("created", "protection main", "main", False)
    assert rule("protected_branch.destroy", name="main") == ("deleted", "protection main", "main", True)
    assert rule("protected_branch.update_admin_enforced", name="main", admin_enforced=False)[3] is True
    assert rule("protected_branch.policy_override", name="main")[0] == "overridden"


def test_a_push_that_was_refused_changes_no_rule() -> None:
    found = projected(entry("protected_branch.rejected_ref_update", repo="acme/shop", name="main"))
    assert found.keys() == {"audit_events"}


def test_rule_sets_of_the_organisation_are_events_of_it_alone() -> None:
    assert projected(entry("repository_ruleset.update", ruleset_id=1)).keys() == {"audit_events"}


def test_rights_that_were_given() -> None:
    found = projected(
        entry("org.add_member", user="bo", permission="admin"),
        entry("team.add_member", user="bo", team="acme/core"),
        entry("repo.add_member", user="bo", repo="acme/shop", permission="write"),
        entry("org.remove_member", user="bo"),
    )
    assert [(row["account"], row["access_right"]) for row in found["grants"]] == [
        ("bo", "member admin"),
        ("bo", "team acme/core"),
        ("bo", "collaborator acme/shop write"),
    ]
    assert {row["system"] for row in found["grants"]} == {"github:acme"}
    assert {row["granted_at"] for row in found["grants"]} == {"2026-02-25T06:13:20Z"}
    assert len(found["audit_events"]) == 4


def test_addresses_and_tokens_stay_out_and_so_does_what_does_not_matter() -> None:
    found = projected(entry("repo.access", repo="acme/shop", visibility="public"), entry("git.clone"))
    assert len(found["audit_events"]) == 1
    assert found["audit_events"][0]["detail"] == '{"visibility":"public"}'
    assert "CANARY" not in repr(found)
    assert "203.0.113.9" not in repr(found)


def test_an_entry_without_a_time_or_an_id_is_said() -> None:
    found = project(
        "org/audit-log", [entry("org.add_member", user="bo") | {"@timestamp": None}, 3], "1", organization="acme"
    )
    assert found.rows == ()
    assert len(found.refused) == 3

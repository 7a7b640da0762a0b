"""Administrators against the approved list, and keys with their owners."""

from collections.abc import Iterable
from typing import Any

from asbuilt.model.record import Record
from tests.facts.telling import covering, facts_of, rows_of, tell

HR = [
    tell("people", person="ana", name="Ana", starts_at="2020-01-01", identities=["ana-gh"]),
    tell("people", person="lee", name="Lee", starts_at="2020-01-01", ends_at="2026-03-01"),
    *covering("people"),
]


def rows(records: Iterable[Record], table: str) -> list[dict[str, Any]]:
    with facts_of(records, only=[table]) as store:
        return rows_of(store, table)


def role(*holders: str, **columns: Any) -> Record:
    return tell("privileged_roles", system="aws", role="admin", holders=list(holders), **columns)


def approval(account: str, **columns: Any) -> Record:
    told = {"approved_at": "2025-01-01", "approved_by": "ana", **columns}
    return tell("privilege_approvals", system="aws", role="admin", account=account, **told)


LISTS = covering("privilege_approvals", "accounts")
HALF = {"held_from": "2026-01-01", "held_until": "2026-07-01"}


def pieces(*records: Record) -> list[tuple[Any, ...]]:
    return [
        (row["held_from"], row["held_until"], row["unapproved_holders"])
        for row in rows([*LISTS, *records], "privileged_holdings")
    ]


def test_holders_are_held_against_the_list_that_stood_then() -> None:
    assert pieces(role("ana", "bo", **HALF), approval("ana"), approval("bo", approved_at="2026-02-01")) == [
        ("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", ["bo"]),
        ("2026-02-01T00:00:00Z", "2026-07-01T00:00:00Z", []),
    ]
    assert pieces(role("ana", **HALF), approval("ana", ends_at="2026-06-01")) == [
        ("2026-01-01T00:00:00Z", "2026-06-01T00:00:00Z", []),
        ("2026-06-01T00:00:00Z", "2026-07-01T00:00:00Z", ["ana"]),
    ]


def test_a_snapshot_stands_at_its_own_moment() -> None:
    (row,) = rows([*LISTS, role("bo", observed="2026-03-03")], "privileged_holdings")
    assert (row["held_from"], row["held_until"], row["observed_at"]) == (None, None, "2026-03-03T00:00:00Z")
    assert row["unapproved_holders"] == ["bo"]
    ends_then = approval("bo", ends_at="2026-03-03")
    (row,) = rows([*LISTS, role("bo", observed="2026-03-03"), ends_then], "privileged_holdings")
    assert row["unapproved_holders"] == ["bo"]


def test_without_the_approved_list_nobody_is_unapproved_for_sure() -> None:
    (row,) = rows([role("ana", "bo", **HALF), approval("ana")], "privileged_holdings")
    assert (row["unapproved_holders"], row["unreviewed_emergencies"]) == (None, None)
    assert row["standing_agents"] is None
    (row,) = rows([role(**HALF)], "privileged_holdings")
    assert (row["unapproved_holders"], row["standing_agents"], row["unreviewed_emergencies"]) == ([], [], [])


def test_agents_may_hold_such_a_role_for_a_time_only() -> None:
    agent = tell("agents", agent="helper", owner="ana", accounts=["helper[bot]"], scopes=[])
    (row,) = rows([*LISTS, agent, role("helper[bot]", **HALF), approval("helper[bot]")], "privileged_holdings")
    assert row["standing_agents"] == ["helper[bot]"]
    boxed = approval("helper[bot]", ends_at="2026-08-01")
    (row,) = rows([*LISTS, agent, role("helper[bot]", **HALF), boxed], "privileged_holdings")
    assert (row["standing_agents"], row["unapproved_holders"]) == ([], [])


def test_an_emergency_has_a_ticket_and_a_look_by_another() -> None:
    def left(**columns: Any) -> list[str]:
        own = approval("ana-gh", is_break_glass=True, **columns)
        (row,) = rows([*HR, *LISTS, role("ana-gh", **HALF), own], "privileged_holdings")
        found: list[str] = row["unreviewed_emergencies"]
        return found

    assert left(ticket="INC-1", reviewed_by="lee") == []
    assert left(reviewed_by="lee") == ["ana-gh"]
    assert left(ticket="INC-1") == ["ana-gh"]
    assert left(ticket="INC-1", reviewed_by="ana") == ["ana-gh"]


def credential(**columns: Any) -> dict[str, Any]:
    told = {"issued_at": "2026-01-01", "owner": "ana", **columns}
    own = tell("credentials", system="openai", credential="k", **told)
    (row,) = rows([*HR, own], "credential_checks")
    return row


def test_a_key_ends_when_it_is_revoked_or_expires() -> None:
    assert credential()["dead_at"] is None
    assert credential(expires_at="2026-05-01")["dead_at"] == "2026-05-01T00:00:00Z"
    assert credential(expires_at="2026-05-01", revoked_at="2026-04-01")["dead_at"] == "2026-04-01T00:00:00Z"


def test_a_key_s_owner_is_a_person_and_may_have_left() -> None:
    assert (credential()["has_owner"], credential()["owner_left_at"]) == (True, None)
    assert credential(owner="lee")["owner_left_at"] == "2026-03-01T00:00:00Z"
    assert credential(owner="ghost")["has_owner"] is False
    assert credential(owner=None)["has_owner"] is False
    (unseen,) = rows(
        [tell("credentials", system="s", credential="k", issued_at="2026-01-01", owner="ghost")],
        "credential_checks",
    )
    assert unseen["has_owner"] is None


def test_a_scope_for_everything() -> None:
    for scope in ("*", "s3:*", "repo.all", "admin", "org:Owner"):
        assert credential(scopes=["read", scope])["has_wildcard_scope"] is True, scope
    for scope in ("read", "all-hands:read", "administration:read", "s3:get*object"):
        assert credential(scopes=[scope])["has_wildcard_scope"] is False, scope
    assert credential(scopes=[])["has_wildcard_scope"] is False
    assert credential()["has_wildcard_scope"] is None


def test_readers_who_are_not_on_the_list() -> None:
    assert credential(readers=["a", "b"], approved_readers=["b"])["readers_off_list"] == ["a"]
    assert credential(readers=["b"], approved_readers=["b", "c"])["readers_off_list"] == []
    assert credential(readers=["a"])["readers_off_list"] is None
    assert credential(approved_readers=["a"])["readers_off_list"] is None

"""Installed agents against the register."""

from typing import Any

from asbuilt.model.record import Record
from tests.facts.telling import covering, facts_of, rows_of, tell

HR = [
    tell("people", person="ana", name="Ana", starts_at="2020-01-01"),
    tell("people", person="lee", name="Lee", starts_at="2020-01-01", ends_at="2026-03-01"),
    *covering("people"),
]
HALF = {"held_from": "2026-01-01", "held_until": "2026-07-01"}


def agent(**columns: Any) -> Record:
    told = {
        "owner": "ana",
        "accounts": ["helper[bot]"],
        "scopes": ["contents:write"],
        "purpose": "fixes tests",
        "approved_by": "ana",
        "approved_at": "2025-06-01",
        **columns,
    }
    return tell("agents", agent="helper", **told)


def installed(**columns: Any) -> Record:
    told = {"account": "Helper[bot]", "scopes": ["contents:write"], **HALF, **columns}
    return tell("agent_installations", system="gh", **told)


def holdings(*records: Record) -> list[dict[str, Any]]:
    with facts_of([*HR, *records], only=["agent_holdings"]) as store:
        return rows_of(store, "agent_holdings")


def test_an_agent_on_the_register() -> None:
    (row,) = holdings(agent(), installed())
    assert (row["installation"], row["agent"], row["owner"]) == ("gh | Helper[bot]", "helper", "ana")
    assert (row["is_approved"], row["owner_is_active_person"], row["excess_scopes"]) == (True, True, [])
    assert row["has_expiry"] is False
    assert (row["held_from"], row["held_until"]) == ("2026-01-01T00:00:00Z", "2026-07-01T00:00:00Z")


def test_one_that_is_on_no_register_is_a_deviation_only_where_the_register_was_read() -> None:
    (unseen,) = holdings(installed())
    assert (unseen["is_approved"], unseen["excess_scopes"]) == (None, None)
    (seen,) = holdings(installed(), *covering("agents"))
    assert (seen["is_approved"], seen["owner_is_active_person"]) == (False, None)


def test_scopes_beyond_those_approved() -> None:
    (row,) = holdings(agent(), installed(scopes=["contents:write", "secrets:read", "administration:write"]))
    assert row["excess_scopes"] == ["administration:write", "secrets:read"]


def test_an_approval_begins_and_ends_within_the_time() -> None:
    late = holdings(agent(approved_at="2026-02-01", expires_at="2026-05-01"), installed())
    assert [(row["held_from"], row["is_approved"]) for row in late] == [
        ("2026-01-01T00:00:00Z", False),
        ("2026-02-01T00:00:00Z", True),
        ("2026-05-01T00:00:00Z", False),
    ]
    taken_back = holdings(agent(expires_at="2026-05-01", withdrawn_at="2026-04-01"), installed())
    assert [(row["held_from"], row["is_approved"]) for row in taken_back] == [
        ("2026-01-01T00:00:00Z", True),
        ("2026-04-01T00:00:00Z", False),
    ]


def test_an_entry_without_purpose_or_approver_approves_nothing() -> None:
    assert holdings(agent(purpose=None), installed())[0]["is_approved"] is False
    assert holdings(agent(approved_by=None), installed())[0]["is_approved"] is False
    assert holdings(agent(approved_at=None), installed())[0]["is_approved"] is False


def test_an_owner_who_leaves_leaves_the_agent_without_one() -> None:
    rows = holdings(agent(owner="lee"), installed())
    assert [(row["held_until"], row["owner_is_active_person"]) for row in rows] == [
        ("2026-03-01T00:00:00Z", True),
        ("2026-07-01T00:00:00Z", False),
    ]
    assert holdings(agent(owner="other-agent"), installed())[0]["owner_is_active_person"] is False


def test_a_snapshot_keeps_its_moment() -> None:
    look = tell(
        "agent_installations",
        system="gh",
        account="helper[bot]",
        scopes=[],
        can_approve=True,
        observed="2026-04-01",
    )
    (row,) = holdings(agent(), look)
    assert (row["held_from"], row["observed_at"], row["can_approve"]) == (None, "2026-04-01T00:00:00Z", True)
    assert (row["can_administer"], row["is_approved"]) == (None, True)


def accesses(*records: Record) -> dict[str, tuple[Any, Any]]:
    with facts_of(records, only=["agent_accesses"]) as store:
        return {
            row["installation"]: (row["in_use_from"], row["in_use_until"])
            for row in rows_of(store, "agent_accesses")
        }


def test_an_agent_s_account_that_no_list_of_installations_shows_is_there_all_the_same() -> None:
    own = tell(
        "accounts",
        system="gh",
        account="stray[bot]",
        kind="agent",
        created_at="2026-02-01",
        disabled_at="2026-03-01",
    )
    person = tell("accounts", system="gh", account="ana", kind="human")
    assert accesses(own, person) == {"gh | stray[bot]": ("2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z")}


def test_an_installation_ends_where_the_list_was_read_on() -> None:
    gone = installed(held_from="2026-02-01", held_until="2026-04-01")
    assert accesses(gone) == {"gh | Helper[bot]": (None, None)}
    read = covering("agent_installations")
    assert accesses(gone, *read) == {"gh | Helper[bot]": ("2026-02-01T00:00:00Z", "2026-04-01T00:00:00Z")}
    open_end = installed(held_from="2026-02-01", held_until=None)
    assert accesses(open_end, *read) == {"gh | Helper[bot]": ("2026-02-01T00:00:00Z", None)}

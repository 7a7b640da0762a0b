"""Alerts that persons closed, and writes of agents beside the agents' own log."""

from typing import Any

from asbuilt.model.record import Record
from tests.facts.telling import covering, facts_of, rows_of, tell

ANA = tell("people", person="ana", name="Ana", starts_at="2020-01-01", identities=["ana@example.com"])


def test_an_alert_is_closed_by_a_person_a_tool_or_nobody_knows() -> None:
    def alert(name: str, **columns: Any) -> Record:
        return tell("alerts", alert=name, raised_at="2026-02-01", severity="high", **columns)

    closed = {"closed_at": "2026-02-02", "disposition": "benign", "reason": "a drill"}
    records = [
        alert("open"),
        alert("person", closed_by="Ana@Example.com", **closed),
        alert("tool", closed_by="triage[bot]", **closed),
        alert("later", closed_at="2026-08-02", closed_by="triage[bot]", disposition="benign"),
    ]
    with facts_of([ANA, *records, *covering("people", "alerts")], only=["alert_handling"]) as store:
        rows = {row["alert"]: row for row in rows_of(store, "alert_handling")}
    assert {key: (row["has_reason"], row["closed_by_person"]) for key, row in rows.items()} == {
        "open": (None, None), "person": (True, True), "tool": (True, False), "later": (False, None),
    }  # fmt: skip
    assert rows["person"]["acknowledged_at"] == "2026-02-02T00:00:00Z"
    assert rows["open"]["acknowledged_at"] is None
    assert rows["open"]["seen_until"] == "2026-07-01T00:00:00Z"


def test_a_write_is_tied_to_the_entry_that_names_it_or_to_the_nearest() -> None:
    def action(name: str, **columns: Any) -> Record:
        told = {
            "target": "forge",
            "agent": "bot",
            "acted_at": "2026-02-01T10:00:00Z",
            "object": "repo/1",
            **columns,
        }
        return tell("agent_actions", action=name, **told)

    whole = {"principal": "ana@example.com", "input_reference": "ticket 4", "tool": "git", "result": "ok"}
    entries = [
        tell("agent_log_entries", entry="1", target="forge", agent="bot", action="A", logged_at="2026-03-01", **whole),
        tell("agent_log_entries", entry="2", target="forge", agent="BOT", object="repo/2",
             logged_at="2026-02-01T10:04:59Z", principal="nobody", tool="git"),
        tell("agent_log_entries", entry="3", target="forge", agent="bot", object="repo/3",
             logged_at="2026-02-01T10:05:01Z", **whole),
    ]  # fmt: skip
    actions = [
        action("A"), action("B", object="repo/2"), action("C", object="repo/3"), action("D", acted_at="2026-09-01"),
        action("A", target="cloud"),
    ]  # fmt: skip
    covers = covering("agent_log_entries", "people")
    with facts_of([ANA, *entries, *actions, *covers], only=["agent_trail"]) as store:
        rows = {row["trail"]: row for row in rows_of(store, "agent_trail")}
    assert {key: (row["logged"], row["principal_is_person"], row["missing"]) for key, row in rows.items()} == {
        "forge | A": (True, True, []),
        "forge | B": (True, False, ["input", "result"]),
        "forge | C": (False, None, []),
        "forge | D": (None, None, []),
        "cloud | A": (False, None, []),
    }

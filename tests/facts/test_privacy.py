"""Notices, consents, new personal data and what people asked for."""

from typing import Any

from asbuilt.model.record import Record
from tests.facts.telling import covering, facts_of, rows_of, tell


def derived(table: str, *records: Record, key: str) -> dict[str, dict[str, Any]]:
    with facts_of(records, only=[table]) as store:
        return {row[key]: row for row in rows_of(store, table)}


def test_a_notice_is_looked_at_month_by_month() -> None:
    def probe(at: str, *, live: bool = True, version: str | None = None) -> Record:
        return tell("notice_probes", notice="web", probed_at=at, is_live=live, version=version)

    def notice(version: str, at: str, **columns: Any) -> Record:
        return tell("privacy_notices", notice="web", version=version, approved_at=at, **columns)

    records = [
        notice("1", "2026-01-10", purposes=["support"], is_change=False, describes_ai_use=False),
        notice("2", "2026-03-01", in_force_from="2026-04-01", purposes=["support", "ai"], is_change=True,
               announced_at="2026-04-02", describes_ai_use=True),
        tell("data_inventory", asset="db", reviewed_at="2026-02-01", purposes=["ai", "support"]),
        tell("data_inventory", asset="db", reviewed_at="2026-05-05", purposes=["adverts"]),
        probe("2026-01-15", version="1"),
        probe("2026-02-15", version="1"),
        probe("2026-02-16", live=False),
        probe("2026-03-15", version="draft"),
        probe("2026-04-15"),
        *covering("notice_probes", until="2026-06-01"),
    ]  # fmt: skip
    rows = derived("notice_checks", *records, *covering("data_inventory", until="2026-05-01"), key="notice_month")
    found = {
        key[-2:]: (row["live"], row["version_known"], row["days_since_review"], row["purposes_missing"],
                   row["describes_ai_use"], row["announced"])
        for key, row in rows.items()
    }  # fmt: skip
    assert found == {
        "01": (True, True, 22, None, False, True),
        "02": (False, True, 50, ["ai"], False, True),
        "03": (True, False, 31, ["ai"], False, True),
        "04": (True, None, 61, [], True, False),
        "05": (None, None, 92, ["adverts"], True, True),
    }
    # Without a list of the inventory, one more purpose may be missing.
    rows = derived("notice_checks", *records, key="notice_month")
    assert [row["purposes_missing"] for row in rows.values()] == [None, ["ai"], ["ai"], None, ["adverts"]]


def test_a_collection_stands_on_the_last_act_before_it() -> None:
    def act(subject: str, at: str, what: str = "given", **columns: Any) -> Record:
        return tell("consents", subject=subject, purpose="ai", given_at=at, act=what, **columns)

    def collection(subject: str, at: str = "2026-03-01", **columns: Any) -> Record:
        return tell("consented_collections", subject=subject, purpose="ai", first_collected_at=at, **columns)

    rows = derived(
        "consent_checks",
        collection("a", is_sensitive=False),
        act("a", "2026-02-01", text_version="3"),
        collection("b", is_sensitive=True),
        act("b", "2026-02-01", is_explicit=False),
        act("b", "2026-03-02", is_explicit=True),
        collection("c"),
        act("c", "2026-02-01"),
        act("c", "2026-02-02", "withdrawn", effective_at="2026-02-05"),
        collection("d"),
        collection("e", "2026-09-01"),
        act("x", "2026-02-01", is_explicit=True),
        collection("x"),
        *covering("consents"),
        key="act_id",
    )
    assert {
        key.replace("collection | ", ""): (row["consented_before"], row["text_kept"], row["explicit_where_needed"])
        for key, row in rows.items()
    } == {
        "a | ai": (True, True, True),
        "b | ai": (True, False, False),
        "c | ai": (False, None, None),
        "d | ai": (False, None, None),
        "e | ai": (None, None, None),
        "x | ai": (True, False, True),
        "withdrawal | c | ai | 2026-02-02T00:00:00Z": (None, None, None),
    }
    withdrawal = rows["withdrawal | c | ai | 2026-02-02T00:00:00Z"]
    assert (withdrawal["effective_at"], withdrawal["is_listed"]) == ("2026-02-05T00:00:00Z", True)


def test_a_new_field_is_reviewed_before_it_is_there() -> None:
    def field(name: str, at: str = "2026-03-01", **columns: Any) -> Record:
        return tell("data_fields", field=name, added_at=at, kind="field", purpose="support", **columns)

    rows = derived(
        "personal_data_uses",
        field("users.phone", attribution="ai-tracked"),
        field("users.birth"),
        field("users.shoe"),
        field("users.late", "2026-09-01"),
        tell("privacy_assessments", assessment="1", approved_at="2026-02-01", fields=["Users.Phone"],
             purposes=["support"]),
        tell("privacy_assessments", assessment="2", approved_at="2026-04-01", fields=["users.birth", "users.phone"],
             purposes=["fraud"]),
        *covering("privacy_assessments"),
        key="field",
    )  # fmt: skip
    assert {
        key: (row["reviewed_before"], row["purpose_allowed"], row["attribution"]) for key, row in rows.items()
    } == {
        "users.phone": (True, True, "ai-tracked"),
        "users.birth": (False, False, "unknown"),
        "users.shoe": (False, None, "unknown"),
        "users.late": (None, None, "unknown"),
    }


def test_the_time_to_answer_runs_from_the_first_message_and_none_is_lost() -> None:
    def request(name: str, **columns: Any) -> Record:
        told = {"kind": "deletion", "received_at": "2026-02-10", **columns}
        return tell("privacy_requests", request=name, **told)

    def message(name: str, at: str, **columns: Any) -> Record:
        return tell("privacy_intake", message=name, channel="mail", came_at=at, **columns)

    answered = {"answered_at": "2026-02-20", "identity_verified_at": "2026-02-12"}
    rows = derived(
        "privacy_answers",
        request("1", outcome="fulfilled", proof="log", needs_recipients_told=False, **answered),
        message("a", "2026-02-03", request="1"),
        message("b", "2026-02-04", request="1"),
        request("2", outcome="refused", **answered),
        request(
            "3", kind="access", outcome="fulfilled", answered_at="2026-02-20", identity_verified_at="2026-02-21"
        ),
        request("4", needs_recipients_told=True),
        message("c", "2026-02-05"),
        message("d", "2026-02-06", request="99"),
        message("e", "2026-09-06"),
        *covering("privacy_requests"),
        key="duty",
    )
    assert {
        key: (row["owed_from"][5:10], row["logged"], row["verified"], row["proven"], row["recipients_told"])
        for key, row in rows.items()
    } == {
        "request | 1": ("02-03", True, True, True, True),
        "request | 2": ("02-10", True, True, False, True),
        "request | 3": ("02-10", True, False, False, True),
        "request | 4": ("02-10", True, None, None, False),
        "message | mail | c": ("02-05", False, None, None, None),
        "message | mail | d": ("02-06", False, None, None, None),
        "message | mail | e": ("09-06", None, None, None, None),
    }

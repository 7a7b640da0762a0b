"""Changes in the cloud and the database, premises, and what was wiped before it left."""

from typing import Any

from asbuilt.model.record import Record
from tests.facts.telling import covering, facts_of, rows_of, tell

HR = [
    tell("people", person="ana", name="Ana", starts_at="2020-01-01", identities=["ana-db"]),
    tell("people", person="bo", name="Bo", starts_at="2020-01-01"),
    tell("people", person="lee", name="Lee", starts_at="2020-01-01", ends_at="2026-02-01"),
    *covering("people"),
]
SEEN = covering("changes_seen", "reviews")


def one(table: str, *records: Record) -> dict[str, Any]:
    with facts_of([*HR, *records], only=["changes", table]) as store:
        (row,) = rows_of(store, table)
        return row


def change(**columns: Any) -> list[Record]:
    told = {"landed_at": "2026-03-02", "landing": "merge", "author": "ana", "attribution": "unknown", "number": 7}
    return [
        tell(
            "changes_seen",
            repository="h/a",
            change_id="c1",
            head_commit="c1",
            participants=["ana"],
            **told,
            **columns,
        ),
        tell(
            "reviews",
            repository="h/a",
            review_id="1",
            number=7,
            commit="c1",
            reviewer="bo",
            is_bot=False,
            state="approved",
            submitted_at="2026-03-01",
        ),
    ]


def event(**columns: Any) -> Record:
    told = {"changed_at": "2026-03-03", "actor": "deployer", "by_pipeline": True, "commit": "c1", **columns}
    return tell("infrastructure_events", system="aws", event="e1", **told)


def reviewed(*records: Record) -> Any:
    return one("infrastructure_changes", *records)["is_reviewed_change"]


def test_a_change_in_the_cloud_must_come_from_a_reviewed_change() -> None:
    assert reviewed(event(), *change(), *SEEN) is True
    assert reviewed(event(), change()[0], *SEEN) is False  # nobody approved it
    assert reviewed(event(), change()[0]) is None  # reviews were not read
    assert reviewed(event(changed_at="2026-03-01"), *change(), *SEEN) is False  # applied before it landed
    assert reviewed(event(by_pipeline=False), *change(), *SEEN) is False
    assert reviewed(event(commit=None), *SEEN) is False
    assert reviewed(event(commit=None)) is None


def test_a_drift_is_open_as_far_as_drifts_were_read() -> None:
    drift = tell("drifts", system="aws", drift="d1", found_at="2026-03-01")
    assert one("infrastructure_changes", drift)["seen_until"] is None
    row = one("infrastructure_changes", drift, *covering("drifts"))
    assert (row["kind"], row["closed_at"], row["seen_until"]) == ("drift", None, "2026-07-01T00:00:00Z")


def write(**columns: Any) -> Record:
    told = {"kind": "manual", "executed_at": "2026-03-03", "executed_by": "ana-db", **columns}
    return tell("database_writes", system="db", write_id="w1", **told)


def second(*records: Record, **columns: Any) -> Any:
    told = {"approved_by": "bo", "approved_at": "2026-03-02", **columns}
    return one("database_changes", write(**told), *records)["second_person_approved"]


def test_the_second_person_is_another_who_works_here_and_agreed_before() -> None:
    assert second() is True
    assert second(approved_at="2026-03-03T00:00:01Z") is False
    assert second(approved_by="ana") is False
    assert second(approved_by="lee") is False
    assert second(approved_by="review-bot") is False
    assert second(approved_at=None) is None
    assert second(executed_by="nobody-knows") is None
    assert second(executed_by="nobody-knows", approved_by="nobody-knows") is False
    assert second(approved_by=None) is None
    assert second(*covering("database_writes"), approved_by=None) is False


def test_an_agent_s_driver_is_no_second_person() -> None:
    agent = tell("agents", agent="helper", owner="bo", accounts=["helper"], scopes=[])
    row = one("database_changes", agent, write(executed_by="helper", approved_by="bo", approved_at="2026-03-02"))
    assert (row["by_agent"], row["second_person_approved"]) == (True, False)
    row = one("database_changes", agent, write(executed_by="helper", approved_by="ana", approved_at="2026-03-02"))
    assert row["second_person_approved"] is True


def test_whether_an_agent_did_it_is_known_by_the_lists() -> None:
    assert one("database_changes", write())["by_agent"] is False
    assert one("database_changes", write(executed_by="app"))["by_agent"] is None
    assert one("database_changes", write(executed_by="app"), *covering("agents"))["by_agent"] is False


def test_a_migration_comes_with_an_approved_change() -> None:
    own = write(kind="migration", change_id="c1", backed_up_at="2026-03-03", tested_at="2026-03-04")
    row = one("database_changes", own, *change(), *SEEN)
    assert (row["is_reviewed_change"], row["was_backed_up"], row["was_tested"]) == (True, True, False)
    assert one("database_changes", write(kind="migration"), *SEEN)["is_reviewed_change"] is False
    bare = one("database_changes", write(kind="migration"))
    assert (bare["is_reviewed_change"], bare["was_backed_up"], bare["has_ticket"]) == (None, None, None)


# premises


def premises(*records: Record) -> list[dict[str, Any]]:
    with facts_of(records, only=["premises"]) as store:
        return rows_of(store, "premises")


def report(name: str, since: str | None, until: str | None, **columns: Any) -> Record:
    told = {"kind": "review", "reviewed_at": "2026-02-01", "report_from": since, "report_until": until, **columns}
    return tell("vendor_reviews", vendor="cloud", review=name, **told)


CENTRE = tell("sites", site="eu-1", kind="data-centre", operator="cloud")


def test_reports_on_a_data_centre_follow_each_other() -> None:
    rows = premises(
        CENTRE,
        report("2024", "2024-01-01", "2024-12-31"),
        report("2025", "2025-01-01", "2025-09-30", bridge_until="2025-12-31"),
        report("2026", "2026-02-01", "2026-06-30"),
    )
    assert [(row["premise"], row["report_gap_days"]) for row in rows] == [
        ("eu-1 | 2024", 0),
        ("eu-1 | 2025", 0),
        ("eu-1 | 2026", 31),
    ]
    assert rows[1]["report_until"] == "2025-12-31T00:00:00Z"


def test_a_review_without_a_report_has_no_gap_to_speak_of() -> None:
    (row,) = premises(CENTRE, report("2025", None, None))
    assert (row["report_gap_days"], row["report_until"]) == (None, None)


def test_an_assessment_before_use_is_no_review_and_another_vendor_runs_nothing_here() -> None:
    assert premises(CENTRE, report("a", "2025-01-01", "2025-12-31", kind="assessment")) == []
    other = tell("vendor_reviews", vendor="mail", review="b", kind="review", reviewed_at="2026-02-01")
    assert premises(CENTRE, other) == []


def test_offices_are_reviewed_themselves() -> None:
    rows = premises(
        tell("sites", site="berlin", kind="office", entry_controlled=True),
        tell("sites", site="remote", kind="fully-remote", stated_by="max"),
        CENTRE,
        tell("site_reviews", site="berlin", reviewed_at="2026-02-01", reviewed_by="ana"),
        tell("site_reviews", site="remote", reviewed_at="2026-02-02", reviewed_by="max"),
        tell("site_reviews", site="eu-1", reviewed_at="2026-02-02", reviewed_by="max"),
    )
    assert [(row["site"], row["entry_controlled"], row["stated_by"]) for row in rows] == [
        ("berlin", True, None),
        ("remote", None, "max"),
    ]


# disposal


def asset(*records: Record, **columns: Any) -> dict[str, Any]:
    told = {"kind": "device", "retired_at": "2026-02-01T10:00:00Z", **columns}
    with facts_of([tell("assets", asset="L1", **told), *records], only=["asset_retirements"]) as store:
        rows = rows_of(store, "asset_retirements")
        return rows[0] if rows else {}


def wipe(day: str, **columns: Any) -> Record:
    return tell("wipes", asset="L1", wiped_at=day, **columns)


def test_a_wipe_counts_before_the_hand_over_and_after_the_last_use() -> None:
    left = {"handed_over_at": "2026-02-10"}
    assert asset(wipe("2026-02-05", certificate="C1"), **left)["has_certificate"] is True
    assert asset(wipe("2026-02-01"), **left)["was_wiped"] is True  # the same day
    assert asset(wipe("2026-02-05"), **left)["has_certificate"] is False
    late = asset(wipe("2026-02-11"), *covering("wipes"), **left)
    assert (late["was_wiped"], late["wiped_at"]) == (False, None)
    assert asset(wipe("2025-02-05"), *covering("wipes"), **left)["was_wiped"] is False
    assert asset(**left)["was_wiped"] is None


def test_what_is_in_use_is_not_retired() -> None:
    assert asset(retired_at=None) == {}
    assert asset(retired_at=None, handed_over_at="2026-02-10")["retired_at"] is None

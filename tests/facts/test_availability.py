"""Uptime computed again, days of stores, recovery tests against objectives, and what stood when a plan was approved."""

from typing import Any

from asbuilt.model.record import Record
from tests.facts.telling import covering, facts_of, rows_of, tell


def derived(table: str, *records: Record, key: str) -> dict[str, dict[str, Any]]:
    with facts_of(records, only=[table]) as store:
        return {row[key]: row for row in rows_of(store, table)}


def probe(start: str, end: str, answered: int = 1, failed: int = 0, **columns: Any) -> Record:
    told = {"service": "api", "prober": "out", "is_independent": True, **columns}
    return tell("uptime_probes", probed_from=start, probed_until=end, answered=answered, failed=failed, **told)


def month(*records: Record, service: str = "api", name: str = "2026-02") -> dict[str, Any]:
    own = tell("services", service=service, in_scope=True, is_critical=True, committed_uptime=9990)
    return derived("uptime_months", own, *records, key="service_month")[f"{service} | {name}"]


def test_a_time_without_probes_is_neither_up_nor_down() -> None:
    whole = month(probe("2026-02-01", "2026-03-01", 999, 1))
    assert (whole["uptime_at_least"], whole["uptime_at_most"]) == (9990, 9990)
    assert (whole["expected_seconds"], whole["probed_seconds"]) == (28 * 86400, 28 * 86400)
    half = month(probe("2026-02-01", "2026-02-15"), *covering("uptime_probes"))
    assert (half["uptime_at_least"], half["uptime_at_most"]) == (5000, 10000)
    none = month(*covering("uptime_probes"), name="2026-05")
    assert (none["uptime_at_least"], none["uptime_at_most"], none["probed_seconds"]) == (0, 10000, 0)


def test_probes_from_inside_or_without_a_question_do_not_count() -> None:
    for own in (
        probe("2026-02-01", "2026-03-01", is_independent=False),
        probe("2026-02-01", "2026-03-01", is_independent=None),
        probe("2026-02-01", "2026-03-01", 0, 0),
    ):
        assert month(own)["probed_seconds"] == 0


def test_overlapping_probers_are_averaged_and_their_time_counts_once() -> None:
    row = month(probe("2026-02-01", "2026-03-01"), probe("2026-02-01", "2026-03-01", 1, 1, prober="other"))
    assert (row["probed_seconds"], row["uptime_at_least"], row["uptime_at_most"]) == (28 * 86400, 7500, 7500)


def test_maintenance_excuses_only_where_it_was_announced_before() -> None:
    probes = [probe("2026-02-01", "2026-02-15"), probe("2026-02-15", "2026-03-01", 0, 1)]

    def kept_out(announced: str | None) -> Record:
        return tell("maintenance_windows", maintenance="M", service="api", starts_at="2026-02-15",
                    ends_at="2026-03-01", announced_at=announced)  # fmt: skip

    told = month(*probes, kept_out("2026-02-14"))
    assert (told["expected_seconds"], told["uptime_at_least"], told["uptime_at_most"]) == (14 * 86400, 10000, 10000)
    for late in (None, "2026-02-15T00:00:01Z"):
        row = month(*probes, kept_out(late))
        assert (row["expected_seconds"], row["uptime_at_most"]) == (28 * 86400, 5000)


def test_a_month_counts_from_first_use_and_its_review_is_the_first() -> None:
    def review(name: str, at: str, **columns: Any) -> Record:
        return tell("availability_reviews", review=name, month="2026-02-01", reviewed_at=at, **columns)

    rows = derived(
        "uptime_months",
        tell("services", service="api", in_scope=True, in_use_from="2026-02-22", in_use_until="2026-03-08"),
        tell("services", service="toy", in_scope=False),
        review("r2", "2026-03-09", capacity_reviewed=False),
        review("r1", "2026-03-05", capacity_reviewed=True),
        review("r0", "2026-03-01", services=["web"]),
        *covering("uptime_probes", "availability_reviews"),
        key="service_month",
    )
    assert {key: row["expected_seconds"] for key, row in rows.items()} == {
        "api | 2026-02": 7 * 86400, "api | 2026-03": 7 * 86400,
    }  # fmt: skip
    row = rows["api | 2026-02"]
    assert (row["reviewed_at"], row["capacity_reviewed"], row["month_end"], row["reviews_seen_until"]) == (
        "2026-03-05T00:00:00Z", True, "2026-03-01T00:00:00Z", "2026-07-01T00:00:00Z",
    )  # fmt: skip


def test_a_store_day_without_a_backup_and_a_store_that_nobody_planned_for() -> None:
    def backup(name: str, at: str, *, succeeded: bool = True, **columns: Any) -> Record:
        safe = {"is_encrypted": True, "is_replicated": True, "is_delete_protected": True}
        return tell("backups", backup=name, store="main", ran_at=at, succeeded=succeeded, **{**safe, **columns})

    rows = derived(
        "store_days",
        tell("protected_stores", store="main", in_plan=True),
        tell("protected_stores", store="cache", in_plan=False, rebuildable_by="ana", in_use_from="2026-01-05"),
        tell("data_assets_seen", asset="new", seen_at="2026-01-04", kind="bucket", is_production=True),
        tell("data_assets_seen", asset="toy", seen_at="2026-01-01", kind="bucket", is_production=False),
        backup("1", "2026-01-01T02:00:00Z"),
        backup("2", "2026-01-02T02:00:00Z", succeeded=False, failure_ticket="T-1", fixed_at="2026-01-02T23:30:00Z"),
        backup("3", "2026-01-03T02:00:00Z", is_replicated=False),
        backup("4", "2026-01-04T02:00:00Z", is_replicated=None),
        backup("5", "2026-01-04T03:00:00Z", is_encrypted=False),
        *covering("backups", until="2026-01-06"),
        *covering("protected_stores"),
        key="store_day",
    )
    found = {
        key: (
            row["in_plan"],
            row["backed_up"],
            row["is_protected"],
            row["failure_ticket"],
            row["fixed_after_hours"],
        )
        for key, row in rows.items()
    }
    assert found == {
        "main | 2026-01-01": (True, True, True, None, None),
        "main | 2026-01-02": (True, False, None, "T-1", 21),
        "main | 2026-01-03": (True, True, False, None, None),
        "main | 2026-01-04": (True, True, None, None, None),
        "main | 2026-01-05": (True, False, None, None, None),
        "cache | 2026-01-05": (False, False, None, None, None),
        "new | 2026-01-04": (False, False, None, None, None),
        "new | 2026-01-05": (False, False, None, None, None),
    }
    assert rows["cache | 2026-01-05"]["is_rebuildable"]


def test_a_day_that_no_list_covers_is_not_a_day_without_a_backup() -> None:
    rows = derived(
        "store_days",
        tell("protected_stores", store="main", in_plan=True),
        tell("data_assets_seen", asset="other", seen_at="2026-01-01", kind="bucket", is_production=True),
        tell("backups", backup="1", store="main", ran_at="2026-01-01T02:00:00Z", succeeded=True),
        tell("backups", backup="2", store="main", ran_at="2026-01-03T02:00:00Z", succeeded=True),
        key="store_day",
    )
    assert [(key[-2:], row["in_plan"], row["backed_up"]) for key, row in rows.items()] == [
        ("01", True, True), ("02", True, None), ("03", True, True),
        ("01", None, None), ("02", None, None), ("03", None, None),
    ]  # fmt: skip


def test_a_recovery_is_held_against_its_objectives() -> None:
    def test(name: str, at: str, **columns: Any) -> Record:
        told = {"kind": "restore", "succeeded": True, "recovery_minutes": 30, "recovery_objective_minutes": 30,
                "lost_minutes": 5, "loss_objective_minutes": 5, **columns}  # fmt: skip
        return tell("recovery_tests", test=name, held_at=at, **told)

    rows = derived(
        "recovery_results",
        test("a", "2025-12-01"),
        test("b", "2026-01-01", kind="full-recovery", recovery_minutes=31),
        test("c", "2026-01-11", recovery_objective_minutes=None),
        test("d", "2026-02-01", succeeded=False, recovery_minutes=None),
        *covering("recovery_tests", since="2025-01-15"),
        key="test",
    )
    assert {
        key: (row["objectives_met"], row["days_since_full_recovery"], row["full_recovery_is_listed"])
        for key, row in rows.items()
    } == {"a": (True, None, False), "b": (False, 0, False), "c": (None, 10, False), "d": (False, 31, True)}


def test_a_plan_is_seen_with_the_insurance_and_the_zones_of_its_day() -> None:
    def plan(at: str, by: str = "ana") -> Record:
        return tell("continuity_plans", plan="P", approved_at=at, approved_by=by)

    def service(name: str, zones: int | None, **columns: Any) -> Record:
        return tell("services", service=name, in_scope=True, is_critical=True, zones=zones, **columns)

    rows = derived(
        "continuity_approvals",
        tell("people", person="ana", name="Ana", starts_at="2020-01-01"),
        plan("2026-02-01"),
        plan("2026-04-01", by="bot"),
        plan("2026-05-01"),
        plan("2026-06-01"),
        plan("2026-09-01"),
        service("api", 1, in_use_until="2026-04-20"),
        service("db", 2),
        service("vault", 1, single_zone_accepted_by="ana"),
        service("new", None, in_use_from="2026-08-01"),
        tell("insurances", certificate="1", insured_from="2026-01-01", insured_until="2026-02-15"),
        tell("insurances", certificate="2", insured_from="2026-02-15", insured_until="2026-03-01"),
        *covering("insurances", "people"),
        *covering("services", since="2026-05-15"),
        key="approved_at",
    )
    assert {
        key[:7]: (row["insured"], row["insured_until"], row["single_zone_services"], row["approved_by_person"])
        for key, row in rows.items()
    } == {
        "2026-02": (True, "2026-03-01T00:00:00Z", ["api"], True),
        "2026-04": (False, None, ["api"], False),
        "2026-05": (False, None, None, True),  # no list of services covers the day: one more may be in one zone
        "2026-06": (False, None, [], True),
        "2026-09": (None, None, None, True),
    }

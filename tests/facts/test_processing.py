"""Documents beside changes, slots of jobs, and what stood before and after a release of an AI feature."""

from typing import Any

from asbuilt.model.record import Record
from tests.facts.telling import covering, facts_of, rows_of, tell


def derived(table: str, *records: Record, key: str) -> dict[str, dict[str, Any]]:
    with facts_of(records, only=[table]) as store:
        return {row[key]: row for row in rows_of(store, table)}


def test_an_update_that_names_the_change_goes_before_one_near_it() -> None:
    def change(name: str, **columns: Any) -> Record:
        told = {"interface": "/orders", "released_at": "2026-03-01", "kind": "input", **columns}
        return tell("interface_changes", change=name, **told)

    def update(name: str, at: str, **columns: Any) -> Record:
        return tell(
            "specification_updates", **{"update_id": name, "interface": "/Orders", "published_at": at, **columns}
        )

    rows = derived(
        "processing_changes",
        change("A"),
        change("B", interface="/users"),
        change("C", interface="/late", released_at="2026-09-01"),
        update("near", "2026-02-20"),
        update("named", "2026-04-01", change="A", states_ai_limits=True),
        update("old", "2026-01-29", interface="/users"),
        update("other", "2026-03-01", interface="/users", change="A"),
        *covering("specification_updates"),
        key="duty",
    )
    assert {key: (row["update_id"], row["done_at"], row["seen_until"]) for key, row in rows.items()} == {
        "A | /orders": ("named", "2026-04-01T00:00:00Z", "2026-07-01T00:00:00Z"),
        "B | /users": (None, None, "2026-07-01T00:00:00Z"),
        "C | /late": (None, None, None),
    }


def test_a_slot_without_a_run_and_totals_that_do_not_tie() -> None:
    def run(name: str, at: str, *, succeeded: bool = True, **columns: Any) -> Record:
        return tell("job_runs", **{"run": name, "job": "bill", "ran_at": at, "succeeded": succeeded, **columns})

    def compared(name: str, at: str, *, ties: bool, **columns: Any) -> Record:
        return tell("reconciliations", reconciliation=name, job="bill", compared_at=at, ties=ties, **columns)

    rows = derived(
        "job_slots",
        tell("jobs", job="bill", in_scope=True, every_days=1, reconciles=True, delivers_to_tenants=True),
        tell("jobs", job="week", in_scope=True, every_days=2, in_use_from="2026-01-01T09:00:00Z"),
        tell("jobs", job="toy", in_scope=False, every_days=1),
        tell("jobs", job="never", in_scope=True, every_days=0),
        run("1", "2026-01-01T02:00:00Z", tenant_checked=True),
        compared("a", "2026-01-01T03:00:00Z", ties=False),
        compared("b", "2026-01-02T03:00:00Z", ties=True, run="1"),
        run("2", "2026-01-02T02:00:00Z", succeeded=False, ticket="T-1"),
        run("3", "2026-01-03T02:00:00Z", tenant_checked=True),
        run("4", "2026-01-03T04:00:00Z"),
        compared("c", "2026-01-03T03:00:00Z", ties=False, ticket="T-2"),
        run("5", "2026-01-04T02:00:00Z", tenant_checked=False),
        run("6", "2026-01-03T05:00:00Z", job="week"),
        *covering("job_runs", until="2026-01-06"),
        *covering("reconciliations", until="2026-01-05"),
        key="slot",
    )
    assert {key: (row["ran"], row["ties"], row["tenant_checked"], row["ticket"]) for key, row in rows.items()} == {
        "bill | 2026-01-01": (True, True, True, None),
        "bill | 2026-01-02": (False, False, None, "T-1"),
        "bill | 2026-01-03": (True, False, None, "T-2"),
        "bill | 2026-01-04": (True, False, False, None),
        "bill | 2026-01-05": (False, None, None, None),
        "week | 2026-01-02": (True, True, True, None),
        "week | 2026-01-04": (False, True, True, None),
    }


def test_slots_reach_no_further_than_what_is_known() -> None:
    job = tell("jobs", job="bill", in_scope=True, every_days=7)
    rows = derived("job_slots", job, *covering("job_runs", since="2026-01-01", until="2026-01-25"), key="slot")
    assert [key[-10:] for key in rows] == ["2026-01-05", "2026-01-12"]  # whole weeks from Mondays
    assert derived("job_slots", job, key="slot") == {}


def test_a_release_is_gated_by_the_evaluation_of_just_its_configuration() -> None:
    def release(name: str, at: str, **columns: Any) -> Record:
        return tell(
            "ai_releases", release=name, released_at=at, **{"feature": "chat", "configuration": "v1", **columns}
        )

    def evaluation(name: str, at: str, **columns: Any) -> Record:
        told = {"feature": "chat", "configuration": "v1", "set_digest": "abc", "score_at_least": 9000, **columns}
        return tell("ai_evaluations", evaluation=name, evaluated_at=at, **told)

    def sample(name: str, at: str, **columns: Any) -> Record:
        told = {"feature": "chat", "reviewed_by": "ana", "faults": 0, **columns}
        return tell("output_samples", sample=name, reviewed_at=at, **told)

    rows = derived(
        "ai_release_gates",
        release("1", "2026-02-01"),
        release("2", "2026-03-01", configuration="v2"),
        release("3", "2026-06-20", configuration="v3"),
        release("4", "2026-09-01", feature="search"),
        evaluation("a", "2026-01-20", score_at_least=8000),
        evaluation("b", "2026-01-30"),
        evaluation("c", "2026-02-02", score_at_least=9900),
        evaluation("d", "2026-06-19", configuration="v3", set_digest=None),
        sample("s1", "2026-02-08"),
        sample("s2", "2026-02-14", reviewed_by=None),
        sample("s3", "2026-02-19", faults=2, escalation="T-1"),
        sample("s4", "2026-03-05", faults=1),
        sample("s5", "2026-06-25", faults=None),
        *covering("ai_evaluations", "output_samples"),
        key="gate",
    )
    assert {
        key: (row["evaluated"], row["score_at_least"], row["set_named"], row["longest_unsampled_days"],
              row["faults_escalated"])
        for key, row in rows.items()
    } == {
        "1 | chat": (True, 9000, True, 11, True),
        "2 | chat": (False, None, None, 107, False),
        "3 | chat": (True, 9000, False, 6, None),
        "4 | search": (None, None, None, None, None),
    }  # fmt: skip

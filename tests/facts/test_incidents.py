"""Incidents: exercises, the register against other sources, what was learned, who was told of a breach."""

from collections.abc import Iterable
from typing import Any

import pytest

from asbuilt.model.record import Record
from tests.facts.telling import covering, facts_of, rows_of, tell

ANA = tell("people", person="ana", name="Ana", starts_at="2020-01-01", identities=["ana@example.com"])
READ = "2026-07-02T00:00:00Z"


def by_key(records: Iterable[Record], table: str) -> dict[str, dict[str, Any]]:
    with facts_of(records, only=[table]) as store:
        return {row[store.tables[table].key]: row for row in rows_of(store, table)}


def incident(name: str = "I1", **columns: Any) -> Record:
    return tell(
        "incidents", incident=name, **{"detected_at": "2026-03-02T10:00:00Z", "severity": "high", **columns}
    )


def action(name: str, subject: str, **columns: Any) -> Record:
    return tell("follow_up_actions", action=name, subject=subject, opened_at="2026-03-10", owner="ana", **columns)


# exercise_results


def exercised(*records: Record) -> dict[str, Any]:
    held = tell("exercises", exercise="E1", held_at="2026-03-10", scenarios=["rogue-agent"], lessons="Much.")
    return by_key([held, *records], "exercise_results")["E1"]


def test_the_plan_is_the_last_one_approved_before_the_exercise() -> None:
    plans = [
        tell("policies", policy="ir", version=str(n), kind="incident", approved_at=moment)
        for n, moment in enumerate(["2025-02-01", "2026-02-01", "2026-04-01"])
    ]
    other = tell("policies", policy="hr", version="1", kind="other", approved_at="2026-03-01")
    row = exercised(*plans, other)
    assert (row["plan_approved_at"], row["plan_is_approved"]) == ("2026-02-01T00:00:00Z", True)
    assert exercised()["plan_is_approved"] is None
    assert exercised(*covering("policies"))["plan_is_approved"] is False


def test_actions_are_late_when_closed_or_still_open_after_their_date() -> None:
    def late(*records: Record) -> Any:
        row = exercised(*records)
        return row["actions_late"], row["actions_without_date"]

    assert late() == (None, None)
    assert late(*covering("follow_up_actions")) == (0, 0)
    in_time = action("T1", "E1", due_at="2026-04-01", closed_at="2026-03-20")
    assert late(in_time, action("T0", "E0", due_at="2026-04-01")) == (0, 0)
    assert late(in_time, action("T2", "E1", due_at="2026-04-01", closed_at="2026-04-20")) == (1, 0)
    assert late(in_time, action("T3", "E1", due_at="2026-04-01")) == (1, 0)
    assert late(action("T4", "E1", due_at="2026-09-01"), action("T5", "E1")) == (0, 1)


# incident_checks


def signal(name: str = "P1", **columns: Any) -> Record:
    return tell("incident_signals", source="pager", signal=name, raised_at="2026-03-02", **columns)


def accounted(*records: Record) -> Any:
    found = by_key([ANA, *records], "incident_checks").values()
    (row,) = (row for row in found if row["kind"] == "signal")
    return row["is_accounted_for"]


def test_a_signal_belongs_to_an_incident_or_somebody_explained_it() -> None:
    register = covering("incidents")
    assert accounted(signal(incident="I1"), incident()) is True
    assert accounted(signal(incident="I9"), incident(), *register) is False
    assert accounted(signal(), incident(), *register) is False
    assert accounted(signal(), incident()) is None
    assert accounted(signal(explanation="a test page", explained_by="ana"), *register) is True
    assert accounted(signal(explanation="a test page", explained_by="helper[bot]"), *register) is False
    assert accounted(signal(explanation="a test page"), *register) is False


def test_an_alert_is_explained_by_the_person_who_closed_it() -> None:
    def closed(disposition: str, by: str) -> Any:
        alert = tell(
            "alerts", alert="A1", raised_at="2026-03-02", severity="high", disposition=disposition, closed_by=by
        )
        return accounted(alert, *covering("incidents"))

    assert closed("false-positive", "ana@example.com") is True
    assert closed("false-positive", "helper[bot]") is False
    assert closed("true-positive", "ana") is False
    by_incident = tell("alerts", alert="A1", raised_at="2026-03-02", severity="high", incident="I1")
    assert accounted(by_incident, incident()) is True


@pytest.mark.parametrize(
    ("times", "ordered"),
    [
        ({}, True),
        (
            {
                "started_at": "2026-03-02T09:00:00Z",
                "contained_at": "2026-03-02T12:00:00Z",
                "closed_at": "2026-03-05",
            },
            True,
        ),
        ({"started_at": "2026-03-02T11:00:00Z"}, False),
        ({"contained_at": "2026-03-02T09:00:00Z"}, False),
        ({"classified_at": "2026-03-02T09:59:59Z"}, False),
        ({"contained_at": "2026-03-04", "resolved_at": "2026-03-03"}, False),
        ({"resolved_at": "2026-03-06", "closed_at": "2026-03-05"}, False),
        ({"classified_at": "2026-03-06", "closed_at": "2026-03-05"}, False),
    ],
)
def test_the_times_of_an_incident_follow_each_other(times: dict[str, str], ordered: bool) -> None:
    row = by_key([incident(**times)], "incident_checks")["incident | I1"]
    assert (row["is_ordered"], row["is_accounted_for"], row["seen_until"]) == (ordered, True, READ)


# learning_duties


def learned(*records: Record) -> dict[str, dict[str, Any]]:
    return by_key(records, "learning_duties")


def test_a_review_is_owed_since_the_incident_was_over() -> None:
    over = incident(resolved_at="2026-03-06T18:00:00Z", closed_at="2026-03-30")  # a Friday
    review = tell("incident_reviews", incident="I1", published_at="2026-03-09", caused_by_ai_code=False)
    row = learned(over, review, *covering("incident_reviews"))["review | I1"]
    assert (row["owed_from"], row["business_days"], row["feeds_back"]) == ("2026-03-06T18:00:00Z", 1, True)
    missing = learned(over, *covering("incident_reviews", until="2026-03-21"))["review | I1"]
    assert (missing["business_days"], missing["seen_business_days"]) == (None, 10)
    assert learned(over)["review | I1"]["seen_business_days"] is None
    assert learned(incident()) == {}


@pytest.mark.parametrize(
    ("by_ai", "rule", "feeds_back"),
    [(True, "test of the parser", True), (True, None, False), (False, None, True), (None, None, None)],
)
def test_code_of_an_ai_that_caused_it_feeds_a_rule_back(
    by_ai: bool | None, rule: str | None, feeds_back: Any
) -> None:
    review = tell(
        "incident_reviews", incident="I1", published_at="2026-03-09", caused_by_ai_code=by_ai, rule_or_test=rule
    )
    assert learned(incident(closed_at="2026-03-06"), review)["review | I1"]["feeds_back"] is feeds_back


def test_the_actions_of_an_incident_are_owed_and_those_of_an_exercise_are_not() -> None:
    found = learned(incident(), action("T1", "I1", due_at="2026-04-01"), action("T2", "E1"))
    assert {key: (row["due_at"], row["done_at"], row["severity"]) for key, row in found.items()} == {
        "action | T1": ("2026-04-01T00:00:00Z", None, "high")
    }


# breach_duties


def told(*records: Record) -> dict[str, dict[str, Any]]:
    return by_key(records, "breach_duties")


def test_each_audience_of_a_breach_is_decided_on_and_told() -> None:
    decision = tell(
        "breach_decisions",
        incident="I1",
        audience="regulator",
        must_notify=True,
        decided_at="2026-03-03",
        decided_by="ana",
        notify_by="2026-03-05",
    )
    notices = [
        tell("notices", notice="N1", subject="I1", sent_at="2026-03-04", audience="regulator"),
        tell("notices", notice="N2", subject="I2", sent_at="2026-03-03", audience="customers"),
    ]
    found = told(incident(is_breach=True), decision, *notices, *covering("notices"))
    assert sorted(found) == ["I1 | customers", "I1 | individuals", "I1 | partners", "I1 | regulator"]
    row = found["I1 | regulator"]
    assert (row["must_notify"], row["decided_by"], row["notify_by"]) == (True, "ana", "2026-03-05T00:00:00Z")
    assert (row["done_at"], row["seen_until"]) == ("2026-03-04T00:00:00Z", "2026-07-01T00:00:00Z")
    customers = found["I1 | customers"]
    assert (customers["decided_at"], customers["done_at"], customers["decisions_seen_until"]) == (None, None, None)


def test_what_is_no_breach_is_left_out_and_what_nobody_decided_is_not() -> None:
    assert told(incident(is_breach=False)) == {}
    assert {row["is_breach"] for row in told(incident()).values()} == {None}

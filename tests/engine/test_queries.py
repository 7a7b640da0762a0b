"""The queries of a planned control, as anyone reads them."""

from asbuilt.engine.plans import Plan, plan_control
from asbuilt.engine.queries import (
    attribution_of,
    classes_query,
    everything_query,
    evidence_query,
    item_query,
    letters_query,
    member_of,
    newest_query,
    occurrence_query,
    subject_query,
    truth_query,
)
from asbuilt.engine.tables import open_tables
from asbuilt.model.result import Control
from tests.engine.office import TABLES, YEAR, at, cadence_control, office, state_control
from tests.engine.rows import control

ROWS = [
    {"key": "a", "flag": True, "member": True, "on_day": at("2026-03-01"), "attribution": "automation"},
    {"key": "b", "flag": False, "member": None, "on_day": at("2026-04-01")},
    {"key": "c", "flag": False, "member": True, "on_day": at("2026-02-01")},
    {"key": "d", "flag": False, "member": False, "on_day": at("2026-02-01")},
    {"key": "e", "flag": True, "member": True, "on_day": at("2025-02-01")},
]
FACTS = {"things": ROWS}
OWN = control("flag", where="member", at="on_day", because=("on_day",))


def planned(own: Control) -> Plan:
    with open_tables(list(TABLES.values())) as connection:
        return plan_control(own, {}, TABLES, YEAR, connection)


def test_the_query_of_an_item_control() -> None:
    assert item_query(planned(OWN)) == (
        "SELECT\n"
        "  key AS item,\n"
        "  CASE WHEN (member) AND (on_day) >= TIMESTAMP '2026-01-01 00:00:00'"
        " AND (on_day) < TIMESTAMP '2027-01-01 00:00:00' THEN flag END AS is_met,\n"
        "  coalesce(attribution, 'unknown') AS attribution_class,\n"
        "  strftime(on_day, '%Y-%m-%dT%H:%M:%SZ') AS on_day\n"
        "FROM things\n"
        "WHERE ((member) AND (on_day) >= TIMESTAMP '2026-01-01 00:00:00'"
        " AND (on_day) < TIMESTAMP '2027-01-01 00:00:00') IS NOT FALSE\n"
        "ORDER BY things.on_day DESC NULLS LAST, item NULLS LAST"
    )
    assert member_of(planned(control("flag"))) == "TRUE"
    assert item_query(planned(control("flag"))).endswith("FROM things\nORDER BY item NULLS LAST")


def test_items_are_ordered_by_the_column_and_not_by_what_is_shown_of_it() -> None:
    own = control("flag", at="least(on_day, window_end)", because=("on_day",))
    assert "\nORDER BY LEAST(things.on_day, CAST('2027-01-01 00:00:00' AS TIMESTAMP)) DESC" in item_query(
        planned(own)
    )
    assert [row[0] for row in office(**FACTS).rows(item_query(planned(own)))] == ["b", "a", "c", "d"]


def test_what_each_query_answers() -> None:
    facts, plan = office(**FACTS), planned(OWN)
    assert [row[:3] for row in facts.rows(item_query(plan))] == [
        ("b", None, "unknown"),
        ("a", True, "automation"),
        ("c", False, "unknown"),
    ]
    assert [row[0] for row in facts.rows(item_query(plan, only="FALSE"))] == ["c"]
    assert [row[0] for row in facts.rows(item_query(plan, only="NULL", limit=1))] == ["b"]
    # The newest that surely belongs goes before a newer one that may.
    assert [row[:2] for row in facts.rows(newest_query(plan))] == [("a", True)]
    assert list(facts.rows(classes_query(plan))) == [("automation",), ("unknown",)]
    letters = letters_query([plan], ["automation", "unknown"])
    assert [(row[0], row[1], chr(row[2])) for row in facts.rows(letters)] == [
        ("a", 0, "M"), ("b", 1, "U"), ("c", 1, "D"), ("d", 1, "N"), ("e", 1, "N"),
    ]  # fmt: skip
    assert sorted(row[:2] for row in facts.rows(truth_query(plan))) == [
        ("a", True), ("b", None), ("c", False), ("e", True),
    ]  # fmt: skip
    assert min(facts.rows(everything_query(plan))) == ("a", "automation")


def test_the_evidence_of_a_state() -> None:
    plan = planned(state_control(per="site", where="site <> 'x'", subjects="sites", subject_where="in_scope"))
    rules = [{"branch": "main", "site": "s1", "forced": True, "observed_at": 0}, {"branch": "b", "site": "x"}]
    facts = office(rules=rules, sites=[{"site": "s1"}, {"site": "s2", "in_scope": False}])
    ((item, met, own, subject, stream, held_from, held_until, looked, why),) = facts.rows(evidence_query(plan))
    assert (item, met, own, subject, stream, why) == ("r0", True, "", "s1", ["main"], None)
    assert (held_from, held_until) == (None, None)
    assert looked.year == 1970
    assert attribution_of(plan) == "''"
    assert plan.subjects is not None
    assert list(facts.rows(subject_query(plan, plan.subjects))) == [("s1", None, None, None)]


def test_the_occurrences_of_a_cadence_stand_in_the_order_of_time() -> None:
    drills = [
        {"drill": "b", "held_at": 5},
        {"drill": "a", "held_at": 5, "good": True},
        {"drill": "c"},
        {"drill": "d", "held_at": 1},
    ]
    found = list(office(drills=drills).rows(occurrence_query(planned(cadence_control()))))
    assert [row[:4] for row in found] == [
        ("d", None, "", None), ("a", True, "", None), ("b", None, "", None), ("c", None, "", None),
    ]  # fmt: skip

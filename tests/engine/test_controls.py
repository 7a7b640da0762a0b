"""The controls that are shipped: their own examples, and each against a second, hand-written reading."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asbuilt.catalogue.controls import load_controls
from asbuilt.engine.evaluate import evaluate
from asbuilt.engine.examples import failing_examples
from asbuilt.facts.schemas import TABLES
from asbuilt.model.result import Control, Outcome
from asbuilt.model.window import Window
from tests.engine.rows import SCHEMAS, control

CONTROLS = {own.id: own for own in load_controls()}
Truth = bool | None


@pytest.mark.parametrize("own", CONTROLS.values(), ids=CONTROLS)
def test_the_examples_of_every_control_come_to_their_verdicts(own: Control) -> None:
    assert failing_examples([own]) == ()


def test_an_example_that_is_wrong_is_told() -> None:
    examples = {
        "met": ({"flag": True},),
        "deviation": ({"flag": False, "member": False}, {"flag": False, "member": True}),
        "unknown": ({"flag": True, "member": True, "falg": 1},),
    }
    own = control("flag", where="coalesce(member, TRUE)", examples=examples, lines={"examples.unknown": 20})
    assert failing_examples([own], SCHEMAS) == (
        "TST-01.md:20: example 'unknown 1' names the unknown column 'falg'.",
        "TST-01.md:1: example 'deviation 1' comes to 'nothing'.",
        "TST-01.md:20: example 'unknown 1' comes to 'met'.",
    )


def test_examples_that_crash_are_told() -> None:
    own = control("amount * amount > 0", examples={"met": ({"amount": 2**63 - 1},)})
    (told,) = failing_examples([own], SCHEMAS)
    assert told.startswith("TST-01.md:8: TST-01 crashed on its examples: OutOfRangeException")


# Kleene's three-valued logic, written by hand


def no(a: Truth) -> Truth:
    return None if a is None else not a


def both(*parts: Truth) -> Truth:
    return False if False in parts else None if None in parts else True


def either(*parts: Truth) -> Truth:
    return no(both(*(no(part) for part in parts)))


def at_least(a: int | None, b: int) -> Truth:
    return None if a is None else a >= b


def first_import(row: dict[str, Any]) -> Truth:
    return row["is_initial_import"]


def in_time(row: dict[str, Any]) -> Truth:
    days = row["after_review_business_days"]
    return both(row["after_reviewed"], None if days is None else days <= 2)


def reviewed_late(row: dict[str, Any]) -> Truth:
    return both(row["emergency"], in_time(row))


def by_authorship(row: dict[str, Any]) -> Truth:
    if row["attribution"] in {"ai-tracked", "ai-declared"}:
        return row["ai_tool_named"]
    return True if row["attribution"] in {"human-tracked", "automation"} else None


# id -> (belongs, is as expected)
SECOND_READING = {
    "CHG-01": (
        lambda row: no(first_import(row)),
        lambda row: either(at_least(row["independent_human_approvals"], 1), reviewed_late(row)),
    ),
    "CHG-02": (
        lambda row: both(no(first_import(row)), row["came_by_pull_request"], at_least(row["approvals_given"], 1)),
        lambda row: row["approval_covers_merged"],
    ),
    "CHG-04": (
        lambda row: no(first_import(row)),
        lambda row: either(
            both(row["came_by_pull_request"], row["bypassed_rules"] is not True),
            reviewed_late(row),
        ),
    ),
    "CHG-05": (lambda row: no(first_import(row)), lambda row: row["checks_succeeded"]),
    "CHG-06": (
        lambda row: no(first_import(row)),
        lambda row: both(at_least(row["request_mentions"], 1), row["request_older"] is not False),
    ),
    "CHG-07": (
        lambda row: either(row["emergency"], row["bypassed_rules"] is True),
        lambda row: both(row["emergency"], in_time(row)),
    ),
    "CHG-13": (lambda _: True, lambda row: both(no(row["attribution_conflict"]), by_authorship(row))),
    "CHG-17": (
        lambda row: both(no(first_import(row)), row["touches_guarded_paths"]),
        lambda row: row["guarded_owner_approved"],
    ),
    "VEN-05": (
        lambda row: either(row["observed"], row["configured"]),
        lambda row: both(row["approved"], no(row["wrong_account"]), not row["missing"]),
    ),
}

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "text": st.sampled_from(["ai-tracked", "ai-declared", "human-tracked", "automation", "unknown"]),
    "bool": st.booleans(),
    "int": st.integers(0, 2),
    "timestamp": st.integers(0, 1000),
    "text[]": st.lists(st.sampled_from(["author", "bot"]), max_size=2),
}


def rows_of(name: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    table = TABLES[name]
    columns = {
        column.name: st.none() | VALUES[column.type] if column.nullable else VALUES[column.type]
        for column in table.columns
    }
    return st.lists(st.fixed_dictionaries(columns), min_size=10, max_size=25).map(
        lambda rows: [{**row, table.key: f"k{n}"} for n, row in enumerate(rows)]
    )


def test_every_control_has_a_second_reading() -> None:
    assert SECOND_READING.keys() == {own.id for own in CONTROLS.values() if own.inspect}


@given(rows_of("changes"), rows_of("ai_tools"))
@settings(max_examples=10, deadline=None)
def test_controls_agree_with_their_second_reading(
    changes: list[dict[str, Any]], tools: list[dict[str, Any]]
) -> None:
    tables = {"changes": changes, "ai_tools": tools}
    seen = [own for own in CONTROLS.values() if own.inspect]
    for result in evaluate(seen, tables, Window(), {own.id: own.inspect_settings for own in seen}):
        belongs, expected = SECOND_READING[result.control]
        key = TABLES[result.population].key
        wanted = {
            row[key]: {True: Outcome.MET, False: Outcome.DEVIATION, None: Outcome.UNKNOWN}[
                expected(row) if belongs(row) else None
            ]
            for row in tables[result.population]
            if belongs(row) is not False
        }
        assert {verdict.item: verdict.outcome for verdict in result.verdicts} == wanted, result.control

"""The laws of testing a control: nothing is skipped, unknown stays unknown, windows add up."""

import hashlib
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asbuilt.engine.evaluate import evaluate
from asbuilt.engine.tables import fill_table, open_tables
from asbuilt.model.errors import CatalogueError, ConfigError
from asbuilt.model.result import Conclusion, Control, ControlKind, Outcome, Result
from asbuilt.model.window import Window
from tests.engine.rows import SCHEMAS, THINGS, control, thing

ALWAYS = Window()
MAYBE = st.none() | st.booleans()
MOMENTS = st.integers(-100, 100)
CLASSES = st.none() | st.sampled_from(["ai-tracked", "ai-declared", "human-tracked", "automation", "unknown"])


FEWER = settings(max_examples=20, deadline=None)  # a database is opened for each


def rows_of(moments: st.SearchStrategy[int | None]) -> st.SearchStrategy[list[dict[str, Any]]]:
    columns = {"flag": MAYBE, "member": MAYBE, "attribution": CLASSES, "on_day": moments}
    return st.lists(st.fixed_dictionaries(columns), max_size=12).map(
        lambda rows: [thing(f"k{n}", **row) for n, row in enumerate(rows)]
    )


def run(own: Control, rows: list[dict[str, Any]], window: Window = ALWAYS, **said: Any) -> Result:
    (result,) = evaluate([own], {"things": rows}, window, {own.id: said} if said else {}, schemas=SCHEMAS)
    return result


@given(rows_of(st.none() | MOMENTS))
@FEWER
def test_every_item_has_one_verdict_and_keeps_its_three_values(rows: list[dict[str, Any]]) -> None:
    result = run(control("flag"), rows)
    wanted = {row["key"]: {True: "met", False: "deviation", None: "unknown"}[row["flag"]] for row in rows}
    assert {verdict.item: verdict.outcome.value for verdict in result.verdicts} == wanted
    assert result.count == len(rows) == sum(result.counts.values())
    assert result.failure is None


@given(rows_of(st.none() | MOMENTS), MOMENTS, MOMENTS)
@FEWER
def test_an_item_that_may_belong_stays_as_unknown(rows: list[dict[str, Any]], start: int, end: int) -> None:
    result = run(control("flag", where="member", at="on_day"), rows, Window(start, end))
    wanted = {}
    for row in rows:
        inside = None if row["on_day"] is None else start <= row["on_day"] < end
        if row["member"] is not False and inside is not False:
            sure = row["member"] and inside
            wanted[row["key"]] = {True: "met", False: "deviation", None: "unknown"}[row["flag"] if sure else None]
    assert {verdict.item: verdict.outcome.value for verdict in result.verdicts} == wanted


@given(rows_of(MOMENTS), st.lists(st.none() | MOMENTS, min_size=3, max_size=3))
@FEWER
def test_adjacent_windows_add_up_to_one(rows: list[dict[str, Any]], bounds: list[int | None]) -> None:
    first, middle, last = bounds[0], bounds[1] or 0, bounds[2]
    first = None if first is None else min(first, middle)
    last = None if last is None else max(last, middle)
    own = control("flag", where="member", at="on_day")
    parts = [run(own, rows, window) for window in (Window(first, middle), Window(middle, last))]
    whole = run(own, rows, Window(first, last))
    assert Counter(v.item for part in parts for v in part.verdicts) == Counter(v.item for v in whole.verdicts)
    assert {o: sum(part.counts[o] for part in parts) for o in whole.counts} == whole.counts


@given(rows_of(st.none() | MOMENTS))
@FEWER
def test_the_split_by_attribution_adds_up(rows: list[dict[str, Any]]) -> None:
    result = run(control("flag"), rows)
    assert {o: sum(own[o] for own in result.split.values()) for o in result.counts} == result.counts
    assert {v.attribution for v in result.verdicts} == set(result.split)
    assert set(result.split) == {row["attribution"] or "unknown" for row in rows}


@given(rows_of(st.none() | MOMENTS), st.randoms(use_true_random=False))
@FEWER
def test_the_order_of_the_facts_changes_nothing(rows: list[dict[str, Any]], random: Any) -> None:
    own = control("flag", where="member", at="on_day", because=("flag", "on_day"))
    first = run(own, rows)
    random.shuffle(rows)
    assert run(own, rows) == first


def test_verdicts_stand_newest_first_and_undated_last() -> None:
    rows = [thing("b", on_day=5), thing("a", on_day=5), thing("c", on_day=9), thing("d"), thing("e", on_day=-1)]
    assert [v.item for v in run(control(at="on_day"), rows).verdicts] == ["c", "a", "b", "e", "d"]


def test_the_reason_is_shown_with_the_verdict() -> None:
    row = thing("a", flag=False, on_day=1_750_000_000, reasons=["author", "bot"])
    result = run(control(because=("reasons", "amount", "on_day")), [row])
    assert result.verdicts[0].because == {
        "reasons": ["author", "bot"],
        "amount": None,
        "on_day": "2025-06-15T15:06:40Z",
    }


def test_the_recorded_query_gives_the_same_verdicts_again() -> None:
    rows = [thing("a", flag=True, amount=3, on_day=7), thing("b", amount=1, on_day=8), thing("c", on_day=9)]
    own = control(
        "amount >= least_amount", where="NOT coalesce(flag, FALSE)", at="on_day", settings={"least_amount": 2}
    )
    result = run(own, rows, Window(0, 100))
    with open_tables([THINGS]) as connection:
        fill_table(connection, THINGS, rows)
        again = connection.execute(result.query).fetchall()
    assert [(item, met) for item, met, *_ in again] == [("c", None), ("b", False)]
    assert [(v.item, v.outcome) for v in result.verdicts] == [("c", Outcome.UNKNOWN), ("b", Outcome.DEVIATION)]


def test_the_digest_can_be_computed_by_hand() -> None:
    result = run(control(), [thing("b", flag=True, attribution="automation"), thing("a")])
    population = hashlib.sha256(b"a\tunknown\nb\tautomation\n").hexdigest()
    assert result.population_digest == population
    assert result.digest == hashlib.sha256(f"{population}\nUM".encode()).hexdigest()


# Settings


def test_the_company_s_setting_replaces_the_control_s() -> None:
    own = control("amount >= limit", settings={"limit": 1})
    rows = [thing("a", amount=1)]
    assert run(own, rows).counts["met"] == 1
    result = run(own, rows, limit=2)
    assert result.counts["deviation"] == 1
    assert result.settings == {"limit": 2, "not_effective_above": 0.5}
    assert "amount >= 2" in result.query


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"TST-01": {"limti": 2}}, "TST-01 has no setting 'limti'. Did you mean 'limit'?"),
        ({"TST-01": {"limit": "2"}}, "The setting limit of TST-01 is '2'. Write a value like 1."),
        ({"TST-01": {"limit": True}}, "The setting limit of TST-01 is True. Write a value like 1."),
        ({"TST-02": {}}, "There are settings for the control 'TST-02', which is none. Did you mean 'TST-01'?"),
        (
            {"TST-01": {"not_effective_above": 7.0}},
            "The setting not_effective_above of TST-01 is 7.0. Write a share from 0.0 to 1.0.",
        ),
    ],
)
def test_settings_that_mean_nothing_are_refused(said: dict[str, Any], message: str) -> None:
    own = control("amount >= limit", settings={"limit": 1, "not_effective_above": 0.5})
    with pytest.raises(ConfigError) as refused:
        evaluate([own], {"things": []}, ALWAYS, said, schemas=SCHEMAS)
    assert str(refused.value) == message


# Controls that are wrong are refused before anything runs


@pytest.mark.parametrize(
    ("fields", "where", "what"),
    [
        ({"expect": "amount"}, "TST-01.md:8", "The expression 'expect' is a BIGINT."),
        ({"where": "attribution"}, "TST-01.md:6", "The expression 'where' is a VARCHAR."),
        ({"at": "flag"}, "TST-01.md:7", "The expression 'at' is a BOOLEAN."),
        ({"expect": "reasons > 1"}, "TST-01.md:8", "The expression does not fit the columns."),
        ({"expect": "abs(flag) = 1"}, "TST-01.md:8", "The expression does not fit the columns."),
        ({"because": ("flags",)}, "TST-01.md:9", "There is no column 'flags'."),
        ({"population": "thing"}, "TST-01.md:1", "There is no fact table 'thing'."),
        ({"settings": {"limit": 1}}, "TST-01.md:12", "The setting 'limit' is used by no expression."),
        ({"kind": ControlKind.STATE}, "TST-01.md:1", "A control of kind 'state' cannot be tested on rows alone."),
    ],
)
def test_a_wrong_control_is_refused_by_file_and_line(fields: dict[str, Any], where: str, what: str) -> None:
    with pytest.raises(CatalogueError) as refused:
        evaluate([control(), control(**fields)], {"things": []}, ALWAYS, schemas=SCHEMAS)
    assert (refused.value.where, refused.value.what) == (where, what)
    assert refused.value.fix


# A control that crashes is unknown, never absent


def test_a_crashing_control_leaves_every_item_unknown() -> None:
    rows = [thing("a", amount=2**63 - 1, attribution="automation"), thing("b", amount=1)]
    crashed, sound = evaluate(
        [control("amount * amount > 0"), control("amount > 0", id="TST-02")],
        {"things": rows},
        ALWAYS,
        schemas=SCHEMAS,
    )
    assert crashed.failure is not None
    assert "OutOfRange" in crashed.failure
    assert crashed.counts == {"met": 0, "deviation": 0, "unknown": 2}
    assert crashed.split["automation"] == {"met": 0, "deviation": 0, "unknown": 1}
    assert crashed.conclusion is Conclusion.EVIDENCE_MISSING
    assert sound.counts == {"met": 2, "deviation": 0, "unknown": 0}
    assert sound.conclusion is Conclusion.EFFECTIVE


def test_facts_that_break_their_schema_leave_every_item_unknown() -> None:
    result = run(control(), [thing("a", flag="yes"), thing("b", flag=True)])
    assert result.failure == "ValueError: The column 'flag' (bool) holds a value of type str."
    assert result.counts["unknown"] == result.count == 2


def test_a_population_that_nobody_gathered_is_missing_evidence_not_an_empty_one() -> None:
    (result,) = evaluate([control()], {}, ALWAYS, schemas=SCHEMAS)
    assert result.conclusion is Conclusion.EVIDENCE_MISSING
    assert result.failure == "LookupError: No facts were gathered for the population 'things'."
    assert run(control(), []).conclusion is Conclusion.NO_OCCURRENCE

"""What is read by hand comes to what the database comes to, or is refused; it never comes to something else."""

from contextlib import closing
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asbuilt.catalogue.controls import load_controls
from asbuilt.engine.evaluate import evaluate
from asbuilt.engine.one_row import NotPlain, judge_row
from asbuilt.engine.tables import fill_table, open_tables
from asbuilt.facts.schemas import TABLES
from asbuilt.facts.schemas.table import column, maybe, recorded
from asbuilt.model.result import ControlKind, Outcome
from asbuilt.model.window import Window
from tests.engine.rows import control

CHANGES = TABLES["changes"]
CONTROLS = tuple(each for each in load_controls() if each.kind is ControlKind.ITEM and each.population == "changes")
OURS = recorded(
    "ours",
    "",
    (
        column("own", "text", ""),
        maybe("yes", "bool", ""),
        maybe("no", "bool", ""),
        maybe("count", "int", ""),
        maybe("limit_", "int", ""),
        maybe("word", "text", ""),
        maybe("words", "text[]", ""),
        maybe("told_at", "timestamp", ""),
    ),
    identity=("own",),
    key="own",
)
WORDS = st.sampled_from(["", "a", "b", "it's", "A"])
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "bool": st.booleans(),
    "int": st.integers(-2, 3),
    "text": WORDS,
    "text[]": st.lists(WORDS, max_size=3),
    "timestamp": st.integers(0, 2_000_000_000),
}


def rows_of(table: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {one.name: (st.none() | VALUES[one.type]) if one.nullable else VALUES[one.type] for one in table.columns}
    )


@pytest.mark.parametrize("own", CONTROLS, ids=lambda one: one.id)
@settings(max_examples=8)
@given(data=st.data())
def test_every_control_over_changes_comes_to_what_the_engine_says(own: Any, data: st.DataObject) -> None:
    rows = data.draw(st.lists(rows_of(CHANGES), min_size=1, max_size=25))
    rows = [{**row, CHANGES.key: f"c{n}"} for n, row in enumerate(rows)]
    (result,) = evaluate([own], {"changes": rows}, Window(), schemas={"changes": CHANGES})
    assert result.failure is None
    said = {verdict.item: verdict.outcome for verdict in result.verdicts}
    assert said == {
        row[CHANGES.key]: outcome
        for row in rows
        if (outcome := judge_row(own, CHANGES, row, own.settings)) is not None
    }


@pytest.mark.parametrize("own", CONTROLS, ids=lambda one: one.id)
def test_every_example_comes_to_its_verdict(own: Any) -> None:
    for kind, rows in own.examples.items():
        for row in rows:
            whole = {**dict.fromkeys(one.name for one in CHANGES.columns), **row}
            assert judge_row(own, CHANGES, whole, own.settings) == Outcome(kind)


NUMBERS = st.sampled_from(["count", "limit_", "0", "1", "2", "-1", "len(words)", "NULL", "edge"])
SUMS = st.builds(lambda a, sign, b: f"({a} {sign} {b})", NUMBERS, st.sampled_from("+-*"), NUMBERS) | NUMBERS
TEXTS = st.sampled_from(["word", "'a'", "'it''s'", "NULL", "coalesce(word, 'b')"])
PLAIN = st.one_of(
    st.sampled_from(["yes", "no", "TRUE", "FALSE", "yes IS NULL", "no IS NOT TRUE", "yes IS NOT DISTINCT FROM no"]),
    st.builds(lambda a, s, b: f"{a} {s} {b}", SUMS, st.sampled_from(["=", "<>", "<", "<=", ">", ">=", "!="]), SUMS),
    st.builds(lambda a, s, b: f"{a} {s} {b}", TEXTS, st.sampled_from(["=", "<>", "IS DISTINCT FROM"]), TEXTS),
    st.builds(lambda a, n, b, c: f"{a} {n}BETWEEN {b} AND {c}", SUMS, st.sampled_from(["", "NOT "]), SUMS, SUMS),
    st.builds(lambda a, n, b: f"{a} {n}IN ('a', {b})", TEXTS, st.sampled_from(["", "NOT "]), TEXTS),
    st.builds(lambda a: f"list_contains(words, {a})", st.sampled_from(["word", "'a'"])),
    st.builds(lambda a: f"coalesce({a}, limit_) > edge", NUMBERS),
)
CONDITIONS = st.recursive(
    PLAIN,
    lambda inner: st.one_of(
        st.builds(lambda a, s, b: f"{a} {s} {b}", inner, st.sampled_from(["AND", "OR"]), inner),
        st.builds(lambda a: f"NOT {a}", inner),
        st.builds(lambda a: f"({a})", inner),
        st.builds(lambda a, b, c: f"CASE WHEN {a} THEN {b} ELSE {c} END", inner, inner, inner),
        st.builds(lambda a, b: f"CASE WHEN {a} THEN {b} END", inner, inner),
    ),
    max_leaves=6,
)


@settings(max_examples=100)
@given(where=CONDITIONS, expect=CONDITIONS, rows=st.lists(rows_of(OURS), min_size=1, max_size=8))
def test_any_condition_comes_to_what_the_database_says(where: str, expect: str, rows: list[dict[str, Any]]) -> None:
    own = control(id="ANY-01", population="ours", expect=expect, where=where, settings={"edge": 1}, because=())
    rows = [{**row, "own": f"r{n}"} for n, row in enumerate(rows)]
    with closing(open_tables([OURS])) as connection:
        fill_table(connection, OURS, rows)
        bound = [sql.replace("edge", "1") for sql in (where, expect)]
        said = connection.execute(f"SELECT own, ({bound[0]}), ({bound[1]}) FROM ours ORDER BY own").fetchall()
    wanted = {True: Outcome.MET, False: Outcome.DEVIATION, None: Outcome.UNKNOWN}
    for row, (name, member, met) in zip(sorted(rows, key=lambda one: one["own"]), said, strict=True):
        assert row["own"] == name
        expected = None if member is False else wanted[met if member else None]
        assert judge_row(own, OURS, row, {"edge": 1}) == expected


ROW = {"own": "r", "yes": True, "no": False, "count": 1, "limit_": 2, "word": "a", "words": ["a"], "told_at": 0}


@pytest.mark.parametrize(
    "sql",
    [
        "count",  # no condition
        "yes = 1",
        "count / 2 = 0",
        "count = 1.5",
        "told_at > told_at",
        "word < 'b'",
        "lower(word) = 'a'",
        "date_diff('day', told_at, told_at) = 0",
        "words = words",
        "len(word) = 1",
        "yes = no = yes",
        "count = 1 IS NULL",
        "count BETWEEN 0 AND 1 = yes",
        "yes AND",
        "(yes",
        "yes no",
        '"yes"',
        "nothing_of_the_kind",
        "count * 2000000000 * 2 > 0",
        "coalesce(word, 1) = 'a'",
        "CASE WHEN yes THEN 1 ELSE TRUE END",
        "CASE yes WHEN TRUE THEN TRUE END",
        "word LIKE 'a'",
        "yes -- and so on",
        "word = 'a\\'",
        "EXISTS (yes)",
        "yes; yes",
    ],
)
def test_what_is_not_plain_is_refused(sql: str) -> None:
    own = control(id="ANY-01", population="ours", expect=sql, settings={}, because=())
    with pytest.raises(NotPlain):
        judge_row(own, OURS, ROW, {})


def test_an_item_outside_the_population_is_not_asked_and_a_doubtful_one_is_unknown() -> None:
    own = control(id="ANY-01", population="ours", where="yes", expect="count = 1", settings={}, because=())
    found = [judge_row(own, OURS, {**ROW, "yes": yes}, {}) for yes in (True, False, None)]
    assert found == [Outcome.MET, None, Outcome.UNKNOWN]

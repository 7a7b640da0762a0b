"""Item controls over whole tables: one pass gives what each query alone gives."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from asbuilt.engine.audit import test_controls as run_controls
from asbuilt.engine.duck import DuckFacts
from asbuilt.engine.evaluate import evaluate
from asbuilt.engine.items import LISTED_UNKNOWN
from asbuilt.model.result import Outcome
from asbuilt.model.window import Window
from tests.engine.office import NOW, TABLES, THINGS, YEAR, at, audited, office, verdicts
from tests.engine.rows import control

MAYBE = st.none() | st.booleans()
KEYS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=4)
COLUMNS = {
    "flag": MAYBE,
    "member": MAYBE,
    "attribution": st.none() | st.sampled_from(["ai-declared", "unknown", "odd\tclass"]),
    "on_day": st.none() | st.integers(at("2025-11-01"), at("2027-02-01")),
}
ROWS = st.lists(st.tuples(KEYS, st.fixed_dictionaries(COLUMNS)), max_size=10, unique_by=lambda row: row[0]).map(
    lambda rows: [{"key": key, **row} for key, row in rows]
)

CONTROLS = (
    control("flag", because=("reasons", "on_day")),
    control("flag", id="TST-02", where="member"),
    control("NOT flag", id="TST-03", where="member", at="on_day"),
    control("flag AND member", id="TST-04", at="on_day"),
)


class Plain:
    """Facts without the quick way."""

    def __init__(self, facts: DuckFacts) -> None:
        self.tables, self.engine, self.rows = facts.tables, facts.engine, facts.rows


@given(ROWS)
@settings(max_examples=30, deadline=None)  # a database is opened for each
def test_one_pass_gives_what_each_query_alone_gives(rows: list[dict[str, Any]]) -> None:
    facts = office(things=rows)
    found = run_controls(facts, CONTROLS, YEAR, now=NOW)
    full = [
        {
            one.name: row.get(one.name, None if one.nullable else 0 if one.type == "timestamp" else "x")
            for one in THINGS.columns
        }
        for row in rows
    ]
    again = evaluate(CONTROLS, {"things": full}, YEAR, schemas=TABLES)
    for one, other in zip(found, again, strict=True):
        assert one.result.digest == other.digest
        assert one.result.population_digest == other.population_digest
        assert one.result.counts == other.counts
        assert one.result.split == other.split
        assert one.result.query == other.query
        shown = [
            verdict
            for outcome in (Outcome.DEVIATION, Outcome.UNKNOWN)
            for verdict in other.verdicts
            if verdict.outcome is outcome
        ]
        assert list(one.result.verdicts) == shown
        assert verdicts(one) == {verdict.item: verdict.outcome.value for verdict in other.verdicts}


@given(ROWS)
@settings(max_examples=15, deadline=None)
def test_facts_without_columns_give_the_same(rows: list[dict[str, Any]]) -> None:
    facts = office(things=rows)
    found = run_controls(facts, CONTROLS, YEAR, now=NOW)
    again = run_controls(Plain(facts), CONTROLS, YEAR, now=NOW)
    assert [one.result for one in found] == [one.result for one in again]


@given(ROWS, st.integers(at("2025-11-01"), at("2027-02-01")))
@settings(max_examples=15, deadline=None)
def test_adjacent_windows_add_up_to_one(rows: list[dict[str, Any]], middle: int) -> None:
    facts = office(things=rows)
    start, end = at("2025-10-01"), at("2027-03-01")
    first, second, whole = (
        next(one.result.counts for one in run_controls(facts, CONTROLS[3:], Window(*over), now=NOW))
        for over in ((start, middle), (middle, end), (start, end))
    )
    # An item without a date may lie in either, and is unknown in both.
    undated = sum(row["on_day"] is None for row in rows)
    assert {own: first[own] + second[own] - (undated if own == "unknown" else 0) for own in whole} == whole


def test_the_unknown_that_are_listed_are_bounded_and_the_newest() -> None:
    rows = [{"key": f"k{n:05}", "on_day": at("2026-01-01") + n} for n in range(LISTED_UNKNOWN + 5)]
    found = audited(office(things=rows), control("flag", at="on_day"))
    assert found.result.counts["unknown"] == LISTED_UNKNOWN + 5
    assert [verdict.item for verdict in found.result.verdicts][:2] == [
        f"k{LISTED_UNKNOWN + 4:05}",
        f"k{LISTED_UNKNOWN + 3:05}",
    ]
    assert len(found.result.verdicts) == LISTED_UNKNOWN
    assert len(found.outcomes.letters) == LISTED_UNKNOWN + 5


def test_every_deviation_is_listed() -> None:
    rows = [{"key": f"k{n}", "flag": n % 2 == 0} for n in range(5000)]
    found = audited(office(things=rows), control("flag"))
    assert len(found.result.verdicts) == found.result.counts["deviation"] == 2500

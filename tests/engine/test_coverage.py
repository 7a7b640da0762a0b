"""Coverage: which extracts an auditor would count, and what they hold together."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asbuilt.engine.coverage import coverage_of, covered_time, read_extracts
from asbuilt.engine.duck import DuckFacts
from asbuilt.engine.parts import Extract, Extracts
from asbuilt.engine.tables import open_tables
from tests.engine.office import DAY, YEAR, at, extract, office

JANUARY = (at("2026-01-01"), at("2026-02-01"))


def asked(*extracts: dict[str, Any], tables: tuple[str, ...] = ("things",)) -> Any:
    return coverage_of(tables, JANUARY, read_extracts(office(extracts=extracts)))


def test_a_window_held_by_two_extracts_is_complete() -> None:
    found = asked(extract("things", "2025-12-01", "2026-01-15"), extract("things", "2026-01-10", "2026-02-01"))
    assert found.complete
    assert (found.covered, found.total) == (31 * DAY, 31 * DAY)
    assert found.extracts == ("things 2025-12-01", "things 2026-01-10")
    assert found.corroborated is True
    assert found.differences == ()


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"truncated": True}, " (extract things 2025-12-01 was cut off by a limit)"),
        (
            {"reported_total": 4000},
            " (extract things 2025-12-01 brought 0 rows and its source reports 4,000)",
        ),
        ({"row_count": 2, "second_count": 2}, " (extract things 2025-12-01 brought 2 rows, and 0 are here)"),
        ({"covers_from": None}, " (extract things 2025-12-01 does not say which time it covers)"),
        ({"ended_at": None}, " (extract things 2025-12-01 does not say when it was taken)"),
    ],
)
def test_an_extract_that_does_not_count(more: dict[str, Any], why: str) -> None:
    found = asked({**extract("things", "2025-12-01", "2026-02-01"), **more})
    assert found.why == f"No extract of things covers 2026-01-01 to 2026-02-01{why}."
    assert found.covered == 0
    assert found.extracts == ()
    assert found.differences == (why[2:-1],)


def test_an_extract_taken_before_the_period_ended_vouches_for_nothing_after() -> None:
    found = asked({**extract("things", "2025-12-01", "2026-02-01"), "ended_at": at("2026-01-31T12:00")})
    assert not found.complete
    assert found.why == "No extract of things covers 2026-01-31T12:00:00Z to 2026-02-01."


def test_every_table_behind_a_population_must_be_covered() -> None:
    both = (extract("things", "2025-12-01", "2026-02-01"), extract("drills", "2026-01-03", "2026-02-01"))
    found = asked(*both, tables=("things", "drills"))
    assert found.why == "No extract of drills covers 2026-01-01 to 2026-01-03."
    assert found.covered == 29 * DAY
    assert asked(*both, tables=()).why == "Nothing says how complete this population is."


def test_differences_between_two_sources_are_listed() -> None:
    found = asked(
        extract(
            "things",
            "2025-12-01",
            "2026-02-01",
            second_count=5,
            second_source="git log",
            differences=["2 were drafts"],
        )
    )
    assert found.complete
    assert found.corroborated is False
    assert found.differences == (
        "things 2025-12-01: 0 rows, and 5 in git log",
        "things 2025-12-01: 2 were drafts",
    )
    alone = asked(extract("things", "2025-12-01", "2026-02-01", second_count=None))
    assert alone.corroborated is None


def test_holes_are_counted() -> None:
    found = asked(extract("things", "2026-01-05", "2026-01-10"), extract("things", "2026-01-20", "2026-02-01"))
    assert found.why == "No extract of things covers 2026-01-01 to 2026-01-05 and 1 more stretch."


def test_facts_without_extracts_cover_nothing() -> None:
    with open_tables([]) as connection:
        assert read_extracts(DuckFacts(connection, {})) == Extracts({})


SPANS = st.lists(
    st.tuples(st.sampled_from("ab"), st.integers(0, 20), st.integers(0, 20), st.booleans()), max_size=8
)


@given(SPANS, st.integers(0, 10), st.integers(11, 20))
@settings(max_examples=150)
def test_covered_seconds_against_a_second_reading(
    told: list[tuple[str, int, int, bool]], start: int, end: int
) -> None:
    extracts: dict[str, list[Extract]] = {}
    for n, (table, begun, over, counts) in enumerate(told):
        own = Extract(f"e{n}", begun, over, 0, None, None, (), "" if counts else "cut off")
        extracts.setdefault(table, []).append(own)
    seconds = {
        second
        for second in range(start, end)
        if all(any(t == table and a <= second < b and counts for t, a, b, counts in told) for table in "ab")
    }
    found = coverage_of(("a", "b"), (start, end), Extracts(extracts))
    assert found.covered == len(seconds)
    assert found.complete == (len(seconds) == end - start)
    assert {s for a, b in covered_time("ab", Extracts(extracts)) for s in range(a, b)} & set(
        range(start, end)
    ) == seconds


def test_the_year_of_the_tests_is_whole() -> None:
    assert (YEAR.end or 0) - (YEAR.start or 0) == 365 * DAY

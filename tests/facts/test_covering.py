"""Coverage in SQL: of a whole population, and of its parts, against a second reading moment by moment."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asbuilt.facts.covering import fill_coverage, part_tables
from asbuilt.facts.schemas import TABLES
from asbuilt.facts.store import FactStore, project
from asbuilt.model.record import Record, encode_entry
from tests.facts.telling import covering, facts_of, rows_of, tell

A, B = "acme/a", "acme/b"
LISTED = [tell("repositories", repository=name, in_scope=True) for name in (A, B)]
LIST_READ = covering("repositories")


def part_of(table: str, part: str, since: str = "2026-01-01", until: str = "2026-07-01", **more: Any) -> Record:
    return tell(
        "extracts",
        extract=f"{table} {part} {since}",
        population=table,
        part=part,
        covers_from=since,
        covers_until=until,
        **more,
    )


def asked(store: FactStore, expression: str) -> Any:
    (found,) = store.connection.execute(f"SELECT {expression}").fetchone() or (None,)
    return found


def whole(*records: Record) -> bool:
    with facts_of(records, only=[]) as store:
        return bool(asked(store, "covered('reviews', TIMESTAMP '2026-03-01')"))


BOTH = [part_of("reviews", A), part_of("reviews", B)]


@pytest.mark.parametrize(
    ("records", "is_covered"),
    [
        ([*LISTED, *LIST_READ, *BOTH], True),
        ([*LISTED, *covering("reviews")], True),
        # One of two; both, and nobody knows whether there are more; none is listed.
        ([*LISTED, *LIST_READ, BOTH[0]], False),
        ([*LISTED, *BOTH], False),
        ([*LIST_READ, *BOTH], False),
        # The list is itself read only until before; read from a part alone; cut off.
        ([*LISTED, *covering("repositories", until="2026-03-01"), *BOTH], False),
        ([*LISTED, part_of("repositories", A), *BOTH], False),
        ([*LISTED, *LIST_READ, BOTH[0], part_of("reviews", B, truncated=True)], False),
        ([*LISTED, *LIST_READ, BOTH[0], part_of("reviews", B, reported_total=9, row_count=8)], False),
        # What is not in scope, or not in use then, needs none.
        ([LISTED[0], tell("repositories", repository=B, in_scope=False), *LIST_READ, BOTH[0]], True),
        (
            [LISTED[0], tell("repositories", repository=B, in_scope=True, in_use_from="2026-03-02"), *LIST_READ, BOTH[0]],
            True,
        ),
        (
            [LISTED[0], tell("repositories", repository=B, in_scope=True, in_use_until="2026-03-01"), *LIST_READ, BOTH[0]],
            True,
        ),
        # Another population's parts.
        ([*LISTED, *LIST_READ, BOTH[0], part_of("checks", B)], False),
    ],
)  # fmt: skip
def test_parts_make_a_whole_where_all_of_them_are_listed(records: list[Record], is_covered: bool) -> None:
    assert whole(*records) is is_covered


def test_a_part_is_covered_by_its_own_extract_or_by_one_of_the_whole() -> None:
    records = [
        part_of("reviews", A, until="2026-03-01"),
        *covering("reviews", since="2026-02-01", until="2026-04-01"),
    ]
    with facts_of(records, only=[]) as store:
        for part, day, expected in (
            ("'acme/a'", "2026-01-15", True),
            ("'acme/b'", "2026-01-15", False),
            ("NULL", "2026-01-15", False),
            ("'acme/b'", "2026-02-15", True),
            ("NULL", "2026-02-15", True),
            ("'acme/a'", "2026-04-01", False),
        ):
            assert asked(store, f"covered_for('reviews', {part}, TIMESTAMP '{day}')") is expected, (part, day)
        assert asked(store, "covered_for('reviews', 'acme/a', NULL)") is False
        until = "covered_until_for('reviews', {}, TIMESTAMP '{}')"
        assert asked(store, until.format("'acme/a'", "2026-01-15")) == datetime(2026, 4, 1)  # noqa: DTZ001 - as DuckDB gives it
        assert asked(store, until.format("'acme/b'", "2026-01-15")) is None
        assert asked(store, until.format("'acme/b'", "2026-02-15")) == datetime(2026, 4, 1)  # noqa: DTZ001


def change(name: str, **more: Any) -> Record:
    return tell("changes_seen", change_id=f"c {name}", repository=name, landed_at="2026-03-01", landing="squash",
                number=7, head_commit=f"h {name}", came_by_pull_request=True, **more)  # fmt: skip


@pytest.mark.parametrize("later", [False, True])
def test_what_was_read_of_one_repository_says_nothing_of_another(later: bool) -> None:
    changes = [change(A), change(B)]
    read = [part_of("reviews", A), part_of("checks", A)]
    with facts_of([*changes, *([] if later else read)], only=["changes"]) as store:
        if later:
            more(store, read)
        found = {row["repository"]: row for row in rows_of(store, "changes")}
    judged = ("independent_human_approvals", "checks_succeeded", "after_reviewed", "static_analysis_succeeded")
    assert [found[A][name] for name in judged] == [0, False, False, False]
    assert [found[B][name] for name in judged] == [None] * 4


def test_what_was_read_of_one_system_says_nothing_of_another() -> None:
    looks = [
        tell(
            "privileged_roles",
            system=name,
            role="admin",
            holders=["ana"],
            held_from="2026-03-01",
            held_until="2026-03-02",
        )
        for name in ("cloud", "forge")
    ]
    with facts_of([*looks, part_of("privilege_approvals", "cloud")], only=["privileged_holdings"]) as store:
        found = {row["system"]: row["unapproved_holders"] for row in rows_of(store, "privileged_holdings")}
    assert found == {"cloud": ["ana"], "forge": None}


def test_a_change_of_extracts_touches_the_changes_of_their_part() -> None:
    records = [change(A), change(B), *covering("reviews", "checks", until="2026-02-01")]
    told = {
        "nothing": {A: None, B: None},
        A: {A: 0, B: None},
        B: {A: 0, B: 0},
    }
    with facts_of(records, only=["changes"]) as store:
        for name, expected in told.items():
            if name != "nothing":
                more(store, [part_of("reviews", name, since="2026-01-15")])
            rows = rows_of(store, "changes")
            assert {row["repository"]: row["independent_human_approvals"] for row in rows} == expected
        # A newer word about the extract of A takes its coverage away.
        more(store, [part_of("reviews", A, since="2026-01-15", truncated=True, observed="2026-07-03T00:00:00Z")])
        rows = rows_of(store, "changes")
        assert {row["repository"]: row["independent_human_approvals"] for row in rows} == {A: None, B: 0}


def more(store: FactStore, records: list[Record]) -> None:
    assert project(store, [encode_entry(one) for one in records], start=store.size).refused == ()


def test_the_tables_that_list_parts() -> None:
    assert part_tables(TABLES) == {"repositories", "systems"}
    assert part_tables(TABLES, "reviews") == {"repositories"}
    assert part_tables(TABLES, "people") == frozenset()
    assert part_tables({"reviews": TABLES["reviews"]}) == frozenset()


@pytest.fixture(scope="module")
def empty() -> Iterator[FactStore]:
    with facts_of([], only=[]) as store:
        yield store


START = datetime(2026, 1, 1)  # noqa: DTZ001 - as DuckDB takes it
DAYS = 12
PARTS = (None, "a", "b", "c")
SPAN = st.tuples(st.integers(0, DAYS), st.integers(0, DAYS))
USE = st.tuples(st.booleans(), st.none() | st.integers(0, DAYS), st.none() | st.integers(0, DAYS))


@given(
    told=st.lists(
        st.tuples(st.sampled_from(("reviews", "repositories")), st.sampled_from(PARTS), SPAN), max_size=9
    ),
    listed=st.fixed_dictionaries({}, optional={"a": USE, "b": USE, "c": USE}),
)
@settings(max_examples=60, deadline=None)
def test_coverage_against_a_second_reading(empty: FactStore, told: list[Any], listed: dict[str, Any]) -> None:
    _fill(empty, told, listed)

    def covered(population: str, part: str | None, day: int) -> bool:
        return any(
            name == population and said in (None, part) and first <= day < last
            for name, said, (first, last) in told
        )

    for day, is_whole, *of_parts in empty.connection.execute(_EVERY_DAY).fetchall():
        due = [
            name
            for name, (in_scope, first, last) in listed.items()
            if in_scope and (first is None or first <= day) and (last is None or day < last)
        ]
        by_parts = covered("repositories", None, day) and due and all(covered("reviews", name, day) for name in due)
        assert is_whole is bool(covered("reviews", None, day) or by_parts)
        assert of_parts == [covered("reviews", name, day) for name in "abcd"]
    overlaps = asked(
        empty,
        "(SELECT count(*) FROM kept.coverage AS one JOIN kept.coverage AS other USING (population)"
        " WHERE one.covers_from < other.covers_from AND one.covers_until >= other.covers_from)",
    )
    assert overlaps == 0


_OF_PARTS = ", ".join(f"covered_for('reviews', '{name}', noon)" for name in "abcd")
_EVERY_DAY = f"""SELECT day, covered('reviews', noon), {_OF_PARTS}
FROM (
  SELECT unnest(range(-1, {DAYS + 1})) AS day, TIMESTAMP '{START}' + to_days(day::INTEGER) + INTERVAL 12 HOUR AS noon
)"""
_EMPTY = """
CREATE OR REPLACE TEMP TABLE extracts AS SELECT * FROM main.extracts LIMIT 0;
CREATE OR REPLACE TEMP TABLE repositories AS SELECT * FROM main.repositories LIMIT 0;
"""


def _fill(store: FactStore, told: list[Any], listed: dict[str, Any]) -> None:
    """Rows in place of those that a projection would leave: one store does for all examples."""
    run = store.connection.execute
    run(_EMPTY)
    for population, part, (first, last) in told:
        run(
            "INSERT INTO temp.extracts BY NAME SELECT ? AS population, ? AS part, ? AS covers_from,"
            " ? AS covers_until, false AS truncated",
            [population, part, START + timedelta(days=first), START + timedelta(days=last)],
        )
    for name, (in_scope, first, last) in listed.items():
        bounds = [None if day is None else START + timedelta(days=day) for day in (first, last)]
        run(
            "INSERT INTO temp.repositories BY NAME SELECT ? AS repository, ? AS in_scope, ? AS in_use_from,"
            " ? AS in_use_until",
            [name, in_scope, *bounds],
        )
    fill_coverage(store)

"""Fact tables: closed to the outside, and strict about what goes in."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asbuilt.engine.tables import fill_table, open_tables
from asbuilt.facts.schemas import TABLES
from tests.engine.rows import THINGS, thing


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('{file}')",
        "SELECT * FROM read_csv('{file}')",
        "SELECT * FROM glob('{file}')",
        "SELECT * FROM '{file}'",
        "COPY (SELECT 1) TO '{file}.copy'",
        "ATTACH '{file}.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "EXPORT DATABASE '{file}.dir'",
        "SET enable_external_access = true",
        "SET threads = 4",
        "SELECT * FROM outside",
    ],
)
def test_nothing_outside_can_be_reached(sql: str, tmp_path: Path) -> None:
    file = tmp_path / "secret.csv"
    file.write_text("secret")
    outside = {"a": [1]}  # a variable of ours, which a query must not see
    with open_tables([THINGS]) as connection, pytest.raises(duckdb.Error):
        connection.execute(sql.format(file=file))
    assert list(tmp_path.iterdir()) == [file]
    assert outside


def test_every_declared_table_can_be_made() -> None:
    with open_tables(list(TABLES.values())) as connection:
        for name, table in TABLES.items():
            described = connection.execute(f"DESCRIBE {name}").fetchall()
            assert [row[0] for row in described] == [column.name for column in table.columns]


TEXT = st.text(st.characters(exclude_categories=["Cs"]))
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "key": TEXT,
            "attribution": st.none() | TEXT,
            "flag": st.none() | st.booleans(),
            "member": st.none() | st.booleans(),
            "amount": st.none() | st.integers(-(2**63), 2**63 - 1),
            "on_day": st.none() | st.integers(-62_135_596_800, 253_402_300_799),
            "reasons": st.none() | st.lists(TEXT, max_size=3),
        }
    ),
    max_size=5,
)


@given(ROWS)
@settings(max_examples=40, deadline=None)  # a database is opened for each
def test_what_goes_in_comes_out(rows: list[dict[str, Any]]) -> None:
    with open_tables([THINGS]) as connection:
        fill_table(connection, THINGS, rows)
        found = connection.execute(
            "SELECT key, attribution, flag, member, amount, epoch_us(on_day) // 1000000, reasons FROM things"
        ).fetchall()
    assert found == [tuple(row[column.name] for column in THINGS.columns) for row in rows]


def test_a_late_value_counts_as_much_as_an_early_one() -> None:
    rows = [
        *(thing(f"{n}") for n in range(5000)),
        thing("last", flag=True, amount=3, reasons=["x"], attribution="a"),
    ]
    with open_tables([THINGS]) as connection:
        fill_table(connection, THINGS, rows)
        counted = "SELECT count(flag), max(amount), count(reasons), count(attribution), count(*) FROM things"
        assert connection.execute(counted).fetchall() == [(1, 3, 1, 1, 5001)]


def test_moments_are_utc_whatever_their_zone() -> None:
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    rows = [
        thing("a", on_day=noon),
        thing("b", on_day=noon.astimezone(timezone(timedelta(hours=-7)))),
        thing("c", on_day=int(noon.timestamp())),
    ]
    with open_tables([THINGS]) as connection:
        fill_table(connection, THINGS, rows)
        assert connection.execute("SELECT DISTINCT on_day FROM things").fetchall() == [(datetime(2026, 3, 1, 12),)]  # noqa: DTZ001 - as DuckDB gives it


@pytest.mark.parametrize(
    "wrong",
    [
        {"flag": 1},
        {"flag": "true"},
        {"amount": True},
        {"amount": 1.0},
        {"amount": "1"},
        {"reasons": "author"},
        {"attribution": b"unknown"},
        {"on_day": "2026-01-01"},
        {"on_day": datetime(2026, 1, 1)},  # noqa: DTZ001 - the fault under test
        {"key": None},
    ],
)
def test_a_value_of_the_wrong_type_is_refused(wrong: dict[str, Any]) -> None:
    with (
        open_tables([THINGS]) as connection,
        pytest.raises(ValueError, match=r"holds a value of type|no time zone"),
    ):
        fill_table(connection, THINGS, [{**thing("a"), **wrong}])


def test_a_row_that_lacks_a_column_is_refused() -> None:
    row = thing("a")
    del row["flag"]
    with open_tables([THINGS]) as connection, pytest.raises(KeyError, match="flag"):
        fill_table(connection, THINGS, [row])

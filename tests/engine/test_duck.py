"""Facts in DuckDB: rows in the order of the query, whatever else is being read."""

from tests.engine.office import TABLES, office


def test_two_queries_are_read_side_by_side() -> None:
    facts = office(sites=[{"site": f"s{n:05}"} for n in range(12_000)])
    first = facts.rows("SELECT site FROM sites ORDER BY site")
    assert next(first) == ("s00000",)
    assert next(facts.rows("SELECT count(*) FROM sites")) == (12_000,)
    assert [row for (row,) in first] == [f"s{n:05}" for n in range(1, 12_000)]


def test_it_says_what_it_is() -> None:
    facts = office()
    assert facts.engine.startswith("DuckDB ")
    assert facts.tables is TABLES

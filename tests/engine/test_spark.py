"""Spark gives what DuckDB gives: expression by expression, on a cluster of a master and two workers."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from asbuilt.app.spark import open_spark
from asbuilt.engine.spark import SparkFacts, spark_sql
from asbuilt.facts.schemas import Column, Table, Type
from tests.engine.spark_cluster import cluster, needs_spark

COLUMNS: dict[str, Type] = {
    "k": "text", "n": "int", "tags": "text[]", "a": "timestamp", "b": "timestamp", "f": "bool", "s": "text",
}  # fmt: skip
TABLE = Table("t", "k", tuple(Column(name, kind, nullable=True, doc="") for name, kind in COLUMNS.items()), "")
ROWS = """
SELECT 'k' || i AS k,
  CASE WHEN i % 7 <> 0 THEN i % 5 END AS n,
  CASE i % 3 WHEN 0 THEN ['a', 'b'] WHEN 1 THEN [] END AS tags,
  CASE WHEN i % 4 <> 0 THEN TIMESTAMP '2026-01-01 00:00:00' + to_seconds(i * 7919 * 31) END AS a,
  TIMESTAMP '2026-03-30 22:30:00' - to_seconds(i * 104729) AS b,
  CASE WHEN i % 5 <> 0 THEN i % 2 = 0 END AS f,
  'É' || i AS s
FROM range(500) numbers(i)
"""
# What an expression of a control, or a query of the engine, may hold.
EXPRESSIONS = (
    "n", "b", "tags", "s", "f",
    "abs(n - 3)", "coalesce(f, FALSE)", "greatest(n, 2)", "least(n, 2)", "lower(s)",
    "len(tags)", "len(s)", "len(coalesce(tags, ['x']))", "list_contains(tags, 'a')", "list_contains(['a', 'b'], s)", "list_has_any(tags, ['a', 'z'])",
    "date_diff('second', a, b)", "date_diff('minute', a, b)", "date_diff('hour', a, b)", "date_diff('day', a, b)",
    "date_diff('week', a, b)", "date_diff('month', a, b)", "date_diff('year', a, b)",
    "n // 2", "-n // 2", "n % 3", "-n % 3", "n / 2 > 1", "n * 2 - 1", "n BETWEEN 1 AND 2", "n IN (1, 2)",
    "f AND n > 1", "f OR n > 1", "NOT f", "f IS DISTINCT FROM TRUE", "f IS NOT DISTINCT FROM NULL", "f IS NOT FALSE",
    "a IS NULL", "a > TIMESTAMP '2026-02-01 00:00:00'", "a + INTERVAL 3 DAY > b", "CASE WHEN f THEN n END",
    "strftime(a, '%Y-%m-%dT%H:%M:%SZ')", "CAST(k AS VARCHAR)", "[k, s]",
)  # fmt: skip


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SparkFacts, Path]]:
    needs_spark()
    folder = tmp_path_factory.mktemp("spark")
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({ROWS}) TO '{folder / 't.parquet'}'")
    with cluster(folder) as url, open_spark(url) as session:
        facts = SparkFacts(session, folder, {"t": TABLE})
        yield facts, folder


@pytest.mark.slow
@pytest.mark.enable_socket
@pytest.mark.filterwarnings("default")  # PySpark's own
def test_every_expression_means_the_same(spark: tuple[SparkFacts, Path]) -> None:
    facts, folder = spark
    assert facts.engine.startswith("Apache Spark ")
    columns = ", ".join(f"{expression} AS x{at}" for at, expression in enumerate(EXPRESSIONS))
    query = f"SELECT k AS item, {columns} FROM t ORDER BY item NULLS LAST"
    with duckdb.connect() as connection:
        connection.execute(f"CREATE VIEW t AS FROM '{folder / 't.parquet'}'")
        expected = connection.execute(query).fetchall()
    pairs = list(zip(expected, facts.rows(query), strict=True))
    differing = {
        expression: found
        for at, expression in enumerate(EXPRESSIONS, 1)
        if (found := [(one[0], one[at], other[at]) for one, other in pairs if one[at] != other[at]])
    }
    assert len(pairs) == 500
    assert differing == {}
    # Both workers were there.
    log = (folder / "master.log").read_text("utf-8")
    assert log.count("Launching executor") >= 2


@pytest.mark.parametrize("expression", ["n / n", "n % n", "n // (n - 1)", "n / 0", "date_diff('decade', a, b)"])
def test_what_has_no_equal_is_refused(expression: str) -> None:
    with pytest.raises(ValueError, match="Spark"):
        spark_sql(f"SELECT {expression} AS x FROM t", {"t": TABLE})

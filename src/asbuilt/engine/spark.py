"""Facts in Apache Spark: the same queries over Parquet snapshots, transpiled; equal answers, so equal digests.

A query is written once, for DuckDB. Here it is parsed, its few functions that mean something else in Spark are
replaced by what means the same, and it is written in Spark's dialect. Nothing of a control's text is passed on as
it stands.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import sqlglot
from sqlglot import exp

from asbuilt.facts.schemas import TABLES, Table

# What must hold in the session, or the answers would differ.
SETTINGS: Final[Mapping[str, str]] = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "false",  # a quotient by zero is NULL, as it is in DuckDB, and no error
    "spark.sql.parquet.inferTimestampNTZ.enabled": "true",
    "spark.sql.legacy.sizeOfNull": "false",  # the length of NULL is NULL, not -1
    "spark.sql.caseSensitive": "false",
}
_SECONDS: Final = {"SECOND": 1, "MINUTE": 60, "HOUR": 3_600}
_TYPES: Final[Mapping[str, str]] = {
    "text": "STRING",
    "bool": "BOOLEAN",
    "int": "BIGINT",
    "timestamp": "TIMESTAMP_NTZ",
    "text[]": "ARRAY<STRING>",
}
_ISO: Final = "yyyy-MM-dd'T'HH:mm:ss'Z'"


class SparkFacts:
    """Fact tables as Parquet snapshots, asked through a Spark session that the caller opened and closes.

    ``folder`` holds ``NAME.parquet`` for each table, as ``facts.frozen.snapshot_parquet`` writes them; every worker
    must see it under the same path.
    """

    def __init__(self, session: Any, folder: Path, tables: Mapping[str, Table] = TABLES) -> None:
        self._session = session
        self.tables = tables
        self.engine = f"Apache Spark {session.version}"
        for name, value in SETTINGS.items():
            session.conf.set(name, value)
        for name, table in tables.items():
            # With the columns declared, no job has to look for them in each file.
            columns = ", ".join(f"`{column.name}` {_TYPES[column.type]}" for column in table.columns)
            session.read.schema(columns).parquet(str(folder / f"{name}.parquet")).createOrReplaceTempView(name)

    def rows(self, sql: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a query in DuckDB's dialect, in its order."""
        # At once: to ask for partition after partition runs a job for each of them.
        for row in self._session.sql(spark_sql(sql, self.tables)).collect():
            yield tuple(row)


def spark_sql(sql: str, tables: Mapping[str, Table] = TABLES) -> str:
    """A query in DuckDB's dialect, written for Spark so that it gives the same rows.

    Raises:
        ValueError: it uses what has no equal there.
    """
    tree = sqlglot.parse_one(sql, read="duckdb")
    lists = {
        column.name
        for table in tree.find_all(exp.Table)
        if table.name in tables
        for column in tables[table.name].columns
        if column.type == "text[]"
    }
    return tree.transform(lambda node: _equal(node, lists)).sql(dialect="spark", comments=False)


def _equal(node: exp.Expression, lists: set[str]) -> exp.Expression:
    """What means in Spark what the node means in DuckDB."""
    if isinstance(node, exp.DateDiff):
        return _date_diff(node)
    if isinstance(node, exp.Div | exp.Mod | exp.IntDiv) and not _is_number(node.expression):
        raise ValueError("A quotient by what may be zero is another value in Spark.")
    if isinstance(node, exp.Length) and _is_list(node.this, lists):
        return exp.Anonymous(this="SIZE", expressions=[node.this])
    if isinstance(node, exp.ArrayOverlaps):
        return exp.Anonymous(this="ARRAYS_OVERLAP", expressions=[node.this, node.expression])
    if isinstance(node, exp.TimeToStr):
        return exp.Anonymous(this="DATE_FORMAT", expressions=[node.this, exp.Literal.string(_ISO)])
    return node


def _is_number(node: exp.Expression) -> bool:
    """Whether it is a number that is written out and not zero."""
    while isinstance(node, exp.Paren | exp.Neg):
        node = node.this
    return isinstance(node, exp.Literal) and not node.is_string and float(node.name) != 0


def _is_list(node: exp.Expression, lists: set[str]) -> bool:
    if isinstance(node, exp.Paren):
        return _is_list(node.this, lists)
    if isinstance(node, exp.Coalesce):
        return any(_is_list(own, lists) for own in (node.this, *node.expressions))
    return isinstance(node, exp.Array) or (isinstance(node, exp.Column) and node.name in lists)


def _date_diff(node: exp.DateDiff) -> exp.Expression:
    """DuckDB counts the boundaries of the unit between two moments; Spark would count whole units."""
    unit = (node.text("unit") or "DAY").upper().rstrip("S")
    end, start = node.this, node.expression
    if unit == "WEEK":  # the one unit of which DuckDB counts whole ones, of days
        days = exp.Paren(this=exp.Sub(this=_days(end), expression=_days(start)))
        return exp.Paren(this=exp.IntDiv(this=days, expression=exp.Literal.number(7)))
    count = _BOUNDARIES.get(unit)
    if count is None and unit not in _SECONDS:
        raise ValueError(f"The unit {unit!r} of date_diff has no equal in Spark.")
    if count is None:
        seconds = _SECONDS[unit]
        return exp.Paren(this=exp.Sub(this=_seconds(end, seconds), expression=_seconds(start, seconds)))
    return exp.Paren(this=exp.Sub(this=count(end), expression=count(start)))


def _call(name: str, *arguments: exp.Expression) -> exp.Expression:
    return exp.Anonymous(this=name, expressions=list(arguments))


def _seconds(moment: exp.Expression, unit: int) -> exp.Expression:
    whole = _call("UNIX_TIMESTAMP", moment.copy())
    return whole if unit == 1 else _call("FLOOR", exp.Div(this=whole, expression=exp.Literal.number(unit)))


def _days(moment: exp.Expression) -> exp.Expression:
    return _call("UNIX_DATE", exp.Cast(this=moment.copy(), to=exp.DataType.build("DATE")))


def _years(moment: exp.Expression) -> exp.Expression:
    return _call("YEAR", moment.copy())


def _months(moment: exp.Expression) -> exp.Expression:
    twelve = exp.Mul(this=_years(moment), expression=exp.Literal.number(12))
    return exp.Paren(this=exp.Add(this=twelve, expression=_call("MONTH", moment.copy())))


_BOUNDARIES: Final[Mapping[str, Callable[[exp.Expression], exp.Expression]]] = {
    "DAY": _days,
    "MONTH": _months,
    "YEAR": _years,
}

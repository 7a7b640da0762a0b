"""Fact tables in a DuckDB that lives in memory and can reach nothing outside."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import duckdb
import msgspec
import numpy as np

from asbuilt.facts.schemas import Column, Table
from asbuilt.model.commit import moment

TYPES: Final = {
    "text": "VARCHAR",
    "bool": "BOOLEAN",
    "int": "BIGINT",
    "timestamp": "TIMESTAMP",  # UTC
    "text[]": "VARCHAR[]",
}
_PYTHON: Final[Mapping[str, tuple[type, ...]]] = {
    "text": (str,),
    "bool": (bool,),
    "int": (int,),
    "timestamp": (int, datetime),  # Unix seconds, or a moment with its zone
    "text[]": (list, tuple),
}
# How a column of the arrays that are handed over becomes a column of the table.
_READS: Final = {"timestamp": "make_timestamp({0} * 1000000)", "text[]": """from_json({0}, '["VARCHAR"]')"""}
_CLOSED: Final[dict[str, str | bool | int | float | list[str]]] = {
    "threads": "1",
    "enable_external_access": "false",
    "allow_community_extensions": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",  # a query must not read our own variables
    "pandas_analyze_sample": "0",  # types are declared, never guessed from a sample
}


def open_tables(tables: Sequence[Table]) -> duckdb.DuckDBPyConnection:
    """A database with these tables, empty; no file, no extension, no setting can be reached from its SQL."""
    connection = duckdb.connect(":memory:", config=_CLOSED)
    connection.execute("SET lock_configuration = true")
    for table in tables:
        columns = ", ".join(f"{column.name} {TYPES[column.type]}" for column in table.columns)
        connection.execute(f"CREATE TABLE {table.name} ({columns})")
    return connection


def fill_table(connection: duckdb.DuckDBPyConnection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put rows of facts into their table.

    Raises:
        ValueError: a value is not of its column's type, or is None where the column has no room for it.
        KeyError: a row lacks a column.
    """
    if not rows:
        return
    incoming = {column.name: _array(column, [row[column.name] for row in rows]) for column in table.columns}
    reads = ", ".join(_READS.get(column.type, "{0}").format(column.name) for column in table.columns)
    connection.register("incoming", incoming)
    connection.execute(f"INSERT INTO {table.name} SELECT {reads} FROM incoming")  # noqa: S608 - names of our own schema
    connection.unregister("incoming")


def _array(column: Column, values: list[Any]) -> Any:
    """The values of one column as an array that DuckDB takes over whole."""
    wanted = _PYTHON[column.type]
    for kind in set(map(type, values)):
        wrong = kind is bool and column.type == "int"
        if kind is type(None):
            wrong = not column.nullable
        elif not issubclass(kind, wanted):
            wrong = True
        if wrong:
            raise ValueError(f"The column {column.name!r} ({column.type}) holds a value of type {kind.__name__}.")
    if column.type == "text":
        return _objects([None if value is None else str(value) for value in values])
    if column.type == "text[]":
        encode = msgspec.json.encode
        return _objects([None if value is None else encode(value).decode() for value in values])
    if column.type == "timestamp":
        values = [None if value is None else _seconds(value) for value in values]
    return np.ma.array(
        [value or 0 for value in values],
        mask=[value is None for value in values],
        dtype=np.bool_ if column.type == "bool" else np.int64,
    )


def _objects(values: list[str | None]) -> Any:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def _seconds(value: int | datetime) -> int:
    """Unix seconds within the range that dates have, as everywhere (``model.commit.moment``)."""
    at = moment(value) if isinstance(value, int) else value
    if at.tzinfo is None:
        raise ValueError(f"The moment {at} has no time zone.")
    return int(at.timestamp())

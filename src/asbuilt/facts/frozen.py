"""Facts as they leave the store: a table frozen as CSV, its digest, and Parquet snapshots."""

import hashlib
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from asbuilt.facts.database import FactStore
from asbuilt.facts.schemas import Column, Table

_AT_ONCE: Final = 5_000  # rows fetched at once
# How a value is written, NULL left out.
_TEXT: Final = {
    "text": """'"' || replace({0}, '"', '""') || '"'""",
    "bool": "{0}::VARCHAR",
    "int": "{0}::VARCHAR",
    "timestamp": "strftime({0}, '%Y-%m-%dT%H:%M:%S')"
    " || CASE WHEN microsecond({0}) % 1000000 = 0 THEN 'Z' ELSE strftime({0}, '.%fZ') END",
    "text[]": """'"' || replace(to_json({0})::VARCHAR, '"', '""') || '"'""",
}


def table_csv(store: FactStore, table: str) -> Iterator[bytes]:
    """A table as CSV (RFC 4180, UTF-8, lines end in a newline), sorted by its key: the frozen population.

    No two tables have one text: NULL is an empty field; text always stands in double quotes, so that an empty text
    is ``""``; bool is ``true`` or ``false``; a moment is ``2026-01-31T00:00:00Z``, with six more digits where there
    is a fraction; a list is a JSON array in double quotes. The first line names the columns.
    """
    schema = store.tables[table]
    yield (",".join(column.name for column in schema.columns) + "\n").encode()
    line = " || ',' || ".join(_written(column) for column in schema.columns)
    found = store.connection.cursor().execute(
        f"SELECT {line} FROM {table} ORDER BY {_order(schema)}"  # noqa: S608 - names of our own schema
    )
    while rows := found.fetchmany(_AT_ONCE):
        yield ("\n".join(row[0] for row in rows) + "\n").encode()


def table_digest(store: FactStore, table: str) -> str:
    """The SHA-256 of a table's CSV, in hex."""
    digest = hashlib.sha256()
    for piece in table_csv(store, table):
        digest.update(piece)
    return digest.hexdigest()


def snapshot_parquet(store: FactStore, folder: Path, tables: Collection[str] | None = None) -> dict[str, str]:
    """Write tables as ``folder/NAME.parquet``, rows sorted by key; gives the SHA-256 of each file, in hex.

    Args:
        store: of which facts.
        folder: made when it is not there.
        tables: their names; None writes all.

    Raises:
        OSError: the folder cannot be written.
    """
    names = sorted(store.tables if tables is None else tables)
    folder.mkdir(parents=True, exist_ok=True)
    store.exchange.mkdir(mode=0o700, exist_ok=True)
    digests: dict[str, str] = {}
    try:
        for name in names:
            leaving = store.exchange / f"{name}.parquet"
            target = str(leaving).replace("'", "''")
            store.connection.execute(
                f"COPY (SELECT * FROM {name} ORDER BY {_order(store.tables[name])})"  # noqa: S608 - names of our own schema
                f" TO '{target}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)"
            )
            with leaving.open("rb") as file:
                digests[name] = hashlib.file_digest(file, "sha256").hexdigest()
            shutil.move(leaving, folder / f"{name}.parquet")
    finally:
        shutil.rmtree(store.exchange, ignore_errors=True)
    return digests


def _written(column: Column) -> str:
    return f"coalesce({_TEXT[column.type].format(_name(column.name))}, '')"


def _order(table: Table) -> str:
    """By the key; then by every other column, so that rows of one key have one order too."""
    first = next(column for column in table.columns if column.name == table.key)
    rest = (column for column in table.columns if column is not first)
    return ", ".join(f"{_name(column.name)} NULLS FIRST" for column in (first, *rest))


def _name(name: str) -> str:
    return f'"{name}"'

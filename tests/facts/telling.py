"""Records of facts, and a store made from them: what tests of derived SQL start with."""

import json
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from asbuilt.facts.schemas import TABLES
from asbuilt.facts.store import FactStore, open_facts, project
from asbuilt.model.record import Record, encode_entry

OBSERVED = "2026-07-02T00:00:00Z"


def moment(text: str) -> int:
    """Unix seconds of ``2026-01-31`` or ``2026-01-31T12:00:00Z``."""
    at = datetime.fromisoformat(text)
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())


def tell(
    table: str, *, source: str = "test", observed: str = OBSERVED, recorded: str | None = None, **columns: Any
) -> Record:
    """A record of a row of a recorded table; columns left out are NULL, dates alone are midnight UTC.

    Columns that a row must have and that do not matter are filled: text ``x``, bool False, int 0,
    timestamp 2026-01-01.
    """
    schema = TABLES[table]
    unknown = columns.keys() - {column.name for column in schema.told}
    assert not unknown, f"{table} has no {unknown}"
    fill: dict[str, Any] = {"text": "x", "bool": False, "int": 0, "timestamp": "2026-01-01T00:00:00Z", "text[]": []}
    told: dict[str, Any] = {}
    for column in schema.told:
        value = columns.get(column.name)
        if value is None:
            if column.nullable:
                continue
            value = fill[column.type]
        if column.type == "timestamp" and len(value) == len("2026-01-31"):
            value += "T00:00:00Z"
        told[column.name] = value
    occurred = told.get(schema.occurred) if schema.occurred else None
    return Record(
        source=source,
        event=" | ".join(str(told.get(name, "")) for name in schema.identity),
        kind=f"fact/{table}",
        payload=json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode(),
        observed=moment(observed),
        recorded=moment(recorded or observed),
        by="tester",
        how="test",
        occurred=None if occurred is None else moment(occurred),
    )


def covering(*tables: str, since: str = "2026-01-01", until: str = "2026-07-01") -> list[Record]:
    """An extract for each of the tables that covers [since, until)."""
    return [
        tell(
            "extracts", extract=f"{table} {since} {until}", population=table, covers_from=since, covers_until=until
        )
        for table in tables
    ]


def facts_of(
    records: Iterable[Record], only: Collection[str] | None = None, place: Path | None = None
) -> FactStore:
    """A store (in memory without a place) with these records projected and derived; ``only`` these derived tables and no others.

    A derived table that others need must be named too.
    """
    store = open_facts(place, origin="test", only=only)
    found = project(store, [encode_entry(record) for record in records], start=0)
    assert found.refused == (), found.refused
    return store


def rows_of(store: FactStore, table: str) -> list[dict[str, Any]]:
    """The rows of a table in the order of its key, as dictionaries; moments as RFC 3339 text."""
    cursor = store.connection.execute(f"SELECT * FROM {table} ORDER BY {store.tables[table].key}")
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, map(_plain, row), strict=True)) for row in cursor.fetchall()]


def _plain(value: Any) -> Any:
    return value.strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(value, datetime) else value

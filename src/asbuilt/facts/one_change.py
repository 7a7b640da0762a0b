"""The row of ``changes`` of one change, from rows that are at hand: no ledger, no store, the same SQL.

1. The tables that ``derived/changes.sql`` names are made in memory, with just these rows; of two rows of one event
   the first is taken.
2. What macros read (coverage, identities) is filled as the store fills it.
3. ``changes.sql`` runs as it stands, the one change driving it.

What a store over the same records derives is the same row (``tests/facts/test_one_change.py``).
"""

import re
from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import duckdb

from asbuilt.facts.schemas import TABLES, Table
from asbuilt.model.commit import moment

_HERE: Final = Path(__file__).parent
_SEEN: Final = "changes_seen"
_TYPES: Final = {
    "text": "VARCHAR",
    "bool": "BOOLEAN",
    "int": "BIGINT",
    "timestamp": "TIMESTAMP",  # UTC
    "text[]": "VARCHAR[]",
}
_CLOSED: Final[dict[str, str | bool | int | float | list[str]]] = {
    "threads": "1",
    "enable_external_access": "false",
    "allow_community_extensions": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",  # a query must not read our own variables
}
_KEPT: Final = """
CREATE SCHEMA kept;
CREATE TABLE kept.coverage (population VARCHAR, covers_from TIMESTAMP, covers_until TIMESTAMP);
CREATE TABLE kept.part_coverage (population VARCHAR, part VARCHAR, covers_from TIMESTAMP, covers_until TIMESTAMP);
CREATE TABLE kept.identities (account VARCHAR, person VARCHAR);
CREATE TABLE kept.joined (address VARCHAR, login VARCHAR);
"""
# As ``facts.deriving`` fills it.
_IDENTITIES: Final = """
INSERT INTO kept.identities
SELECT DISTINCT account_of(unnest(list_append(coalesce(identities, []), person))), person FROM people
"""
_JOINED: Final = """
INSERT INTO kept.joined
SELECT DISTINCT account_of(told), account_of(login)
FROM (
  SELECT author AS told, author_login AS login FROM request_commits
  UNION
  SELECT committer, committer_login FROM request_commits
)
WHERE contains(told, '<') AND login <> 'web-flow'
"""


def tables_of_changes() -> dict[str, Table]:
    """The recorded tables that ``changes.sql`` reads, and the people list, by name."""
    words = set(re.findall(r"\w+", (_HERE / "derived" / "changes.sql").read_text("utf-8"))) | {_SEEN, "people"}
    return {name: table for name, table in TABLES.items() if name in words and table.recorded}


def derive_change(
    rows: Mapping[str, Sequence[Mapping[str, Any]]], covered: Collection[str], *, repository: str, now: int
) -> dict[str, Any]:
    """The row of ``changes`` of the one row of ``changes_seen``.

    Args:
        rows: by table; columns that are left out are NULL, moments are RFC 3339 text.
        covered: tables of which every row of this repository until ``now`` is there.
        repository: ``owner/name``.
        now: Unix seconds.

    Raises:
        ValueError: a row lacks a column, or holds what its column cannot.
    """
    tables = tables_of_changes()
    with closing(duckdb.connect(":memory:", config=_CLOSED)) as connection:
        run = connection.execute
        run("SET lock_configuration = true")
        # (1)
        run(_KEPT)
        for name, table in tables.items():
            run(_declared(table))
            for values in _distinct(table, rows.get(name, ()), now):
                places = ", ".join("?" * len(values))
                listed = ", ".join(f'"{column}"' for column in values)
                try:
                    run(f"INSERT INTO {name} ({listed}) VALUES ({places})", list(values.values()))  # noqa: S608 - names of our own schema
                except duckdb.Error as error:
                    raise ValueError(f"A row of {name} does not fit: {str(error).splitlines()[0]}") from error
        # (2)
        run((_HERE / "macros.sql").read_text("utf-8"))
        run(_IDENTITIES)
        run(_JOINED)
        for name in sorted(covered):
            run(
                "INSERT INTO kept.part_coverage VALUES (?, ?, TIMESTAMP '1970-01-01', make_timestamp(?))",
                [name, repository, (now + 1) * 1_000_000],
            )
        # (3)
        cursor = run((_HERE / "derived" / "changes.sql").read_text("utf-8").strip().rstrip(";"))
        names = [column[0] for column in cursor.description or ()]
        (row,) = cursor.fetchall()
    found = dict(zip(names, row, strict=True))
    return {
        name: value.replace(tzinfo=UTC) if isinstance(value, datetime) else value for name, value in found.items()
    }


def _declared(table: Table) -> str:
    columns = [
        f'"{column.name}" {_TYPES[column.type]}{"" if column.nullable else " NOT NULL"}' for column in table.columns
    ]
    columns += ["position BIGINT"]
    columns += [f"{name}_hash UBIGINT AS (hash({name}))" for name in ("record_id", "change_id", "head_commit")] * (
        table.name == _SEEN
    )
    return f"CREATE TABLE {table.name} ({', '.join(columns)})"


def _distinct(table: Table, rows: Sequence[Mapping[str, Any]], now: int) -> list[dict[str, Any]]:
    """The first row of each event, with where it comes from."""
    found: dict[str, dict[str, Any]] = {}
    at = moment(now).replace(tzinfo=None)
    for number, row in enumerate(rows):
        event = " | ".join(str(row.get(name)) for name in table.identity)
        if event in found:
            continue
        own = {"record_id": event, "recorded_from": "gate", "observed_at": at, "recorded_at": at, "record": ""}
        told = {column.name: _value(column.type, row[column.name]) for column in table.told if column.name in row}
        occurred = told.get(table.occurred or "")
        found[event] = {**own, "occurred_at": occurred, "position": number, **told}
    return list(found.values())


def _value(kind: str, value: Any) -> Any:
    if kind != "timestamp" or value is None:
        return list(value) if isinstance(value, tuple) else value
    return datetime.fromisoformat(value).astimezone(UTC).replace(tzinfo=None)

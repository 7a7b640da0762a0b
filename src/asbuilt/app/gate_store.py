"""The pending change beside what is known of its request, derived by the very SQL that derives landed changes.

1. What a ledger knows of this request, this head and these people is taken out of its facts.
2. All of it, and the pending change as if it landed now, goes into a store in memory, as records would.
3. The one row of ``changes`` that comes out is what an audit would see.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from asbuilt.app.chain_facts import open_ledger_facts
from asbuilt.app.gate_change import Pending, written
from asbuilt.app.gate_request import Known
from asbuilt.facts.database import DERIVED
from asbuilt.facts.schemas import TABLES, Table
from asbuilt.facts.store import FactStore, open_facts, project
from asbuilt.model.inspection import Gap
from asbuilt.model.progress import silent
from asbuilt.model.record import FACT, Record, encode_entry

# How the rows of a table are those of one request; the others are taken whole.
_OF_REQUEST: Final = {
    "requests": "repository = $repository AND number = $number",
    "request_commits": "repository = $repository AND number = $number",
    "request_events": "repository = $repository AND number = $number",
    "reviews": "repository = $repository AND (number = $number OR commit = $head)",
    "checks": "repository = $repository AND commit = $head",
    "coverings": "repository = $repository AND change_id = $head",
}
_WHOLE: Final = ("people", "accounts", "privileged_roles", "path_rights", "repositories")
FRESH: Final = 600  # seconds: a ledger that was synced within them is taken for now
_CHANGE: Final = "changes_seen"


def judged_row(pending: Pending, known: Iterable[Known], now: int) -> tuple[dict[str, Any], tuple[Gap, ...]]:
    """The row of ``changes`` of a change that would land at ``now``, and what of the known could not be used."""
    # (2)
    told = list(known)
    tables = _needed()
    with open_facts(None, origin="gate", tables=tables, only=["changes"]) as store:
        done = project(store, list(_entries(pending, told, tables, now)), start=0)
        # (3)
        (row,) = _rows(store, "SELECT * FROM changes WHERE change_id = $head", {"head": pending.head})
    return row, done.refused


def ledger_facts(folder: Path, pending: Pending, number: int | None, now: int) -> Known:
    """What the ledger's facts hold about a request and its head, where it was brought up to date just now.

    Raises:
        UsageError, SourceError, LedgerError: see ``ledger.open_ledger``.
    """
    # (1)
    asked = {"repository": pending.repository, "number": number, "head": pending.head}
    rows: dict[str, list[dict[str, Any]]] = {}
    with open_ledger_facts(folder, silent) as facts:
        store = facts.store
        for name in _needed():
            if name in _OF_REQUEST:
                rows[name] = _told(store, TABLES[name], _OF_REQUEST[name], asked)
            elif name in _WHOLE:
                rows[name] = _told(store, TABLES[name], "true", {})
        spans = _rows(
            store,
            "SELECT DISTINCT population, covers_until FROM kept.part_coverage"
            " WHERE coalesce(part = $repository, true)",
            {"repository": pending.repository},
        )
    fresh = frozenset(
        span["population"]
        for span in spans
        if span["population"] in _OF_REQUEST and int(span["covers_until"].timestamp()) >= now - FRESH
    )
    stale = [name for name in ("reviews", "checks") if name not in fresh]
    for name in stale:  # an approval may have been taken back since, a check may have failed
        rows.pop(name, None)
    return Known(rows, fresh, tuple(_stale(name) for name in stale), "ledger", number)


def _stale(name: str) -> Gap:
    return Gap(
        "GAP-STALE",
        f"The ledger does not know the {name} of the last {FRESH // 60} minutes, so none of them was taken.",
        "What was approved or succeeded then may have been taken back since.",
        "Run `asbuilt sync github OWNER/REPO` just before the gate.",
    )


def _needed() -> dict[str, Table]:
    """The tables that the SQL of ``changes`` names, and those that it reads through macros."""
    words = set(re.findall(r"\w+", (DERIVED / "changes.sql").read_text("utf-8")))
    words |= {"changes", _CHANGE, "extracts", "people"}
    return {
        name: table for name, table in TABLES.items() if name in words and (table.recorded or name == "changes")
    }


def _entries(pending: Pending, known: Iterable[Known], tables: Mapping[str, Table], now: int) -> Iterator[bytes]:
    yield _entry(tables[_CHANGE], {**pending.seen, "landed_at": written(now)}, now)
    for number, group in enumerate(pending.config.same_people):
        person = {"person": f"same {number}", "name": group[0], "starts_at": written(0), "identities": list(group)}
        yield _entry(tables["people"], person, now)
    for one in known:
        for name, rows in one.rows.items():
            if name in tables:
                for row in rows:
                    told = _renamed(row, pending.repository)
                    yield _entry(tables[name], _as_landed(name, told, pending, now), now)
        for name in sorted(one.covered):
            yield _entry(tables["extracts"], _extract(name, pending.repository, one.source, now + 1), now)


def _renamed(row: dict[str, Any], repository: str) -> dict[str, Any]:
    """A row of the same repository, whatever its letter case there: a forge takes both for one."""
    own = row.get("repository")
    return (
        {**row, "repository": repository}
        if isinstance(own, str) and own.casefold() == repository.casefold()
        else row
    )


def _as_landed(table: str, row: dict[str, Any], pending: Pending, now: int) -> dict[str, Any]:
    """The request as its forge would tell it once the change had landed now, by this very head."""
    if table != "requests" or row.get("number") != pending.seen["number"]:
        return row
    landed = {
        "state": "merged",
        "merged_at": written(now),
        "merge_commit": pending.head,
        "head_commit": pending.head,
    }
    return {**row, **landed, "closed_at": written(now)}


def _extract(table: str, repository: str, source: str, until: int) -> dict[str, Any]:
    return {
        "extract": f"{source}: {table} until {until}",
        "population": table,
        "source": source,
        "part": repository,
        "covers_from": written(0),
        "covers_until": written(until),
        "ended_at": written(until),
        "truncated": False,
        "row_count": 0,
    }


def _entry(table: Table, told: Mapping[str, Any], now: int) -> bytes:
    kept = {name: value for name, value in told.items() if value is not None}
    event = " | ".join(str(kept.get(name)) for name in table.identity)
    return encode_entry(
        Record("gate", event, f"{FACT}{table.name}", msgspec.json.encode(kept), now, now, "asbuilt gate", "gate")
    )


def _told(store: FactStore, table: Table, where: str, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    names = ", ".join(f'"{column.name}"' for column in table.told)
    used = {name: value for name, value in asked.items() if f"${name}" in where}
    rows = _rows(store, f"SELECT {names} FROM {table.name} WHERE {where}", used)  # noqa: S608 - names of our own schema
    return [
        {
            name: written(int(value.timestamp())) if isinstance(value, datetime) else value
            for name, value in row.items()
        }
        for row in rows
    ]


def _rows(store: FactStore, sql: str, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    cursor = store.connection.execute(sql, dict(asked))
    names = [column[0] for column in cursor.description or ()]
    return [
        {
            name: value.replace(tzinfo=UTC) if isinstance(value, datetime) else value
            for name, value in zip(names, row, strict=True)
        }
        for row in cursor.fetchall()
    ]

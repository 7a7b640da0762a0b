"""What a ledger's facts hold about a request that wants to land.

1. The ledger's facts are brought up to it.
2. Of each table the rows of this request, this head and these people are taken.
3. Reviews and checks that it has not read within the last minutes are left out: they may have been taken back.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from asbuilt.app.chain_facts import LedgerFacts, open_ledger_facts
from asbuilt.app.gate_change import Pending, written
from asbuilt.app.gate_request import Known
from asbuilt.facts.one_change import tables_of_changes
from asbuilt.facts.schemas import Table
from asbuilt.model.inspection import Gap
from asbuilt.model.progress import silent

FRESH: Final = 600  # seconds: a ledger that was synced within them is taken for now
# How the rows of a table are those of one request, and of its head.
_OF_REQUEST: Final = {
    "requests": "repository = $repository AND number = $number",
    "request_commits": "repository = $repository AND number = $number",
    "request_events": "repository = $repository AND number = $number",
    "reviews": "repository = $repository AND (number = $number OR commit = $head)",
    "checks": "repository = $repository AND commit = $head",
    "coverings": "repository = $repository AND change_id = $head",
}
# Tables about people and rights, which are taken whole.
_WHOLE: Final = ("people", "accounts", "privileged_roles", "path_rights", "repositories")
_MUST_BE_FRESH: Final = ("reviews", "checks")


def ledger_facts(folder: Path, pending: Pending, number: int | None, now: int) -> Known:
    """What the ledger knows of a request and its head, where it was brought up to date just now.

    Raises:
        UsageError, SourceError, LedgerError: see ``ledger.open_ledger``.
    """
    asked = {"repository": pending.repository, "number": number, "head": pending.head}
    rows: dict[str, list[dict[str, Any]]] = {}
    # (1)
    with open_ledger_facts(folder, silent) as facts:
        # (2)
        for name, table in tables_of_changes().items():
            if name in _OF_REQUEST:
                rows[name] = _told(facts, table, _OF_REQUEST[name], asked)
            elif name in _WHOLE:
                rows[name] = _told(facts, table, "true", {})
        spans = facts.rows(
            "SELECT population, max(covers_until) AS covers_until FROM kept.part_coverage"
            " WHERE coalesce(part = ?, true) GROUP BY population",
            pending.repository,
        )
    # (3)
    until = {span["population"]: _seconds(span["covers_until"]) for span in spans}
    fresh = frozenset(name for name in _OF_REQUEST if until.get(name, 0) >= now - FRESH)
    stale = [name for name in _MUST_BE_FRESH if name not in fresh]
    for name in stale:
        rows.pop(name, None)
    return Known(rows, fresh, tuple(_stale(name) for name in stale), "ledger", number)


def _told(facts: LedgerFacts, table: Table, where: str, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    names = ", ".join(f'"{column.name}"' for column in table.told)
    used = {name: value for name, value in asked.items() if f"${name}" in where}
    cursor = facts.store.connection.execute(f"SELECT {names} FROM {table.name} WHERE {where}", used)  # noqa: S608 - names of our own schema
    rows = [dict(zip((column.name for column in table.told), row, strict=True)) for row in cursor.fetchall()]
    return [
        {name: written(_seconds(value)) if isinstance(value, datetime) else value for name, value in row.items()}
        for row in rows
    ]


def _seconds(value: datetime) -> int:
    return int(value.replace(tzinfo=UTC).timestamp())


def _stale(name: str) -> Gap:
    return Gap(
        "GAP-STALE",
        f"The ledger does not know the {name} of the last {FRESH // 60} minutes, so none of them was taken.",
        "What was approved or succeeded then may have been taken back since.",
        "Run `asbuilt sync github OWNER/REPO` just before the gate.",
    )

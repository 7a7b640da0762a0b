"""A small company in DuckDB: rules that hold or not, drills that recur, the sites they are for, and things."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from asbuilt.engine.audit import Tested
from asbuilt.engine.audit import test_controls as run_controls
from asbuilt.engine.duck import DuckFacts
from asbuilt.engine.tables import fill_table, open_tables
from asbuilt.facts.schemas import TABLES as ALL
from asbuilt.facts.schemas import Table
from asbuilt.facts.schemas.table import column, maybe, recorded, state
from asbuilt.model.result import Control, ControlKind, Outcome
from asbuilt.model.window import Window
from tests.engine import rows

DAY = 86_400
RULES = state(
    "rules",
    "",
    (
        column("branch", "text", ""),
        maybe("site", "text", ""),
        maybe("forced", "bool", ""),
        maybe("why", "text", ""),
    ),
    identity=("branch",),
)
DRILLS = recorded(
    "drills",
    "",
    (
        column("drill", "text", ""),
        maybe("site", "text", ""),
        maybe("held_at", "timestamp", ""),
        maybe("good", "bool", ""),
    ),
    identity=("drill",),
    part="site",
    parts="sites",
)
SITES = recorded(
    "sites",
    "",
    (
        column("site", "text", ""),
        maybe("in_scope", "bool", ""),
        maybe("in_use_from", "timestamp", ""),
        maybe("in_use_until", "timestamp", ""),
    ),
    identity=("site",),
)
THINGS = recorded(
    "things",
    "",
    [one for one in rows.THINGS.columns if one.name != "key"] + [column("key", "text", "")],
    identity=("key",),
)
TABLES: dict[str, Table] = {
    table.name: table for table in (RULES, DRILLS, SITES, THINGS, ALL["extracts"], ALL["waivers"])
}
_DEFAULTS: dict[str, Any] = {"text": "x", "bool": False, "int": 0, "timestamp": 0, "text[]": []}


def at(text: str) -> int:
    """``2026-01-31`` or ``2026-01-31T12:00`` as Unix seconds, UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


YEAR = Window(at("2026-01-01"), at("2027-01-01"))
NOW = at("2028-01-01")


def office(**told: Iterable[dict[str, Any]]) -> DuckFacts:
    """Facts with these rows; a column left out is NULL, or where it may not be, a value that means nothing."""
    connection = open_tables(list(TABLES.values()))
    for name, own in told.items():
        table = TABLES[name]
        given = [
            {one.name: row.get(one.name, None if one.nullable else _DEFAULTS[one.type]) for one in table.columns}
            for row in own
        ]
        if table.key == "record_id":
            given = [{**row, "record_id": f"r{n}"} for n, row in enumerate(given)]
        fill_table(connection, table, given)
    return DuckFacts(connection, TABLES)


def extract(population: str, start: str = "2020-01-01", end: str = "2027-12-01", **more: Any) -> dict[str, Any]:
    """An extract that covers a time whole, taken as it ended."""
    told = {
        "covers_from": at(start),
        "covers_until": at(end),
        "ended_at": at(end),
        "row_count": 0,
        "second_count": 0,
    }
    return {"extract": f"{population} {start}", "population": population, "source": "x", **told, **more}


def state_control(**more: Any) -> Control:
    """Rules are forced, on every site."""
    told = {"kind": ControlKind.STATE, "population": "rules", "settings": {}, "because": ("why",)}
    return rows.control(**{"expect": "forced", **told, **more})


def cadence_control(every: str = "quarter", grace: int = 0, **more: Any) -> Control:
    """A drill is held so often."""
    told = {
        "kind": ControlKind.CADENCE,
        "population": "drills",
        "at": "held_at",
        "settings": {"every": every, "grace_days": grace},
    }
    return rows.control(**{"expect": "good", **told, **more})


def audited(facts: DuckFacts, own: Control, window: Window = YEAR, **more: Any) -> Tested:
    """One control over one window."""
    (found,) = run_controls(facts, [own], window, **{"now": NOW, **more})
    return found


def verdicts(found: Tested) -> dict[str, str]:
    """The verdict of every item."""
    words = {ord(outcome.value[0].upper()): outcome.value for outcome in Outcome}
    return {item: words[letter] for item, letter in zip(found.outcomes.items, found.outcomes.letters, strict=True)}


def spans(stretches: Sequence[Any]) -> list[tuple[int, int, str]]:
    """Spans as plain tuples."""
    return [(own.start, own.end, own.state) for own in stretches]

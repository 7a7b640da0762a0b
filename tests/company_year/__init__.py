"""A simulated company: a whole year of it, with every population an audit asks for, as ledger records.

``world.py`` holds who and what there is; each other module tells the tables of one module of ``facts/schemas``:
``records(world)`` yields them, and ``PLANTS`` names single things that can be made wrong. ``year(world)`` puts them
together, ``plants()`` names them all. Nothing here looks at a clock: the same world gives the same bytes.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from datetime import datetime
from types import ModuleType
from typing import Any

from asbuilt.facts import schemas
from asbuilt.facts.schemas import TABLES
from asbuilt.model.record import FACT, Record
from tests.company_year.world import Plant, World, columns_of

# Recorded tables that a good year leaves empty, and why.
LEFT_EMPTY = {
    "deviation_notes": "nothing deviates",
    "gaps": "every source could be read",
    "overrides": "nobody lets a change pass the gate against its answer",
    "waivers": "nothing deviates",
}
# Recorded tables that stand in no extract, and why.
WITHOUT_EXTRACT = {"extracts": "the ledger itself is their source"}


def modules() -> dict[str, ModuleType]:
    """The modules of this folder that tell tables, by name."""
    found = {
        info.name: importlib.import_module(f"{__name__}.{info.name}")
        for info in sorted(pkgutil.iter_modules(__path__), key=lambda info: info.name)
    }
    return {name: module for name, module in found.items() if hasattr(module, "records")}


def year(world: World) -> list[Record]:
    """Everything that the company recorded about its year."""
    return [record for module in modules().values() for record in told_by(module, world)]


def rows_told(world: World, table: str) -> list[dict[str, Any]]:
    """The rows of a recorded table, whichever module tells them; moments as datetimes. Empty where none does."""
    module = modules().get(_module_of(table))
    found = [] if module is None else [one for one in module.records(world) if one.kind == f"{FACT}{table}"]
    moments = [column.name for column in TABLES[table].told if column.type == "timestamp"]
    rows = [columns_of(record) for record in found]
    for row in rows:
        row |= {name: datetime.fromisoformat(row[name]) for name in moments if name in row}
    return rows


def _module_of(table: str) -> str:
    """The module of ``facts/schemas`` that declares a table: the one of the same name here tells it."""
    return next(
        name
        for name in (info.name for info in pkgutil.iter_modules(schemas.__path__))
        for own in getattr(importlib.import_module(f"{schemas.__name__}.{name}"), "TABLES", ())
        if own.name == table
    )


def told_by(module: ModuleType, world: World) -> Iterator[Record]:
    """What one module tells.

    Raises:
        AssertionError: a table has rows and no extract, or an extract and no rows.
    """
    rows: set[str] = set()
    extracts: set[str] = set()
    for record in module.records(world):
        table = record.kind.removeprefix(FACT)
        rows.add(table)
        if table == "extracts":
            extracts.add(record.event.split(" | ")[0])
        yield record
    without = {table for table in rows if table not in extracts} - WITHOUT_EXTRACT.keys()
    assert not without, f"{module.__name__} tells {sorted(without)} and no extract of them"


def tables_told(records: list[Record]) -> set[str]:
    """The recorded tables that these records tell."""
    return {record.kind.removeprefix(FACT) for record in records}


def tables_missing(records: list[Record]) -> set[str]:
    """The recorded tables of which these records tell nothing, without those that a good year leaves empty."""
    return {name for name, table in TABLES.items() if table.recorded} - tables_told(records) - LEFT_EMPTY.keys()


def plants() -> dict[str, Plant]:
    """Every single thing that can be made wrong, by module and name."""
    return {
        f"{name}: {own}": plant
        for name, module in modules().items()
        for own, plant in getattr(module, "PLANTS", {}).items()
    }

"""The page of the fact tables: every table and column as declared, and how their rows come to be."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from importlib.resources import files

from asbuilt.facts import schemas
from asbuilt.facts.schemas import HELD, PROVENANCE, Column, Table

_OWN = {column.name for column in PROVENANCE}
_HELD = {column.name for column in HELD}


def facts_page() -> str:
    """Every fact table, one heading for each module that declares some."""
    tables = schemas.TABLES.values()
    recorded, states = sum(table.recorded for table in tables), sum(table.state for table in tables)
    head = (
        f"# Fact tables\n\n{len(schemas.TABLES)} tables: {recorded} recorded ({states} of them state tables), "
        f"{len(schemas.TABLES) - recorded} derived.\n"
    )
    return "\n".join(
        [head, _ABOUT, _columns(PROVENANCE), _TIMES, _columns(HELD), _SQL.format(macros=_macros()), *_parts()]
    )


def _macros() -> str:
    """Every macro, told by the comment above it that begins with its name."""
    text = files("asbuilt.facts").joinpath("macros.sql").read_text("utf-8")
    told = {}
    for block in re.findall(r"(?:^-- .*\n)+", text, re.MULTILINE):
        said = " ".join(line.removeprefix("-- ") for line in block.splitlines())
        told[said.partition("(")[0]] = said.partition(": ")[2]
    rows = "".join(
        f"| `{name}({names})` | {_cell(told.get(name, 'What the next one is made of.'))} |\n"
        for name, names in re.findall(r"MACRO (\w+)\(([^)]*)\)", text)
    )
    return f"| macro | what it gives |\n|---|---|\n{rows}"


def _parts() -> Iterator[str]:
    for name in sorted(info.name for info in pkgutil.iter_modules(schemas.__path__)):
        module = importlib.import_module(f"{schemas.__name__}.{name}")
        if tables := getattr(module, "TABLES", ()):
            said = (module.__doc__ or "").split("\n\n")[0]
            yield f"## In `{name}`\n\n{' '.join(said.split())}\n"
            yield from (_table(table) for table in sorted(tables, key=lambda table: table.name))


def _table(table: Table) -> str:
    standing = [f"{'Recorded' if table.recorded else 'Derived'}{', a state' if table.state else ''}."]
    if table.recorded:
        standing.append(f"A row is identified by {', '.join(f'`{own}`' for own in table.identity)}.")
        if table.occurred and not table.state:
            standing.append(f"It happened at `{table.occurred}`.")
        if table.part:
            listed = f", and `{table.parts}` lists them all" if table.parts else ""
            standing.append(f"An extract may be of one `{table.part}` alone{listed}.")
    else:
        standing.append(f"Key: `{table.key}`.")
        behind = ", ".join(f"`{own}`" for own in table.covered_by)
        standing.append(f"Complete where extracts of {behind} are." if behind else "No extract makes it complete.")
    apart = {*(_OWN if table.recorded else ()), *(_HELD if table.state else ())}
    own = [column for column in table.columns if column.name not in apart]
    return f"### `{table.name}`\n\n{_cell(table.doc)} {' '.join(standing)}\n\n{_columns(own)}"


def _columns(columns: list[Column] | tuple[Column, ...]) -> str:
    rows = "".join(
        f"| `{column.name}` | {column.type} | {'may be' if column.nullable else 'never'} | {_cell(column.doc)} |\n"
        for column in columns
    )
    return f"| column | type | NULL | what it holds |\n|---|---|---|---|\n{rows}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")


_ABOUT = """\
Facts are what controls are tested on. They come from the [ledger](ledger.md) and from nothing else: the database that
holds them lies in the user's cache, may be deleted at any time, and is made again from the first entry. Only what is
new in the ledger is read when there is something new.

## How a record becomes a row

1. A record of kind `fact/TABLE` tells one row: a JSON object of the table's columns. What is left out is NULL.
   [`asbuilt record`](record.md) writes such records; so may any program, through
   [`asbuilt ledger append`](ledger.md). Records of other kinds are kept, and are no facts.
2. A record that fits no table (an unknown column, a wrong type, a moment without a zone) is refused by name: it stays
   in the ledger, and stands in every audit under *What could not be seen*.
3. The columns that identify a row, joined by ` | `, are its id. Of the records of one id the newest counts: the one
   that was observed last; of two observed together the one recorded last; then the greater digest of the payload. So
   the tables do not depend on the order in which the ledger took the records.
4. Derived tables are then made from these.

NULL means *could not be seen*, never *no*. A column that may never be NULL is required when a row is recorded.

The last columns of every recorded table say where a row comes from, and are not repeated below:
"""

_TIMES = """\
Three times are three columns: when it happened, when the source was read, when the ledger took it. A test uses the
first; the second decides what a look proves; the third is evidence of nothing but itself.

## State tables

A row of a state table says which values held for one subject over [`held_from`, `held_until`). A snapshot leaves both
open: it then speaks of the moment of looking. These columns are not repeated below either:
"""

_SQL = """\
## Derived tables

Each is one SELECT in `asbuilt/facts/derived/NAME.sql` over other tables, in DuckDB's dialect; a comment at its head
says what each judgement means. It gives the same rows each time: no clock, no chance, an order in every list. Besides
tables and DuckDB's functions it may use these macros:

{macros}
A population is **complete** in a window where extracts of every table named under *complete where* cover it; the rules
are in [audit](audit.md#how-complete-a-population-is). `table_csv` freezes a table for a [package](package.md):
sorted by key, NULL an empty field, text always in double quotes.

## What a database program may do

The database reaches no file, no network and no extension. A table that is derived takes no records: record the tables
that it is made from.
"""

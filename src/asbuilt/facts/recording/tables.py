"""The tables that take records, and how to begin to fill one."""

import difflib
import json
from typing import Literal

from asbuilt.facts.recording.values import quoted
from asbuilt.facts.schemas import TABLES, Column, Table
from asbuilt.model.errors import UsageError

Form = Literal["csv", "jsonl", "yaml"]

_EXAMPLES = {
    "text": "…",
    "bool": "true",
    "int": "0",
    "timestamp": "2026-01-31T00:00:00Z",
    "text[]": '["…"]',
}


def recorded_tables() -> tuple[Table, ...]:
    """Every table that takes records, by name."""
    return tuple(TABLES[name] for name in sorted(TABLES) if TABLES[name].recorded)


def find_table(name: str) -> Table:
    """The recorded table of that name.

    Raises:
        UsageError: there is none, or it is derived from others.
    """
    table = TABLES.get(name)
    if table is not None and table.recorded:
        return table
    if table is not None:
        instead = " or ".join(table.covered_by)
        raise UsageError(
            f"{name} is derived from other tables and takes no records.",
            fix=f"Record {instead}." if instead else "`asbuilt record --list` lists the tables that take records.",
        )
    close = difflib.get_close_matches(name, [each.name for each in recorded_tables()], 3, 0.6)
    raise UsageError(
        f"There is no table {quoted(name)}.",
        fix=(f"Did you mean {' or '.join(close)}? " if close else "")
        + "`asbuilt record --list` lists the tables that take records.",
    )


def list_tables() -> str:
    """Every table that takes records, with what a row of it stands for."""
    width = max(len(table.name) for table in recorded_tables())
    return "".join(f"{table.name:{width}}  {table.doc}\n" for table in recorded_tables())


def template(table: Table, form: Form) -> str:
    """An empty file of that form, for a person to fill."""
    if form == "csv":
        return ",".join(column.name for column in table.told) + "\n"
    if form == "jsonl":
        row = {column.name: None if column.nullable else json.loads(_example(column)) for column in table.told}
        return json.dumps(row, ensure_ascii=False) + "\n"
    rows = "".join(
        f"  {'-' if number == 0 else ' '} {column.name}: {'null' if column.nullable else _example(column)}"
        f"  # {_says(column)}\n"
        for number, column in enumerate(table.told)
    )
    return f"# {table.doc}\ntable: {table.name}\n{_HEAD}rows:\n{rows}"


def describe(table: Table) -> str:
    """What a row stands for, and every column with its type and meaning."""
    width = max(len(column.name) for column in table.told)
    identity = " and ".join(table.identity)
    lines = [f"{column.name:{width}}  {_says(column)}" for column in table.told]
    return "\n".join([f"{table.name}: {table.doc}", f"A row is identified by {identity}.", *lines]) + "\n"


_HEAD = """\
source: …  # the system that it was taken from
taken_at: 2026-01-31T00:00:00Z  # when the source was read
taken_by: …  # the person who answers for it
# covers: {from: 2026-01-01, until: 2026-02-01}  # between these it holds every row there is
# second_source: {name: …, count: 0}  # what the number of rows was compared with
# differences: ["…"]
# query: …
# attachments: [scan.pdf]  # files beside this one
"""


def _example(column: Column) -> str:
    example = _EXAMPLES[column.type]
    return f'"{example}"' if column.type in {"text", "timestamp"} else example


def _says(column: Column) -> str:
    return f"{column.type}, {'may be left out' if column.nullable else 'required'}: {column.doc}"

"""Tests every item control that asks each change, on a million: a verdict for each item, split by attribution.

python benchmarks/controls.py [CHANGES]

First the controls over ``changes``, then those with them that ask other tables of one row for each change. The rows
are made in DuckDB itself, from a fixed sequence; a few in a hundred deviate or cannot be told. Baseline
in the same run: the least that could answer at all, one ``SELECT attribution, count(*) … GROUP BY attribution`` of
each expectation, which keeps no verdict of any item. Figures are seconds of the clock and of the processor, and the
peak of memory; that of the table before the test is part of it, and given beside it.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from asbuilt.catalogue.controls import load_controls
from asbuilt.engine.audit import test_controls
from asbuilt.engine.duck import DuckFacts
from asbuilt.engine.tables import TYPES
from asbuilt.facts.schemas import TABLES, Column, Table
from asbuilt.model.result import Control, ControlKind
from asbuilt.model.window import Window

CHANGES = 1_000_000
WINDOW = Window(1_767_225_600, 1_798_761_600)  # the year 2026
TARGET = 5.0  # seconds
PER_CHANGE = ("changes", "change_training", "deployed_changes", "secret_checks")  # a row for each change
# What would be out of the ordinary if it came from chance alone.
ORDINARY = {
    "kind": "'change'",
    "people": "['person ' || ({chance})]",
    "persons": "['person ' || ({chance}), 'person ' || ({chance} + 1)]",
    "oldest_training_at": "landed_at - INTERVAL ({chance} % 370) DAY",
    "trainings_seen_from": "TIMESTAMP '2024-01-01'",
    "done_at": "owed_from + INTERVAL ({chance} % 25) HOUR",
    "seen_until": "owed_from + INTERVAL 7 DAY",
    "deployed_at": "landed_at + INTERVAL ({chance} % 50) HOUR",
    "humans": "CASE WHEN {chance} < 20 THEN 1 ELSE 2 + {chance} % 3 END",
}
CLASSES = "['ai-tracked', 'ai-declared', 'human-tracked', 'automation', 'unknown']"


def made(column: Column, table: Table, number: int) -> str:
    """SQL that makes the values of one column: deviations and unknowns are rare, and repeat with every run."""
    chance = f"(hash(n, {number}) % 1000)"
    if column.name == table.key:
        return "sha256(n::VARCHAR)[:40]"
    if column.name == "attribution":
        return f"{CLASSES}[1 + ({chance} % 5)::INT]"
    if column.name in {"is_initial_import", "emergency", "attribution_conflict", "bypassed_rules"}:
        return f"{chance} < 10"
    value = {
        "text": f"'text ' || ({chance})",
        "bool": f"{chance} >= 20",
        "int": f"1 + ({chance} % 3)",
        "timestamp": f"TIMESTAMP '2026-01-01' + INTERVAL (hash(n, {number}) % 31536000) SECOND",
        "text[]": f"CASE WHEN {chance} < 20 THEN ['author'] ELSE []::VARCHAR[] END",
    }[column.type]
    if table.name != "changes":
        value = ORDINARY.get(column.name, value).format(chance=chance)
    return f"CASE WHEN hash(n, {number}, 'seen') % 1000 >= 5 THEN {value} END" if column.nullable else value


def fill(connection: duckdb.DuckDBPyConnection, rows: int) -> None:
    """Every table, empty but for those of changes."""
    for table in TABLES.values():
        columns = ", ".join(f"{column.name} {TYPES[column.type]}" for column in table.columns)
        connection.execute(f"CREATE TABLE {table.name} ({columns})")
    for table in map(TABLES.__getitem__, PER_CHANGE):
        values = ", ".join(f"{made(column, table, n)} AS {column.name}" for n, column in enumerate(table.columns))
        connection.execute(f"INSERT INTO {table.name} SELECT {values} FROM range({rows}) AS numbers(n)")
    connection.execute("CHECKPOINT")


def counted(connection: duckdb.DuckDBPyConnection, queries: list[str]) -> tuple[float, float]:
    """Seconds of the clock and of the processor for counting what the same expectations come to."""
    start, cpu = time.perf_counter(), time.process_time()
    for query in queries:
        inner = query.rsplit("\nORDER BY", 1)[0]
        connection.execute(
            f"SELECT attribution_class, is_met, count(*) FROM ({inner}) GROUP BY attribution_class, is_met"
        ).fetchall()
    return time.perf_counter() - start, time.process_time() - cpu


def peak() -> float:
    """The most memory that this process ever held, in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def measure(connection: duckdb.DuckDBPyConnection, rows: int, controls: Sequence[Control]) -> None:
    """Test these controls, and say what it cost."""
    start, cpu = time.perf_counter(), time.process_time()
    tested = test_controls(DuckFacts(connection), controls, WINDOW, now=1_800_000_000)
    took, worked = time.perf_counter() - start, time.process_time() - cpu
    after = peak()
    bare, bare_cpu = counted(connection, [own.result.query for own in tested])
    verdicts = sum(own.result.count for own in tested)
    deviations = sum(own.result.counts["deviation"] for own in tested)
    if "-v" in sys.argv:
        print({own.result.control: own.result.counts for own in tested})
    populations = ", ".join(dict.fromkeys(own.population for own in controls))
    print(f"{rows:,} changes, {len(controls)} item controls over {populations}:")
    print(f"  {verdicts:,} verdicts, {deviations:,} deviations")
    print(f"  test_controls:         {took:6.2f} s, {worked:6.2f} s CPU; target {TARGET:.0f} s")
    print(
        f"  counting alone:        {bare:6.2f} s, {bare_cpu:6.2f} s CPU; ours takes {worked / bare_cpu:.1f} of it"
    )
    print(f"  peak of memory so far: {after:6.2f} GB; target 2 GB")
    print(f"  digest of the first:   {tested[0].result.control} {tested[0].result.digest}")


def main(*arguments: str) -> None:
    """Measure, and say so where the target is missed."""
    rows = int(arguments[0]) if arguments and arguments[0] != "-v" else CHANGES
    known = load_controls()
    asked = [
        [own for own in known if own.population == population and own.kind is ControlKind.ITEM]
        for population in PER_CHANGE
    ]
    with tempfile.TemporaryDirectory() as folder:
        # As the store of facts is opened: a file, and what it may hold of it in memory.
        own: dict[str, Any] = {"threads": "2", "memory_limit": "1200MB", "temp_directory": folder}
        connection = duckdb.connect(str(Path(folder) / "facts.duckdb"), config=own)
        fill(connection, rows)
        print(f"tables made; peak of memory {peak():.2f} GB")
        measure(connection, rows, asked[0])
        measure(connection, rows, [own for each in asked for own in each])
        connection.close()


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Derived tables: one SELECT each, run in the order of what they need, and only where something was touched.

A file ``derived/NAME.sql`` is one SELECT over other fact tables that gives exactly the declared columns of NAME, by
name. A table of many rows may have ``derived/NAME.touched.sql`` beside it: after a first line
``-- driven by: TABLE`` one SELECT of the keys, of that recorded table, whose rows may come out otherwise now. It
reads ``fresh_TABLE``: the rows of that recorded table which came in or went away with the last projection; and what
``refill_coverage`` makes of changed coverage. NAME.sql is then run with only those rows of the driving table in
place, and the rows of those keys are replaced; the two tables have the key column in common. Which keys those were,
``touched_NAME`` (``key``) tells the ``.touched.sql`` of tables that are made from it. In both files the
driving table has one column more, ``position``: a number that no other row has, to join by; and, as ``fresh_TABLE``
has, the hashes that are kept beside some columns (``hashed_columns``), to look rows up by.

A file whose first line is ``-- of changes it asks: SELECT …`` asks of changes (and of those as seen) only the rows
of these ids: it is left alone when what came in touched others.

A file whose first line is ``-- empty without: TABLE, TABLE`` has rows of those tables alone: it is left as it is
while they and NAME are empty, whatever else it asks.

A file whose first line is ``-- asked for, not kept`` is a view: for what a report asks for now and then, and no
other table does.

A second line ``-- meets: TABLE, TABLE`` says that NAME.sql joins those recorded tables to the driving one and asks
nothing else of them: it then finds only the rows that the touched ones can meet (``MEETING``).

A line ``-- filled in pieces`` after it says that each row of NAME is made from one row of the driving table: the
first time it is then filled piece by piece, in the same way, so that memory does not grow with the table.
"""

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Final

import duckdb

from asbuilt.facts.covering import part_tables, refill_coverage
from asbuilt.facts.database import FactStore, Shape
from asbuilt.facts.payloads import DUCKDB_TYPES, declared_columns, hashed_columns
from asbuilt.facts.scripts import (
    MEETING,
    MET,
    MET_REQUESTS,
    Script,
    changes_asked,
    empty_without,
    is_asked,
    is_in_pieces,
    order_scripts,
    place_of,
    read_header,
    statement_of,
)
from asbuilt.model.errors import CatalogueError
from asbuilt.model.progress import Listener

_INTEGERS: Final = frozenset(
    {f"{sign}{size}" for sign in ("", "U") for size in ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")}
)
# What macros read of people: who has which account.
_IDENTITIES: Final = """
SELECT DISTINCT account_of(unnest(list_append(coalesce(identities, []), person))), person FROM people
"""
# Addresses and logins that the forge says are of one account.
_JOINED: Final = """
SELECT DISTINCT account_of(told) AS address, account_of(login) AS login
FROM (
  SELECT author AS told, author_login AS login FROM {0}
  UNION
  SELECT committer, committer_login FROM {0}
)
WHERE contains(told, '<') AND login <> 'web-flow'
"""


def derive(store: FactStore, touched: Collection[str], on: Listener) -> None:
    """Make anew what the touched recorded tables change; the store's first time makes everything.

    Args:
        store: inside a transaction; after the first time with a temporary table ``fresh_TABLE`` for each touched
            table that ``tables_to_keep_fresh`` names.
        touched: recorded tables with new rows.
        on: hears how far it is.

    Raises:
        CatalogueError: a SQL file does not run, or gives other columns than declared.
    """
    first = not store.is_derived
    run = store.connection.execute
    refill_coverage(store, is_touched=first or not {"extracts", *part_tables(store.tables)}.isdisjoint(touched))
    if first or "people" in touched:
        run("DELETE FROM kept.identities")
        if "people" in store.tables:
            run(f"INSERT INTO kept.identities {_IDENTITIES}")
    _refill_joined(store, is_touched=first or "request_commits" in touched)
    scripts = _keep_scripts(store) if first else kept_scripts(store)
    if not first:
        _make_fresh(store)
    changed = set(touched)
    moved = {name for (name,) in run("SELECT DISTINCT population FROM fresh_coverage").fetchall()}
    told = set()
    if not first and "extracts" in touched:
        told = {name for (name,) in run("SELECT DISTINCT population FROM fresh_extracts").fetchall()}
    for script in scripts:
        if script.driver is not None:
            run(f"CREATE OR REPLACE TEMP TABLE touched_{script.name} (key VARCHAR)")
    for done, script in enumerate(scripts):
        on("derive", done, len(scripts))
        if not first and (
            is_asked(store.shape.texts[f"{script.name}.sql"])
            or not _is_touched(store, script, changed, moved, told)
        ):
            continue
        if first or script.driver is None:
            _fill(store, script)
            changed.add(script.name)
        elif _refill(store, script.name, script.driver):
            changed.add(script.name)
        if store.is_staged:
            store.stage()
    on("derive", len(scripts), len(scripts))
    store.is_derived = True


def _is_touched(
    store: FactStore, script: Script, changed: Collection[str], moved: Collection[str], told: Collection[str]
) -> bool:
    """Whether a table needs one that changed.

    Extracts count that moved a time, or tell of what it asks for; changes that it asks for, when it says which.
    """
    causes = script.needs.intersection(changed)
    if script.covers is not None and script.covers.isdisjoint(moved):
        # Both are known, or neither.
        causes -= {"extracts"} if script.reads is not None and script.reads.isdisjoint(told) else set()
    asked = changes_asked(store.shape.texts[f"{script.name}.sql"])
    if asked is not None and "changes" in causes and causes <= {"changes", "changes_seen"}:
        met = f"SELECT 1 FROM touched_changes WHERE key IN ({asked}) LIMIT 1"  # noqa: S608 - SQL of our own
        return store.connection.execute(met).fetchone() is not None
    return bool(causes) and not _stays_empty(store, script.name)


def _stays_empty(store: FactStore, name: str) -> bool:
    """Whether a table has no rows, and the tables from which alone they come have none."""
    sources = empty_without(store.shape.texts[f"{name}.sql"])
    any_row = " OR ".join(f"EXISTS (FROM {table})" for table in (name, *sources))
    return bool(sources) and store.connection.execute(f"SELECT {any_row}").fetchone() == (False,)


def _refill_joined(store: FactStore, *, is_touched: bool) -> None:
    """Bring ``kept.joined`` up to date; beside it, temporary, ``fresh_joined``: what came in or went away."""
    run = store.connection.execute
    run("CREATE OR REPLACE TEMP TABLE joined_before AS FROM kept.joined")
    if is_touched and "request_commits" in store.tables:
        is_fresh = store.is_derived and "request_commits" in tables_to_keep_fresh(store)
        rivals = "SELECT count(*) > count(DISTINCT record_id) FROM fresh_request_commits"
        if is_fresh and run(rivals).fetchone() == (False,):  # nothing that was there went away
            run(f"INSERT INTO kept.joined {_JOINED.format('fresh_request_commits')} EXCEPT FROM kept.joined")
        else:
            run("DELETE FROM kept.joined")
            run(f"INSERT INTO kept.joined {_JOINED.format('request_commits')}")
    run(
        "CREATE OR REPLACE TEMP TABLE fresh_joined AS"
        " (FROM kept.joined EXCEPT FROM joined_before) UNION ALL (FROM joined_before EXCEPT FROM kept.joined)"
    )


def tables_to_keep_fresh(store: FactStore) -> frozenset[str]:
    """The recorded tables whose new and old rows an incremental table asks for, and extracts."""
    texts = [text for file, text in store.shape.texts.items() if file.endswith(".touched.sql")]
    named = {"extracts", *(name for text in texts for name in re.findall(r"\bfresh_(\w+)", text))}
    return frozenset(name for name in named if name in store.tables and store.tables[name].recorded)


def kept_scripts(store: FactStore) -> list[Script]:
    """The derived tables in their order, as the store keeps them: no SQL file is parsed again."""
    rows = store.connection.execute(
        "SELECT name, needs, driver, covers, reads FROM kept.scripts ORDER BY place"
    ).fetchall()
    return [
        Script(name, frozenset(needs), driver, *(None if own is None else frozenset(own) for own in asked))
        for name, needs, driver, *asked in rows
    ]


def _keep_scripts(store: FactStore) -> tuple[Script, ...]:
    scripts = order_scripts(store.shape)
    store.connection.execute("DELETE FROM kept.scripts")
    for place, script in enumerate(scripts):
        store.connection.execute(
            "INSERT INTO kept.scripts VALUES (?, ?, ?, ?, ?, ?)",
            [
                place,
                script.name,
                sorted(script.needs),
                script.driver,
                *(None if own is None else sorted(own) for own in (script.covers, script.reads)),
            ],
        )
        with _driving(store, script.driver, "true"):
            _check_columns(store, script.name)
    return scripts


def _fill(store: FactStore, script: Script) -> None:
    """Make a derived table anew, whole."""
    name = script.name
    text = store.shape.texts[f"{name}.sql"]
    if is_asked(text):
        store.connection.execute(f"DROP TABLE IF EXISTS main.{name}")
        store.connection.execute(f"CREATE VIEW main.{name} AS {statement_of(text)}")
        return
    store.connection.execute(f"CREATE OR REPLACE TABLE {name} ({declared_columns(store.tables[name])})")
    pieces = _pieces(store, script)
    if len(pieces) < 2:
        with _driving(store, script.driver, "true"):
            _insert(store, name)
        return
    for piece in pieces:
        with _driving(store, script.driver, piece), _meeting(store, name):
            _insert(store, name)
        if store.is_staged:
            store.stage()


def _pieces(store: FactStore, script: Script) -> list[str]:
    """Which rows of the driving table are in each piece, when the table can be filled in pieces."""
    if script.driver is None or not is_in_pieces(store.shape.texts[f"{script.name}.touched.sql"]):
        return []
    rows = store.connection.execute(
        "SELECT min(position), max(position) FROM ("  # noqa: S608 - names of our own schema
        f"SELECT position, (row_number() OVER (ORDER BY position) - 1) // {store.piece} AS piece"
        f" FROM kept.{script.driver}) GROUP BY piece ORDER BY piece"
    ).fetchall()
    return [f"position BETWEEN {first} AND {last}" for first, last in rows]


@contextmanager
def _driving(store: FactStore, driver: str | None, chosen: str) -> Iterator[None]:
    """Inside, the driving table has the chosen rows only, and their positions: something temporary of its name."""
    if driver is None:
        yield
        return
    kind = "VIEW" if chosen == "true" else "TABLE"
    run = store.connection.execute
    run(f"CREATE TEMP {kind} {driver} AS SELECT * EXCLUDE (payload_digest) FROM kept.{driver} WHERE {chosen}")  # noqa: S608 - names of our own schema
    yield  # after an error the transaction ends, and what is temporary with it
    run(f"DROP {kind} temp.{driver}")


@contextmanager
def _meeting(store: FactStore, name: str) -> Iterator[None]:
    """Inside ``_driving``: of the tables that a script meets, those rows that the chosen ones can meet."""
    driver, met = read_header(store.shape.texts[f"{name}.touched.sql"])
    run = store.connection.execute
    if met:
        # Who does not meet requests meets what hangs on the driving rows themselves.
        run(f"{MET_REQUESTS[driver]}{'' if 'requests' in met else ' LIMIT 0'}")
        run(MET[driver])
    for table in met:
        columns = ", ".join(f'"{column.name}"' for column in store.tables[table].columns)
        where = MEETING[driver, table]
        run(f"CREATE TEMP TABLE {table} AS SELECT {columns} FROM kept.{table} WHERE position IN ({where})")  # noqa: S608 - names of our own schema
    yield
    for table in (*met, *(("met_requests", "met_numbers", "met_commits") if met else ())):
        run(f"DROP TABLE temp.{table}")


def _make_fresh(store: FactStore) -> None:
    """Of the tables that incremental ones ask for, those that nothing came into have fresh rows too: none."""
    run = store.connection.execute
    standing = {row[0] for row in run("SELECT table_name FROM duckdb_tables() WHERE temporary").fetchall()}
    for table in tables_to_keep_fresh(store):
        if f"fresh_{table}" not in standing:
            run(f"CREATE TEMP TABLE fresh_{table} AS SELECT * FROM kept.{table} LIMIT 0")  # noqa: S608 - names of our own schema


def _refill(store: FactStore, name: str, driver: str) -> bool:
    """Make the touched rows of a derived table anew; whether there were any."""
    run = store.connection.execute
    key = store.tables[name].key
    text = statement_of(store.shape.texts[f"{name}.touched.sql"])
    try:
        with _driving(store, driver, "true"):
            run(f"CREATE TEMP TABLE touched_keys AS SELECT DISTINCT {key} AS key FROM ({text})")  # noqa: S608 - SQL of our own
    except duckdb.Error as error:
        raise _not_run(store.shape, f"{name}.touched.sql", error) from error
    (count,) = run("SELECT count(*) FROM touched_keys").fetchone() or (0,)
    if count:
        chosen = f"{key} IN (SELECT key FROM touched_keys)"  # noqa: S608 - names of our own schema
        run(f"DELETE FROM main.{name} WHERE {chosen}")  # noqa: S608 - names of our own schema
        if key in hashed_columns(driver):
            hashes = f"{key}_hash IN (SELECT hash(key) FROM touched_keys)"  # noqa: S608 - names of our own schema
            chosen += f" AND position IN (SELECT position FROM kept.{driver} WHERE {hashes})"  # noqa: S608 - names of our own schema
        with _driving(store, driver, chosen), _meeting(store, name):
            _insert(store, name)
    run(f"INSERT INTO touched_{name} SELECT key FROM touched_keys")  # noqa: S608 - names of our own schema
    run("DROP TABLE touched_keys")
    return bool(count)


def _insert(store: FactStore, name: str) -> None:
    try:
        text = statement_of(store.shape.texts[f"{name}.sql"])
        store.connection.execute(f"INSERT INTO main.{name} BY NAME {text}")
    except duckdb.Error as error:
        raise _not_run(store.shape, f"{name}.sql", error) from error


def _check_columns(store: FactStore, name: str) -> None:
    """A SQL file gives exactly the declared columns, each of its type."""
    file = f"{name}.sql"
    try:
        described = store.connection.execute(f"DESCRIBE {statement_of(store.shape.texts[file])}").fetchall()
    except duckdb.Error as error:
        raise _not_run(store.shape, file, error) from error
    given = {row[0]: row[1] for row in described}
    declared = {column.name: DUCKDB_TYPES[column.type] for column in store.tables[name].columns}
    wrong = [f"{column} is missing" for column in declared if column not in given]
    wrong += [f"{column} is not declared" for column in given if column not in declared]
    wrong += [
        f"{column} is {given[column]}, not {kind}"
        for column, kind in declared.items()
        if column in given and not _fits(given[column], kind)
    ]
    if wrong or len(described) != len(declared):
        raise CatalogueError(
            f"The columns of the derived table {name!r} are not those that its schema declares.",
            why=f"{'; '.join(wrong) or 'A column is given twice'}.",
            fix="Give exactly the declared columns, by name.",
            where=place_of(store.shape, file),
        )


def _fits(given: str, declared: str) -> bool:
    return (
        given == declared
        or given.strip('"') == "NULL"
        or (declared == "BIGINT" and given in _INTEGERS)
        or (declared == "VARCHAR[]" and given.strip('"') in {"NULL[]", "INTEGER[]"})  # of an empty list
    )


def _not_run(shape: Shape, file: str, error: duckdb.Error) -> CatalogueError:
    return CatalogueError(
        f"The SQL of the derived table {file.partition('.')[0]!r} does not run.",
        why=str(error).split("\n", 1)[0],
        where=place_of(shape, file),
    )

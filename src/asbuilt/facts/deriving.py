"""Derived tables: one SELECT each, run in the order of what they need, and only where something was touched.

A file ``derived/NAME.sql`` is one SELECT over other fact tables that gives exactly the declared columns of NAME, by
name. A table of many rows may have ``derived/NAME.touched.sql`` beside it: after a first line
``-- driven by: TABLE`` one SELECT of the keys, of that recorded table, whose rows may come out otherwise now. It
reads ``fresh_TABLE``: the rows of that recorded table which came in or went away with the last projection; and what
``refill_coverage`` makes of changed coverage. NAME.sql is then run with only those rows of the driving table in
place, and the rows of those keys are replaced; the two tables have the key column in common. In both files the
driving table has one column more, ``position``: a number that no other row has, to join by.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

import duckdb
import msgspec
import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from asbuilt.facts.covering import part_tables, refill_coverage
from asbuilt.facts.database import FactStore, Shape
from asbuilt.facts.payloads import DUCKDB_TYPES, declared_columns
from asbuilt.model.errors import CatalogueError
from asbuilt.model.progress import Listener

# Macros that read what is made from a recorded table.
_MACRO_NEEDS: Final = {
    "covered_for": "extracts",
    "covered_until_for": "extracts",
    "person_of": "people",
}
# Macros that besides ask which parts there are of the table that they name first.
_WHOLE_MACROS: Final = frozenset({"covered", "covered_between", "covered_from", "covered_until"})
# Tables of the store's own, that macros read.
_KEPT_NEEDS: Final = {"part_coverage": "extracts", "identities": "people"}
# What would give another table the next time.
_UNSTABLE: Final = frozenset(
    (
        *("now", "today", "current_timestamp", "current_date", "current_time", "get_current_timestamp"),
        *("transaction_timestamp", "random", "rand", "setseed", "uuid", "gen_random_uuid", "uuidv4", "uuidv7"),
        *("nextval", "getvariable", "current_setting"),
    )
)
_INTEGERS: Final = frozenset(
    {f"{sign}{size}" for sign in ("", "U") for size in ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")}
)
_DRIVER: Final = re.compile(r"\A-- driven by: (\w+)\n")
# What macros read of people: who has which account.
_IDENTITIES: Final = """
SELECT DISTINCT account_of(unnest(list_append(coalesce(identities, []), person))), person FROM people
"""


class Script(msgspec.Struct, frozen=True):
    """One derived table: what it needs, and the recorded table that drives it when it is incremental.

    ``covers``: where it needs extracts only to know which time they cover, of which populations; None: for more.
    """

    name: str
    needs: frozenset[str]
    driver: str | None
    covers: frozenset[str] | None = None


def order_scripts(shape: Shape) -> tuple[Script, ...]:
    """The derived tables that have a file, each after those that it needs.

    Raises:
        CatalogueError: a file is no single SELECT, belongs to no derived table, or needs itself in the end.
    """
    scripts: dict[str, Script] = {}
    for file, text in shape.texts.items():
        name, _, kind = file.removesuffix(".sql").partition(".")
        if name not in shape.tables or shape.tables[name].recorded or kind not in {"", "touched"}:
            raise CatalogueError(
                f"There is no derived table {name!r}.", fix="Name the file after one.", where=_place(shape, file)
            )
        if kind:
            continue
        touched = shape.texts.get(f"{name}.touched.sql")
        needs = _needs(shape, file, text)
        driver = None
        if touched is not None:
            driver = _driver(shape, name, touched)
            _needs(shape, f"{name}.touched.sql", touched)
        scripts[name] = Script(name, needs, driver, _covers(text))
    return tuple(_sorted(shape, scripts))


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
    scripts = _keep_scripts(store) if first else kept_scripts(store)
    changed = set(touched)
    moved = {name for (name,) in run("SELECT DISTINCT population FROM fresh_coverage").fetchall()}
    for done, script in enumerate(scripts):
        on("derive", done, len(scripts))
        if not first and not _is_touched(script, changed, moved):
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


def _is_touched(script: Script, changed: Collection[str], moved: Collection[str]) -> bool:
    """Whether a table needs one that changed; extracts that moved no time which it asks for are none."""
    causes = script.needs.intersection(changed)
    if causes == {"extracts"} and script.covers is not None:
        return not script.covers.isdisjoint(moved)
    return bool(causes)


def tables_to_keep_fresh(store: FactStore) -> frozenset[str]:
    """The recorded tables whose new and old rows an incremental table asks for."""
    texts = [text for file, text in store.shape.texts.items() if file.endswith(".touched.sql")]
    named = {name for text in texts for name in re.findall(r"\bfresh_(\w+)", text)}
    return frozenset(name for name in named if name in store.tables and store.tables[name].recorded)


def kept_scripts(store: FactStore) -> list[Script]:
    """The derived tables in their order, as the store keeps them: no SQL file is parsed again."""
    rows = store.connection.execute(
        "SELECT name, needs, driver, covers FROM kept.scripts ORDER BY place"
    ).fetchall()
    return [
        Script(name, frozenset(needs), driver, None if covers is None else frozenset(covers))
        for name, needs, driver, covers in rows
    ]


def _keep_scripts(store: FactStore) -> tuple[Script, ...]:
    scripts = order_scripts(store.shape)
    store.connection.execute("DELETE FROM kept.scripts")
    for place, script in enumerate(scripts):
        store.connection.execute(
            "INSERT INTO kept.scripts VALUES (?, ?, ?, ?, ?)",
            [
                place,
                script.name,
                sorted(script.needs),
                script.driver,
                None if script.covers is None else sorted(script.covers),
            ],
        )
        with _driving(store, script.driver, "true"):
            _check_columns(store, script.name)
    return scripts


def _fill(store: FactStore, script: Script) -> None:
    """Make a derived table anew, whole."""
    name = script.name
    store.connection.execute(f"CREATE OR REPLACE TABLE {name} ({declared_columns(store.tables[name])})")
    with _driving(store, script.driver, "true"):
        _insert(store, name)


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


def _refill(store: FactStore, name: str, driver: str) -> bool:
    """Make the touched rows of a derived table anew; whether there were any."""
    run = store.connection.execute
    key = store.tables[name].key
    fresh = tables_to_keep_fresh(store)
    standing = {row[0] for row in run("SELECT table_name FROM duckdb_tables() WHERE temporary").fetchall()}
    for table in fresh:
        if f"fresh_{table}" not in standing:
            run(f"CREATE TEMP TABLE fresh_{table} AS SELECT * FROM main.{table} LIMIT 0")  # noqa: S608 - names of our own schema
    text = _statement(store.shape.texts[f"{name}.touched.sql"])
    try:
        with _driving(store, driver, "true"):
            run(f"CREATE TEMP TABLE touched_keys AS SELECT DISTINCT {key} AS key FROM ({text})")  # noqa: S608 - SQL of our own
    except duckdb.Error as error:
        raise _not_run(store.shape, f"{name}.touched.sql", error) from error
    (count,) = run("SELECT count(*) FROM touched_keys").fetchone() or (0,)
    if count:
        chosen = f"{key} IN (SELECT key FROM touched_keys)"  # noqa: S608 - names of our own schema
        run(f"DELETE FROM main.{name} WHERE {chosen}")  # noqa: S608 - names of our own schema
        with _driving(store, driver, chosen):
            _insert(store, name)
    run("DROP TABLE touched_keys")
    return bool(count)


def _insert(store: FactStore, name: str) -> None:
    try:
        text = _statement(store.shape.texts[f"{name}.sql"])
        store.connection.execute(f"INSERT INTO main.{name} BY NAME {text}")
    except duckdb.Error as error:
        raise _not_run(store.shape, f"{name}.sql", error) from error


def _check_columns(store: FactStore, name: str) -> None:
    """A SQL file gives exactly the declared columns, each of its type."""
    file = f"{name}.sql"
    try:
        described = store.connection.execute(f"DESCRIBE {_statement(store.shape.texts[file])}").fetchall()
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
            where=_place(store.shape, file),
        )


def _fits(given: str, declared: str) -> bool:
    return (
        given == declared
        or given.strip('"') == "NULL"
        or (declared == "BIGINT" and given in _INTEGERS)
        or (declared == "VARCHAR[]" and given.strip('"') in {"NULL[]", "INTEGER[]"})  # of an empty list
    )


def _needs(shape: Shape, file: str, text: str) -> frozenset[str]:
    """The fact tables that a SQL file reads."""
    where = _place(shape, file)
    try:
        statements = [each for each in sqlglot.parse(text, dialect="duckdb") if each is not None]
    except SqlglotError as error:
        raise CatalogueError("The SQL cannot be read.", why=str(error).split("\n", 1)[0], where=where) from error
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        raise CatalogueError("It must be one SELECT, and nothing else.", where=where)
    tree = statements[0]
    called = {_function_name(node) for node in tree.find_all(exp.Func)}
    if unstable := sorted(called & _UNSTABLE):
        raise CatalogueError(
            f"It calls {', '.join(unstable)}: another day would give another table.",
            fix="Derive from facts alone; a window's bounds belong into the control's expression.",
            where=where,
        )
    tables = list(tree.find_all(exp.Table))
    named = {node.name.lower() for node in tables if not node.db}
    named |= {_KEPT_NEEDS[node.name] for node in tables if node.db == "kept" and node.name in _KEPT_NEEDS}
    named |= {_MACRO_NEEDS[name] for name in called if name in _MACRO_NEEDS}
    if any(node.db == "kept" and node.name == "coverage" for node in tables):
        named |= {"extracts", *part_tables(shape.tables)}
    for node in tree.find_all(exp.Anonymous):
        if node.name.lower() in _WHOLE_MACROS:
            asked = node.expressions[0] if node.expressions else None
            whole = asked.name if isinstance(asked, exp.Literal) else None
            named |= {"extracts", *part_tables(shape.tables, whole)}
    return frozenset(name for name in named if name in shape.tables)


def _covers(text: str) -> frozenset[str] | None:
    """The populations of whose coverage a SQL file asks by a macro; None where it reads extracts in another way."""
    tree = sqlglot.parse_one(text, dialect="duckdb")
    if any(node.name.lower() == "extracts" or node.db == "kept" for node in tree.find_all(exp.Table)):
        return None
    asked = [node for node in tree.find_all(exp.Anonymous) if node.name.lower().startswith("covered")]
    first = [node.expressions[0] if node.expressions else None for node in asked]
    if not all(isinstance(own, exp.Literal) for own in first):
        return None
    return frozenset(own.name for own in first if own is not None)


def _function_name(node: exp.Func) -> str:
    return (node.name if isinstance(node, exp.Anonymous) else node.sql_name()).lower()


def _driver(shape: Shape, name: str, text: str) -> str:
    said = _DRIVER.match(text)
    driver = said[1] if said else ""
    table = shape.tables.get(driver)
    key = shape.tables[name].key
    if table is None or not table.recorded or key not in {column.name for column in table.columns}:
        raise CatalogueError(
            f"The first line does not name the recorded table that drives {name!r}.",
            fix=f"Write `-- driven by: TABLE`; the table must have the column {key!r}.",
            where=_place(shape, f"{name}.touched.sql"),
        )
    return driver


def _sorted(shape: Shape, scripts: Mapping[str, Script]) -> list[Script]:
    """Each after what it needs, else by name (Kahn's algorithm)."""
    waiting = dict(sorted(scripts.items()))
    ordered: list[Script] = []
    while waiting:
        ready = [script for script in waiting.values() if not script.needs & waiting.keys()]
        if not ready:
            raise CatalogueError(
                f"Derived tables need each other in a circle, or what such a circle gives: {', '.join(waiting)}.",
                fix="Take one of them out of the other's SQL.",
                where=_place(shape, f"{next(iter(waiting))}.sql"),
            )
        ordered += ready
        for script in ready:
            del waiting[script.name]
    return ordered


def _statement(text: str) -> str:
    return text.rstrip().rstrip(";")


def _not_run(shape: Shape, file: str, error: duckdb.Error) -> CatalogueError:
    return CatalogueError(
        f"The SQL of the derived table {file.partition('.')[0]!r} does not run.",
        why=str(error).split("\n", 1)[0],
        where=_place(shape, file),
    )


def _place(shape: Shape, file: str) -> str:
    return f"{shape.folder.name}/{file}"

"""Which derived table needs what: read from its SQL, once for each store."""

import re
from collections.abc import Mapping
from typing import Final

import msgspec
import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from asbuilt.facts.covering import part_tables
from asbuilt.facts.database import Shape
from asbuilt.model.errors import CatalogueError

# Macros that read what is made from a recorded table.
_MACRO_NEEDS: Final = {
    "covered_for": "extracts",
    "covered_until_for": "extracts",
    "person_of": "people",
}
# Macros that besides ask which parts there are of the table that they name first.
_WHOLE_MACROS: Final = frozenset({"covered", "covered_between", "covered_from", "covered_until"})
# Tables of the store's own, that macros read.
_KEPT_NEEDS: Final = {"part_coverage": "extracts", "identities": "people", "joined": "request_commits"}
# What would give another table the next time.
_UNSTABLE: Final = frozenset(
    (
        *("now", "today", "current_timestamp", "current_date", "current_time", "get_current_timestamp"),
        *("transaction_timestamp", "random", "rand", "setseed", "uuid", "gen_random_uuid", "uuidv4", "uuidv7"),
        *("nextval", "getvariable", "current_setting"),
    )
)
# By what rows of other tables can meet the driving changes: the requests that may have brought them (that landed by
# one or by its head, that it names, that have its head), their numbers, and their commits.
MET_REQUESTS: Final = {
    "changes_seen": """
CREATE TEMP TABLE met_requests AS
WITH own AS (
  SELECT change_id_hash AS commit_hash FROM changes_seen
  UNION SELECT head_commit_hash FROM changes_seen WHERE head_commit IS NOT NULL
), found AS (
  SELECT position FROM kept.requests WHERE merge_commit_hash IN (SELECT commit_hash FROM own)
  UNION SELECT position FROM kept.requests
  WHERE head_commit_hash IN (SELECT head_commit_hash FROM changes_seen WHERE head_commit IS NOT NULL)
  UNION SELECT position FROM kept.requests
  WHERE request_hash IN (SELECT request_hash FROM changes_seen WHERE number IS NOT NULL)
)
SELECT position, request_hash, CASE WHEN head_commit IS NOT NULL THEN head_commit_hash END AS commit_hash
FROM kept.requests WHERE position IN (SELECT position FROM found)
"""
}
MET: Final = {
    "changes_seen": """
CREATE TEMP TABLE met_numbers AS
SELECT request_hash FROM changes_seen WHERE number IS NOT NULL UNION SELECT request_hash FROM met_requests;
CREATE TEMP TABLE met_commits AS
SELECT change_id_hash AS commit_hash FROM changes_seen
UNION SELECT head_commit_hash FROM changes_seen WHERE head_commit IS NOT NULL
UNION SELECT commit_hash FROM met_requests WHERE commit_hash IS NOT NULL;
"""
}
_ON_NUMBER: Final = "SELECT position FROM kept.{0} WHERE request_hash IN (SELECT request_hash FROM met_numbers)"
_ON_COMMIT: Final = "SELECT position FROM kept.{0} WHERE commit_hash IN (SELECT commit_hash FROM met_commits)"
_ON_CHANGE: Final = "SELECT position FROM kept.{0} WHERE {1}_hash IN (SELECT change_id_hash FROM changes_seen)"
# Positions of the rows that the driving ones can meet, from what MET makes and from the tables met before.
MEETING: Final = {
    ("changes_seen", "requests"): "SELECT position FROM met_requests",
    ("changes_seen", "reviews"): f"{_ON_NUMBER} UNION {_ON_COMMIT}".format("reviews"),
    ("changes_seen", "checks"): _ON_COMMIT.format("checks"),
    # Besides those on the request, what is told of a commit that a review is of.
    ("changes_seen", "request_commits"): (
        f"{_ON_NUMBER} UNION {_ON_COMMIT} UNION SELECT position FROM kept.{{0}}"  # noqa: S608 - SQL of our own
        " WHERE commit_hash IN (SELECT hash(commit) FROM reviews WHERE commit IS NOT NULL)"
    ).format("request_commits"),
    # Besides those on the request, what became of a review.
    ("changes_seen", "request_events"): (
        f"{_ON_NUMBER} UNION SELECT position FROM kept.{{0}}"  # noqa: S608 - SQL of our own
        " WHERE review_id_hash IN (SELECT hash(review_id) FROM reviews)"
    ).format("request_events"),
    ("changes_seen", "coverings"): _ON_CHANGE.format("coverings", "change_id"),
    ("changes_seen", "pushes"): _ON_CHANGE.format("pushes", "after_commit"),
    ("changes_seen", "rule_suites"): _ON_CHANGE.format("rule_suites", "after_commit"),
    ("changes_seen", "deployments"): _ON_CHANGE.format("deployments", "commit"),
}
# What must be met before, for its rows say which others are.
_AFTER: Final = {"request_commits": "reviews", "request_events": "reviews"}
_ASKED: Final = "-- asked for, not kept\n"
# NAME.sql asks of changes nothing but the rows of these ids.
_ASKS: Final = re.compile(r"\A-- of changes it asks: (.+)\n")
# The rows of NAME.sql come from these tables: while none of them has one, it has none.
_WITHOUT: Final = re.compile(r"\A-- empty without: (\w+(?:, \w+)*)\n")
_HEADER: Final = re.compile(r"\A-- driven by: (\w+)\n(?:-- meets: (\w+(?:, \w+)*)\n)?(-- filled in pieces\n)?")


class Script(msgspec.Struct, frozen=True):
    """One derived table: what it needs, and the recorded table that drives it when it is incremental.

    ``covers``: of which populations it asks by a macro which time extracts cover; ``reads``: of which it reads the
    extracts themselves. None: of any.
    """

    name: str
    needs: frozenset[str]
    driver: str | None
    covers: frozenset[str] | None = None
    reads: frozenset[str] | None = None


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
                f"There is no derived table {name!r}.", fix="Name the file after one.", where=place_of(shape, file)
            )
        if kind:
            continue
        touched = shape.texts.get(f"{name}.touched.sql")
        needs = _needs(shape, file, text)
        driver = None
        if touched is not None:
            driver = _driver(shape, name, touched)
            _needs(shape, f"{name}.touched.sql", touched)
        scripts[name] = Script(name, needs, driver, *_asked(text))
    for script in scripts.values():
        if asked := sorted(own for own in script.needs & scripts.keys() if is_asked(shape.texts[f"{own}.sql"])):
            raise CatalogueError(
                f"It reads {', '.join(asked)}, which is not kept: nobody would say when it changed.",
                fix="Have that table kept, or read what it reads.",
                where=place_of(shape, f"{script.name}.sql"),
            )
    return tuple(_sorted(shape, scripts))


def read_header(text: str) -> tuple[str, tuple[str, ...]]:
    """The table that drives a script, and those that it meets, as NAME.touched.sql says in its first lines."""
    said = _HEADER.match(text)
    if said is None:
        return "", ()
    return said[1], tuple(said[2].split(", ")) if said[2] else ()


def is_in_pieces(text: str) -> bool:
    """Whether NAME.touched.sql lets its table be filled piece by piece: each row comes from one driving row."""
    said = _HEADER.match(text)
    return said is not None and said[3] is not None


def changes_asked(text: str) -> str | None:
    """The SELECT of the ids of changes whose rows alone NAME.sql asks for, when it says so in its first line."""
    said = _ASKS.match(text)
    return None if said is None else said[1]


def empty_without(text: str) -> tuple[str, ...]:
    """The tables from which alone the rows of NAME.sql come, when it says so in its first line."""
    said = _WITHOUT.match(text)
    return () if said is None else tuple(said[1].split(", "))


def is_asked(text: str) -> bool:
    """Whether a table is not kept: its SELECT runs when somebody asks for it."""
    return text.startswith(_ASKED)


def statement_of(text: str) -> str:
    """A SQL file's one statement, to stand inside another."""
    return text.rstrip().rstrip(";")


def place_of(shape: Shape, file: str) -> str:
    """How an error names a SQL file."""
    return f"{shape.folder.name}/{file}"


def _needs(shape: Shape, file: str, text: str) -> frozenset[str]:
    """The fact tables that a SQL file reads."""
    where = place_of(shape, file)
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


def _asked(text: str) -> tuple[frozenset[str] | None, frozenset[str] | None]:
    """Of which populations a SQL file asks by a macro what is covered, and of which it reads extracts.

    None, None: it may ask of any.
    """
    tree = sqlglot.parse_one(text, dialect="duckdb")
    read: set[str] = set()
    for table in tree.find_all(exp.Table):
        if table.db == "kept":
            return None, None
        if table.name.lower() == "extracts":
            named = _named_population(table)
            if named is None:
                return None, None
            read.add(named)
    calls = [node for node in tree.find_all(exp.Anonymous) if node.name.lower().startswith("covered")]
    first = [node.expressions[0] if node.expressions else None for node in calls]
    if not all(isinstance(own, exp.Literal) for own in first):
        return None, None
    return frozenset(own.name for own in first if own is not None), frozenset(read)


def _named_population(table: exp.Table) -> str | None:
    """The one population of whose extracts a SELECT asks: ``FROM extracts WHERE population = 'NAME' AND …``."""
    select = table.find_ancestor(exp.Select)
    where = select.args.get("where") if select is not None else None
    if select is None or where is None or select.args.get("joins"):
        return None
    for term in where.this.flatten() if isinstance(where.this, exp.And) else [where.this]:
        if (
            isinstance(term, exp.EQ)
            and isinstance(term.this, exp.Column)
            and (term.this.name, term.this.table in {"", table.alias_or_name}) == ("population", True)
            and isinstance(term.expression, exp.Literal)
        ):
            return term.expression.name
    return None


def _function_name(node: exp.Func) -> str:
    return (node.name if isinstance(node, exp.Anonymous) else node.sql_name()).lower()


def _driver(shape: Shape, name: str, text: str) -> str:
    driver, met = read_header(text)
    table = shape.tables.get(driver)
    key = shape.tables[name].key
    if table is None or not table.recorded or key not in {column.name for column in table.columns}:
        raise CatalogueError(
            f"The first line does not name the recorded table that drives {name!r}.",
            fix=f"Write `-- driven by: TABLE`; the table must have the column {key!r}.",
            where=place_of(shape, f"{name}.touched.sql"),
        )
    if unknown := [own for own in met if (driver, own) not in MEETING]:
        raise CatalogueError(
            f"Nobody knows which rows of {', '.join(unknown)} a row of {driver!r} can meet.",
            fix="Take it out of the second line: it is then read whole.",
            where=place_of(shape, f"{name}.touched.sql"),
        )
    for own, first in _AFTER.items():
        if own in met and first not in met[: met.index(own)]:
            raise CatalogueError(
                f"Which rows of {own} are met depends on those of {first}.",
                fix=f"Name {first} before {own} in the second line.",
                where=place_of(shape, f"{name}.touched.sql"),
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
                where=place_of(shape, f"{next(iter(waiting))}.sql"),
            )
        ordered += ready
        for script in ready:
            del waiting[script.name]
    return ordered

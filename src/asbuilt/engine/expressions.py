"""The expressions of controls: parsed when they are loaded, and only what is on the list may stand in them.

A control may come from a company's own folder, so its expressions are text from outside. What runs is never that
text: it is parsed, every node of the tree is looked up in a list of allowed kinds, and the SQL that runs is written
from the tree. So the database cannot read the text in another way than we did.
"""

import difflib
from collections.abc import Collection, Mapping
from typing import Any, Final, NoReturn

import msgspec
import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from asbuilt.facts.schemas import Table
from asbuilt.model.commit import moment
from asbuilt.model.errors import CatalogueError
from asbuilt.model.window import Window

DIALECT: Final = "duckdb"
WINDOW_NAMES: Final = ("window_start", "window_end")  # TIMESTAMP; NULL where the window is open on that side
LIMIT: Final = 4000  # characters: longer is no expectation that a person can read
UNITS: Final = frozenset({"SECOND", "MINUTE", "HOUR", "DAY", "WEEK", "MONTH", "YEAR"})
# What may be called, by the name that an error tells; the values are what the parser makes of it.
FUNCTIONS: Final[Mapping[str, type[exp.Expression]]] = {
    "abs": exp.Abs,
    "coalesce": exp.Coalesce,
    "date_diff": exp.DateDiff,
    "greatest": exp.Greatest,
    "least": exp.Least,
    "len": exp.Length,
    "list_contains": exp.ArrayContains,
    "list_has_any": exp.ArrayOverlaps,
    "lower": exp.Lower,
}
_NODES: Final = frozenset(
    {
        *FUNCTIONS.values(),
        *(exp.And, exp.Or, exp.Not, exp.Paren, exp.Case, exp.If),
        *(exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.In),
        *(exp.Is, exp.NullSafeEQ, exp.NullSafeNEQ),
        *(exp.Add, exp.Sub, exp.Mul, exp.Div, exp.IntDiv, exp.Mod, exp.Neg, exp.Interval),
        *(exp.Literal, exp.Boolean, exp.Null, exp.Array, exp.Column, exp.Identifier, exp.Var),
    }
)


class Expression(msgspec.Struct, frozen=True):
    """A checked expression: the SQL to run, settings written in, and the settings that it uses."""

    sql: str
    settings: frozenset[str]


def check_expression(
    sql: str, table: Table, settings: Mapping[str, Any], *, window: Window | None = None, where: str = ""
) -> Expression:
    """Parse an expression over the columns of one table, and refuse whatever is not on the list.

    Args:
        sql: the text of the control.
        table: whose columns it may name.
        settings: values that it may name too; a name that is also a column's is refused.
        window: gives ``window_start`` and ``window_end``, which every expression may name.
        where: ``file:line``, for the error.

    Raises:
        CatalogueError: the expression is malformed, or holds what no expectation needs.
    """
    columns = {column.name for column in table.columns}
    for name in sorted(settings.keys() & {*columns, *WINDOW_NAMES}):
        owner = "the window" if name in WINDOW_NAMES else "a column"
        _refuse(f"The setting {name!r} has the name of {owner}.", "Give the setting another name.", where)
    given = {**settings, **dict(zip(WINDOW_NAMES, _bounds(window or Window()), strict=True))}
    tree = _parse(sql, where)
    used = set()
    for node in list(tree.walk()):
        _check_node(node, columns, given, where)
        if isinstance(node, exp.Column) and node.name in settings:
            used.add(node.name)
    bound = tree.transform(lambda node: _bound(node, given)).sql(dialect=DIALECT, comments=False)
    if _parse(bound, where).sql(dialect=DIALECT) != bound:
        _refuse(f"The expression reads back as another one: {bound[:80]}", "Write it in a plainer way.", where)
    return Expression(bound, frozenset(used))


def _parse(sql: str, where: str) -> exp.Expression:
    if len(sql) > LIMIT:
        _refuse(f"The expression is longer than {LIMIT:,} characters.", "Say it in columns of the facts.", where)
    try:
        tokens = sqlglot.tokenize(sql, read=DIALECT)
        trees = sqlglot.parse(sql, read=DIALECT)
    except (SqlglotError, RecursionError, ValueError) as error:
        said = str(error).split("\n", 1)[0]
        _refuse("The expression is not SQL.", "Write a condition, such as: approvals >= 1.", where, f"{said}.")
    if any(token.comments for token in tokens):
        _refuse("The expression holds a comment.", "Say it in the text of the control.", where)
    if len(trees) != 1 or not isinstance(trees[0], exp.Expression):
        _refuse("The expression is not one expression.", "Write a single condition, without semicolons.", where)
    return trees[0]


def _check_node(node: Any, columns: set[str], settings: Mapping[str, Any], where: str) -> None:
    if type(node) not in _NODES:
        allowed = ", ".join(FUNCTIONS)
        _refuse(
            f"{_called(node)} is not allowed in an expression.",
            f"Use comparisons, AND, OR, NOT, IN, CASE, arithmetic, and the functions {allowed}.",
            where,
        )
    if isinstance(node, exp.Column):
        if len(node.parts) != 1:
            _refuse(f"The column {node.sql(DIALECT)} names a table.", "Name the column alone.", where)
        if node.name not in columns and node.name not in settings:
            _refuse(
                f"There is no column or setting {node.name!r}.",
                _nearest(node.name, columns | settings.keys()),
                where,
            )
    elif isinstance(node, exp.Identifier) and not isinstance(node.parent, exp.Column):
        _refuse(f"The name {node.name!r} stands where none may.", "Name columns and settings alone.", where)
    elif isinstance(node, exp.Var) and (
        not isinstance(node.parent, exp.Interval | exp.DateDiff) or node.name.upper().rstrip("S") not in UNITS
    ):
        _refuse(f"The word {node.name!r} is not a unit of time.", f"Units are {', '.join(sorted(UNITS))}.", where)


def _called(node: Any) -> str:
    """What the reader of the control wrote, as far as the tree tells."""
    if isinstance(node, exp.Anonymous):
        return f"The function {str(node.name).lower()}()"
    if isinstance(node, exp.Func):
        return f"The function {str(node.sql_name()).lower()}()"
    return f"{type(node).__name__.upper()} ({node.sql(DIALECT, comments=False)[:40]})"


def _bound(node: exp.Expression, settings: Mapping[str, Any]) -> exp.Expression:
    """A setting's value in place of its name."""
    if isinstance(node, exp.Column) and node.name in settings:
        return _literal(settings[node.name])
    return node


def written_moment(seconds: int) -> str:
    """Unix seconds as a TIMESTAMP in SQL, UTC."""
    return f"TIMESTAMP '{_iso(seconds)}'"


def _bounds(window: Window) -> tuple[exp.Expression, exp.Expression]:
    """The window's moments as they stand in SQL; an open side is a NULL that is a TIMESTAMP."""
    start, end = (
        exp.cast(exp.Null() if bound is None else exp.Literal.string(_iso(bound)), "TIMESTAMP")
        for bound in (window.start, window.end)
    )
    return start, end


def _iso(seconds: int) -> str:
    return moment(seconds).replace(tzinfo=None).isoformat(" ")


def _literal(value: Any) -> exp.Expression:
    if isinstance(value, exp.Expression):
        return value.copy()
    if isinstance(value, bool):
        return exp.Boolean(this=value)
    if isinstance(value, int | float):
        number = exp.Literal.number(format(abs(value), "f") if isinstance(value, float) else str(abs(value)))
        return exp.Paren(this=exp.Neg(this=number)) if value < 0 else number
    if isinstance(value, list | tuple):
        return exp.Array(expressions=[exp.Literal.string(one) for one in value])
    return exp.Literal.string(value)


def _nearest(word: str, known: Collection[str]) -> str:
    close = difflib.get_close_matches(word, list(known), 1, 0.6)
    return f"Did you mean {close[0]!r}?" if close else f"Known are: {', '.join(sorted(known))}."


def _refuse(what: str, fix: str, where: str, why: str = "") -> NoReturn:
    raise CatalogueError(what, why=why, fix=fix, where=where)

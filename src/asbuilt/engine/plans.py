"""From a control, the company's settings and a window to the one query that tests it."""

import difflib
from collections.abc import Mapping, Sequence
from typing import Any, Final

import duckdb
import msgspec

from asbuilt.engine.expressions import Expression, check_expression
from asbuilt.facts.schemas import Table
from asbuilt.model.attribution import Authorship
from asbuilt.model.commit import moment
from asbuilt.model.errors import CatalogueError, ConfigError
from asbuilt.model.result import Control, ControlKind
from asbuilt.model.window import Window

# What each expression of a control must be.
_MUST_BE: Final = {"where": "BOOLEAN", "at": "TIMESTAMP", "expect": "BOOLEAN"}


class Plan(msgspec.Struct, frozen=True):
    """A checked control, ready to run.

    ``settings`` are those in force; ``query`` gives, for each item, its key, whether it is as expected, its
    attribution class, and the control's ``because`` columns. ``is_split`` is False where the population knows no
    attribution; the class is then empty.
    """

    control: Control
    settings: Mapping[str, Any]
    query: str
    is_split: bool


def plan_controls(
    controls: Sequence[Control],
    settings: Mapping[str, Mapping[str, Any]],
    schemas: Mapping[str, Table],
    window: Window,
    connection: duckdb.DuckDBPyConnection,
) -> tuple[Plan, ...]:
    """A plan for each control; ``connection`` holds the tables and tells the types of expressions.

    Raises:
        CatalogueError, ConfigError: see ``engine.evaluate``.
    """
    ids = {control.id for control in controls}
    for own in settings:
        if own not in ids:
            raise ConfigError(f"There are settings for the control {own!r}, which is none.", fix=_hint(own, ids))
    return tuple(_plan(control, settings.get(control.id, {}), schemas, window, connection) for control in controls)


def _plan(
    control: Control,
    said: Mapping[str, Any],
    schemas: Mapping[str, Table],
    window: Window,
    connection: duckdb.DuckDBPyConnection,
) -> Plan:
    # The seam: state and cadence controls will be planned by modules of their own, into the same Plan.
    if control.kind is not ControlKind.ITEM:
        raise CatalogueError(
            f"A control of kind {control.kind.value!r} cannot be tested yet.",
            fix="Only item controls can; take the file out, so that nobody counts on it.",
            where=control.place("kind"),
        )
    table = schemas.get(control.population)
    if table is None:
        raise CatalogueError(
            f"There is no fact table {control.population!r}.",
            fix=_hint(control.population, schemas),
            where=control.place("population"),
        )
    in_force = _settings(control, said)
    parts = _expressions(control, table, in_force, connection)
    columns = [column.name for column in table.columns]
    for name in control.because:
        if name not in columns:
            raise CatalogueError(
                f"There is no column {name!r}.", fix=_hint(name, columns), where=control.place("because")
            )
    return Plan(control, in_force, _query(control, table, parts, window), "attribution" in columns)


def _settings(control: Control, said: Mapping[str, Any]) -> dict[str, Any]:
    """The settings in force: the control's own, and in their place what the company says."""
    for name, value in said.items():
        if name not in control.settings:
            raise ConfigError(f"{control.id} has no setting {name!r}.", fix=_hint(name, control.settings))
        own = control.settings[name]
        if type(value) is not type(own) and not (isinstance(own, list) and isinstance(value, tuple)):
            raise ConfigError(
                f"The setting {name} of {control.id} is {value!r}.", fix=f"Write a value like {own!r}."
            )
    settings = {**control.settings, **said}
    share = settings.setdefault("not_effective_above", 0.5)
    if not 0 <= share <= 1:
        raise ConfigError(
            f"The setting not_effective_above of {control.id} is {share!r}.", fix="Write a share from 0.0 to 1.0."
        )
    return settings


def _expressions(
    control: Control, table: Table, settings: Mapping[str, Any], connection: duckdb.DuckDBPyConnection
) -> dict[str, Expression]:
    """The control's expressions, each checked and of the type it must have; every setting is used."""
    own = {name: value for name, value in settings.items() if name != "not_effective_above"}
    texts = {key: getattr(control, key) for key in _MUST_BE}
    parts = {
        key: check_expression(text, table, own, where=control.place(key)) for key, text in texts.items() if text
    }
    for key, part in parts.items():
        found = _type_of(part, table, control.place(key), connection)
        if found != _MUST_BE[key]:
            raise CatalogueError(
                f"The expression {key!r} is a {found}.",
                fix=f"It must be a {_MUST_BE[key]}.",
                where=control.place(key),
            )
    for name in sorted(own.keys() - frozenset().union(*(part.settings for part in parts.values()))):
        raise CatalogueError(
            f"The setting {name!r} is used by no expression.",
            fix="Take it out: a setting that changes nothing would mislead.",
            where=control.place(f"settings.{name}"),
        )
    return parts


def _type_of(part: Expression, table: Table, where: str, connection: duckdb.DuckDBPyConnection) -> str:
    try:
        described = connection.execute(f"DESCRIBE SELECT {part.sql} AS it FROM {table.name}").fetchall()  # noqa: S608 - written from a checked tree
    except duckdb.Error as error:
        raise CatalogueError(
            "The expression does not fit the columns.",
            why=str(error).split("\n", 1)[0],
            fix=f"Columns are {', '.join(f'{column.name} {column.type}' for column in table.columns)}.",
            where=where,
        ) from error
    return str(described[0][1])


def _query(control: Control, table: Table, parts: Mapping[str, Expression], window: Window) -> str:
    """The query that tests the control, self-contained: anyone can run it again on the same table."""
    columns = {column.name: column.type for column in table.columns}
    member = " AND ".join(_membership(parts, window)) or "TRUE"
    attribution = f"coalesce(attribution, '{Authorship.UNKNOWN}')" if "attribution" in columns else "''"
    shown = [
        f"strftime({name}, '%Y-%m-%dT%H:%M:%SZ') AS {name}" if columns[name] == "timestamp" else name
        for name in control.because
    ]
    expect = parts["expect"].sql if member == "TRUE" else f"CASE WHEN {member} THEN {parts['expect'].sql} END"
    selected = ",\n  ".join(
        [f"{table.key} AS item", f"{expect} AS is_met", f"{attribution} AS attribution_class", *shown]
    )
    kept = "" if member == "TRUE" else f"\nWHERE ({member}) IS NOT FALSE"
    newest = f"{parts['at'].sql} DESC NULLS LAST, " if "at" in parts else ""
    return f"SELECT\n  {selected}\nFROM {table.name}{kept}\nORDER BY {newest}item NULLS LAST"


def _membership(parts: Mapping[str, Expression], window: Window) -> list[str]:
    """The conditions under which a row belongs to the population and to the window."""
    found = [f"({parts['where'].sql})"] if "where" in parts else []
    if "at" in parts:
        bounds = ((">=", window.start), ("<", window.end))
        found += [f"({parts['at'].sql}) {sign} {_moment(bound)}" for sign, bound in bounds if bound is not None]
    return found


def _moment(seconds: int) -> str:
    return f"TIMESTAMP '{moment(seconds).replace(tzinfo=None).isoformat(' ')}'"


def _hint(word: str, known: Any) -> str:
    close = difflib.get_close_matches(word, list(known), 1, 0.6)
    return f"Did you mean {close[0]!r}?" if close else f"Known are: {', '.join(sorted(known))}."

"""From a control, the company's settings and a window to what can be run: every part of it checked."""

import difflib
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import duckdb
import msgspec

from asbuilt.catalogue.controls import COMMON_SETTINGS, is_cadence
from asbuilt.engine.expressions import Expression, check_expression
from asbuilt.facts.schemas import Table
from asbuilt.model.errors import CatalogueError, ConfigError
from asbuilt.model.result import Control, ControlKind
from asbuilt.model.window import Window

# What each expression of a control must be.
_MUST_BE: Final = {"where": "BOOLEAN", "at": "TIMESTAMP", "expect": "BOOLEAN", "subject_where": "BOOLEAN"}


class Plan(msgspec.Struct, frozen=True):
    """A checked control, ready to run.

    ``settings`` are those in force, ``table`` the population's, ``subjects`` the table that lists who or what it
    must hold for, ``parts`` its expressions by key, with settings and window written in.
    """

    control: Control
    settings: Mapping[str, Any]
    table: Table
    subjects: Table | None
    parts: Mapping[str, Expression]
    window: Window

    @property
    def is_split(self) -> bool:
        """Whether the population knows who wrote."""
        return any(column.name == "attribution" for column in self.table.columns)


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
    check_settings(controls, settings)
    return tuple(
        plan_control(control, settings.get(control.id, {}), schemas, window, connection) for control in controls
    )


def check_settings(controls: Sequence[Control], settings: Mapping[str, Mapping[str, Any]]) -> None:
    """Refuse settings of controls that there are not.

    Raises:
        ConfigError: names the control, and the one that may be meant.
    """
    ids = {control.id for control in controls}
    for own in settings:
        if own not in ids:
            raise ConfigError(f"There are settings for the control {own!r}, which is none.", fix=_hint(own, ids))


def plan_control(
    control: Control,
    said: Mapping[str, Any],
    schemas: Mapping[str, Table],
    window: Window,
    connection: duckdb.DuckDBPyConnection,
) -> Plan:
    """The plan of one control; ``said`` are the company's settings for it."""
    table = _table(control, "population", control.population, schemas)
    subjects = None if control.subjects is None else _table(control, "subjects", control.subjects, schemas)
    if control.kind is ControlKind.STATE and not table.state:
        raise CatalogueError(
            f"The table {table.name!r} does not say over which time its rows held.",
            fix="Take a state table as the population, or make it an item control.",
            where=control.place("population"),
        )
    in_force = _settings(control, said)
    for key, names in (("because", control.because), ("per", (control.per,) if control.per else ())):
        columns = {column.name: column.type for column in table.columns}
        for name in names:
            if name not in columns or (key == "per" and columns[name] != "text"):
                raise CatalogueError(
                    f"There is no column {name!r}." if name not in columns else f"The column {name!r} is no text.",
                    fix=_hint(name, columns),
                    where=control.place(key),
                )
    plan = Plan(control, in_force, table, subjects, {}, window)
    return msgspec.structs.replace(plan, parts=_expressions(plan, connection))


def _table(control: Control, key: str, name: str, schemas: Mapping[str, Table]) -> Table:
    if name not in schemas:
        raise CatalogueError(
            f"There is no fact table {name!r}.", fix=_hint(name, schemas), where=control.place(key)
        )
    return schemas[name]


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
    settings = {**COMMON_SETTINGS[control.kind], **control.settings, **said}
    share = settings["not_effective_above"]
    if not _is_number(share) or not 0 <= share <= 1:
        raise ConfigError(
            f"The setting not_effective_above of {control.id} is {share!r}.", fix="Write a share from 0.0 to 1.0."
        )
    for name in ("bridge_days", "grace_days"):
        if name in COMMON_SETTINGS[control.kind] and not (
            _is_number(settings[name]) and 0 <= settings[name] <= 366
        ):
            raise ConfigError(
                f"The setting {name} of {control.id} is {settings[name]!r}.", fix="Write days, from 0 to 366."
            )
    if control.kind is ControlKind.CADENCE and not is_cadence(settings.get("every")):
        raise ConfigError(
            f"The setting every of {control.id} is {settings.get('every')!r}.",
            fix="Write a period such as 'quarter', or a text like '365 days'.",
        )
    return settings


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _expressions(plan: Plan, connection: duckdb.DuckDBPyConnection) -> dict[str, Expression]:
    """The control's expressions, each checked and of the type it must have; every setting is used."""
    control, settings = plan.control, plan.settings
    common = {*COMMON_SETTINGS[control.kind], *(["every"] if control.kind is ControlKind.CADENCE else [])}
    parts = {}
    for key in _MUST_BE:
        over = plan.subjects if key == "subject_where" else plan.table
        if (text := getattr(control, key)) is None or over is None:
            continue
        # A common setting may have a column's name; it is then out of the expressions' reach.
        columns = {column.name for column in over.columns}
        own = {name: value for name, value in settings.items() if name not in common or name not in columns}
        part = check_expression(text, over, own, window=plan.window, where=control.place(key))
        parts[key] = part
    _check_types(plan, parts, connection)
    used = common.union(*(part.settings for part in parts.values()))
    for name in sorted(settings.keys() - used):
        raise CatalogueError(
            f"The setting {name!r} is used by no expression.",
            fix="Take it out: a setting that changes nothing would mislead.",
            where=control.place(f"settings.{name}"),
        )
    return parts


def _check_types(plan: Plan, parts: Mapping[str, Expression], connection: duckdb.DuckDBPyConnection) -> None:
    """Refuse an expression of another type than its place needs; those over one table are asked for at once."""
    for table, keys in ((plan.table, ("where", "at", "expect")), (plan.subjects, ("subject_where",))):
        named = [key for key in keys if key in parts]
        if table is None or not named:
            continue
        try:
            types = _types([parts[key] for key in named], table, connection)
        except duckdb.Error:
            types = [_type_of(plan.control.place(key), parts[key], table, connection) for key in named]
        for key, found in zip(named, types, strict=True):
            if found != _MUST_BE[key]:
                raise CatalogueError(
                    f"The expression {key!r} is a {found}.",
                    fix=f"It must be a {_MUST_BE[key]}.",
                    where=plan.control.place(key),
                )


def _types(parts: Sequence[Expression], table: Table, connection: duckdb.DuckDBPyConnection) -> list[str]:
    columns = ", ".join(f"{part.sql} AS it_{n}" for n, part in enumerate(parts))
    return [str(row[1]) for row in connection.execute(f"DESCRIBE SELECT {columns} FROM {table.name}").fetchall()]  # noqa: S608 - written from checked trees


def _type_of(where: str, part: Expression, table: Table, connection: duckdb.DuckDBPyConnection) -> str:
    try:
        return _types([part], table, connection)[0]
    except duckdb.Error as error:
        raise CatalogueError(
            "The expression does not fit the columns.",
            why=str(error).split("\n", 1)[0],
            fix=f"Columns are {', '.join(f'{column.name} {column.type}' for column in table.columns)}.",
            where=where,
        ) from error


def _hint(word: str, known: Collection[str]) -> str:
    close = difflib.get_close_matches(word, list(known), 1, 0.6)
    return f"Did you mean {str(close[0])!r}?" if close else f"Known are: {', '.join(sorted(known))}."

"""The controls, for a reader: what there is, what each expects, and the query that tests it."""

import difflib
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from asbuilt.app.config import Config
from asbuilt.catalogue.controls import FOLDER, load_controls
from asbuilt.catalogue.criteria import load_criteria
from asbuilt.engine.examples import failing_examples
from asbuilt.engine.plans import plan_controls
from asbuilt.engine.queries import item_query, truth_query
from asbuilt.engine.tables import open_tables
from asbuilt.facts.schemas import TABLES
from asbuilt.model.errors import CatalogueError, ConfigError, UsageError
from asbuilt.model.result import Control, ControlKind
from asbuilt.model.window import Window

ANY_TIME = Window()


class ControlPage(msgspec.Struct, frozen=True):
    """One control as a reader needs it.

    ``standing`` is ``in use``, or why it is not tested and who decided it. ``parts`` are (heading, text) in reading
    order, ``columns`` the population's columns with what each says, ``query`` the SQL that tests it on the tables,
    which anyone can run again.
    """

    id: str
    kind: str
    title: str
    criteria: tuple[tuple[str, str], ...]
    standing: str
    parts: tuple[tuple[str, str], ...]
    settings: dict[str, Any]
    population: str
    columns: tuple[tuple[str, str, str], ...]
    query: str
    source: str


def company_controls(config: Config, base: Path) -> tuple[Control, ...]:
    """AsBuilt's controls and the company's own, from the folders that its configuration names.

    Args:
        config: the company's.
        base: the folder that relative names start from: the one of the configuration.

    Raises:
        CatalogueError: a file is malformed, two have one id, or an example of the company's own does not come to
            its verdict.
        ConfigError: the configuration speaks of a control that is none.
    """
    controls = load_controls(extra=[base / folder for folder in config.audit.controls])
    # Those that come with AsBuilt have had theirs run in its own tests.
    for failing in failing_examples([control for control in controls if Path(control.source).parent != FOLDER]):
        where, _, said = failing.partition(": ")
        raise CatalogueError(
            f"{said[:1].upper()}{said[1:]}", fix="Mend the example, or what the control expects.", where=where
        )
    known = {control.id for control in controls}
    for own in (*config.controls, *config.audit.retired, *config.audit.not_applicable, *config.audit.void):
        if own not in known:
            close = difflib.get_close_matches(own, known, 1, 0.6)
            raise ConfigError(
                f"There is no control {own!r}.",
                fix=f"Did you mean {close[0]!r}?" if close else "`asbuilt controls` lists them.",
                where=config.source or "",
            )
    return controls


def control_pages(
    config: Config, base: Path, *, window: Window = ANY_TIME, wanted: str | None = None
) -> tuple[ControlPage, ...]:
    """Every control, or the one that is wanted (in any case), with its query for a window.

    Raises:
        UsageError: there is no control of that id.
        CatalogueError, ConfigError: a control or its settings cannot be followed; names file and line.
    """
    controls = company_controls(config, base)
    if wanted is not None:
        controls = tuple(control for control in controls if control.id.casefold() == wanted.casefold())
        if not controls:
            known = [control.id for control in company_controls(config, base)]
            close = difflib.get_close_matches(wanted.upper(), known, 1, 0.6)
            raise UsageError(
                f"There is no control {wanted!r}.",
                fix=f"Did you mean {close[0]!r}?" if close else "`asbuilt controls` lists them.",
            )
    ids = {control.id for control in controls}
    settings = {own: said for own, said in config.controls.items() if own in ids}
    with closing(open_tables(list(TABLES.values()))) as connection:
        plans = plan_controls(controls, settings, TABLES, window, connection)
    return tuple(
        _page(
            plan.control,
            config,
            dict(plan.settings),
            item_query(plan) if plan.control.kind is ControlKind.ITEM else truth_query(plan),
        )
        for plan in plans
    )


def _page(control: Control, config: Config, settings: dict[str, Any], query: str) -> ControlPage:
    criteria = load_criteria()
    table = TABLES[control.population]
    return ControlPage(
        id=control.id,
        kind=control.kind.value,
        title=control.title,
        criteria=tuple((own, criteria[own].title) for own in control.criteria),
        standing=_standing(control.id, config),
        parts=_parts(control),
        settings=settings,
        population=control.population,
        columns=tuple((column.name, column.type, column.doc) for column in table.columns),
        query=query,
        source=Path(control.source).name,
    )


def _standing(control: str, config: Config) -> str:
    for word, aside in (("retired", config.audit.retired), ("not applicable", config.audit.not_applicable)):
        if control in aside:
            decided = aside[control]
            return f"{word} since {decided.on}: {decided.reason} ({decided.by})"
    return "in use"


def _parts(control: Control) -> tuple[tuple[str, str], ...]:
    subjects = control.subjects or ""
    if control.subject_where:
        subjects += f", where {control.subject_where}"
    said: Sequence[tuple[str, str | None]] = (
        ("What", control.what),
        ("Why", control.why),
        ("Blind spot", control.blind_spot),
        ("Population", control.population),
        ("Belongs to it", control.where),
        ("When it happened", control.at),
        ("Must hold for", subjects),
        ("Named by", control.per),
        ("Expects", control.expect),
        ("Remedy", control.remedy),
        ("When unknown", control.open_with),
    )
    return tuple((heading, text) for heading, text in said if text)

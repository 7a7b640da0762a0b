"""Testing controls: each item of a population against what the control expects, in SQL's three-valued logic.

1. Check every control: its settings, its expressions, their types. One that is wrong is refused before any runs.
2. Fill the tables with facts.
3. Ask one query for each control: which items belong to its population and window, and is each as expected?
   TRUE is met, FALSE a deviation, NULL unknown. An item that may or may not belong stays, as unknown.
4. Count, split by attribution, conclude, and take a digest.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any, Final

import duckdb
import msgspec

from asbuilt.engine.conclusions import conclude
from asbuilt.engine.crashes import Crash, attempt
from asbuilt.engine.outcomes import gathered
from asbuilt.engine.plans import Plan, plan_controls
from asbuilt.engine.queries import item_query
from asbuilt.engine.tables import fill_table, open_tables
from asbuilt.facts.schemas import TABLES, Table
from asbuilt.model.attribution import Authorship
from asbuilt.model.errors import CatalogueError
from asbuilt.model.result import Conclusion, Control, ControlKind, Outcome, Result, Verdict
from asbuilt.model.window import Window

Rows = Sequence[Mapping[str, Any]]

_OUTCOMES: Final = {True: Outcome.MET, False: Outcome.DEVIATION, None: Outcome.UNKNOWN}
_BATCH: Final = 5_000  # rows fetched at once: what dies young costs the collector little
_LEAD: Final = 3  # columns of the query before those that are shown as the reason


def evaluate(
    controls: Sequence[Control],
    tables: Mapping[str, Rows],
    window: Window,
    settings: Mapping[str, Mapping[str, Any]] | None = None,
    *,
    schemas: Mapping[str, Table] = TABLES,
) -> tuple[Result, ...]:
    """Test each control on its whole population, and say what every item came to.

    Args:
        controls: what is expected.
        tables: rows of facts by the name of their table.
        window: items whose moment lies outside are left out; controls without ``at`` stand in every window.
        settings: the company's values, by control and name, in place of the controls' own.
        schemas: the columns of each table.

    Returns:
        One result for each control, in the same order; its verdicts newest first.

    Raises:
        CatalogueError: a control's expression is malformed or refused.
        ConfigError: a setting is unknown or of the wrong type.
    """
    with closing(open_tables(list(schemas.values()))) as connection:
        # (1) Check.
        for control in controls:
            if control.kind is not ControlKind.ITEM:
                raise CatalogueError(
                    f"A control of kind {control.kind.value!r} cannot be tested on rows alone.",
                    fix="Leave inspect out of its file: an audit tests it, with extracts and subjects.",
                    where=control.place("kind"),
                )
        plans = plan_controls(controls, settings or {}, schemas, window, connection)
        runner = _Runner(connection, tables, schemas)
        return tuple(runner.run(plan) for plan in plans)


class _Runner:
    def __init__(
        self, connection: duckdb.DuckDBPyConnection, tables: Mapping[str, Rows], schemas: Mapping[str, Table]
    ) -> None:
        self._connection = connection
        self._tables = tables
        self._schemas = schemas
        self._filled: set[str] = set()

    def run(self, plan: Plan) -> Result:
        """One control's result; a control that crashes leaves every item unknown, never out."""
        verdicts = attempt(lambda: self._verdicts(plan))
        if isinstance(verdicts, Crash):
            return _result(plan, self._all_unknown(plan), verdicts.said)
        return _result(plan, verdicts, None)

    def _verdicts(self, plan: Plan) -> tuple[Verdict, ...]:
        name = plan.control.population
        # (2) Fill.
        if name not in self._filled:
            if name not in self._tables:
                raise LookupError(f"No facts were gathered for the population {name!r}.")
            fill_table(self._connection, self._schemas[name], self._tables[name])
            self._filled.add(name)
        # (3) Ask.
        return tuple(_read_verdicts(self._connection.execute(item_query(plan)), plan.control.because))

    def _all_unknown(self, plan: Plan) -> tuple[Verdict, ...]:
        key = self._schemas[plan.control.population].key
        split = "attribution" if plan.is_split else ""
        return tuple(
            Verdict(
                str(row.get(key)),
                Outcome.UNKNOWN,
                str(row.get(split) or Authorship.UNKNOWN) if split else "",
                {},
            )
            for row in self._tables.get(plan.control.population, ())
        )


def _read_verdicts(answer: duckdb.DuckDBPyConnection, names: Sequence[str]) -> Iterator[Verdict]:
    """The verdicts of a query, in its order; those with the same reason share it, since most have one of a few."""
    encode = msgspec.json.Encoder().encode
    reasons: dict[bytes, dict[str, Any]] = {}
    while rows := answer.fetchmany(_BATCH):
        for row in rows:
            reason = encode(row[_LEAD:])
            if (because := reasons.get(reason)) is None:
                because = reasons[reason] = dict(zip(names, row[_LEAD:], strict=True))
            yield Verdict(row[0], _OUTCOMES[row[1]], row[2], because)


def _result(plan: Plan, verdicts: tuple[Verdict, ...], failure: str | None) -> Result:
    # (4) Count, split, conclude, digest.
    control = plan.control
    outcomes = gathered((verdict.item, verdict.attribution, verdict.outcome) for verdict in verdicts)
    counts = outcomes.counts()
    conclusion = conclude(counts, plan.settings["not_effective_above"])
    return Result(
        control=control.id,
        title=control.title,
        criteria=control.criteria,
        population=control.population,
        count=len(verdicts),
        counts=counts,
        split=outcomes.split() if plan.is_split else {},
        verdicts=verdicts,
        conclusion=Conclusion.EVIDENCE_MISSING if failure else conclusion,
        query=item_query(plan),
        digest=outcomes.digest,
        population_digest=outcomes.population.digest,
        settings=dict(plan.settings),
        failure=failure,
    )

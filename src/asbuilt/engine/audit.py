"""Testing controls over a window: item, state and cadence controls on whole populations.

1. Refuse a window that is open or has not ended.
2. Check every control: its settings, its expressions, their types. One that is wrong is refused before any runs.
3. Read how complete each population is known to be, and what was waived.
4. Test: each item, each subject's time, each expected occurrence. A control that crashes leaves every item unknown.
5. Conclude, and attach what people said: a control declared not applicable, waivers. They change no verdict.
"""

from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Any, Final, Protocol

import msgspec

from asbuilt.engine.access import Facts, seconds_of
from asbuilt.engine.cadence import CadenceFound, find_cadence
from asbuilt.engine.conclusions import Ground, concluded
from asbuilt.engine.coverage import coverage_of, covered_time, read_extracts
from asbuilt.engine.crashes import Crash, attempt
from asbuilt.engine.items import all_unknown, item_outcomes, listed_verdicts, newest_verdicts
from asbuilt.engine.outcomes import Outcomes, gathered
from asbuilt.engine.parts import Extracts
from asbuilt.engine.plans import Plan, check_settings, plan_control
from asbuilt.engine.queries import evidence_query, item_query, newest_query, occurrence_query
from asbuilt.engine.state import find_state
from asbuilt.engine.tables import open_tables
from asbuilt.model.commit import moment
from asbuilt.model.errors import UsageError
from asbuilt.model.result import (
    Control,
    ControlKind,
    Coverage,
    Occurrence,
    Outcome,
    Result,
    TimeInForce,
    Verdict,
    Waiver,
)
from asbuilt.model.window import Window

DAY: Final = 86_400
LOOK_BACK_DAYS: Final = 365  # how far back a test on a date looks for the newest item

Settings = Mapping[str, Mapping[str, Any]]


class Decision(Protocol):
    """Why a control is not applicable, who decided it, and on which day (ISO)."""

    @property
    def reason(self) -> str:
        """Why."""

    @property
    def by(self) -> str:
        """The person."""

    @property
    def on(self) -> str:
        """The day."""


class Tested(msgspec.Struct, frozen=True):
    """One control's result, and the verdict of every item that stands behind its counts and digests."""

    result: Result
    outcomes: Outcomes


class _Found(msgspec.Struct, frozen=True):
    """What the test of one control brought."""

    outcomes: Outcomes
    verdicts: tuple[Verdict, ...]
    query: str
    coverage: Coverage | None = None
    in_force: TimeInForce | None = None
    occurrences: tuple[Occurrence, ...] = ()
    not_due: int = 0
    nothing_due: str = ""
    needs_complete: bool = True


def test_controls(
    facts: Facts,
    controls: Sequence[Control],
    window: Window,
    settings: Settings | None = None,  # noqa: PT028 - no test of pytest's
    *,
    now: int,
    at_date: bool = False,  # noqa: PT028
    look_back_days: int = LOOK_BACK_DAYS,  # noqa: PT028
    not_applicable: Mapping[str, Decision] | None = None,  # noqa: PT028
) -> tuple[Tested, ...]:
    """Test each control on its whole population over a window.

    Args:
        facts: the filled tables; ``extracts`` and ``waivers`` among them.
        controls: what is expected.
        window: both ends are set, Unix seconds.
        settings: the company's values, by control and name, in place of the controls' own.
        now: Unix seconds; a window that has not ended by then is refused.
        at_date: test on a date (Type I): the day that ends with the window. Of items with a moment the newest
            within ``look_back_days`` is tested; a state must be on that day; of a cadence the last occurrence must
            be in force.
        look_back_days: how far back the newest item may lie.
        not_applicable: by control id.

    Returns:
        One for each control, in the same order.

    Raises:
        UsageError: the window is open, empty or has not ended.
        CatalogueError: a control's expression is malformed or refused.
        ConfigError: a setting is unknown or of the wrong type.
    """
    # (1) Refuse.
    start, end = _bounds(window, now, at_date=at_date)
    # (2) Check.
    said = settings or {}
    check_settings(controls, said)
    names = {name for own in controls for name in (own.population, own.subjects or "") if name in facts.tables}
    with closing(open_tables([facts.tables[name] for name in sorted(names)])) as connection:
        plans = [
            plan_control(
                own,
                said.get(own.id, {}),
                facts.tables,
                _window_of(own, start, end, at_date=at_date, look_back_days=look_back_days),
                connection,
            )
            for own in controls
        ]
    # (3) Read.
    run = _Run(facts, read_extracts(facts), read_waivers(facts), not_applicable or {}, at_date=at_date)
    # (4) Test, and (5) conclude.
    return run.results(plans)


test_controls.__test__ = False  # type: ignore[attr-defined]  # a name of ours, no test for pytest to collect


def _bounds(window: Window, now: int, *, at_date: bool) -> tuple[int, int]:
    if window.start is None or window.end is None or window.start >= window.end:
        raise UsageError(
            "The window has no begin or no end.", fix="Give both, the first day and the day after the last."
        )
    if at_date and window.end > now:
        raise UsageError(
            f"The day {_day(window.end - 1)} is not over.",
            why="What is taken before a day has ended says nothing about the whole of it.",
            fix=f"Take {_day(now - now % DAY - 1)} or an earlier day, or wait.",
        )
    if window.end > now:
        raise UsageError(
            f"The window ends on {_day(window.end)}, which is not over.",
            why="A population taken before its period has ended is no population.",
            fix=f"End it by {_day(now)}, or wait.",
        )
    return window.start, window.end


def _window_of(control: Control, start: int, end: int, *, at_date: bool, look_back_days: int) -> Window:
    if not at_date:
        return Window(start, end)
    if control.kind is ControlKind.ITEM:
        return Window(end - look_back_days * DAY, end)
    return Window(end - DAY, end)


def read_waivers(facts: Facts) -> dict[str, list[Waiver]]:
    """The waivers by control, oldest first."""
    found: dict[str, list[Waiver]] = {}
    query = (
        "SELECT control, item, granted_by, reason, granted_at, expires_at FROM waivers ORDER BY granted_at, item"
    )
    for control, item, by, reason, granted, expires in facts.rows(query) if "waivers" in facts.tables else ():
        own = Waiver(control, item, by, reason, seconds_of(granted) or 0, seconds_of(expires) or 0)
        found.setdefault(control, []).append(own)
    return found


class _Run:
    """One run over the facts, with what is read once for all controls."""

    def __init__(
        self,
        facts: Facts,
        extracts: Extracts,
        waivers: Mapping[str, Sequence[Waiver]],
        not_applicable: Mapping[str, Decision],
        *,
        at_date: bool,
    ) -> None:
        self._facts = facts
        self._extracts = extracts
        self._waivers = waivers
        self._not_applicable = not_applicable
        self._at_date = at_date

    def results(self, plans: Sequence[Plan]) -> tuple[Tested, ...]:
        """The results of all plans; the item controls of a table are tested in one pass."""
        whole = [plan for plan in plans if plan.control.kind is ControlKind.ITEM and not self._takes_newest(plan)]
        outcomes = item_outcomes(self._facts, whole)
        return tuple(self._tested(plan, outcomes.get(plan.control.id)) for plan in plans)

    def _takes_newest(self, plan: Plan) -> bool:
        return self._at_date and "at" in plan.parts

    def _tested(self, plan: Plan, outcomes: Outcomes | Crash | None) -> Tested:
        found = outcomes if isinstance(outcomes, Crash) else attempt(lambda: self._found(plan, outcomes))
        if isinstance(found, Crash):
            rows = attempt(lambda: all_unknown(self._facts, plan))
            left = gathered(()) if isinstance(rows, Crash) else rows
            return self._result(plan, _Found(left, (), _query(plan, at_date=self._at_date)), found.said)
        return self._result(plan, found, None)

    def _found(self, plan: Plan, outcomes: Outcomes | None) -> _Found:
        match plan.control.kind:
            case ControlKind.STATE:
                return self._state(plan)
            case ControlKind.CADENCE:
                return self._cadence(plan)
        query = _query(plan, at_date=self._at_date)
        if outcomes is None:
            return self._newest(plan, query)
        return _Found(
            outcomes,
            listed_verdicts(self._facts, plan, outcomes),
            query,
            coverage=self._coverage(plan, plan.table.covered_by),
        )

    def _newest(self, plan: Plan, query: str) -> _Found:
        newest = newest_verdicts(self._facts, plan)
        coverage = self._coverage(plan, plan.table.covered_by)
        days = ((plan.window.end or 0) - (plan.window.start or 0)) // DAY
        nothing = f"No item in the {days} days before: its design alone could be seen."
        return _Found(
            _gathered(newest),
            _listed(newest),
            query,
            coverage=coverage,
            # One item is a test of its own; that there is none must be known.
            needs_complete=not newest,
            nothing_due=nothing if coverage.complete and not newest else "",
        )

    def _state(self, plan: Plan) -> _Found:
        found = find_state(self._facts, plan, at_date=self._at_date)
        return _Found(
            _gathered(found.verdicts),
            _listed(found.verdicts),
            evidence_query(plan),
            coverage=self._coverage(plan, _behind(plan)),
            in_force=found.in_force,
        )

    def _cadence(self, plan: Plan) -> _Found:
        covered = covered_time(plan.table.covered_by, self._extracts)
        found = find_cadence(self._facts, plan, covered, at_date=self._at_date)
        return _Found(
            _gathered(found.verdicts),
            _listed(found.verdicts),
            occurrence_query(plan),
            coverage=self._coverage(plan, _behind(plan)),
            occurrences=found.occurrences,
            not_due=found.not_due,
            nothing_due=_nothing_due(found),
        )

    def _coverage(self, plan: Plan, tables: Sequence[str]) -> Coverage:
        start, end = plan.window.start or 0, plan.window.end or 0
        return coverage_of(tables, (end - DAY if self._at_date else start, end), self._extracts)

    def _result(self, plan: Plan, found: _Found, failure: str | None) -> Tested:
        control, counts = plan.control, found.outcomes.counts()
        incomplete = ""
        if found.needs_complete:
            incomplete = found.coverage.why if found.coverage else ""
            if found.coverage is None and not found.outcomes.letters:
                incomplete = "Nothing names the subjects that it must hold for."
        ground = Ground(
            plan.settings["not_effective_above"],
            incomplete=incomplete,
            corroborated=found.coverage.corroborated if found.coverage else None,
            nothing_due=found.nothing_due,
            failure=failure,
            set_aside=_set_aside(self._not_applicable.get(control.id)),
        )
        conclusion, reason = concluded(counts, ground)
        waivers, expired = self._waived(plan, found.verdicts)
        result = Result(
            control=control.id,
            title=control.title,
            criteria=control.criteria,
            population=control.population,
            count=len(found.outcomes.letters),
            counts=counts,
            split=found.outcomes.split() if plan.is_split and control.kind is ControlKind.ITEM else {},
            verdicts=found.verdicts,
            conclusion=conclusion,
            query=found.query,
            digest=found.outcomes.digest,
            settings=dict(plan.settings),
            failure=failure,
            kind=control.kind,
            population_digest=found.outcomes.population.digest,
            coverage=found.coverage,
            in_force=found.in_force,
            occurrences=found.occurrences,
            waivers=waivers,
            not_due=found.not_due,
            reason=f"{reason}{expired}",
        )
        return Tested(result, found.outcomes)

    def _waived(self, plan: Plan, verdicts: Sequence[Verdict]) -> tuple[tuple[Waiver, ...], str]:
        """The waivers of deviations in the window, and a sentence about those that had expired by its end."""
        deviating = {verdict.item for verdict in verdicts if verdict.outcome is Outcome.DEVIATION}
        end = plan.window.end or 0
        found = tuple(
            own for own in self._waivers.get(plan.control.id, ()) if own.item in deviating and own.granted_at <= end
        )
        expired = [own for own in found if own.expires_at <= end]
        if not expired:
            return found, ""
        first = expired[0]
        more = f" and {len(expired) - 1} more" if len(expired) > 1 else ""
        return (
            found,
            f" The waiver of {first.item}{more} had expired by the window's end ({_day(first.expires_at)}).",
        )


def _gathered(verdicts: Sequence[Verdict]) -> Outcomes:
    return gathered((verdict.item, verdict.attribution, verdict.outcome) for verdict in verdicts)


def _listed(verdicts: Sequence[Verdict]) -> tuple[Verdict, ...]:
    return tuple(
        verdict
        for wanted in (Outcome.DEVIATION, Outcome.UNKNOWN)
        for verdict in verdicts
        if verdict.outcome is wanted
    )


def _behind(plan: Plan) -> tuple[str, ...]:
    """The recorded tables that must be complete: of those it must hold for, and of what shows that it did."""
    tables = plan.table.covered_by + (plan.subjects.covered_by if plan.subjects else ())
    return tuple(dict.fromkeys(tables))


def _query(plan: Plan, *, at_date: bool) -> str:
    match plan.control.kind:
        case ControlKind.STATE:
            return evidence_query(plan)
        case ControlKind.CADENCE:
            return occurrence_query(plan)
    return newest_query(plan) if at_date and "at" in plan.parts else item_query(plan)


def _nothing_due(found: CadenceFound) -> str:
    if found.verdicts or not found.subjects:
        return ""
    if found.next_due is None:
        return "Nothing was due in the window."
    return f"Nothing was due in the window; the next is due by {_day(found.next_due)}."


def _set_aside(decision: Decision | None) -> str:
    if decision is None:
        return ""
    return f"{decision.reason.rstrip('.')}. So decided by {decision.by} on {decision.on}."


def parity(results: Sequence[Result]) -> dict[str, dict[str, dict[str, int]]]:
    """The verdicts of every control whose population knows who wrote: by control, attribution class, outcome."""
    return {result.control: result.split for result in results if result.split}


def _day(seconds: int) -> str:
    return moment(seconds).strftime("%Y-%m-%d")

"""Cadence controls: which occurrences the window expects, and how each of them stands.

1. An occurrence happened at its moment and was done as it must be, was not, or cannot be told (``expect``).
2. A calendar cadence expects one in each period (UTC) in which the subject was in use from begin to end; it is due
   ``grace_days`` after the period's end. Periods take the occurrences that are as expected in order, oldest first;
   each counts once. In the days of grace a period takes what it still needs, and the next one needs another. The
   very first occurrence of all counts for the period before it only if its own period has another.
3. A rolling cadence ('365 days') expects one so long after the last, or after the subject came into use; where
   nothing came before, one must stand within that time before the window.
4. What was done in time is on time, and belongs to the window in which it was done; all else belongs to the window
   in which it was due. So adjacent windows add up. What falls due after the window is not yet due: no item.
5. What was not done in time is: not as expected, if something was done and not as it must be; not visible, if
   something was done and cannot be told, or no extract vouches for the time; late, if it was done after; else
   missing.
6. On time: met. Late, missing, not as expected: a deviation. Not visible: unknown.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from asbuilt.engine.access import Facts, seconds_of
from asbuilt.engine.intervals import Interval, missing
from asbuilt.engine.periods import day_of, midnight, next_start, period_name, period_start, rolling_days
from asbuilt.engine.plans import Plan
from asbuilt.engine.queries import occurrence_query
from asbuilt.engine.subjects import COMPANY, UNNAMED, Subject, subjects_of
from asbuilt.model.commit import moment
from asbuilt.model.result import Occurrence, Outcome, Verdict

DAY: Final = 86_400
VERDICTS: Final = {
    "on time": Outcome.MET,
    "late": Outcome.DEVIATION,
    "missing": Outcome.DEVIATION,
    "not as expected": Outcome.DEVIATION,
    "not visible": Outcome.UNKNOWN,
}


class Done(msgspec.Struct, frozen=True):
    """Something that happened at a moment (None: not known when), and whether it was as expected."""

    item: str
    at: int | None
    is_met: bool | None
    because: Mapping[str, Any] = {}


class Rhythm(msgspec.Struct, frozen=True):
    """How often something is expected: a calendar period, or a rolling number of days; grace in seconds."""

    every: str
    grace: int

    @property
    def rolling(self) -> int | None:
        """The seconds between two of a rolling cadence."""
        days = rolling_days(self.every)
        return None if days is None else days * DAY


class Expected(msgspec.Struct, frozen=True):
    """One expected occurrence of one subject: [start, due), its name, and what settled it, if anything did."""

    name: str
    start: int
    due: int
    done: Done | None

    @property
    def settled(self) -> int:
        """The moment that decides to which window it belongs."""
        return self.due - 1 if self.done is None or self.done.at is None else self.done.at


class CadenceFound(msgspec.Struct, frozen=True):
    """What a cadence control came to: occurrences with their verdicts, and how many lie ahead, the next of them."""

    occurrences: tuple[Occurrence, ...]
    verdicts: tuple[Verdict, ...]
    not_due: int
    next_due: int | None
    subjects: int


def find_cadence(facts: Facts, plan: Plan, covered: Sequence[Interval], *, at_date: bool = False) -> CadenceFound:
    """The occurrences that the plan's window expects of each subject.

    ``covered`` is the time in which every occurrence is known to be in the population. With ``at_date`` one
    occurrence is asked of each subject: the one that is in force at the window's end.
    """
    # (1) What happened.
    happened: dict[str, list[Done]] = {}
    for item, is_met, _, subject, at, *because in facts.rows(occurrence_query(plan)):
        name = COMPANY if plan.control.per is None else UNNAMED if subject is None else subject
        reason = dict(zip(plan.control.because, because, strict=True))
        happened.setdefault(name, []).append(Done(item, seconds_of(at), is_met, reason))
    window = (plan.window.start or 0, plan.window.end or 0)
    # What is done for a subject that no table lists is no occurrence that anyone expects.
    shown = set() if plan.subjects else {name for name in happened if name != UNNAMED}
    subjects = subjects_of(facts, plan, shown)
    rhythm = Rhythm(plan.settings["every"], int(plan.settings["grace_days"] * DAY))
    occurrences: list[Occurrence] = []
    verdicts: list[Verdict] = []
    ahead: list[int] = []
    for subject in subjects:
        done = happened.get(subject.name, [])
        expected = (
            in_force(rhythm, subject, done, window[1]) if at_date else expectations(rhythm, subject, done, window)
        )
        for one in expected:
            if one.settled >= window[1]:
                ahead.append(one.due)
                standing, deciding = "not yet due", None
            else:
                standing, deciding = standing_of(one, subject, done, covered, window[1])
            item = one.name if plan.control.per is None else f"{subject.name} | {one.name}"
            at = deciding.at if deciding else None
            occurrences.append(Occurrence(subject.name, one.start, one.due, at, standing, item))
            if standing in VERDICTS:
                verdicts.append(Verdict(item, VERDICTS[standing], "", _because(one, standing, deciding)))
    return CadenceFound(tuple(occurrences), tuple(verdicts), len(ahead), min(ahead, default=None), len(subjects))


def _because(one: Expected, standing: str, deciding: Done | None) -> dict[str, Any]:
    told: dict[str, Any] = {"standing": standing, "due": _iso(one.due)}
    if deciding is not None:
        told |= {"at": None if deciding.at is None else _iso(deciding.at), "occurrence": deciding.item}
        told |= deciding.because
    return told


def expectations(rhythm: Rhythm, subject: Subject, done: Sequence[Done], window: Interval) -> list[Expected]:
    """What the window expects of one subject: what settles in it, and what is under way at its end."""
    found = _rolling(rhythm, subject, done, window) if rhythm.rolling else _calendar(rhythm, subject, done, window)
    return [one for one in found if one.settled >= window[0] and one.start < window[1]]


def _met(done: Sequence[Done]) -> list[Done]:
    """Those that are as expected, oldest first."""
    dated = [one for one in done if one.is_met and one.at is not None]
    return sorted(dated, key=lambda one: (one.at or 0, one.item))


def _calendar(rhythm: Rhythm, subject: Subject, done: Sequence[Done], window: Interval) -> Iterator[Expected]:
    # (2) One in each period; oldest first.
    left = _met(done)
    day = period_start(rhythm.every, day_of(window[0] - rhythm.grace))
    origin = day
    if left:
        origin = period_start(rhythm.every, day_of(left[0].at or 0))
        if len(left) > 1 and (left[1].at or 0) < midnight(next_start(rhythm.every, origin)) + rhythm.grace:
            origin = period_start(rhythm.every, day_of((left[0].at or 0) - rhythm.grace))
    day = min(day, origin)
    taken = 0  # how many of them are used up, or too old for the periods to come
    while (start := midnight(day)) < window[1]:
        end = midnight(next_start(rhythm.every, day))
        if subject.start <= start and end <= subject.end:
            while taken < len(left) and (left[taken].at or 0) < start:
                taken += 1
            found = None
            if day >= origin and taken < len(left) and (left[taken].at or 0) < end + rhythm.grace:
                found, taken = left[taken], taken + 1
            yield Expected(period_name(rhythm.every, day), start, end + rhythm.grace, found)
        day = next_start(rhythm.every, day)


def _rolling(rhythm: Rhythm, subject: Subject, done: Sequence[Done], window: Interval) -> Iterator[Expected]:
    # (3) The next is due so long after the last; what is overdue when the window begins is due in it.
    every = rhythm.rolling or 0
    if subject.start >= window[1] or subject.end <= window[0]:
        return
    left = [one for one in _met(done) if (one.at or 0) < window[1]]
    earlier = [one.at or 0 for one in left if (one.at or 0) < window[0]]
    last = max([*earlier, subject.start, window[0] + 1 - every - rhythm.grace])
    left = left[len(earlier) :]
    while True:
        due = last + every + rhythm.grace
        if left and (left[0].at or 0) < due:
            found = left.pop(0)
            yield Expected(f"due {_day(due)}", last, due, found)
            last = found.at or 0
            continue
        if due > subject.end:
            return
        yield Expected(f"due {_day(due)}", last, due, None)
        if due > window[1]:
            return
        # One that comes late, before the next would be due, begins the count anew.
        is_late = bool(left) and (left[0].at or 0) < due + every
        last = (left.pop(0).at or 0) if is_late else due - rhythm.grace


def in_force(rhythm: Rhythm, subject: Subject, done: Sequence[Done], date: int) -> list[Expected]:
    """What must stand at a date: the last occurrence, if the next one is not overdue by then."""
    last = next((one for one in reversed(_met(done)) if (one.at or 0) < date), None)
    if not subject.start < date <= subject.end:
        return []
    if rhythm.rolling:
        start = date - rhythm.rolling - rhythm.grace
        new = subject.start > start
    else:
        # The period under way, and the one before it.
        own = period_start(rhythm.every, day_of(date - 1))
        before = period_start(rhythm.every, day_of(midnight(own) - 1))
        if date - 1 < midnight(own) + rhythm.grace:
            before = period_start(rhythm.every, day_of(midnight(before) - 1))
        start = midnight(before)
        new = subject.start > start
    stands = last is not None and (last.at or 0) >= start
    if not stands and new:
        return []  # it is so new that nothing is due yet
    return [Expected(f"in force {_day(date - 1)}", start, date, last if stands else None)]


def standing_of(
    one: Expected, subject: Subject, done: Sequence[Done], covered: Sequence[Interval], until: int
) -> tuple[str, Done | None]:
    """How an expected occurrence stands, and what decided it; ``until`` is the window's end."""
    # (5) In time, or why not.
    if not subject.is_member:
        return "not visible", one.done
    if one.done is not None:
        return "on time", one.done
    dated = sorted((own for own in done if own.at is not None), key=lambda own: (own.at or 0, own.item))
    tried = [own for own in dated if one.start <= (own.at or 0) < one.due and own.is_met is not True]
    undated = [own for own in done if own.at is None and own.is_met is not False]
    hidden = [own for own in tried if own.is_met is None]
    if hidden or undated:
        return "not visible", (hidden or undated)[0]
    if tried:
        return "not as expected", tried[0]
    if missing(covered, (one.start, min(one.due, until))):
        return "not visible", None
    length = one.due - one.start
    after = [own for own in dated if own.is_met and one.due <= (own.at or 0) < min(one.due + length, until)]
    return ("late", after[0]) if after else ("missing", None)


def _iso(seconds: int) -> str:
    return moment(seconds).strftime("%Y-%m-%dT%H:%M:%SZ")


def _day(seconds: int) -> str:
    return moment(seconds).strftime("%Y-%m-%d")

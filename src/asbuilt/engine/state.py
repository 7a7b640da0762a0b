"""State controls: for how much of the window each subject is proved on, proved off, and not visible.

1. Every row of evidence proves its truth over [held_from, held_until). What is left open is the moment of looking,
   and a moment is the second that it lies in. So what was seen after a window proves nothing about it, unless it
   says itself over which time it held.
2. Rows that tell of one thing (a stream: the table's identity without the moment) follow each other. Where they
   overlap, off wins over on, and on over what could not be seen.
3. Two looks that follow each other with the same truth, not more than ``bridge_days`` apart, vouch for the time
   between them.
4. A subject with several streams is off where one is off; not visible where one is silent between its first and its
   last evidence; and else on where one is on.
5. Each subject's time is the part of the window in which it was in use; where nothing is proved of it, it is not
   visible. A subject that may not count at all is not visible.
6. Proved off for any time: a deviation. Proved on all the time: met. Else unknown.
7. All subjects together are on where every one in use is on, and off where one is off.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from itertools import pairwise
from typing import Any, Final

import msgspec

from asbuilt.engine.access import Facts, seconds_of
from asbuilt.engine.intervals import clipped, ranked
from asbuilt.engine.plans import Plan
from asbuilt.engine.queries import evidence_query
from asbuilt.engine.subjects import COMPANY, UNNAMED, Subject, subjects_of
from asbuilt.model.commit import moment
from asbuilt.model.result import Outcome, Span, TimeInForce, Verdict

DAY: Final = 86_400


class Standing(IntEnum):
    """How a subject stands at a moment; the lower wins where subjects come together."""

    OFF = 0
    HIDDEN = 1
    ON = 2


STATES: Final = {Standing.OFF: "off", Standing.HIDDEN: "not visible", Standing.ON: "on"}
# Within one stream, on wins over what could not be seen.
_SEEN: Final = {False: 0, True: 1, None: 2}
_STANDING: Final = (Standing.OFF, Standing.ON, Standing.HIDDEN)

Stretch = tuple[int, int, Standing]


class Evidence(msgspec.Struct, frozen=True):
    """What one row proves: ``is_on`` over [start, end) of one stream of a subject, for the reason it shows."""

    subject: str
    stream: tuple[str | None, ...]
    start: int
    end: int
    is_on: bool | None
    because: Mapping[str, Any]


class StateFound(msgspec.Struct, frozen=True):
    """What a state control came to: a verdict for each subject, and the time in force."""

    verdicts: tuple[Verdict, ...]
    in_force: TimeInForce


def find_state(facts: Facts, plan: Plan, *, at_date: bool = False) -> StateFound:
    """The verdict of each subject over the plan's window.

    With ``at_date`` the window is one day, and a subject is on if it was seen on at some moment of it and at none
    off.
    """
    evidence = [_evidence(row, plan) for row in facts.rows(evidence_query(plan))]
    proved = proved_time((one for one in evidence if one is not None), int(plan.settings["bridge_days"] * DAY))
    window = (plan.window.start or 0, plan.window.end or 0)
    shown = {name for name, stretches in proved.items() if clipped(stretches, *window)}
    subjects = subjects_of(facts, plan, shown)
    spans = {
        subject.name: stretches for subject in subjects if (stretches := subject_time(subject, proved, window))
    }
    reasons = _reasons((one for one in evidence if one is not None), window)
    verdicts = tuple(
        Verdict(name, outcome_of(stretches, at_date=at_date), "", {**_measured(stretches), **reasons.get(name, {})})
        for name, stretches in spans.items()
    )
    return StateFound(verdicts, in_force_of(spans))


def _evidence(row: Sequence[Any], plan: Plan) -> Evidence | None:
    # (1) The time that a row vouches for; without any moment it vouches for none.
    _, is_on, _, subject, stream, held_from, held_until, observed_at, *because = row
    looked = seconds_of(observed_at)
    start = looked if held_from is None else seconds_of(held_from)
    end = seconds_of(held_until) if held_until is not None else None if looked is None else looked + 1
    if start is None or end is None:
        return None
    name = COMPANY if plan.control.per is None else UNNAMED if subject is None else subject
    return Evidence(
        subject=name,
        stream=tuple(stream),
        start=start,
        end=end,
        is_on=is_on,
        because=dict(zip(plan.control.because, because, strict=True)),
    )


def proved_time(evidence: Iterable[Evidence], bridge: int) -> dict[str, list[Stretch]]:
    """For each subject, what is proved of it over all time; ``bridge`` in seconds."""
    streams: dict[str, dict[tuple[str | None, ...], list[tuple[int, int, int]]]] = {}
    for one in evidence:
        own = streams.setdefault(one.subject, {}).setdefault(one.stream, [])
        own.append((one.start, one.end, _SEEN[one.is_on]))
    found = {}
    for subject, told in streams.items():
        stretches: list[Stretch] = []
        for rows in told.values():
            # (2) One thing's rows follow each other, (3) and looks of one truth are joined.
            joined = _bridged(ranked(rows), bridge)
            # (4) Silence within a stream hides the subject.
            stretches += [(start, end, _STANDING[rank]) for start, end, rank in joined]
            stretches += [
                (before[1], after[0], Standing.HIDDEN) for before, after in pairwise(joined) if before[1] < after[0]
            ]
        found[subject] = ranked(stretches)
    return found


def _bridged(rows: Sequence[tuple[int, int, int]], bridge: int) -> list[tuple[int, int, int]]:
    found: list[tuple[int, int, int]] = []
    for start, end, rank in rows:
        # A look is a second long: its moment is where that begins.
        if found and found[-1][2] == rank and start - found[-1][1] < bridge:
            found[-1] = (found[-1][0], end, rank)
        else:
            found.append((start, end, rank))
    return found


def subject_time(
    subject: Subject, proved: Mapping[str, Sequence[Stretch]], window: tuple[int, int]
) -> list[Stretch]:
    """How the subject stands over its part of the window, without a hole; empty where it was not in use."""
    # (5) In use, and what is not proved is not visible.
    start, end = max(window[0], subject.start), min(window[1], subject.end)
    if start >= end:
        return []
    found: list[Stretch] = []
    at = start
    for begun, over, standing in clipped(proved.get(subject.name, ()) if subject.is_member else (), start, end):
        if at < begun:
            found.append((at, begun, Standing.HIDDEN))
        found.append((begun, over, standing))
        at = over
    if at < end:
        found.append((at, end, Standing.HIDDEN))
    return _merged(found)


def _merged(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Neighbours of one standing as one."""
    found: list[Stretch] = []
    for start, end, standing in stretches:
        if found and found[-1][1] == start and found[-1][2] is standing:
            found[-1] = (found[-1][0], end, standing)
        else:
            found.append((start, end, standing))
    return found


def outcome_of(stretches: Sequence[Stretch], *, at_date: bool = False) -> Outcome:
    """What the time of one subject comes to."""
    # (6) The verdict.
    standings = {standing for _, _, standing in stretches}
    if Standing.OFF in standings:
        return Outcome.DEVIATION
    if standings == {Standing.ON} or (at_date and Standing.ON in standings):
        return Outcome.MET
    return Outcome.UNKNOWN


def in_force_of(subjects: Mapping[str, Sequence[Stretch]]) -> TimeInForce:
    """The time of all subjects together, and of each."""
    # (7) Off wins, then not visible, then on.
    together = ranked(stretch for stretches in subjects.values() for stretch in stretches)
    totals = dict.fromkeys(Standing, 0)
    for start, end, standing in together:
        totals[standing] += end - start
    return TimeInForce(
        on=totals[Standing.ON],
        off=totals[Standing.OFF],
        not_visible=totals[Standing.HIDDEN],
        spans=_spans(together),
        subjects={name: _spans(stretches) for name, stretches in subjects.items()},
    )


def _spans(stretches: Iterable[Stretch]) -> tuple[Span, ...]:
    return tuple(Span(start, end, STATES[standing]) for start, end, standing in stretches)


def _measured(stretches: Sequence[Stretch]) -> dict[str, Any]:
    """The seconds of each standing, and when it was first off."""
    off = [stretch for stretch in stretches if stretch[2] is Standing.OFF]
    first = {"off_from": moment(off[0][0]).strftime("%Y-%m-%dT%H:%M:%SZ")} if off else {}
    return first | {
        f"{word.replace(' ', '_')}_seconds": sum(end - start for start, end, own in stretches if own is standing)
        for standing, word in STATES.items()
    }


def _reasons(evidence: Iterable[Evidence], window: tuple[int, int]) -> dict[str, Mapping[str, Any]]:
    """What decided, for each subject: of its evidence in the window the first that is off, else the last."""
    best: dict[str, tuple[tuple[bool, int], Mapping[str, Any]]] = {}
    for one in evidence:
        if one.start < window[1] and window[0] < one.end:
            off = one.is_on is False
            rank = (off, -one.start if off else one.start)
            if one.subject not in best or rank > best[one.subject][0]:
                best[one.subject] = (rank, one.because)
    return {subject: because for subject, (_, because) in best.items()}

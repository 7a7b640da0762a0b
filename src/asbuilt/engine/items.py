"""Item controls: every occurrence in the window, all controls of one table in a single pass.

1. Ask one query for a whole table: each item, sorted, with a letter for each control.
2. Keep for each control the letters of its own items; controls with the same items share the list of them.
3. Where the pass fails, ask for each control alone, so that one that crashes takes no other with it.
"""

import hashlib
import operator
from collections.abc import Iterator, Sequence
from itertools import compress, islice
from typing import Any, Final

import msgspec
import numpy as np

from asbuilt.engine.access import Facts, columns_of
from asbuilt.engine.crashes import Crash, attempt
from asbuilt.engine.outcomes import Outcomes, Population, gathered, outcomes_of, plain_lines, sealed
from asbuilt.engine.plans import Plan
from asbuilt.engine.queries import classes_query, everything_query, item_query, letters_query, newest_query
from asbuilt.engine.subjects import shown_subjects, subjects_of
from asbuilt.model.result import ControlKind, Outcome, Verdict

LISTED_UNKNOWN: Final = 1_000  # unknown items that a result lists, newest first; its counts speak of all
OUTCOMES: Final = {True: Outcome.MET, False: Outcome.DEVIATION, None: Outcome.UNKNOWN}
_LETTERS: Final = {ord("M"): Outcome.MET, ord("D"): Outcome.DEVIATION, ord("U"): Outcome.UNKNOWN}
_OUT: Final = ord("N")
_CLASSES: Final = 100  # there are a handful of them
_LEAD: Final = 3  # columns of an item's query before those that are shown as the reason


def item_outcomes(facts: Facts, plans: Sequence[Plan]) -> dict[str, Outcomes | Crash]:
    """The outcomes of item controls, by their id; of a control that crashed, how."""
    tables: dict[str, list[Plan]] = {}
    for plan in plans:
        tables.setdefault(plan.table.name, []).append(plan)
    found: dict[str, Outcomes | Crash] = {}
    for group in tables.values():
        together = attempt(lambda group=group: _pass(facts, group))  # type: ignore[misc]
        if not isinstance(together, Crash):
            found |= together
            continue
        # (3) Each alone.
        for plan in group:
            alone = attempt(lambda plan=plan: _pass(facts, [plan]))  # type: ignore[misc]
            found[plan.control.id] = alone if isinstance(alone, Crash) else alone[plan.control.id]
    return found


def _pass(facts: Facts, plans: Sequence[Plan]) -> dict[str, Outcomes]:
    # (1) One query.
    classes = tuple(str(own) for (own,) in facts.rows(classes_query(plans[0])))
    if len(classes) > _CLASSES:
        what = f"The table {plans[0].table.name} names {len(classes)} attribution classes: that cannot be."
        raise ValueError(what)
    names, numbers, *letters = columns_of(facts, letters_query(plans, classes), 2 + len(plans))
    items: list[str] = list(names)
    codes = np.asarray(numbers, dtype=np.int64)
    columns = [np.asarray(column, dtype=np.uint8) for column in letters]
    lines = plain_lines(items, classes, codes)
    if lines is None or not all(map(operator.lt, items, islice(items, 1, None))):
        return {
            plan.control.id: gathered(
                (item, classes[code], _LETTERS[letter])
                for item, code, letter in zip(items, codes, column.tolist(), strict=True)
                if letter != _OUT
            )
            for plan, column in zip(plans, columns, strict=True)
        }
    # (2) The letters of each control's own items.
    shared: dict[bytes, Population] = {}
    found: dict[str, Outcomes] = {}
    for plan, column in zip(plans, columns, strict=True):
        mask = column != _OUT
        which = hashlib.sha256(np.packbits(mask).tobytes()).digest()
        if which not in shared:
            if mask.all():
                shared[which] = sealed(items, classes, codes, lines)
            else:
                kept, own = list(compress(items, mask.tolist())), codes[mask]
                shared[which] = sealed(kept, classes, own, plain_lines(kept, classes, own) or b"")
        found[plan.control.id] = outcomes_of(shared[which], column[mask].tobytes())
    return found


def newest_verdicts(facts: Facts, plan: Plan) -> tuple[Verdict, ...]:
    """The verdict of the newest item, for a test on a date; none where there is no item."""
    rows = (row[:_LEAD] + row[_LEAD + 2 :] for row in facts.rows(newest_query(plan)))
    return tuple(_verdicts(rows, plan))


def listed_verdicts(facts: Facts, plan: Plan, outcomes: Outcomes) -> tuple[Verdict, ...]:
    """Every deviation and the newest of what is unknown, each with its reason; newest first."""
    found: list[Verdict] = []
    if b"D" in outcomes.letters:
        found += _verdicts(facts.rows(item_query(plan, only="FALSE")), plan)
    if b"U" in outcomes.letters:
        found += _verdicts(facts.rows(item_query(plan, only="NULL", limit=LISTED_UNKNOWN)), plan)
    return tuple(found)


def all_unknown(facts: Facts, plan: Plan) -> Outcomes:
    """Every item as unknown: what is left to say where the control crashed.

    Of an item control every row of the population is one; of the others every subject.
    """
    if plan.control.kind is ControlKind.ITEM:
        rows = ((str(item), str(own)) for item, own in facts.rows(everything_query(plan)))
    else:
        rows = ((subject.name, "") for subject in subjects_of(facts, plan, shown_subjects(facts, plan)))
    return gathered((item, own, Outcome.UNKNOWN) for item, own in rows)


def _verdicts(rows: Iterator[tuple[Any, ...]], plan: Plan) -> Iterator[Verdict]:
    """The verdicts of a query's rows; those with the same reason share it, since most have one of a few."""
    encode = msgspec.json.Encoder().encode
    reasons: dict[bytes, dict[str, Any]] = {}
    for row in rows:
        reason = encode(row[_LEAD:])
        if (because := reasons.get(reason)) is None:
            because = reasons[reason] = dict(zip(plan.control.because, row[_LEAD:], strict=True))
        yield Verdict(row[0], OUTCOMES[row[1]], row[2], because)

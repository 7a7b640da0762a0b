"""Whom or what a state or cadence control must hold for, and over which part of the window."""

from collections.abc import Collection

import msgspec

from asbuilt.engine.access import Facts, seconds_of
from asbuilt.engine.plans import Plan
from asbuilt.engine.queries import subject_query

COMPANY = "company"  # the subject of a control that names none
UNNAMED = "(not named)"  # the subject of a row that leaves it open

FOREVER = 1 << 40  # seconds: further away than any moment that a date can name


class Subject(msgspec.Struct, frozen=True):
    """One subject: its name, whether it surely counts, and [start, end) of its use, in Unix seconds."""

    name: str
    is_member: bool
    start: int = -FOREVER
    end: int = FOREVER


def subjects_of(facts: Facts, plan: Plan, shown: Collection[str]) -> list[Subject]:
    """The subjects of a control, by name.

    1. Without a column that names subjects there is one: the company.
    2. Without a table of subjects they are those that the population shows.
    3. With one, they are its rows for which ``subject_where`` is not FALSE; where it is NULL, the subject may
       count, and nothing is proved of it. A subject that the population shows and the table does not list may
       count too.
    """
    # (1)
    if plan.control.per is None:
        return [Subject(COMPANY, is_member=True)]
    # (2)
    if plan.subjects is None:
        return [Subject(name, is_member=name != UNNAMED) for name in sorted(shown)]
    # (3)
    found: dict[str, Subject] = {}
    for name, is_member, start, end in facts.rows(subject_query(plan, plan.subjects)):
        begun, over = seconds_of(start), seconds_of(end)
        found[name] = Subject(
            name,
            is_member=is_member is True,
            start=-FOREVER if begun is None else begun,
            end=FOREVER if over is None else over,
        )
    listed = {name for (name,) in facts.rows(f"SELECT {plan.subjects.key} FROM {plan.subjects.name}")}  # noqa: S608 - names of our own schema
    for name in shown:
        if name not in listed:
            found[name] = Subject(name, is_member=False)
    return sorted(found.values(), key=lambda subject: subject.name)


def shown_subjects(facts: Facts, plan: Plan) -> set[str]:
    """The subjects that the population itself names, in any of its rows."""
    per = plan.control.per
    if per is None:
        return set()
    return {UNNAMED if name is None else name for (name,) in facts.rows(f"SELECT {per} FROM {plan.table.name}")}  # noqa: S608 - names of our own schema

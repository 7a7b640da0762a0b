"""The SQL of a planned control: self-contained, so that anyone can run it again on the same tables."""

from collections.abc import Sequence
from typing import Final

import sqlglot
from sqlglot import exp

from asbuilt.engine.expressions import DIALECT, written_moment
from asbuilt.engine.plans import Plan
from asbuilt.facts.schemas import Table
from asbuilt.model.attribution import Authorship

# The columns by which a table of subjects says from when until when each was in use.
_IN_USE: Final = (("in_use_from", "in_use_until"), ("starts_at", "ends_at"))


def item_query(plan: Plan, *, only: str = "", limit: int | None = None) -> str:
    """Each item with its key, whether it is as expected, its attribution class, and the ``because`` columns.

    Newest first, undated last. ``only`` keeps the items whose ``is_met`` is ``FALSE`` or ``NULL``; ``limit`` the
    first of them.
    """
    member = member_of(plan)
    met = _met(plan, member)
    kept = [] if member == "TRUE" else [f"({member}) IS NOT FALSE"]
    if only:
        kept.append(f"({met}) IS {only}")
    where = f"\nWHERE {' AND '.join(kept)}" if kept else ""
    newest = f"{_of_table(plan.parts['at'].sql, plan.table)} DESC NULLS LAST, " if "at" in plan.parts else ""
    order = f"\nORDER BY {newest}item NULLS LAST"
    return _select(plan, met, []) + where + order + ("" if limit is None else f"\nLIMIT {limit}")


def newest_query(plan: Plan) -> str:
    """The one item that a test on a date takes: the newest that surely belongs, else the newest that may.

    Before the ``because`` columns it says whether the item surely belongs, and when it happened.
    """
    member = member_of(plan)
    more = [f"({member}) AS is_member", f"{plan.parts['at'].sql} AS happened_at"]
    return (
        f"{_select(plan, _met(plan, member), more)}\nWHERE ({member}) IS NOT FALSE"
        "\nORDER BY is_member DESC NULLS LAST, happened_at DESC NULLS LAST, item\nLIMIT 1"
    )


def classes_query(plan: Plan) -> str:
    """The attribution classes that occur in a population, sorted."""
    return f"SELECT DISTINCT {attribution_of(plan)} AS attribution_class FROM {plan.table.name}\nORDER BY 1"  # noqa: S608 - names of our own schema


def letters_query(plans: Sequence[Plan], classes: Sequence[str]) -> str:
    """Each item, the position of its attribution class in ``classes``, and a letter for each plan, sorted by item.

    The plans are over one table. A letter is told by its ASCII code: M is met, D a deviation, U unknown, N an item
    of another window or population. Numbers, since a text for each of a million items takes longer to hand
    over than all else.
    """
    letters = []
    for n, plan in enumerate(plans):
        member = member_of(plan)
        met = _met(plan, member)
        out = "" if member == "TRUE" else f"WHEN ({member}) IS FALSE THEN {ord('N')} "
        met_or_not = f"WHEN ({met}) THEN {ord('M')} WHEN NOT ({met}) THEN {ord('D')} ELSE {ord('U')}"
        letters.append(f"CAST(CASE {out}{met_or_not} END AS TINYINT) AS letter_{n}")
    first = plans[0]
    names = (exp.Literal.string(name).sql(dialect=DIALECT) for name in classes)
    positions = " ".join(f"WHEN {name} THEN {code}" for code, name in enumerate(names))
    position = f"CAST(CASE {attribution_of(first)} {positions} END AS INTEGER)" if len(classes) > 1 else "0"
    columns = [f"{first.table.key} AS item", f"{position} AS attribution_code", *letters]
    selected = ",\n  ".join(columns)
    return f"SELECT\n  {selected}\nFROM {first.table.name}\nORDER BY item, attribution_code"


def everything_query(plan: Plan) -> str:
    """Item and attribution class of every row: what is left to say of a control that crashed."""
    return f"SELECT {plan.table.key} AS item, {attribution_of(plan)} AS attribution_class FROM {plan.table.name}"  # noqa: S608 - names of our own schema


def evidence_query(plan: Plan) -> str:
    """The rows that prove a state: key, truth, then subject, stream, and the times that each row vouches for.

    A stream is what one row after another tells of: the identity of the table without the moment, as a list.
    """
    names = {column.name for column in plan.table.columns}
    own = [name for name in plan.table.identity if name != "held_from"]
    stream = ", ".join(f"CAST({name} AS VARCHAR)" for name in own)
    member = f"({plan.parts['where'].sql})" if "where" in plan.parts else "TRUE"
    more = [
        f"{plan.control.per or 'NULL'} AS subject",
        f"[{stream}] AS stream",
        "held_from AS proved_from",
        "held_until AS proved_until",
        f"{'observed_at' if 'observed_at' in names else 'held_from'} AS looked_at",
    ]
    return f"{_select(plan, _met(plan, member), more)}\nWHERE ({member}) IS NOT FALSE\nORDER BY item"


def occurrence_query(plan: Plan) -> str:
    """The occurrences of a cadence: key, truth, then subject and moment."""
    member = f"({plan.parts['where'].sql})" if "where" in plan.parts else "TRUE"
    more = [f"{plan.control.per or 'NULL'} AS subject", f"{plan.parts['at'].sql} AS happened_at"]
    return (
        f"{_select(plan, _met(plan, member), more)}\nWHERE ({member}) IS NOT FALSE"
        "\nORDER BY happened_at NULLS LAST, item"
    )


def subject_query(plan: Plan, table: Table) -> str:
    """The subjects of a control: name, whether each surely counts, and from when until when it was in use."""
    names = {column.name for column in table.columns}
    start, end = next((pair for pair in _IN_USE if names.issuperset(pair)), ("NULL", "NULL"))
    member = plan.parts["subject_where"].sql if "subject_where" in plan.parts else "TRUE"
    return (
        f"SELECT {table.key} AS subject, ({member}) AS is_member, {start} AS in_use_from, {end} AS in_use_until\n"
        f"FROM {table.name}\nWHERE ({member}) IS NOT FALSE\nORDER BY subject"
    )


def truth_query(plan: Plan) -> str:
    """Each row with its key and whether it is as expected, whatever its moment."""
    member = f"({plan.parts['where'].sql})" if "where" in plan.parts else "TRUE"
    return f"{_select(plan, _met(plan, member), [])}\nWHERE ({member}) IS NOT FALSE"


def member_of(plan: Plan) -> str:
    """The condition under which a row belongs to the population and to the window."""
    parts, window = plan.parts, plan.window
    found = [f"({parts['where'].sql})"] if "where" in parts else []
    if "at" in parts:
        bounds = ((">=", window.start), ("<", window.end))
        found += [
            f"({parts['at'].sql}) {sign} {written_moment(bound)}" for sign, bound in bounds if bound is not None
        ]
    return " AND ".join(found) or "TRUE"


def attribution_of(plan: Plan) -> str:
    """The attribution class of a row; empty where the population knows none."""
    return f"coalesce(attribution, '{Authorship.UNKNOWN}')" if plan.is_split else "''"


def _met(plan: Plan, member: str) -> str:
    expect = plan.parts["expect"].sql
    return expect if member == "TRUE" else f"CASE WHEN {member} THEN {expect} END"


def _of_table(sql: str, table: Table) -> str:
    """An expression with its columns named as the table's: what is shown may bear the same name, as text.

    In ORDER BY, which of the two a bare name means differs from database to database.
    """
    tree = sqlglot.parse_one(sql, read=DIALECT)
    for column in tree.find_all(exp.Column):
        column.set("table", exp.to_identifier(table.name))
    return tree.sql(dialect=DIALECT)


def _select(plan: Plan, met: str, more: list[str]) -> str:
    types = {column.name: column.type for column in plan.table.columns}
    shown = [
        f"strftime({name}, '%Y-%m-%dT%H:%M:%SZ') AS {name}" if types[name] == "timestamp" else name
        for name in plan.control.because
    ]
    columns = [
        f"{plan.table.key} AS item",
        f"{met} AS is_met",
        f"{attribution_of(plan)} AS attribution_class",
        *more,
        *shown,
    ]
    selected = ",\n  ".join(columns)
    return f"SELECT\n  {selected}\nFROM {plan.table.name}"

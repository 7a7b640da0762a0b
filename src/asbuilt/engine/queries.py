"""The SQL of a planned control: self-contained, so that anyone can run it again on the same tables."""

from asbuilt.engine.expressions import written_moment
from asbuilt.engine.plans import Plan
from asbuilt.model.attribution import Authorship


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
    newest = f"{plan.parts['at'].sql} DESC NULLS LAST, " if "at" in plan.parts else ""
    order = f"\nORDER BY {newest}item NULLS LAST"
    return _select(plan, met, []) + where + order + ("" if limit is None else f"\nLIMIT {limit}")


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

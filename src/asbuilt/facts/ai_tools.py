"""Rows of the ``ai_tools`` table."""

from collections.abc import Iterable
from typing import Any

from asbuilt.model.commit import moment
from asbuilt.model.inspection import ToolTotal


def ai_tool_facts(tool_totals: Iterable[ToolTotal], approved: frozenset[str] | None) -> list[dict[str, Any]]:
    """One row for each tool; ``approved`` is the company's inventory of tool ids, None when it declares none."""
    return [
        {
            "tool": total.tool,
            "name": total.name,
            "vendor": total.vendor,
            "commits": total.commits,
            "lines": total.lines,
            "first_seen": None if total.first_seen is None else moment(total.first_seen),
            "last_seen": None if total.last_seen is None else moment(total.last_seen),
            "observed": total.commits > 0 or total.lines > 0,
            "configured": bool(total.configured),
            "approved": None if approved is None else total.tool in approved,
            "seen_in": None,
            "account_types": None,
            # The inventory of asbuilt.toml demands no type of account.
            "wrong_account": False,
            "missing": None,
            "record": None,
        }
        for total in tool_totals
    ]

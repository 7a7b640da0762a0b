"""Rows of facts for the engine's tests: a small company's changes."""

from typing import Any

from asbuilt.facts.schemas import Column, Table
from asbuilt.model.result import Control, ControlKind

# A table with a column of each type, for tests of the engine alone.
THINGS = Table(
    "things",
    "key",
    (
        Column("key", "text", nullable=False, doc=""),
        Column("attribution", "text", nullable=True, doc=""),
        Column("flag", "bool", nullable=True, doc=""),
        Column("member", "bool", nullable=True, doc=""),
        Column("amount", "int", nullable=True, doc=""),
        Column("on_day", "timestamp", nullable=True, doc=""),
        Column("reasons", "text[]", nullable=True, doc=""),
    ),
    "",
)
SCHEMAS = {"things": THINGS}


def thing(key: str, **columns: Any) -> dict[str, Any]:
    """A row of THINGS; columns left out are NULL."""
    return {**dict.fromkeys(column.name for column in THINGS.columns), "key": key, **columns}


def control(expect: str = "flag", **fields: Any) -> Control:
    """A control over THINGS."""
    return Control(
        **{
            "id": "TST-01",
            "kind": ControlKind.ITEM,
            "criteria": ("CC8.1",),
            "population": "things",
            "expect": expect,
            "title": "Every thing is flagged",
            "what": "",
            "why": "",
            "blind_spot": "",
            "remedy": "Flag it.",
            "open_with": "`asbuilt sync github OWNER/REPO` reads the flags.",
            "source": "TST-01.md",
            "lines": {"expect": 8, "where": 6, "at": 7, "because": 9, "settings.limit": 12},
            **fields,
        }
    )

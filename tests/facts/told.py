"""Rows of facts about one change, for the tests of links: plain dictionaries with the columns that matter."""

from datetime import datetime
from typing import Any

from asbuilt.facts.forge_chain import Told
from asbuilt.model.chain import Evidence, Grade, Link, LinkName

CHANGE, HEAD, OTHER = "c" * 40, "d" * 40, "e" * 40
NOON = datetime(2026, 1, 31, 12)  # noqa: DTZ001 - facts hold UTC without saying so
READ = frozenset({"requests", "reviews", "checks", "pushes", "deployments", "attestations"})


def row(**columns: Any) -> dict[str, Any]:
    """A row that cites a record."""
    return {"record": "f" * 64} | columns


def request(number: int = 7, **columns: Any) -> dict[str, Any]:
    """Request #7 by ana, merged by cem as the change."""
    usual = {
        "number": number, "opened_at": NOON, "merged_at": NOON, "author": "ana", "merged_by": "cem", "title": "Fix",
        "state": "merged", "merge_commit": CHANGE, "head_commit": HEAD, "comment_count": 0,
    }  # fmt: skip
    return row(**(usual | columns))


def told(**fields: Any) -> Told:
    """What is told of the change: #7 by git and by the forge, unless said otherwise."""
    own = request()
    usual: dict[str, Any] = {
        "change_id": CHANGE, "repository": "o/n", "number": 7, "head": HEAD, "change": {}, "request": own,
        "claimed": own,
    }  # fmt: skip
    return Told(**(usual | fields))


def link(name: LinkName, grade: Grade = Grade.UNKNOWN, **fields: Any) -> Link:
    """A link as git states it."""
    usual: dict[str, Any] = {"summary": "As git has it.", "evidence": (Evidence("git", "text"),), "remedy": "sync"}
    return Link(name, grade, **(usual | fields))

"""AI tools: what the company allows, and where each of them is seen."""

from collections.abc import Iterator
from datetime import datetime

from asbuilt.model.record import Record
from tests.company_year.daily import Row
from tests.company_year.world import (
    DAY,
    FOUNDED,
    SEEN_UNTIL,
    Plant,
    World,
    added,
    at,
    changed,
    months,
    whole,
)


def _tool(own: str, name: str, provider: str, owner: str, data_class: str, approved: datetime) -> Row:
    return {
        "tool": own,
        "approved": True,
        "approved_at": approved,
        "approved_by": "sam",
        "name": name,
        "provider": provider,
        "owner": owner,
        "data_class": data_class,
        "account_type": "business",
        "settings": "no training; prompts kept for 30 days",
    }


TOOLS = (
    _tool("claude_code", "Claude Code", "anthropic", "sam", "source-code", at("2024-07-26")),
    _tool("claude", "Claude", "anthropic", "ines", "customer-data", at("2026-02-02")),
    _tool("le_chat", "Le Chat", "mistral", "sam", "internal", at("2025-03-10")),
)
# Asked for, and refused.
REFUSED: Row = {"tool": "cursor", "approved": False, "approved_at": at("2025-11-03"), "approved_by": "sam"}
# Tool: where it is seen; sign-ins and expenses tell the type of account.
SEEN = {
    "claude_code": ("git", "configuration", "sso", "expense"),
    "claude": ("sso", "egress", "expense"),
    "le_chat": ("oauth", "egress"),
}


def records(world: World) -> Iterator[Record]:
    """The inventory of AI tools, and their traces."""
    yield from whole("ai_tool_inventory", (*TOOLS, REFUSED))
    yield from whole("ai_tools_seen", _seen(world))


def _seen(world: World) -> Iterator[Row]:
    for tool in TOOLS:
        for first in months(FOUNDED, SEEN_UNTIL):
            if first < tool["approved_at"]:
                continue
            for place in SEEN[tool["tool"]]:
                last = min(first + 27 * DAY, SEEN_UNTIL - DAY)
                told = {
                    "tool": tool["tool"],
                    "seen_in": place,
                    "seen_at": last,
                    "first_seen_at": first,
                    "name": tool["name"],
                    "vendor": tool["provider"],
                }
                if place == "git":
                    told |= {"commits": world.changes // 40, "lines": world.changes}
                elif place in {"sso", "oauth", "expense"}:
                    told |= {"account_type": "business"}
                yield told


_IN_APRIL = {"tool": "claude_code", "seen_in": "sso", "seen_at": at("2026-04-28")}
PLANTS = {
    "a tool leaves marks in git that nobody allowed": Plant(
        "VEN-05",
        "windsurf",
        added("ai_tools_seen", tool="windsurf", seen_in="git", seen_at=at("2026-04-20"), commits=3, lines=120),
    ),
    "a refused tool is used": Plant(
        "VEN-05", "cursor", added("ai_tools_seen", tool="cursor", seen_in="egress", seen_at=at("2026-05-06"))
    ),
    "a tool is used with a private account": Plant(
        "VEN-05", "claude_code", changed("ai_tools_seen", _IN_APRIL, account_type="personal")
    ),
    "nobody answers for a tool": Plant(
        "VEN-05", "le_chat", changed("ai_tool_inventory", {"tool": "le_chat"}, owner=None)
    ),
}

"""The catalogue of AI tools, for a reader."""

import difflib

from asbuilt.catalogue.signatures import Rule, Tool, load_signatures
from asbuilt.model.errors import UsageError

__all__ = ["Rule", "Tool", "signature", "signatures"]


def signatures() -> tuple[Tool, ...]:
    """Every tool, by id."""
    return tuple(sorted(load_signatures(), key=lambda tool: tool.id))


def signature(name: str) -> Tool:
    """One tool by its id or its name, in any case.

    Raises:
        UsageError: there is none of that name.
    """
    tools = signatures()
    wanted = name.casefold().replace("-", "_").replace(" ", "_")
    for tool in tools:
        if wanted in {tool.id.casefold(), tool.name.casefold().replace("-", "_").replace(" ", "_")}:
            return tool
    close = difflib.get_close_matches(wanted, [tool.id for tool in tools], 1, 0.5)
    raise UsageError(
        f"No AI tool is called {name!r}.",
        fix=f"Did you mean {close[0]!r}?" if close else "`asbuilt signatures` lists them.",
    )

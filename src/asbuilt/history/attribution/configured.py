"""Tools that files in the tree set the repository up for. That proves configuration, never authorship."""

import re
from collections.abc import Iterable, Sequence

from asbuilt.catalogue.signatures import FLAGS, Tool, Where
from asbuilt.model.attribution import Proves
from asbuilt.model.text import path_text


def configured_tools(paths: Iterable[bytes], tools: Sequence[Tool]) -> dict[str, tuple[str, ...]]:
    """The paths that configure each tool, by tool id, in the order given; tools without any are left out."""
    rules = [
        (tool.id, rule)
        for tool in tools
        for rule in tool.rules
        if rule.where is Where.FILE and rule.proves is Proves.CONFIGURED
    ]
    if not rules:
        return {}
    # One look at each path sorts out nearly all of them.
    any_rule = re.compile("|".join(f"(?:{rule.pattern})" for _, rule in rules), FLAGS)
    found: dict[str, list[str]] = {}
    for path in paths:
        text = path_text(path)
        if any_rule.search(text):
            for tool, rule in rules:
                if rule.find(text):
                    found.setdefault(tool, []).append(text)
    return {tool: tuple(dict.fromkeys(found[tool])) for tool in sorted(found)}

"""On which line of a TOML text a key stands, for messages: tomllib keeps no positions."""

import re

_KEY = re.compile(r"""\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([A-Za-z0-9_-]+))\s*(\.|=|\]|$)""")


def line_of(text: str, path: tuple[str, ...]) -> int | None:
    """The 1-based line where ``path`` is set or its table begins, or its nearest parent's line, or None.

    A line inside a multi-line string may be taken for a key; the line is for a message, never for a decision.
    """
    best, best_depth, table = None, 0, tuple[str, ...]()
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if stripped.startswith("["):
            table = _names(stripped.lstrip("["))
            here = table
        elif stripped and not stripped.startswith("#"):
            here = (*table, *_names(stripped))
        else:
            continue
        depth = _shared(here, path)
        if depth > best_depth:
            best, best_depth = number, depth
    return best


def _names(line: str) -> tuple[str, ...]:
    found: list[str] = []
    at = 0
    while match := _KEY.match(line, at):
        found.append(next(part for part in match.groups()[:3] if part is not None))
        at = match.end()
        if match[4] != ".":
            return tuple(found)
    return ()


def _shared(here: tuple[str, ...], path: tuple[str, ...]) -> int:
    """How many leading names agree; 0 when ``here`` leads elsewhere."""
    depth = 0
    for one, other in zip(here, path, strict=False):
        if one != other:
            break
        depth += 1
    return depth if depth == len(here) or depth == len(path) else 0

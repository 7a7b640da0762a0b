"""Comments in the code that accept a finding: ``asbuilt: accept RULE because …``, with a reason or not at all.

1. It stands on the flagged lines, or by itself on the line above them.
2. One without a reason accepts nothing; one that meets no finding is told, as nobody needs it any more.
"""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from asbuilt.model.component import Unread
from asbuilt.model.finding import Acceptance
from asbuilt.model.text import visible

_COMMENT: Final = re.compile(
    r"(?P<before>.*?)(?:#|//|--|/\*|<!--|;)[ \t]*asbuilt:[ \t]*accept[ \t]+(?P<rule>[A-Za-z][A-Za-z0-9_./-]{1,200})"
    r"(?:[ \t]+because\b[ \t]*(?P<reason>[^\n]{0,500}?))?[ \t]*(?:\*/|-->)?[ \t]*"
)
_MARK: Final = "asbuilt:"
_SHORTEST: Final = 3  # characters of a reason
PROSE: Final = (".md", ".rst", ".txt", ".adoc", ".html")


class Accepted(NamedTuple):
    """One acceptance, and the lines whose findings it accepts."""

    told: Acceptance
    lines: frozenset[int]


def acceptances(path: str, text: str) -> tuple[list[Accepted], list[Unread]]:
    """What the comments of a text accept, and those that say no reason."""
    if _MARK not in text or path.endswith(PROSE):
        return [], []
    found: list[Accepted] = []
    loose: list[Unread] = []
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        match = _COMMENT.fullmatch(line.rstrip("\r")) if _MARK in line and len(line) < 2_000 else None
        if match is None:
            continue
        reason = (match["reason"] or "").strip(" .…")
        if len(reason) < _SHORTEST:
            loose.append(_loose(path, number, f"accepts {match['rule']} without a reason, and so accepts nothing"))
            continue
        told = Acceptance(match["rule"], number, visible(reason, 300))
        alone = not match["before"].strip()
        found.append(Accepted(told, frozenset((number, _next(lines, number)) if alone else (number,))))
    return found, loose


def unused(path: str, found: Iterable[Accepted], used: Iterable[Acceptance]) -> list[Unread]:
    """Acceptances that meet no finding."""
    met = set(used)
    return [
        _loose(path, own.told.line, f"accepts {own.told.rule}, which finds nothing there")
        for own in found
        if own.told not in met
    ]


def _next(lines: list[str], number: int) -> int:
    """The line after a comment that is none: several may stand above one line."""
    while number < len(lines) and _MARK in lines[number] and _COMMENT.fullmatch(lines[number].rstrip("\r")):
        number += 1
    return number + 1


def _loose(path: str, line: int, why: str) -> Unread:
    return Unread(
        path=path,
        line=line,
        why=f"A comment {why}.",
        remedy="Write `asbuilt: accept RULE because …`, or take it away.",
    )

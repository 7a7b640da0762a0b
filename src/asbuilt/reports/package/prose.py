"""Markdown for a person to finish: headings, sentences, lists and tables, with foreign text made safe."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Self

from asbuilt.reports.foreign import shown

NOTHING = "*Nothing is recorded: write it here.*"

Rows = Sequence[Mapping[str, Any]]
Facts = Mapping[str, Rows]


class Prose:
    """A text that is built from top to bottom; each part stands apart by an empty line."""

    def __init__(self, title: str) -> None:
        self._parts = [f"# {title}"]

    def head(self, title: str) -> Self:
        """A section."""
        self._parts.append(f"## {title}")
        return self

    def say(self, text: str) -> Self:
        """A paragraph of ours."""
        self._parts.append(text)
        return self

    def items(self, rows: Iterable[str], *, none: str = NOTHING) -> Self:
        """A list, or what stands there when it is empty."""
        self._parts.append("\n".join(f"- {row}" for row in rows) or none)
        return self

    def table(self, heads: Sequence[str], rows: Iterable[Sequence[str]], *, none: str = NOTHING) -> Self:
        """A table, or what stands there when it has no row; cells must be safe already."""
        body = [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows]
        if not body:
            return self.say(none)
        rule = "|".join("---" for _ in heads)
        self._parts.append("\n".join((f"| {' | '.join(heads)} |", f"|{rule}|", *body)))
        return self

    def encode(self) -> bytes:
        """The whole text, UTF-8."""
        return ("\n\n".join(self._parts) + "\n").encode("utf-8", "backslashreplace")


def cell(row: Mapping[str, Any], name: str, limit: int = 160) -> str:
    """A value of a row as text; what is not there is said."""
    value = row.get(name)
    if value is None:
        return "not recorded"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return shown(", ".join(str(own) for own in value), limit)
    return shown(str(value), limit)

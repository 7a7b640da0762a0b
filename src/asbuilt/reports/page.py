"""A page of text for a terminal: widths in cells, columns that line up, and no meaning in colour alone."""

import re
from collections.abc import Iterator, Sequence

from rich.cells import cell_len, split_graphemes

from asbuilt.reports.foreign import shown

NARROWEST, WIDEST = 64, 120
_SGR = re.compile(r"\x1b\[[0-9;]*m")
# The sixteen colours that every terminal has and every theme sets: nothing is painted on a ground of our own.
_STYLES = {
    "bold": "1",
    "dim": "2",
    "ai": "35",
    "ai-declared": "35",
    "human": "36",
    "machine": "34",
    "good": "32",
    "stated": "36",
    "warn": "33",
    "bad": "31",
    "bad-bold": "1;31",
    "warn-bold": "1;33",
    "good-bold": "1;32",
}

GRADE_STYLE = {"proved": "good", "stated": "stated", "missing": "warn", "contradicted": "bad", "unknown": "dim"}


def cells(text: str) -> int:
    """How many cells of a terminal the text takes; styles take none."""
    return cell_len(_SGR.sub("", text))


def fit(text: str, width: int) -> str:
    """Foreign text made safe and cut to ``width`` cells, ending in an ellipsis where something was cut."""
    return cut(shown(text, 4 * max(width, 1) + 4), width)


def cut(text: str, width: int) -> str:
    """Safe, unstyled text cut to ``width`` cells."""
    if cell_len(text) <= width:
        return text
    spans, _ = split_graphemes(text)
    end = room = 0
    for _start, stop, size in spans:
        if room + size > width - 1:
            break
        end, room = stop, room + size
    return text[:end] + "…" if width > 0 else ""


def fit_path(path: str, width: int) -> str:
    """A path made safe and cut in front, where a folder says less than the file's name does."""
    safe = shown(path)
    if cell_len(safe) <= width:
        return safe
    spans, _ = split_graphemes(safe)
    start = len(safe)
    room = 1
    for begin, _stop, size in reversed(spans):
        if room + size > width:
            break
        start, room = begin, room + size
    return "…" + safe[start:] if width > 0 else ""


def pad(text: str, width: int, *, right: bool = False) -> str:
    """The text filled with spaces to ``width`` cells; ``right`` aligns it to the right."""
    space = " " * max(width - cells(text), 0)
    return space + text if right else text + space


def wrap(text: str, width: int, *, first: str = "", rest: str = "") -> list[str]:
    """Safe text broken at spaces to lines of at most ``width`` cells, with what to put in front of each.

    A word that is longer than a line stays whole on its own: a path must be usable as it stands.
    """
    lines: list[str] = []
    line, used, empty = first, cells(first), True
    for word in text.split(" "):
        size = cells(word)
        if not empty and used + 1 + size > width:
            lines.append(line)
            line, used, empty = rest, cells(rest), True
        line += word if empty else f" {word}"
        used += size if empty else size + 1
        empty = False
    return [*lines, line.rstrip()]


_COMMAND = re.compile(r"(?:^|: )((?:asbuilt|git) .+)\Z", re.DOTALL)


def advice(text: str, width: int, *, first: str = "", rest: str = "") -> list[str]:
    """Foreign advice made safe and wrapped; a command at its end keeps to one line, so that it can be copied."""
    safe = shown(text)
    found = _COMMAND.search(safe)
    if not found or cells(first) + cells(safe) <= width:
        return wrap(safe, width, first=first, rest=rest)
    before = safe[: found.start(1)].rstrip()
    lines = wrap(before, width, first=first, rest=rest) if before else []
    return [*lines, (rest if before else first) + found.group(1)]


class Page:
    """Lines of text, built from top to bottom.

    ``width`` is the whole width in cells; what is asked for is kept between NARROWEST and WIDEST.
    """

    __slots__ = ("_lines", "color", "width")

    def __init__(self, width: int, *, color: bool) -> None:
        self.width = min(max(width, NARROWEST), WIDEST)
        self.color = color
        self._lines: list[str] = []

    def paint(self, text: str, style: str) -> str:
        """The text in a style; as it is without colour."""
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if self.color and style and text else text

    def add(self, line: str = "") -> None:
        """One line; two empty ones in a row become one."""
        if line or (self._lines and self._lines[-1]):
            self._lines.append(line.rstrip())

    def extend(self, lines: Sequence[str]) -> None:
        """Several lines."""
        for line in lines:
            self.add(line)

    def head(self, title: str, aside: str = "") -> None:
        """A section's head: its title, a rule, and the number that sums it up."""
        self.add()
        aside = cut(aside, self.width - cells(title) - 5)
        rule = "─" * max(self.width - cells(title) - cells(aside) - (2 if aside else 1), 2)
        parts = [self.paint(title, "bold"), self.paint(rule, "dim"), aside]
        self.add(" ".join(part for part in parts if part))

    def columns(
        self,
        rows: Sequence[Sequence[str]],
        aligns: str,
        *,
        indent: str = "  ",
        gap: int = 2,
        head: bool = False,
        wrapped: bool = False,
    ) -> None:
        """Rows in columns. ``aligns`` has one letter a column: l, r, or * for the one that takes what is left.

        Cells must be safe already; those of the ``*`` column must be unstyled, and are cut where they do not fit
        (``wrapped``: go on in the next line). ``head`` dims the first row.
        """
        if not rows:
            return
        widths = [max(cells(row[at]) for row in rows) for at in range(len(aligns))]
        star = aligns.find("*")
        if star >= 0:
            others = sum(width for at, width in enumerate(widths) if at != star)
            left = self.width - len(indent) - gap * (len(aligns) - 1) - others
            widths[star] = max(min(widths[star], left), 6)
        for at, given in enumerate(rows):
            row = list(given)
            parts = wrap(row[star], widths[star]) if wrapped and star >= 0 else []
            if star >= 0:
                row[star] = parts[0] if parts else cut(row[star], widths[star])
            fields = [
                pad(text, width, right=align == "r") for text, width, align in zip(row, widths, aligns, strict=True)
            ]
            line = indent + (" " * gap).join(fields).rstrip()
            self.add(self.paint(line, "dim") if head and at == 0 else line)
            before = len(indent) + sum(widths[:star]) + gap * star
            self.extend([" " * before + part for part in parts[1:]])

    def text(self) -> str:
        """The whole page, ending in one line break."""
        return "\n".join(self._lines).strip("\n") + "\n"

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

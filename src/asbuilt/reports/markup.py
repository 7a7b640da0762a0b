"""HTML and SVG as values: everything that is not markup of our own is escaped, with no way round it."""

import html
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from asbuilt.reports.foreign import shown

_VOID = frozenset({"meta", "link", "br", "hr", "col"})
_COMMAND = re.compile(r"(?:^|: )((?:asbuilt|git) .+)\Z", re.DOTALL)


class Safe(str):
    """Markup that this module built. Only ``element`` and ``join`` make it."""

    __slots__ = ()


Child = str | int | None | Iterable["Child"]


@lru_cache(8192)  # the same names and words stand on a thousand pages
def escape(text: str, limit: int | None = None) -> Safe:
    """Foreign text as it reads: what could act or hide is spelt out, what is markup is escaped."""
    return Safe(html.escape(shown(text, limit), quote=True))


def join(*children: Child) -> Safe:
    """Children one after another; a plain string is foreign and is escaped."""
    return Safe("".join([_shown(child) for child in children]))


def _shown(child: Child) -> str:
    if child is None:
        return ""
    if isinstance(child, Safe):
        return child
    if isinstance(child, str):
        return escape(child)
    if isinstance(child, int):
        return str(child)
    return "".join([_shown(each) for each in child])


def element(tag: str, *children: Child, **attributes: str | int | None) -> Safe:
    """One element. ``class_`` is ``class``, other underscores are hyphens; None leaves an attribute out."""
    given = "".join([_given(name, value) for name, value in attributes.items() if value is not None])
    inner = "".join([_shown(child) for child in children])
    return Safe(f"<{tag}{given}>" if tag in _VOID else f"<{tag}{given}>{inner}</{tag}>")


@lru_cache(4096)
def _given(name: str, value: str | int) -> str:
    return f' {"class" if name == "class_" else name.replace("_", "-")}="{escape(str(value))}"'


def table(
    label: str,
    heads: Sequence[Child],
    aligns: str,
    rows: Iterable[Sequence[Child]],
    *,
    class_: str | None = None,
) -> Safe:
    """A table in a box of its own that scrolls sideways where the page is narrow, by keyboard too.

    ``aligns`` has one letter a column: ``l`` text, ``d`` text that keeps to one line, ``r`` figures, ``h`` the head
    of the row.
    """
    columns = [{"r": "n", "d": "d"}.get(align) for align in aligns]
    named = [element("th", text, scope="col", class_=kind) for text, kind in zip(heads, columns, strict=True)]
    body = [
        element(
            "tr",
            [
                element("th", value, scope="row") if align == "h" else element("td", value, class_=kind)
                for value, align, kind in zip(row, aligns, columns, strict=True)
            ],
        )
        for row in rows
    ]
    grid = element("table", element("thead", element("tr", named)), element("tbody", body), class_=class_)
    return element("div", grid, class_="scroll", role="region", aria_label=label, tabindex=0)


def folded(summary: str, *children: Child) -> Safe:
    """Children behind a summary that a click or a key opens."""
    return element("details", element("summary", summary), *children)


def prose(text: str, limit: int = 600) -> Safe:
    """Text in which backticks set code apart; what is inside them is escaped like the rest."""
    parts = shown(text, limit).split("`")
    if len(parts) % 2 == 0:
        return escape(text, limit)
    return join([element("code", part) if at % 2 else part for at, part in enumerate(parts)])


def advice(text: str, limit: int = 600) -> Safe:
    """Advice in prose; a command at its end is set apart too, so that it can be copied."""
    found = _COMMAND.search(shown(text, limit))
    if not found or "`" in text:
        return prose(text, limit)
    return join(shown(text, limit)[: found.start(1)], element("code", found.group(1)))

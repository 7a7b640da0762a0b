"""Markdown made of foreign text: nothing of it can act as markup, as HTML, as a mention or as a link."""

import re
from collections.abc import Iterator, Sequence

from asbuilt.reports.foreign import shown

# Everything that Markdown, or the HTML inside it, could take for markup. "@" and "#" become mentions of people and
# issues on a forge; a URL becomes a link without any mark, so the colon of its scheme is broken as well.
_MARKUP = re.compile(r"[\\`*_{}\[\]()<>#+\-!|~&@$^=]")
_SCHEME = re.compile(r"(?i)\b(https?|ftp|javascript|data|mailto|file)(:)|\b(www)(\.)")


def escape(text: str, limit: int | None = None) -> str:
    """Foreign text that shows as itself in Markdown: no markup, no HTML, no mention, no link, no line break."""
    safe = shown(text, limit)
    safe = _MARKUP.sub(lambda match: f"&#{ord(match.group())};", safe)
    return _SCHEME.sub(lambda match: f"{match[1] or match[3]}&#{ord(match[2] or match[4])};", safe)


def code(text: str, limit: int | None = None) -> str:
    """Foreign text in a code span that also holds inside a table; it cannot end the span."""
    return f"<code>{escape(text, limit)}</code>"


def prose(text: str, limit: int | None = None) -> str:
    """Text in which backticks set code apart, for a table or a list."""
    parts = shown(text, limit).split("`")
    if len(parts) % 2 == 0:
        return escape(text, limit)
    return "".join(code(part) if at % 2 else escape(part) for at, part in enumerate(parts))


def table(head: Sequence[str], aligns: str, rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A table after an empty line; ``aligns`` has one letter a column: l or r. Cells must be safe already."""
    yield ""
    yield f"| {' | '.join(head)} |"
    yield f"|{'|'.join({'l': '---', 'r': '--:'}[align] for align in aligns)}|"
    for row in rows:
        yield f"| {' | '.join(row)} |"

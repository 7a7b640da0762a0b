"""Text of a repository made fit to show in a report."""

import re
import unicodedata

from asbuilt.model.text import visible

_MARKS_IN_A_ROW = 4
_PILE = re.compile(r"[^\x00-\u02ff]{5,}")


def shown(text: str, limit: int | None = None) -> str:
    r"""What ``model.text.visible`` gives, and no pile of combining marks that would run over the lines around it.

    Of marks in a row the first four stay, as no writing system needs more; the rest are shown as ``\u0301``.
    ``limit`` cuts to so many characters, ending in an ellipsis.
    """
    safe = visible(text if limit is None else text[: limit + 1])
    if not safe.isascii() and _PILE.search(safe):
        safe = _without_piles(safe)
    return safe if limit is None or len(safe) <= limit else safe[: max(limit - 1, 0)] + "…"


def _without_piles(text: str) -> str:
    out: list[str] = []
    row = 0
    for char in text:
        row = row + 1 if unicodedata.category(char) in {"Mn", "Me"} else 0
        out.append(f"\\u{ord(char):04x}" if row > _MARKS_IN_A_ROW else char)
    return "".join(out)

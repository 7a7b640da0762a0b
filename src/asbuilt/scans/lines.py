"""The lines of one text: places in it, and what may be shown of it, without the secrets that were found."""

import re
from bisect import bisect_right
from typing import Final

from asbuilt.model.text import visible
from asbuilt.scans.flow.code import Place
from asbuilt.scans.secrecy import REDACTED, scrub

_MOST_SHOWN: Final = 10  # lines
_LONGEST: Final = 300  # characters of a line
_SEARCHED: Final = 4 * _LONGEST  # characters of a line that are searched for what may not be shown
# A quoted text that is given to something whose name speaks of a secret: not shown, whether or not a rule finds it.
_NAMED: Final = re.compile(
    r"((?:passw(?:or)?d|passwd|pwd|secret|token|api_?key|access_?key|private_?key|credential|auth)[A-Za-z_]{0,20}"
    r"[\"']?\]?\s{0,3}(?:=|:|=>|,)\s{0,3}\(?\s{0,3}[bru]?)([\"'`])[^\"'`\n]{1,300}\2",
    re.IGNORECASE,
)
_QUOTED: Final = re.compile(r"([\"'`])(?:(?!\1)[^\n\\]|\\.){1,2000}\1")


class Lines:
    """A text by its lines, as characters and as UTF-8."""

    def __init__(self, text: str) -> None:
        self.text = text.encode("utf-8", "replace").decode() if not text.isascii() else text
        self.data = self.text.encode()
        self._starts = [0]
        at = self.data.find(b"\n")
        while at >= 0:
            self._starts.append(at + 1)
            at = self.data.find(b"\n", at + 1)
        self._hidden: list[tuple[int, int]] = []

    @property
    def count(self) -> int:
        """How many lines it has; a last one without an end counts."""
        return len(self._starts) - (1 if self.data.endswith(b"\n") or not self.data else 0) or 1

    def hide(self, start: int, end: int) -> None:
        """Take note of a secret, by bytes: it is never shown."""
        self._hidden.append((start, end))

    def place(self, start: int, end: int) -> Place:
        """Where some bytes stand."""
        first, last = bisect_right(self._starts, start) - 1, bisect_right(self._starts, max(start, end - 1)) - 1
        return Place(first + 1, self._column(first, start), last + 1, self._column(last, end))

    def _column(self, line: int, at: int) -> int:
        return len(self.data[self._starts[line] : at].decode("utf-8", "replace")) + 1

    def shown(self, first: int, last: int, *, literals: bool = True) -> str:
        """Some lines as they may be shown: without indentation, long ones cut, secrets redacted.

        Args:
            first: the first of them, from 1.
            last: the last of them.
            literals: whether quoted texts may be shown.
        """
        shown = [self._line(number, literals) for number in range(first, min(last, first + _MOST_SHOWN - 1) + 1)]
        return "\n".join(shown)

    def _line(self, number: int, literals: bool) -> str:
        if not 0 < number <= len(self._starts):
            return ""
        start = self._starts[number - 1]
        end = self._starts[number] if number < len(self._starts) else len(self.data)
        parts, at = [], start
        for begun, over in sorted(self._hidden):
            if over > at and begun < end:
                parts += [self.data[at : max(at, begun)], REDACTED.encode()]
                at = min(max(at, over), end)
        parts.append(self.data[at:end])
        plain = b"".join(parts).decode("utf-8", "replace")
        if len(plain) > _SEARCHED:  # what a secret may be cut in is not shown
            plain = plain[:_SEARCHED]
            plain = plain[:-_LONGEST] + " …"
        text = scrub(_NAMED.sub(rf"\1\2{REDACTED}\2", plain))
        if not literals:
            text = _QUOTED.sub(rf"\1{REDACTED}\1", text)
        return visible(text.strip(), _LONGEST)

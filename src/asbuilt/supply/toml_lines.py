"""Where the keys of a TOML text stand: the line of each table and entry, by its path of keys."""

import re
from typing import Final

from asbuilt.model.toml import MOST_PARTS

Path = tuple[str, ...]
MOST_LINES: Final = 1_000_000
_PART: Final = r"""[\w-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+'"""
_KEY: Final = rf"(?:{_PART})(?:[ \t]*+\.[ \t]*+(?:{_PART}))*+"
_HEADER: Final = re.compile(rf"[ \t]*+\[\[?[ \t]*+({_KEY})[ \t]*+\]")
_ENTRY: Final = re.compile(rf"[ \t]*+({_KEY})[ \t]*+=")
_PARTS: Final = re.compile(_PART)


def toml_lines(text: str) -> dict[Path, int]:
    """The line (from 1) where each path of keys is named first.

    A line within a text of several lines may look like a key; it is told only where nothing named that path before.
    """
    found: dict[Path, int] = {}
    table: Path = ()
    for number, row in enumerate(text.split("\n", MOST_LINES), 1):
        header = _HEADER.match(row)
        if header is not None:
            table = _path(header[1])
            _note(found, table, 0, number)
        elif (entry := _ENTRY.match(row)) is not None:
            _note(found, (*table, *_path(entry[1])), len(table), number)
    return found


def _note(found: dict[Path, int], path: Path, known: int, line: int) -> None:
    for end in range(known + 1, min(len(path), 2 * MOST_PARTS) + 1):
        found.setdefault(path[:end], line)


def _path(text: str) -> Path:
    return tuple(each[1:-1] if each[0] in "\"'" else each for each in _PARTS.findall(text)[:MOST_PARTS])

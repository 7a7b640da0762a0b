"""``requirements*.txt`` and ``constraints*.txt`` of pip: pins, ranges, hashes, ``-r`` and ``-c``."""

import posixpath
import re
from collections.abc import Iterator
from functools import partial
from typing import Final

from asbuilt.supply.formats import read_text
from asbuilt.supply.gathering import Beside, Gathering, Reading, gathered
from asbuilt.supply.pieces import Held
from asbuilt.supply.requirement import Required, requirement

READS: Final = (
    "requirements*.txt",
    "Requirements*.txt",
    "REQUIREMENTS*.txt",
    "*requirements.txt",
    "requirements/*.txt",
    "constraints*.txt",
    "*constraints.txt",
)
BESIDE: Final = True
MOST_FILES: Final = 100
_INCLUDE = re.compile(r"(?:-r|-c|--requirement|--constraint)(?:\s*=\s*|\s+|(?<=-[rc]))(.+)")
_EDITABLE = re.compile(r"(?:-e|--editable)(?:\s*=\s*|\s+)(.+)")
_OTHER_BREAKS: Final = "\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\0"  # what ends a line too, and what marks one here
_HASH = re.compile(r"--hash[= ]\s*([\w-]+):([\w+/=]+)")


def read(data: bytes, path: str, beside: Beside) -> Reading:
    """The requirements of a file and of those that it includes; each names the file that it stands in."""
    readings: list[Reading] = []
    waiting, seen = [(path, data)], {path}
    while waiting:
        own, content = waiting.pop(0)
        included: list[tuple[int, str]] = []
        readings.append(gathered("PyPI", own, partial(_take, content, included)))
        for line, named in included:
            target = posixpath.normpath(posixpath.join(posixpath.dirname(own), named))
            if target in seen:
                continue
            seen.add(target)
            told = beside(target) if len(seen) <= MOST_FILES and not target.startswith(("..", "/")) else None
            if told is None:
                readings.append(_missing(own, line, named))
            else:
                waiting.append((target, told))
    return Reading(
        tuple(each for reading in readings for each in reading.components),
        tuple(each for reading in readings for each in reading.unread),
    )


def _missing(path: str, line: int, named: str) -> Reading:
    return gathered(
        "PyPI", path, lambda found: found.refuse(f"It includes {named!r:.200}, which is not in the tree.", line)
    )


def _take(data: bytes, included: list[tuple[int, str]], found: Gathering) -> None:
    text = read_text(data)
    is_constraints = "constraint" in posixpath.basename(found.path)
    for line, row in _rows(text):
        if match := _INCLUDE.match(row):
            named = match[1].strip().strip("\"'")
            if "://" in named or "${" in named:
                found.refuse(f"It includes {named!r:.200}, which lies outside the tree.", line)
            else:
                included.append((line, named))
            continue
        editable = _EDITABLE.match(row)
        if row.startswith("-") and editable is None:
            continue  # an option of pip: an index, a trust
        own, hashes, bare = _required(editable[1] if editable else row)
        if own is None:
            found.refuse(f"It is no requirement: {bare!r:.120}.", line)
            continue
        found.add(
            own.name,
            own.version,
            line=line,
            declared=own.declared,
            direct=None if is_constraints else True,
            source=own.source,
            hashes=hashes,
            origin_url=own.url,
        )


_Required = tuple[Required | None, tuple[str, ...], str]
_KNOWN: Final[Held[_Required]] = Held()


def _required(row: str) -> _Required:
    """The requirement of a row, its digests, and the row without options."""
    known = _KNOWN.get(row)
    if known is None:
        bare = re.split(r"\s--?[a-zA-Z]", row, maxsplit=1)[0]
        known = requirement(bare), tuple(f"{match[1]}:{match[2]}" for match in _HASH.finditer(row)), bare
        _KNOWN.keep(row, known)
    return known


def _rows(text: str) -> Iterator[tuple[int, str]]:
    """Logical lines without comments; a backslash joins two."""
    if any(each in text for each in _OTHER_BREAKS):
        yield from _rows_of(text, 1)
        return
    line = 1
    for own in text.replace("\\\n", "\0").split("\n"):
        if "#" in own or own.endswith("\\"):
            yield from _rows_of(own.replace("\0", "\\\n"), line)
        elif row := own.replace("\0", " ").strip():
            yield line, row
        line += own.count("\0") + 1


def _rows_of(text: str, first: int) -> Iterator[tuple[int, str]]:
    begun, parts = 0, list[str]()
    for number, raw in enumerate([*text.splitlines(), ""], first):
        begun = begun or number
        joined = raw.endswith("\\") and not raw.lstrip().startswith("#")
        parts.append(raw[:-1] if joined else raw)
        if joined:
            continue
        row = re.sub(r"(^|\s)#.*\Z", "", " ".join(parts) if len(parts) > 1 else parts[0], flags=re.DOTALL).strip()
        if row:
            yield begun, row
        begun, parts = 0, []

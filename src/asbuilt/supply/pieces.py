"""Lock files of YAML and TOML by their pieces: an entry that was met before is not parsed again.

Most versions of a lock file say what the version before said, but for a few entries.

1. A text is cut where entries begin: at lines indented as far as their section in YAML, at a ``[[table]]`` of TOML.
2. Pieces that were not met before are read by the same parser; each must be one entry that is whole by itself.
3. Where anything stands in another way the text is read as one. So the answer is always that of ``read_yaml`` and
   ``read_toml``; only lines deep inside an entry are not told.
"""

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Any, Final, Generic, TypeVar

from asbuilt.supply.formats import (
    MOST_NODES,
    Node,
    RefusedError,
    read_toml,
    read_yaml,
    read_yaml_entries,
    table_lines,
)

_LARGE: Final = 4_000  # characters of an entry that is cut itself
_MOST_HELD: Final = 4_000_000  # characters of the pieces of one kind that are held, twice
# What libyaml takes for the end of a line, and a count of line feeds does not.
_OTHER_BREAKS: Final = ("\r", "\x85", "\u2028", "\u2029")
_NOTHING: Final = re.compile(r"(?: *(?:#[^\n]*)?\n)*\Z")  # empty lines and comments
_BODY: Final = re.compile(r"\n+( +)(?![\s#-])")
_SEVERAL_LINES: Final = ('"""', "'''")
_ASSIGNED: Final = re.compile(r"\n(?=[\w\"'.-]+ = )")

Value = TypeVar("Value")


class Held(Generic[Value]):
    """What pieces say: those met last, within bounds."""

    def __init__(self) -> None:
        self._new: dict[str, Value] = {}
        self._old: dict[str, Value] = {}
        self._size = 0

    def get(self, piece: str) -> Value | None:
        """What a piece says, None when it was not met, or long ago."""
        known = self._new.get(piece)
        if known is None:
            known = self._old.get(piece)
            if known is not None:
                self.keep(piece, known)
        return known

    def keep(self, piece: str, told: Value) -> None:
        """Hold what a piece says; when there is no more room, what was not met since the last time goes."""
        self._size += len(piece)
        if self._size > _MOST_HELD:
            self._old, self._new, self._size = self._new, {}, len(piece)
        self._new[piece] = told


class _IrregularError(Exception):
    """The text cannot be read by its pieces."""


def read_yaml_pieces(text: str, levels: int) -> list[Any]:
    """Every document of a YAML text as ``read_yaml`` reads it, with the lines of the first ``levels`` of keys.

    What is told is shared with other texts that say the same: it must not be altered.

    Raises:
        RefusedError: see ``read_yaml``.
    """
    plain = text.replace("\r\n", "\n")
    # No text has more nodes than characters: what is shorter than the bound need not be counted.
    if len(plain) > MOST_NODES or not plain.endswith("\n") or any(each in plain for each in _OTHER_BREAKS):
        return read_yaml(text)
    documents: list[Any] = []
    line = 1
    parts = f"\n{plain[:-1]}".split("\n---\n")
    try:
        for number, part in enumerate(parts):
            body = f"\n{part}\n" if number else f"{part}\n"
            if number or len(parts) == 1 or not _NOTHING.match(body):
                documents.append(_mapping(body, line, 0, levels, 0))
            line += body.count("\n")
    except (_IrregularError, RefusedError):
        return read_yaml(text)
    return documents


@cache
def _held_entries(depth: int) -> Held[tuple[str, Any]]:  # noqa: ARG001 - one for each depth: it bounds the nesting
    return Held()


@cache
def _entry_of(indent: int) -> re.Pattern[str]:
    return re.compile(rf"\n{' ' * indent}(?=[^\s#-]|-\S)")


def _mapping(body: str, first: int, indent: int, levels: int, depth: int) -> Node:
    """The mapping of entries indented so far; the body begins with the line feed before its ``first`` line."""
    starts = [match.start() + 1 for match in _entry_of(indent).finditer(body)]
    if not starts or not _NOTHING.match(body[1 : starts[0]]):
        raise _IrregularError
    pieces: list[str] = []
    lines: list[int] = []
    nested: dict[int, Node] = {}
    at, line = 1, first
    for start, end in pairwise([*starts, len(body)]):
        line += body.count("\n", at, start)
        at = start
        piece = body[start:end]
        if depth + 1 < levels or end - start > _LARGE:
            head = piece.index("\n")
            inside = _BODY.match(piece, head) if piece[head - 1] == ":" else None
            if inside and len(inside[1]) > indent:
                nested[len(pieces)] = _mapping(piece[head:], line + 1, len(inside[1]), levels, depth + 1)
                piece = piece[: head + 1]
        pieces.append(piece)
        lines.append(line)
    own = Node(lines[0])
    for number, (name, value) in enumerate(_entries(pieces, depth)):
        if number in nested:
            if value is not None:
                raise _IrregularError
            value = nested[number]  # noqa: PLW2901 - the piece is the head alone
        elif depth + 1 < levels and isinstance(value, Node):
            raise _IrregularError  # a mapping in one line, whose lines are asked for
        own.lines.setdefault(name, lines[number])
        own[name] = value
    return own


def _entries(pieces: Sequence[str], depth: int) -> list[tuple[str, Any]]:
    """The key and the value of each piece."""
    held = _held_entries(depth)
    told = [held.get(piece) for piece in pieces]
    new = list(dict.fromkeys(piece for piece, entry in zip(pieces, told, strict=True) if entry is None))
    if new:
        read = read_yaml_entries(new, depth)
        if read is None:
            raise _IrregularError
        for piece, entry in zip(new, read, strict=True):
            held.keep(piece, entry)
        added = dict(zip(new, read, strict=True))
        return [entry or added[piece] for piece, entry in zip(pieces, told, strict=True)]
    return [entry for entry in told if entry]


def read_toml_pieces(text: str, table: str) -> tuple[dict[str, Any], list[int]]:
    """The tables of a TOML text as ``read_toml`` reads it, and the line of the name in each ``[[table]]``.

    What is told is shared with other texts that say the same: it must not be altered.

    Raises:
        RefusedError: see ``read_toml``.
    """
    try:
        return _tables(text.replace("\r\n", "\n"), table)
    except (_IrregularError, RefusedError):
        return read_toml(text), table_lines(text, table)


_HELD_TABLES: Final[Held[tuple[dict[str, Any], int]]] = Held()
_HELD_FILES: Final[Held[dict[str, Any]]] = Held()


def _tables(plain: str, table: str) -> tuple[dict[str, Any], list[int]]:
    if any(each in plain for each in _SEVERAL_LINES):
        raise _IrregularError
    header = f"[[{table}]]\n"
    head, *parts = f"\n{plain}".split(f"\n{header}")
    if not parts:
        raise _IrregularError
    after = re.search(rf"^\[(?!\[?{table}\.)", parts[-1], re.MULTILINE)
    tail = parts[-1][after.start() :] if after else ""
    parts[-1] = parts[-1][: after.start() - 1] if after and after.start() else parts[-1].removesuffix("\n")
    found = read_toml(head)
    rows: list[dict[str, Any]] = []
    lines: list[int] = []
    line = head.count("\n") + 1
    for part in parts:
        piece = f"{header}{part}\n"
        own, name = _table(piece, table)
        rows.append(own)
        lines.append(line + name - 1)
        line += piece.count("\n")
    rest = _tail(tail)
    if table in found or table in rest or not found.keys().isdisjoint(rest):
        raise _IrregularError
    return {**found, table: rows, **rest}, lines


def _table(piece: str, table: str) -> tuple[dict[str, Any], int]:
    """One entry of the table, and the line of its name within the piece."""
    known = _HELD_TABLES.get(piece)
    if known is None:
        told = read_toml(piece)
        if list(told) != [table] or len(told[table]) != 1:
            raise _IrregularError
        known = told[table][0], table_lines(piece, table)[0]
        _HELD_TABLES.keep(piece, known)
    return known


def _tail(text: str) -> dict[str, Any]:
    """What stands after the last entry; the digests that Poetry kept there until its 1.2, one by one."""
    before, mark, files = text.partition("\n[metadata.files]\n")
    told = read_toml(f"{before}\n")
    if not mark:
        return told
    metadata = told.get("metadata")
    if not isinstance(metadata, dict) or "files" in metadata or "\n[metadata]\n" not in f"\n{before}\n":
        raise _IrregularError
    digests: dict[str, Any] = {}
    starts = [match.start() + 1 for match in _ASSIGNED.finditer(f"\n{files}")]
    if not starts or files[: starts[0] - 1].strip():
        raise _IrregularError
    for start, end in pairwise([*starts, len(files) + 1]):
        piece = files[start - 1 : end - 1]
        known = _HELD_FILES.get(piece)
        if known is None:
            known = read_toml(piece)
            if len(known) != 1:
                raise _IrregularError
            _HELD_FILES.keep(piece, known)
        if not digests.keys().isdisjoint(known):
            raise _IrregularError
        digests |= known
    return {**told, "metadata": {**metadata, "files": digests}}

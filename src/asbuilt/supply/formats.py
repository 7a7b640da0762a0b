"""JSON, YAML, TOML and XML of lock files as plain values with their lines; bounded, and nothing in them acts.

Entities, tags, alias bombs and deep nesting are refused; sizes are bounded by whoever hands the bytes in.
"""

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Any, Final, NoReturn
from xml.parsers import expat  # entity declarations are refused below; expat itself fetches nothing

import msgspec
import yaml

from asbuilt.model.toml import read_toml_text

DEEPEST: Final = 64
MOST_NODES: Final = 4_000_000
_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# A key of JSON, and the text that is its value if it is one. Possessive: no backtracking into a text.
_KEY: Final = re.compile(r'"((?:[^"\\]|\\.)*+)"\s*+:(?:\s*+"((?:[^"\\]|\\.)*+)")?')
_COLON: Final = re.compile(r"\s*+:")
_FURTHEST: Final = 64  # characters between a key and its value
_LOOSE: Final = re.compile(r'("(?:[^"\\]|\\.)*+")|//[^\n]*+|/\*.*?(?:\*/|\Z)', re.DOTALL)
_TRAILING: Final = re.compile(r'("(?:[^"\\]|\\.)*+")|,(?=\s*+[}\]])')


class RefusedError(ValueError):
    """A file cannot be read: what, in which line (from 1, None: not known), and what helps."""

    def __init__(self, what: str, line: int | None = None, remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.line = line
        self.remedy = remedy


class Lines:
    """Where positions of a text stand, as line numbers from 1; quickest when asked in the order of the text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._position, self._line = 0, 1
        self._breaks: list[int] | None = None

    def at(self, position: int) -> int:
        """The line that holds the character at this position."""
        if position >= self._position:
            self._line += self._text.count("\n", self._position, position)
            self._position = position
            return self._line
        if self._breaks is None:
            self._breaks = [match.start() for match in re.finditer("\n", self._text)]
        return bisect_right(self._breaks, position - 1) + 1 if position else 1


class KeyLines:
    """Where the keys of a JSON text stand; asked in the order of the text, it tells equal keys apart.

    While they are asked in that order each is looked for from the last one on; an index is made when one is not.
    """

    def __init__(self, text: str) -> None:
        self._lines = Lines(text)
        self._text = text
        self._keys: dict[str, list[int]] | None = None
        self._pairs: dict[tuple[str, str], list[int]] = {}
        self._at = -1

    def key(self, name: str) -> int | None:
        """The line of the next place that has this key, after the place that was told last."""
        wanted = _escaped(name)
        if self._keys is None:
            at = self._find(f'"{wanted}"')
            if at >= 0:
                self._at = at
                return self._lines.at(at)
        return self._next(self._index().get(wanted))

    def pair(self, name: str, value: str) -> int | None:
        """The line of the next place that gives this key this text, after the place that was told last."""
        if self._keys is None:
            at = self._find_pair(_escaped(name), _escaped(value))
            if at >= 0:
                self._at = at
                return self._lines.at(at)
            self._index()
        return self._next(self._pairs.get((_escaped(name), _escaped(value))))

    def _find(self, quoted: str) -> int:
        """The next place of a key, -1 when there is none."""
        at = self._text.find(quoted, self._at + 1)
        while at >= 0 and (self._text[at - 1 : at] == "\\" or not _COLON.match(self._text, at + len(quoted))):
            at = self._text.find(quoted, at + 1)
        return at

    def _find_pair(self, name: str, value: str) -> int:
        """The next place where a key has a text, -1 when there is none."""
        key = f'"{name}"'
        at = self._text.find(f'"{value}"', self._at + 1)
        while at >= 0:
            start = self._text.rfind(key, max(0, at - len(key) - _FURTHEST), at)
            if start > self._at and self._text[start - 1 : start] != "\\":
                between = self._text[start + len(key) : at].strip()
                after = self._text[at + len(value) + 2 : at + len(value) + 3]
                if between == ":" and after != ":":
                    return start
            at = self._text.find(f'"{value}"', at + 1)
        return -1

    def _index(self) -> dict[str, list[int]]:
        if self._keys is None:
            self._keys = {}
            for match in _KEY.finditer(self._text):
                self._keys.setdefault(match[1], []).append(match.start())
                if match[2] is not None:
                    self._pairs.setdefault((match[1], match[2]), []).append(match.start())
        return self._keys

    def _next(self, places: list[int] | None) -> int | None:
        if not places:
            return None
        at = bisect_right(places, self._at)
        if at == len(places):
            return self._lines.at(places[0])
        self._at = places[at]
        return self._lines.at(self._at)


class Node(dict[str, Any]):
    """A mapping of YAML that knows its line (0: not known), and the lines of its keys.

    ``made`` is what its reader made of it and of its key alone: an entry that is met again keeps it.
    """

    __slots__ = ("line", "lines", "made")

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}
        self.made: Any = None


class Element:
    """An element of XML: its name without the namespace, attributes, children, text and line."""

    __slots__ = ("attributes", "children", "line", "name", "parts")

    def __init__(self, name: str, attributes: dict[str, str], line: int) -> None:
        self.name = name.rpartition(":")[2]
        self.attributes = attributes
        self.line = line
        self.children: list[Element] = []
        self.parts: list[str] = []

    @property
    def text(self) -> str:
        """Its own text, without spaces around it."""
        return "".join(self.parts).strip()

    def child(self, name: str) -> "Element | None":
        """The first child of that name."""
        return next((each for each in self.children if each.name == name), None)

    def said(self, *names: str) -> str:
        """The text of the element that this path of names leads to, empty when there is none."""
        own: Element | None = self
        for name in names:
            own = own.child(name) if own is not None else None
        return own.text if own is not None else ""

    def every(self, name: str) -> "Iterator[Element]":
        """All descendants of that name, in the order of the text."""
        waiting = [self]
        while waiting:
            own = waiting.pop()
            if own.name == name:
                yield own
            waiting.extend(reversed(own.children))


def read_text(data: bytes) -> str:
    """The bytes as text (UTF-8, with or without a mark; UTF-16 with its mark).

    Raises:
        RefusedError: they are none.
    """
    try:
        if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
            return data.decode("utf-16")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RefusedError("It is no text in UTF-8.", data.count(b"\n", 0, error.start) + 1) from error


def read_json(text: str) -> Any:
    """The value of a JSON text.

    Raises:
        RefusedError: it is none, or nested too deep.
    """
    try:
        return msgspec.json.decode(text)
    except RecursionError as error:
        raise RefusedError("It is nested too deep.") from error
    except (msgspec.DecodeError, UnicodeEncodeError) as error:
        raise RefusedError(f"It is no JSON: {error}.") from error


def read_loose_json(text: str) -> Any:
    """The value of a JSON text that may have comments and trailing commas, as Bun writes it."""
    plain = _LOOSE.sub(lambda match: match[1] or " ", text)
    return read_json(_TRAILING.sub(lambda match: match[1] or "", plain))


def read_toml(text: str) -> dict[str, Any]:
    """The tables of a TOML text.

    Raises:
        RefusedError: it is none, or nested too deep.
    """
    try:
        return read_toml_text(text)
    except RecursionError as error:
        raise RefusedError("It is nested too deep.") from error
    except (tomllib.TOMLDecodeError, ValueError) as error:
        line = re.search(r"line (\d+)", str(error))
        raise RefusedError(f"It is no TOML: {error}.", int(line[1]) if line else None) from error


def table_lines(text: str, table: str) -> list[int]:
    """The line of the name in each ``[[table]]`` of a TOML text (the header's where no name follows)."""
    header = re.compile(rf"[ \t]*\[\[[ \t]*{re.escape(table)}[ \t]*\]\]")
    found: list[int] = []
    waits = False
    for number, line in enumerate(text.split("\n"), 1):
        if header.match(line):
            found.append(number)
            waits = True
        elif waits and re.match(r"[ \t]*name[ \t]*=", line):
            found[-1], waits = number, False
        elif line.startswith("["):
            waits = False
    return found


def read_yaml(text: str, *, aliases: bool = False) -> list[Any]:
    """Every document of a YAML text; scalars stay texts, plain nulls are None, mappings are ``Node``.

    Args:
        text: the text.
        aliases: let them stand, each for nothing: what it repeats is told where it stands first.

    Raises:
        RefusedError: it is none, uses aliases, tags or merge keys, or is nested too deep.
    """
    return _documents(text, 0, DEEPEST, aliases=aliases)


def read_yaml_entries(pieces: Sequence[str], depth: int) -> list[tuple[str, Any]] | None:
    """The key and the value of pieces of a mapping at that depth; None when each is not just one entry.

    Lines inside the values are not told.

    Raises:
        RefusedError: see ``read_yaml``.
    """
    documents = _documents("".join(pieces), depth, depth)
    if len(documents) != 1 or not isinstance(documents[0], Node):
        return None
    line, starts = 1, []
    for piece in pieces:
        starts.append(line)
        line += piece.count("\n")
    return list(documents[0].items()) if list(documents[0].lines.values()) == starts else None


def _documents(text: str, depth: int, told: int, *, aliases: bool = False) -> list[Any]:
    try:
        return list(_YamlReading(yaml.parse(text, Loader=_LOADER), told, aliases=aliases).documents(depth))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise RefusedError(
            f"It is no YAML: {error.problem or error.context}.", mark.line + 1 if mark else None
        ) from error
    except yaml.YAMLError as error:
        raise RefusedError("It is no YAML: a character stands in it that YAML does not allow.") from error


class _YamlReading:
    """One pass over the events of a parser; recursion is bounded by ``DEEPEST``, lines are kept to ``told``."""

    def __init__(self, events: Iterator[Any], told: int, *, aliases: bool) -> None:
        self._events = events
        self._aliases = aliases
        self._told = told
        self._nodes = 0

    def documents(self, depth: int) -> Iterator[Any]:
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                yield self._value(next(self._events), depth)

    def _value(self, event: Any, depth: int) -> Any:
        self._nodes += 1
        if isinstance(event, yaml.ScalarEvent):
            plain = event.style in {None, ""} and event.value in {"", "~", "null", "Null", "NULL"}
            return None if plain else event.value
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            if self._aliases:
                return None
            raise RefusedError("An alias (*) stands in it, which no lock file has.", line)
        if depth >= DEEPEST or self._nodes > MOST_NODES:
            raise RefusedError("It is nested too deep, or has too many entries.", line)
        if isinstance(event, yaml.SequenceStartEvent):
            found = []
            while not isinstance(each := next(self._events), yaml.SequenceEndEvent):
                found.append(self._value(each, depth + 1))
            return found
        own = Node(line if depth <= self._told else 0)
        while not isinstance(key := next(self._events), yaml.MappingEndEvent):
            name = self._value(key, depth + 1)
            if not isinstance(name, str):
                raise RefusedError("A key is no plain text.", key.start_mark.line + 1)
            if depth <= self._told:
                own.lines.setdefault(name, key.start_mark.line + 1)
            own[name] = self._value(next(self._events), depth + 1)
        return own


def read_xml(data: bytes) -> Element:
    """The root of an XML text.

    Raises:
        RefusedError: it is none, declares entities, or is nested too deep.
    """
    parser = expat.ParserCreate()
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.buffer_text = True
    tree = _XmlReading(parser)
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise RefusedError(f"It is no XML: {expat.ErrorString(error.code)}.", error.lineno) from error
    except (ValueError, LookupError) as error:
        if isinstance(error, RefusedError):
            raise
        raise RefusedError(f"It is no XML: {error}.") from error
    if tree.root is None:
        raise RefusedError("It is no XML: it has no element.")
    return tree.root


class _XmlReading:
    """The handlers of one parser."""

    def __init__(self, parser: Any) -> None:
        self.root: Element | None = None
        self._open: list[Element] = []
        self._count = 0
        self._parser = parser
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._said
        parser.EntityDeclHandler = self._refuse

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        line = self._parser.CurrentLineNumber
        if len(self._open) >= DEEPEST or self._count > MOST_NODES:
            raise RefusedError("It is nested too deep, or has too many elements.", line)
        own = Element(name, attributes, line)
        if self._open:
            self._open[-1].children.append(own)
        else:
            self.root = own
        self._open.append(own)

    def _end(self, _: str) -> None:
        self._open.pop()

    def _said(self, text: str) -> None:
        self._open[-1].parts.append(text)

    def _refuse(self, *_: object) -> NoReturn:
        raise RefusedError("It declares entities, which are not read.", self._parser.CurrentLineNumber)


def _escaped(name: str) -> str:
    return name.replace("\\", "\\\\").replace('"', '\\"')

"""YAML as plain nodes with their lines: mappings, lists and texts, and nothing that a reader could be tricked with.

Scalars stay texts: the column that takes one decides what it is, so `no`, `1e3` and `012` are never something else.
Anchors, aliases, tags, merge keys, second documents, duplicate keys, deep nesting and large files are refused.
"""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import yaml

from asbuilt.facts.recording.values import quoted

LARGEST = 16 << 20  # bytes of one file
DEEPEST = 8
_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_STR_TAG = "tag:yaml.org,2002:str"


class Node(NamedTuple):
    """A value and the line it begins on: a text, None (null), a list of nodes, or a dict of nodes by key."""

    line: int
    value: "str | list[Node] | dict[str, Node] | None"


class YamlRefusedError(ValueError):
    """The text is not YAML as evidence is written in: on which line, what, and what to do."""

    def __init__(self, line: int, what: str, fix: str) -> None:
        super().__init__(what)
        self.line = line
        self.what = what
        self.fix = fix


def read_yaml(text: str) -> Node:
    """The one document of a text.

    Raises:
        YamlRefusedError: it is no YAML, or uses what evidence does not need.
    """
    reading = _Reading(yaml.parse(text, Loader=_LOADER))
    try:
        return reading.document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlRefusedError(
            mark.line + 1 if mark else 1, f"This is no YAML: {error.problem or error.context}.", "Mend the line."
        ) from error
    except yaml.YAMLError as error:  # a character that YAML does not allow
        reason = getattr(error, "reason", "") or "it cannot be read"
        raise YamlRefusedError(
            text.count("\n", 0, getattr(error, "position", 0)) + 1, f"This is no YAML: {reason}.", "Mend the line."
        ) from error


class _Reading:
    """One pass over the events of a parser; recursion is bounded by ``DEEPEST``."""

    def __init__(self, events: Iterator[Any]) -> None:
        self._events = events

    def document(self) -> Node:
        """The whole text: a stream of one document."""
        next(self._events)  # the stream begins
        start = next(self._events)
        if isinstance(start, yaml.StreamEndEvent):
            raise YamlRefusedError(1, "The file is empty.", "Name a table and rows: --template yaml shows how.")
        root = self._node(next(self._events), 1)
        next(self._events)  # the document ends
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise YamlRefusedError(_line(after), "A second document begins.", "Put it in a file of its own.")
        return root

    def _node(self, event: Any, depth: int) -> Node:
        line = _line(event)
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise YamlRefusedError(line, "Anchors and aliases (& and *) are not read.", "Write the value out.")
        if event.tag not in {None, "!", _STR_TAG}:
            raise YamlRefusedError(line, f"The tag {quoted(event.tag)} is not read.", "Take it out.")
        if isinstance(event, yaml.ScalarEvent):
            plain = event.style in {None, ""} and event.tag is None
            return Node(line, None if plain and event.value in _NULLS else event.value)
        if depth >= DEEPEST:
            raise YamlRefusedError(line, f"It is nested deeper than {DEEPEST} levels.", "Rows are flat.")
        if isinstance(event, yaml.SequenceStartEvent):
            return Node(line, [self._node(each, depth + 1) for each in self._until(yaml.SequenceEndEvent)])
        found: dict[str, Node] = {}
        keys: dict[str, int] = {}
        for each in self._until(yaml.MappingEndEvent):
            key = self._node(each, depth + 1)
            if not isinstance(key.value, str) or key.value == "<<":
                raise YamlRefusedError(key.line, "A key is no plain text.", "Keys are names of columns.")
            if key.value in found:
                raise YamlRefusedError(
                    key.line,
                    f"The key {quoted(key.value)} stands there twice (first in line {keys[key.value]}).",
                    "Keep one of them.",
                )
            keys[key.value] = key.line
            found[key.value] = self._node(next(self._events), depth + 1)
        return Node(line, found)

    def _until(self, end: type) -> Iterator[Any]:
        while not isinstance(event := next(self._events), end):
            yield event


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1

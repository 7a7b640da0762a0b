"""What stands before a route, by name and by what code does: ``route_guards.toml``, loaded."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from asbuilt.model.errors import CatalogueError
from asbuilt.model.route import Framework

SOURCE = Path(__file__).with_name("route_guards.toml")


class NamesOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Names that mean the same in one framework, with the examples that test it."""

    framework: Framework
    names: tuple[str, ...]
    hits: tuple[str, ...] = ()
    near_misses: tuple[str, ...] = ()


class NatureEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of route that is open by nature: what it is named like, and what in its code is evidence of it."""

    id: str
    says: str
    named: str
    evidence: str
    hits: tuple[tuple[str, str], ...]
    near_misses: tuple[tuple[str, str], ...]
    alone: str = r"(?!)"  # code that is enough by itself, whatever the route is called


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Regular expressions over names, conditions and code."""

    likely: str
    unlikely: str
    identity: str
    refusal_python: str
    refusal_script: str
    asks: str
    changing: str
    proof: str
    reads_key: str


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    guards: tuple[NamesOf, ...]
    open: tuple[NamesOf, ...]
    kept: tuple[NamesOf, ...]
    natures: tuple[NatureEntry, ...]
    words: Words


class Nature:
    """One kind of route that is open by nature, as two tests."""

    __slots__ = ("_alone", "_evidence", "_named", "entry")

    def __init__(self, entry: NatureEntry) -> None:
        self.entry = entry
        self._named, self._evidence = re.compile(entry.named), re.compile(entry.evidence)
        self._alone = re.compile(entry.alone)

    def is_named(self, *names: str) -> bool:
        """Whether a path or the name of a handler is like it."""
        return any(self._named.search(name[:300]) for name in names)

    def is_shown(self, code: str) -> bool:
        """Whether code is evidence of it."""
        return self._evidence.search(code) is not None

    def is_shown_alone(self, code: str) -> bool:
        """Whether code is evidence of it whatever the route is called."""
        return self._alone.search(code) is not None


class RouteGuards:
    """Everything of the file, as tests; names compare by their last part, or by their last two."""

    def __init__(self, file: _File) -> None:
        self.guards, self.open, self.kept = file.guards, file.open, file.kept
        self.natures = tuple(Nature(entry) for entry in file.natures)
        words = file.words
        self.likely, self.unlikely = re.compile(words.likely), re.compile(words.unlikely)
        self.identity = re.compile(words.identity)
        self.refusal_python = re.compile(words.refusal_python)
        self.refusal_script = re.compile(words.refusal_script)
        self.asks, self.changing = re.compile(words.asks), re.compile(words.changing)
        self.proof, self.reads_key = re.compile(words.proof), re.compile(words.reads_key)
        self._names = {kind: _by_framework(getattr(file, kind)) for kind in ("guards", "open", "kept")}

    def is_guard(self, name: str, *frameworks: Framework) -> bool:
        """Whether a name is a known guard of one of the frameworks."""
        return self._has("guards", name, frameworks)

    def is_open(self, name: str, *frameworks: Framework) -> bool:
        """Whether a name declares a route open."""
        return self._has("open", name, frameworks)

    def is_kept(self, name: str, *frameworks: Framework) -> bool:
        """Whether a name is a route of a library that looks after itself."""
        return self._has("kept", name, frameworks)

    def is_likely(self, name: str) -> bool:
        """Whether a name is like that of a guard, without being a known one."""
        last = name.rpartition(".")[2]
        return self.likely.search(last) is not None and self.unlikely.search(last) is None

    def _has(self, kind: str, name: str, frameworks: tuple[Framework, ...]) -> bool:
        parts = name.split(".")
        ends = {parts[-1], ".".join(parts[-2:])}
        return any(ends & self._names[kind].get(framework, frozenset()) for framework in frameworks)


def _by_framework(entries: tuple[NamesOf, ...]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for entry in entries:
        found[entry.framework] = found.get(entry.framework, frozenset()) | frozenset(entry.names)
    return found


@cache
def load_route_guards(file: Path = SOURCE) -> RouteGuards:
    """The guards of the catalogue.

    Raises:
        CatalogueError: the file is malformed.
    """
    try:
        raw: Any = tomllib.loads(file.read_text("utf-8"))
        return RouteGuards(msgspec.convert(raw, _File))
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, re.error) as error:
        raise CatalogueError(
            "The list of guards is malformed.", why=str(error), fix="Mend the entry.", where=str(file)
        ) from error

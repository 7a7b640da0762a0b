"""What a change touches, told from its paths: ``touched_paths.toml``, loaded.

Paths are a convention: a company that keeps its prompts elsewhere is not seen to touch them.
"""

import re
import tomllib
from pathlib import Path
from typing import Literal

import msgspec

from asbuilt.catalogue.guarded_paths import glob_pattern
from asbuilt.model.errors import CatalogueError

SOURCE = Path(__file__).with_name("touched_paths.toml")

Kind = Literal["prompts", "infrastructure", "migrations", "dependencies"]


class TouchedEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of path: its globs, why it matters, and the examples that test it."""

    id: Kind
    why: str
    globs: tuple[str, ...]
    hits: tuple[str, ...]
    near_misses: tuple[str, ...]
    any_case: bool = False


class TouchedPaths:
    """All entries as one question about a path; paths are bytes, as git stores them."""

    __slots__ = ("_patterns", "entries")

    def __init__(self, entries: tuple[TouchedEntry, ...]) -> None:
        self.entries = entries
        self._patterns = [
            (entry.id, re.compile(b"|".join(glob_pattern(glob, entry.any_case) for glob in entry.globs), re.DOTALL))
            for entry in entries
        ]

    def kinds(self, path: bytes) -> frozenset[str]:
        """The ids of all entries that the path belongs to."""
        return frozenset(own for own, pattern in self._patterns if pattern.fullmatch(path))


def load_touched_paths(file: Path = SOURCE) -> TouchedPaths:
    """The kinds of paths of the catalogue.

    Raises:
        CatalogueError: the file is malformed.
    """
    try:
        raw = tomllib.loads(file.read_text("utf-8"))
        entries = msgspec.convert(raw.get("touched", []), tuple[TouchedEntry, ...])
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise CatalogueError(
            "The list of touched paths is malformed.", why=str(error), fix="Mend the entry.", where=str(file)
        ) from error
    if not entries or not all(entry.globs for entry in entries):
        raise CatalogueError(
            "The list of touched paths has an entry without globs, or none at all.",
            fix="Give each [[touched]] entry at least one glob.",
            where=str(file),
        )
    return TouchedPaths(entries)

"""Paths that steer the pipeline, the review rules or the agents: ``guarded_paths.toml``, loaded."""

import re
import tomllib
from pathlib import Path

import msgspec

from asbuilt.model.errors import CatalogueError

SOURCE = Path(__file__).with_name("guarded_paths.toml")


class GuardedEntry(msgspec.Struct, frozen=True):
    """One kind of guarded path: its globs, why it matters, and the examples that test it."""

    id: str
    why: str
    globs: tuple[str, ...]
    hits: tuple[str, ...]
    near_misses: tuple[str, ...]
    any_case: bool = False


class GuardedPaths:
    """All entries as one test of a path; paths are bytes, as git stores them."""

    __slots__ = ("_pattern", "entries")

    def __init__(self, entries: tuple[GuardedEntry, ...]) -> None:
        self.entries = entries
        self._pattern = re.compile(
            b"|".join(
                b"(?P<e%d>%s)" % (number, b"|".join(glob_pattern(glob, entry.any_case) for glob in entry.globs))
                for number, entry in enumerate(entries)
            ),
            re.DOTALL,
        )

    def kind(self, path: bytes) -> str | None:
        """The id of the first entry that the path belongs to, or None."""
        match = self._pattern.fullmatch(path)
        if match is None or match.lastgroup is None:
            return None
        return self.entries[int(match.lastgroup[1:])].id


def load_guarded_paths(file: Path = SOURCE) -> GuardedPaths:
    """The guarded paths of the catalogue.

    Raises:
        CatalogueError: the file is malformed.
    """
    try:
        raw = tomllib.loads(file.read_text("utf-8"))
        entries = msgspec.convert(raw.get("guarded", []), tuple[GuardedEntry, ...])
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise CatalogueError(
            "The list of guarded paths is malformed.", why=str(error), fix="Mend the entry.", where=str(file)
        ) from error
    if not entries or not all(entry.globs for entry in entries):
        raise CatalogueError(
            "The list of guarded paths has an entry without globs, or none at all.",
            fix="Give each [[guarded]] entry at least one glob.",
            where=str(file),
        )
    return GuardedPaths(entries)


def glob_pattern(glob: str, any_case: bool) -> bytes:
    """A glob as a regular expression over a whole path (``*``, ``?``, leading ``**/``, trailing ``/**``)."""
    head, below = (glob[:-3], b"/.+") if glob.endswith("/**") else (glob, b"")
    anywhere, head = (b"(?:.*/)?", head[3:]) if head.startswith("**/") else (b"", head)
    body = "".join({"*": "[^/]*", "?": "[^/]"}.get(char, re.escape(char)) for char in head).encode()
    pattern = anywhere + body + below
    return b"(?i:" + pattern + b")" if any_case else pattern

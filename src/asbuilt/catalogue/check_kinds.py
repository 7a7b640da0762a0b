"""What a check is for, told from its name and the app behind it: ``check_kinds.toml``, loaded.

Names are a convention: a workflow called ``all`` may run any check, and is ``other``.
"""

import re
import tomllib
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

import msgspec

from asbuilt.model.errors import CatalogueError

SOURCE = Path(__file__).with_name("check_kinds.toml")
OTHER = "other"

Kind = Literal["tests", "static-analysis", "dependency-scan", "secret-scan", "tenant-isolation", "evaluation"]


class CheckKind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind: the apps that do nothing else, patterns of names, why it matters, and the examples that test it."""

    id: Kind
    why: str
    apps: tuple[str, ...]
    names: tuple[str, ...]
    hits: tuple[str, ...]
    near_misses: tuple[str, ...]


class CheckKinds:
    """All kinds as one question about a check."""

    __slots__ = ("_apps", "_names", "entries")

    def __init__(self, entries: tuple[CheckKind, ...]) -> None:
        self.entries = entries
        self._apps = {app: entry.id for entry in entries for app in entry.apps}
        self._names = [(entry.id, re.compile("|".join(entry.names), re.IGNORECASE)) for entry in entries]

    def kind(self, name: str, app: str | None) -> str:
        """The kind of a check, or ``other``; an app that has one purpose decides before any name."""
        by_app = self._apps.get((app or "").casefold().removesuffix("[bot]"))
        return by_app or next((own for own, pattern in self._names if pattern.search(name)), OTHER)


def load_check_kinds(file: Path = SOURCE) -> CheckKinds:
    """The kinds of checks of the catalogue.

    Raises:
        CatalogueError: the file is malformed.
    """
    try:
        raw = tomllib.loads(file.read_text("utf-8"))
        entries = msgspec.convert(raw.get("kinds", []), tuple[CheckKind, ...])
        kinds = CheckKinds(entries)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, re.error) as error:
        raise CatalogueError(
            "The list of kinds of checks is malformed.", why=str(error), fix="Mend the entry.", where=str(file)
        ) from error
    if not entries or not all(entry.names for entry in entries):
        raise CatalogueError(
            "The list of kinds of checks has an entry without names, or none at all.",
            fix="Give each [[kinds]] entry at least one pattern.",
            where=str(file),
        )
    return kinds


@cache
def _shipped() -> CheckKinds:
    return load_check_kinds()


@lru_cache(1 << 12)  # the same few checks run on every commit
def check_kind(name: str, app: str | None) -> str:
    """The kind of a check by AsBuilt's own catalogue, or ``other``."""
    return _shipped().kind(name[:200], app)

"""The forms of a message that say that one commit stands for several (``squash_shapes.toml``)."""

import re
import tomllib
from functools import cache
from pathlib import Path

import msgspec

from asbuilt.model.errors import CatalogueError

_FILE = Path(__file__).with_suffix(".toml")


class Shape(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One form: a pattern searched in the whole message, and the messages that are its tests."""

    id: str
    pattern: str
    why: str
    hits: tuple[str, ...]
    near_misses: tuple[str, ...]

    def find(self, message: str) -> bool:
        """Whether a message has this form."""
        return _regex(self.pattern).search(message) is not None


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    shapes: tuple[Shape, ...]


@cache
def load_squash_shapes() -> tuple[Shape, ...]:
    """All forms, in the order of the file.

    Raises:
        CatalogueError: the file is malformed.
    """
    try:
        shapes = msgspec.convert(tomllib.loads(_FILE.read_text("utf-8")), _File).shapes
        for shape in shapes:
            _regex(shape.pattern)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, re.error) as error:
        raise CatalogueError(f"{error}.", fix="Install AsBuilt again.", where=str(_FILE)) from error
    return shapes


@cache
def _regex(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.MULTILINE | re.ASCII)

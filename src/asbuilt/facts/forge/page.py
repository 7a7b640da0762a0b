"""What a page of a forge is to a projector, and what it becomes: rows, and sentences about what could be none."""

from collections.abc import Callable, Iterable
from typing import NamedTuple


class Row(NamedTuple):
    """One row of a recorded table: ``told`` holds its columns, times as RFC 3339 text, absent where unknown."""

    table: str
    told: dict[str, object]


class Projection(NamedTuple):
    """The rows of a page, and one sentence for each thing on it that could not become a row."""

    rows: tuple[Row, ...]
    refused: tuple[str, ...]


class ForgePage(NamedTuple):
    """One page, read as JSON.

    ``name`` is the endpoint's name (``pull/reviews``), ``key`` what was asked about (``17 | 2``), ``document`` the
    JSON, whatever it holds. ``repository`` is ``owner/name`` (None: the page is of an organisation),
    ``organization`` its name, ``observed`` Unix seconds when it was read.
    """

    name: str
    key: str
    document: object
    repository: str | None
    organization: str | None
    observed: int

    @property
    def number(self) -> int | None:
        """The request that the key names (``17``, ``17 | 2``), or None."""
        first = self.key.partition(" | ")[0]
        return int(first) if first.isascii() and first.isdigit() and len(first) < 16 else None

    @property
    def subject(self) -> str:
        """What the key names, without the number of the page."""
        return self.key.partition(" | ")[0]


# A projector yields rows, or a sentence of what it cannot make a row of. None in ``told`` is an unknown value.
Projector = Callable[[ForgePage], Iterable[Row | str]]

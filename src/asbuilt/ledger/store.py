"""What a database must do to hold a ledger: about a dozen statements, over four tables.

===========  ==========================================================================================
``head``     one row: the origin, how many entries there are, their root, how many of them are indexed
``bundles``  ``start`` and ``bundle``: entries from index ``start`` on, their bytes exactly as they were given, each
             after its length (see ``bundles.py``). A transaction makes rows of its own; no row is ever changed.
``tiles``    ``level``, ``number``, ``hashes``: up to 256 hashes of 32 bytes (C2SP tlog-tiles); those of tile
             (level, number) are the nodes 256*number … on tree level 8*level. The last of a level may be partial.
             On level 0 also ``marks``: the mark of each of these entries (see ``marks.py``), 8 bytes
``marks``    ``mark`` and ``position``: where a record is found again, for the first ``indexed`` entries
===========  ==========================================================================================

A store neither hashes nor judges; what it reads it gives as it stands, damaged or not.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from hashlib import sha256
from typing import Protocol

import msgspec

from asbuilt.ledger.merkle import EMPTY_ROOT
from asbuilt.model.errors import LedgerError

FORMAT = 1
TILE_HASHES = 256


class Head(msgspec.Struct, frozen=True):
    """The one row that says how far the ledger goes: it is written in the transaction that appends."""

    origin: str
    size: int = 0
    root: bytes = EMPTY_ROOT
    indexed: int = 0
    format: int = FORMAT

    def seal(self) -> bytes:
        """32 bytes kept beside the row, so that damage to any part of it shows. Against forgers stands the key."""
        parts = (self.format, self.origin, self.size, self.root.hex(), self.indexed)
        return sha256("\n".join(map(str, parts)).encode()).digest()


class Store(Protocol):
    """A database that holds one ledger.

    Every statement raises SourceError when the database cannot be reached, written or locked (disk full, read-only,
    no rights), and LedgerError when what it holds is damaged.
    """

    @property
    def where(self) -> str:
        """The database, as a message may name it: no password."""

    def writing(self) -> AbstractContextManager[Head]:
        """The one writer at a time: gives the head; at the end all is committed and on the disk, or nothing is."""

    def snapshot(self) -> AbstractContextManager[None]:
        """What is read inside belongs to one moment."""

    def head(self) -> Head:
        """The head as last committed."""

    def put_head(self, head: Head) -> None:
        """Replace the head."""

    def bundles(self, start: int, end: int | None = None) -> Iterator[tuple[int, bytes]]:
        """The rows that hold the entries from ``start`` up to ``end``, by their own start.

        Without ``end``: every row from that one on, in the ledger or not. What is no bytes comes as it stands.
        """

    def add_bundles(self, rows: Iterable[tuple[int, bytes]]) -> None:
        """Keep rows of entries: the index of the first, and the bundle."""

    def tile(self, level: int, number: int) -> bytes | None:
        """The hashes of a tile."""

    def put_tiles(self, tiles: Iterable[tuple[int, int, bytes, bytes]]) -> None:
        """Write or replace tiles: level, number, hashes, marks."""

    def tile_names(self) -> Iterator[tuple[int, int, bool]]:
        """Level and number of each tile there is, and whether it has marks."""

    def tile_marks(self, first: int, last: int | None = None) -> Iterator[tuple[int, bytes]]:
        """Number and marks of the tiles of level 0 from one number on (to another, included), in order."""

    def add_marks(self, marks: Sequence[Sequence[int]]) -> None:
        """Index marks: each with its position, sorted."""

    def find_marks(self, wanted: Sequence[int]) -> list[tuple[int, int]]:
        """What is indexed under these marks: mark and position."""

    def marks(self, first: int | None = None, last: int | None = None) -> Iterator[tuple[int, int]]:
        """What is indexed from one mark to another, both included, or everything; in order."""

    def defects(self) -> Iterator[str]:
        """What is wrong with the database as such: its schema, its pages."""

    def close(self) -> None:
        """Let go of the database."""


def sealed_head(rows: Sequence[tuple[object, ...]], where: str) -> Head:
    """The head out of the rows of its table: format, origin, size, root, indexed, seal.

    Raises:
        LedgerError: it is missing, doubled, damaged, or of a format that this version does not know.
    """
    head = seal = None
    if len(rows) == 1:
        form, origin, size, root, indexed, seal = rows[0]
        if isinstance(form, int) and isinstance(size, int) and isinstance(indexed, int):  # noqa: SIM102 - one by one
            if isinstance(origin, str) and isinstance(root, bytes):
                head = Head(origin, size, root, indexed, form)
    if head is None or head.seal() != seal:
        raise damaged(where, "The row `head` is missing, doubled, or not as it was written.")
    if head.format != FORMAT:
        raise LedgerError(
            f"The ledger has format {head.format}; this version reads format {FORMAT}.",
            fix="Use the version of AsBuilt that wrote it, or a newer one.",
            where=where,
        )
    return head


def damaged(where: str, why: str) -> LedgerError:
    """What is said of a database that does not hold what was written into it."""
    return LedgerError(
        "The ledger's database is damaged.",
        why=why,
        fix="Stop writing; keep a copy of the folder; `asbuilt ledger verify` names what is damaged.",
        where=where,
    )

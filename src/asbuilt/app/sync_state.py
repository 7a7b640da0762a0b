"""Where reading a source goes on the next time: a file beside the ledger, written after what it speaks of.

It may be deleted at will: then everything is read again, and nothing of it is new.
"""

import hashlib
from pathlib import Path
from typing import Any

import msgspec

from asbuilt.ledger.durable import write_durably
from asbuilt.model.errors import SourceError

FOLDER = "sync"
_VERSION = 1
_LARGEST = 64 << 20  # bytes; more is none of ours


class Tally(msgspec.Struct):
    """What came of a listing so far: pages, rows by table, the parts they are of, a digest over its pages.

    ``refused`` counts what was on a page and became no row: such a listing does not hold everything.

    The digest starts with 32 zero bytes; each page makes it SHA-256 of the digest before and the page's own one.
    """

    pages: int = 0
    refused: int = 0
    rows: dict[str, int] = {}
    parts: dict[str, list[str]] = {}
    digest: str = "00" * 32

    def add_page(self, page: str) -> None:
        """One page more, by its SHA-256 in hex."""
        self.pages += 1
        self.digest = hashlib.sha256(bytes.fromhex(self.digest) + bytes.fromhex(page)).hexdigest()


class Kept(msgspec.Struct):
    """What the file holds: the source, where it was left off, and what came of listings that are under way."""

    version: int = _VERSION
    source: str = ""
    state: dict[str, Any] = {}
    tallies: dict[str, Tally] = {}


def state_file(ledger: Path, source: str) -> Path:
    """The file of a source's state."""
    return ledger / FOLDER / f"{hashlib.sha256(source.encode()).hexdigest()[:24]}.json"


def read_state(ledger: Path, source: str) -> Kept:
    """Where the source was left off; its beginning where there is no such file, or none of ours."""
    file = state_file(ledger, source)
    try:
        data = file.read_bytes() if file.stat().st_size <= _LARGEST else b""
        kept = msgspec.json.decode(data, type=Kept)
    except (OSError, msgspec.MsgspecError, RecursionError):
        return Kept(source=source)
    return kept if (kept.version, kept.source) == (_VERSION, source) else Kept(source=source)


def write_state(ledger: Path, kept: Kept) -> None:
    """Write down where the source was left off.

    Raises:
        SourceError: the disk refuses it; what was recorded stays.
    """
    file = state_file(ledger, kept.source)
    try:
        file.parent.mkdir(exist_ok=True)
        write_durably(file, msgspec.json.encode(kept), mode=0o600)
    except OSError as error:
        raise SourceError(
            f"Where to go on cannot be written down: {error.strerror or error}.",
            why="What was recorded stays; the next reading starts from where it was last written.",
            fix="Make room or grant the rights, and do it again.",
            where=str(file),
        ) from error

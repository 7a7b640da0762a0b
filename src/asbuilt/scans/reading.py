"""Reading a file of results: which reader it is for, what it tells, and which bytes of it may be kept.

1. The file is opened with bounds; what is too large, too deep or no JSON or XML is refused.
2. The one reader that knows it by its content reads it; what nobody knows is refused.
3. Secrets are taken out; nothing that was not searched is ever given back to be kept.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Protocol

import msgspec

from asbuilt.model.errors import UsageError
from asbuilt.model.scan import ScanReading, ScanResult, ScanRun
from asbuilt.model.text import visible
from asbuilt.scans import readers
from asbuilt.scans.content import Content
from asbuilt.scans.making import Making
from asbuilt.scans.secrecy import Redaction, scrub_bytes
from asbuilt.scans.stored import Held, Stored, chunks


class Reader(Protocol):
    """A reader of one format; see ``readers``."""

    FORMAT: str

    def recognises(self, content: Content) -> bool:
        """Whether the content is of this format."""

    def read(self, content: Content, making: Making) -> Iterator[ScanRun]:
        """The runs that it tells of."""


@cache
def all_readers() -> dict[str, Reader]:
    """Every reader, by the name of its format."""
    found: dict[str, Reader] = {}
    for module in sorted(pkgutil.iter_modules(readers.__path__), key=lambda module: module.name):
        reader: Reader = importlib.import_module(f"{readers.__name__}.{module.name}")
        found[reader.FORMAT] = reader
    return found


class Opened:
    """A file of results whose format is known: its runs, then what may be kept of it."""

    def __init__(self, content: Content, reader: Reader, making: Making, stored: Stored) -> None:
        self.format = reader.FORMAT
        self._content, self._reader, self._making, self._stored = content, reader, making, stored

    def runs(self) -> Iterator[ScanRun]:
        """(2) The runs, one by one.

        Raises:
            SourceError: it cannot be read; what was told before does not count.
        """
        try:
            yield from self._reader.read(self._content, self._making)
        except RecursionError as error:
            raise self._content.refused("It nests too deep.", "Write the report again.") from error

    def kept(self) -> tuple[bool, Iterator[bytes]]:
        """(3) Whether secrets were taken out, and the bytes that may be kept; once all runs were read."""
        content, making = self._content, self._making
        known = content.holds_known
        if not (known or (not content.is_xml and (making.has_secrets or making.secrets))):
            return False, chunks(self._stored)
        return True, self._without_secrets()

    def _without_secrets(self) -> Iterator[bytes]:
        content, redaction = self._content, Redaction(self._making.secrets)
        try:
            if content.is_xml:
                yield scrub_bytes(content.data)
            elif self._making.rewrite is not None:
                yield from self._making.rewrite(redaction)
            else:
                yield msgspec.json.encode(redaction.document(content.document))
        except RecursionError as error:
            raise content.refused("It nests too deep.", "Write the report again.") from error


def open_scan(
    stored: Stored,
    name: str,
    *,
    salt: bytes,
    tool: str | None = None,
    gather: Callable[[Iterator[ScanResult]], Sequence[ScanResult]] = tuple,
) -> Opened:
    """A file of results, known by its content.

    Args:
        stored: its bytes.
        name: of the file, for messages alone.
        salt: the key of the hashes of secrets and lines; the same key gives the same hashes.
        tool: the name of the format, for a file that does not show it: an empty list is any tool's.
        gather: puts the results of a run together.

    Raises:
        UsageError: there is no such format.
        SourceError: no reader knows it, or it cannot be read; the error says which and why.
    """
    # (1) Open.
    content = Content(stored, name)
    # (2) Recognise.
    known = all_readers()
    if tool is not None and tool not in known:
        raise UsageError(f"{visible(tool, 80)!r} is no format.", fix=f"Formats are: {', '.join(known)}.")
    try:
        found = [reader for reader in known.values() if reader.recognises(content)]
    except RecursionError as error:
        raise content.refused("It nests too deep.", "Write the report again.") from error
    if not found and tool is not None and not content.is_xml and content.document in ([], None):
        found = [known[tool]]
    found = [reader for reader in found if tool in {None, reader.FORMAT}]
    if len(found) != 1:
        names = ", ".join(reader.FORMAT for reader in found)
        raise content.refused(
            f"It could be any of {names}." if found else "No known format of scan results looks like it.",
            "Most tools can write SARIF 2.1.0; --tool says whose an empty list is.",
        )
    return Opened(content, found[0], Making(content, salt, gather), stored)


def read_scan(data: bytes, name: str, *, salt: bytes, tool: str | None = None) -> ScanReading:
    """What the bytes of a file of results hold, all at once; see ``open_scan``."""
    opened = open_scan(Held(data), name, salt=salt, tool=tool)
    runs = tuple(opened.runs())
    redacted, kept = opened.kept()
    return ScanReading(
        format=opened.format, runs=runs, kept=b"".join(kept) if redacted else data, redacted=redacted
    )

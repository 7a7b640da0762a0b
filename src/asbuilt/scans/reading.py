"""Reading a file of results: which reader it is for, what it tells, and which bytes of it may be kept.

1. The file is opened with bounds; what is too large, too deep or no JSON or XML is refused.
2. The one reader that knows it by its content reads it; what nobody knows is refused.
3. Secrets are taken out; nothing that was not searched is ever given back to be kept.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from typing import Protocol

import msgspec

from asbuilt.model.errors import UsageError
from asbuilt.model.scan import ScanReading, ScanRun
from asbuilt.model.text import visible
from asbuilt.scans import readers
from asbuilt.scans.content import Content
from asbuilt.scans.making import Making
from asbuilt.scans.secrecy import Redaction, holds_known, scrub_bytes


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


def read_scan(data: bytes, name: str, *, salt: bytes, tool: str | None = None) -> ScanReading:
    """What a file of results holds.

    Args:
        data: its bytes.
        name: of the file, for messages alone.
        salt: the key of the hashes of secrets and lines; the same key gives the same hashes.
        tool: the name of the format, for a file that does not show it: an empty list is any tool's.

    Raises:
        UsageError: there is no such format.
        SourceError: no reader knows it, or it cannot be read; the error says which and why.
    """
    # (1) Open.
    content = Content(data, name)
    # (2) Recognise and read.
    known = all_readers()
    if tool is not None and tool not in known:
        raise UsageError(f"{visible(tool, 80)!r} is no format.", fix=f"Formats are: {', '.join(known)}.")
    found = [reader for reader in known.values() if reader.recognises(content)]
    if not found and tool is not None and not content.is_xml and content.document in ([], None):
        found = [known[tool]]
    found = [reader for reader in found if tool in {None, reader.FORMAT}]
    if len(found) != 1:
        names = ", ".join(reader.FORMAT for reader in found)
        raise content.refused(
            f"It could be any of {names}." if found else "No known format of scan results looks like it.",
            "Most tools can write SARIF 2.1.0; --tool says whose an empty list is.",
        )
    making = Making(content, salt)
    try:
        runs = tuple(found[0].read(content, making))
        # (3) What may be kept.
        secret = any(result.is_secret for run in runs for result in run.results)
        kept = _kept(content, data, making, touched=secret)
    except RecursionError as error:
        raise content.refused("It nests too deep.", "Write the report again.") from error
    return ScanReading(format=found[0].FORMAT, runs=runs, kept=kept, redacted=kept is not data)


def _kept(content: Content, data: bytes, making: Making, *, touched: bool) -> bytes:
    """The bytes as they came where nothing in them is secret; else a copy without it."""
    if content.is_xml:
        return scrub_bytes(content.data) if holds_known(content.data) else data
    if not touched and not making.secrets and not holds_known(content.data):
        return data
    return msgspec.json.encode(Redaction(making.secrets).document(content.document))

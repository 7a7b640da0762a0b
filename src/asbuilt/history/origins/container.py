"""A file of named, typed, checked sections: written whole or not at all, read in place.

Layout, little-endian: 8 bytes magic; 4 bytes length of the header; the header as JSON (``Header``); 32 bytes
blake2b of everything before; padding to 16; the sections, each at a multiple of 16. The header holds length and
blake2b of every section, so a cut or a flipped bit anywhere is seen by whoever reads that part. Opening reads the
header only; a section is checked when it is first asked for. No numpy here: point look-ups must start quickly.
"""

import hashlib
import mmap
import os
import struct
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import msgspec

MAGIC = b"ASBUILT\x01"
_ALIGN = 16
_DIGEST = 32
_FORMATS = {"b": 1, "i": 4, "q": 8}  # bytes, int32, int64: as memoryview.cast names them
_TEMPORARY = ".writing-"
_ABANDONED = 3600  # seconds after which a temporary file belongs to a writer that is gone


class Damaged(Exception):  # noqa: N818 - a state of a file, always caught inside this package
    """The file is cut, altered, or of another format: do not trust any of it."""


class Section(msgspec.Struct, frozen=True):
    """One section: ``format`` ``b``, ``i`` or ``q`` (bytes, int32, int64), offset and size in bytes, hex digest."""

    name: str
    format: str
    offset: int
    size: int
    digest: str


class Header(msgspec.Struct, frozen=True):
    """What the file says of itself; ``size`` is the length of the whole file in bytes."""

    size: int
    meta: dict[str, str | int]
    sections: tuple[Section, ...]


class Container:
    """An open file; sections are views into the mapped file and live as long as they are held."""

    __slots__ = ("_checked", "_sections", "_view", "meta")

    def __init__(self, header: Header, view: memoryview) -> None:
        self.meta = header.meta
        self._sections = {section.name: section for section in header.sections}
        self._view = view
        self._checked: set[str] = set()

    @property
    def names(self) -> tuple[str, ...]:
        """The sections, as they were written."""
        return tuple(self._sections)

    def section(self, name: str) -> memoryview:
        """The section's values, in place.

        Raises:
            Damaged: it is not there, or its bytes are not those that were written.
        """
        section = self._sections.get(name)
        if section is None:
            raise Damaged(f"there is no section {name}")
        inner = self._view[section.offset : section.offset + section.size]
        if name not in self._checked:
            if _digest(inner) != section.digest:
                raise Damaged(f"section {name} has been altered")
            self._checked.add(name)
        if section.format == "q":
            return inner.cast("q")
        return inner.cast("i") if section.format == "i" else inner


def open_container(file: Path) -> Container | None:
    """Map a file and check its header; None when it is absent, cut, altered or unreadable."""
    if sys.byteorder != "little":  # the sections are read in place
        return None
    try:
        with file.open("rb") as opened:
            mapped = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError):  # ValueError: an empty file cannot be mapped
        return None
    try:
        return Container(_read_header(memoryview(mapped)), memoryview(mapped))
    except (Damaged, struct.error, msgspec.DecodeError):
        return None


def _read_header(view: memoryview) -> Header:
    if view[: len(MAGIC)] != MAGIC:
        raise Damaged("not such a file, or of another version")
    (length,) = struct.unpack_from("<I", view, len(MAGIC))
    end = len(MAGIC) + 4 + length
    if view[end : end + _DIGEST].hex() != _digest(view[:end]):
        raise Damaged("the header has been altered")
    header = msgspec.json.decode(view[len(MAGIC) + 4 : end], type=Header)
    if header.size != len(view):
        raise Damaged("the file has been cut")
    for section in header.sections:
        if section.format not in _FORMATS or section.size % _FORMATS[section.format]:
            raise Damaged("a section of an unknown kind")
        if not 0 <= section.offset <= section.offset + section.size <= len(view):
            raise Damaged("a section outside the file")
    return header


def write_container(
    file: Path, meta: Mapping[str, str | int], sections: Mapping[str, tuple[str, bytes | memoryview]]
) -> None:
    """Write a file whole: readers see the old one or the new one, never a part.

    Args:
        file: where it shall stand; its folder exists.
        meta: small values for the header.
        sections: name to format (``b``, ``i``, ``q``) and its bytes, little-endian.

    Raises:
        OSError: the folder cannot be written.
    """
    clear_abandoned(file.parent)
    bodies = {name: (kind, memoryview(body).cast("B")) for name, (kind, body) in sections.items()}
    head = _header_bytes(meta, bodies)
    handle, name = tempfile.mkstemp(prefix=_TEMPORARY, dir=file.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(head)
            for _, body in bodies.values():
                out.write(b"\0" * (-out.tell() % _ALIGN))
                out.write(body)
            out.flush()
            os.fsync(out.fileno())
        temporary.replace(file)
    finally:
        temporary.unlink(missing_ok=True)
    _sync_folder(file.parent)


def _header_bytes(meta: Mapping[str, str | int], bodies: Mapping[str, tuple[str, memoryview]]) -> bytes:
    """Magic, length, JSON and digest; offsets depend on the header's own length, so it is padded with blanks."""
    digests = {name: _digest(body) for name, (_, body) in bodies.items()}
    start = 0
    while True:
        at, found = start, []
        for name, (kind, body) in bodies.items():
            at += -at % _ALIGN
            found.append(Section(name, kind, at, len(body), digests[name]))
            at += len(body)
        text = msgspec.json.encode(Header(at, dict(meta), tuple(found)))
        head = MAGIC + struct.pack("<I", len(text)) + text
        if len(head) + _DIGEST <= start and start:
            room = start - len(head) - _DIGEST
            text += b" " * room
            head = MAGIC + struct.pack("<I", len(text)) + text
            return head + bytes.fromhex(_digest(memoryview(head)))
        start = len(head) + _DIGEST + 64
        start += -start % _ALIGN


def clear_abandoned(folder: Path) -> None:
    """Remove temporary files that an interrupted writer left behind, once they are an hour old."""
    for entry in folder.glob(_TEMPORARY + "*"):
        try:
            if time.time() - entry.lstat().st_mtime > _ABANDONED:
                entry.unlink(missing_ok=True)
        except OSError:  # another process was quicker
            continue


def _digest(body: memoryview | bytes) -> str:
    return hashlib.blake2b(body, digest_size=_DIGEST).hexdigest()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

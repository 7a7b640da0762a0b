"""The bytes of a report, by ranges: those of a file are read when asked for, never held all at once."""

import codecs
import contextlib
import hashlib
import os
import tempfile
import weakref
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final, Protocol

AT_ONCE: Final = 1 << 20  # bytes


class Stored(Protocol):
    """Bytes that can be read from any place on."""

    size: int

    def read(self, start: int, end: int) -> bytes:
        """The bytes from ``start`` up to ``end``, or to where they end."""


class Held:
    """Bytes at hand."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.size = len(data)

    def read(self, start: int, end: int) -> bytes:
        """See ``Stored``."""
        return self._data[start:end]


class Filed:
    """The bytes of an open file from ``start`` on; whoever opened it keeps it open as long as this is used."""

    def __init__(self, file: BinaryIO, start: int = 0, *, of: "Filed | None" = None) -> None:
        self._file, self._start, self._of = file, start, of
        self.size = max(os.fstat(file.fileno()).st_size - start, 0)

    def read(self, start: int, end: int) -> bytes:
        """See ``Stored``."""
        parts, at = [], start
        while at < end and (part := os.pread(self._file.fileno(), end - at, self._start + at)):
            parts.append(part)
            at += len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def after(self, start: int) -> "Filed":
        """The same file from a later byte on."""
        return Filed(self._file, self._start + start, of=self)


def chunks(stored: Stored) -> Iterator[bytes]:
    """All bytes, some at a time."""
    for start in range(0, stored.size, AT_ONCE):
        yield stored.read(start, start + AT_ONCE)


def digest_of(stored: Stored) -> str:
    """The SHA-256 (hex) of all bytes."""
    digest = hashlib.sha256()
    for some in chunks(stored):
        digest.update(some)
    return digest.hexdigest()


def without_mark(stored: Stored) -> Stored:
    """The same bytes as UTF-8, without a mark of byte order; UTF-16 with one is written anew.

    Raises:
        UnicodeError: it is no UTF-16.
    """
    begun = stored.read(0, 3)
    if begun[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return _from_utf16(stored)
    if begun != b"\xef\xbb\xbf":
        return stored
    return stored.after(3) if isinstance(stored, Filed) else Held(stored.read(3, stored.size))


def _from_utf16(stored: Stored) -> Stored:
    if isinstance(stored, Held):
        return Held(stored.read(0, stored.size).decode("utf-16").encode())
    decoder = codecs.getincrementaldecoder("utf-16")()

    def parts() -> Iterator[bytes]:
        for some in chunks(stored):
            yield decoder.decode(some).encode()
        yield decoder.decode(b"", final=True).encode()

    return put_aside(parts())


def put_aside(parts: Iterable[bytes], place: Path | None = None) -> Filed:
    """Bytes that come in parts, in a file without a name, in that folder or where the system puts such files."""
    with contextlib.ExitStack() as failing:
        file: BinaryIO = failing.enter_context(tempfile.TemporaryFile(dir=place))
        file.writelines(parts)
        file.flush()
        found = Filed(file)
        weakref.finalize(found, failing.pop_all().close)
    return found

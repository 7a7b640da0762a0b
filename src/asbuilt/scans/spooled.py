"""A sequence that lies in a temporary file: written once, read as often as it is asked for, never held whole."""

import os
import tempfile
import weakref
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Generic, TypeVar, overload

import msgspec

T = TypeVar("T")
AT_ONCE = 256  # items that are written and read together


class Spooled(Sequence[T], Generic[T]):
    """Items of one type that msgspec can write and read. The file has no name, and goes with this."""

    def __init__(self, items: Iterable[T], kind: Any, *, place: Path | None = None) -> None:
        """Write the items.

        Args:
            items: what is to be kept.
            kind: their type.
            place: the folder of the file; None: where the system puts such files.
        """
        self._decode = msgspec.msgpack.Decoder(list[kind]).decode
        self._file: BinaryIO = tempfile.TemporaryFile(dir=place)  # noqa: SIM115 - closed with this
        self.close = weakref.finalize(self, self._file.close)
        self._count = 0
        encode, source = msgspec.msgpack.encode, iter(items)
        while some := list(islice(source, AT_ONCE)):
            body = encode(some)
            self._file.write(len(body).to_bytes(8, "big"))
            self._file.write(body)
            self._count += len(some)
        self._file.flush()

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[T]:
        at, file = 0, self._file.fileno()
        while size := int.from_bytes(os.pread(file, 8, at), "big"):
            yield from self._decode(os.pread(file, size, at + 8))
            at += 8 + size

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[T]: ...
    def __getitem__(self, place: int | slice) -> T | Sequence[T]:
        if isinstance(place, slice):
            return list(self)[place]
        wanted = place + self._count if place < 0 else place
        for number, item in enumerate(self):
            if number == wanted:
                return item
        raise IndexError(place)

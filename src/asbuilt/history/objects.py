"""Objects of a repository, one by one and in any order, by one git process."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Final

from asbuilt.history.git import Repository
from asbuilt.model.errors import SourceError

_PIECE: Final = 1 << 20


class ObjectReader:
    """Reads objects while its block runs (``read_objects``)."""

    def __init__(self, asked: IO[bytes], told: IO[bytes]) -> None:
        self._asked = asked
        self._told = told

    def read(self, name: str, largest: int | None = None) -> bytes:
        """The content of one object.

        Raises:
            FileNotFoundError: it is not in this clone.
            OSError: it has more bytes than ``largest``, or git ended before it did.
        """
        self._asked.write(name.encode() + b"\n")
        self._asked.flush()
        head = self._told.readline().split()
        if len(head) != 3 or not head[2].isdigit():
            raise FileNotFoundError(2, "The object is not in this clone")
        size = int(head[2])
        if largest is not None and size > largest:
            while size > 0 and (piece := self._told.read(min(size, _PIECE))):
                size -= len(piece)
            self._told.read(1)
            raise OSError(27, f"It is too large, at most {largest:,} bytes are read")
        data = self._told.read(size)
        if len(data) != size:
            raise OSError(5, "git ended before the object did")
        self._told.read(1)
        return data


@contextmanager
def read_objects(repository: Repository) -> Iterator[ObjectReader]:
    """A reader of the repository's objects; its process ends with the block."""
    process = repository.start("cat-file", "--batch")
    asked, told = process.stdin, process.stdout
    if asked is None or told is None:  # pragma: no cover - both are pipes
        raise SourceError("git gave no pipes.")
    try:
        yield ObjectReader(asked, told)
    finally:
        asked.close()
        told.close()
        process.wait()

"""Blobs by id from one ``git cat-file --batch``, the newest read kept at hand."""

from collections import OrderedDict
from collections.abc import Iterable
from types import TracebackType
from typing import Self

from asbuilt.history.git import Repository
from asbuilt.model.errors import SourceError

_KEPT = 128 << 20  # bytes of blobs
_ASKED = 400  # ids in one write: fewer bytes than any pipe holds, so that neither side can wait for the other


class Blobs:
    """Contents of blobs; None for one that is not in the repository (a partial clone), and nothing is fetched."""

    __slots__ = ("_kept", "_process", "_size", "reads")

    def __init__(self, repository: Repository) -> None:
        self._process = repository.start("cat-file", "--batch")
        self._kept: OrderedDict[bytes, bytes | None] = OrderedDict()
        self._size = 0
        self.reads = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the git process."""
        self._process.kill()
        self._process.communicate()

    def want(self, ids: Iterable[bytes]) -> None:
        """Read these blobs now, in one go, so that ``get`` has them."""
        absent = [own for own in dict.fromkeys(ids) if own not in self._kept]
        for at in range(0, len(absent), _ASKED):
            self._read(absent[at : at + _ASKED])

    def get(self, own: bytes) -> bytes | None:
        """The content of one blob."""
        if own not in self._kept:
            self._read([own])
        self._kept.move_to_end(own)
        return self._kept[own]

    def release(self) -> None:
        """Let go of the blobs asked for longest ago until the rest fits; what a batch needs is never let go."""
        while self._size > _KEPT:
            _, content = self._kept.popitem(last=False)
            self._size -= len(content or b"")

    def _read(self, ids: list[bytes]) -> None:
        given, taken = self._process.stdin, self._process.stdout
        if given is None or taken is None:  # pragma: no cover - start() opens both
            raise SourceError("git gave no pipes.")
        try:
            given.write(b"\n".join(ids) + b"\n")
            given.flush()
        except BrokenPipeError:
            raise _broken() from None
        for own in ids:
            words = taken.readline().split()
            if len(words) == 2 and words[1] == b"missing":
                self._kept[own] = None
                continue
            if len(words) != 3 or words[1] != b"blob":
                raise _broken(own)
            size = int(words[2])
            content = taken.read(size)
            if len(content) != size or taken.read(1) != b"\n":
                raise _broken(own)
            self._kept[own] = content
            self._size += size
            self.reads += 1


def _broken(own: bytes = b"") -> SourceError:
    return SourceError(
        f"Blob {own.decode('ascii')} could not be read." if own else "Blobs could not be read.",
        why="`git cat-file` ended or gave something else.",
        fix="`git fsck` names what is damaged or absent.",
    )

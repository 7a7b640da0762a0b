"""Where a file that its parent lacks came from, as ``git blame`` looks for it (not as ``git log -M`` does).

The path is matched alone against all regular files that the commit deleted from that parent, in tree order:

    1. The same blob: the first, but one with the same base name is better.
    2. Only one deleted file has the same base name, and it is at least 75 % similar: that one.
    3. Else the four most similar so far are kept while going through all; a new one takes the place of the worst
       (the first of equals) only if it is better by (similarity, same base name). The best of the four, first of
       equals in their places, if it is at least 50 % similar.

Similarity is how many bytes of the new file stand in the old one, of the larger size, in 1/60000. Bytes are counted
in pieces: up to a newline or 64 bytes, whichever comes first, a CR before LF left out of text; pieces are compared by
a number below 107,927, and what collides counts as the same.
"""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_WHOLE = 60_000
_HALF = 30_000
_SAME_NAME = 45_000
_SLOTS = 4
_ALIKE = 101  # git stops looking at further identical files after one more than this
_PIECE = re.compile(rb"[^\n]{64}|[^\n]{0,63}\n")
_LAST_TOO = re.compile(rb"[^\n]{64}|[^\n]{0,63}\n|[^\n]{1,63}\Z")
_WIDTH = 64
_NUMBERS = 107_927
_TEXT_BYTES = 8_000
LAST_PIECE_COUNTS = (2, 43, 2)  # from this git on, a last piece without a newline counts


class Source(NamedTuple):
    """A deleted file: a candidate."""

    path: bytes
    blob: bytes


class Weight:
    """What similarity is reckoned from: the size, and how many bytes there are of each number, when asked for.

    ``last_piece`` says whether a last piece without a newline counts.
    """

    __slots__ = ("_content", "_pieces", "last_piece", "size")

    def __init__(self, content: bytes, *, last_piece: bool) -> None:
        self.size = len(content)
        self.last_piece = last_piece
        self._content = content
        self._pieces: tuple[NDArray[np.int64], NDArray[np.int64]] | None = None

    def pieces(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Numbers that occur, sorted, and the bytes of each."""
        if self._pieces is None:
            self._pieces = _weigh(self._content, last_piece=self.last_piece)
            self._content = b""
        return self._pieces


def find_source(
    path: bytes, blob: bytes, sources: Sequence[Source], weigh: Callable[[bytes], Weight]
) -> Source | None:
    """The file that ``path`` was renamed from; None when none is similar enough.

    Args:
        path: the new path.
        blob: its id.
        sources: regular files that the commit deleted, in tree order.
        weigh: from a blob's id to its weight; asked only for what is compared.
    """
    name = _base(path)
    # 1. The same blob.
    same = [source for source in sources if source.blob == blob][: _ALIKE + 1]
    if same:
        return next((source for source in same if _base(source.path) == name), same[0])
    if not sources:
        return None
    # 2. The same base name.
    own = weigh(blob)
    namesakes = [source for source in sources if _base(source.path) == name]
    if len(namesakes) == 1 and similarity(weigh(namesakes[0].blob), own) >= _SAME_NAME:
        return namesakes[0]
    # 3. The most similar.
    slots: list[tuple[int, bool, Source]] = []
    for source in sources:
        entry = (similarity(weigh(source.blob), own), _base(source.path) == name, source)
        if len(slots) < _SLOTS:
            slots.append(entry)
            continue
        worst = min(range(_SLOTS), key=lambda place: slots[place][:2])
        if entry[:2] > slots[worst][:2]:
            slots[worst] = entry
    best = max(slots, key=lambda slot: slot[:2])
    return best[2] if best[0] >= _HALF else None


def similarity(old: Weight, new: Weight) -> int:
    """How similar two files are, in 1/60000."""
    large, small = max(old.size, new.size), min(old.size, new.size)
    if not large or (large - small) * _WHOLE > large * (_WHOLE - _HALF):
        return 0
    (numbers, counts), (wanted, sizes) = old.pieces(), new.pieces()
    if not len(numbers) or not len(wanted):
        return 0
    place = np.searchsorted(numbers, wanted)
    place[place == len(numbers)] = 0
    held = numbers[place] == wanted
    copied = int(np.minimum(counts[place], sizes)[held].sum())
    return copied * _WHOLE // large


def _weigh(content: bytes, *, last_piece: bool) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    text = content if b"\0" in content[:_TEXT_BYTES] else content.replace(b"\r\n", b"\n")
    pieces = (_LAST_TOO if last_piece else _PIECE).findall(text)
    if not pieces:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    lengths = np.fromiter(map(len, pieces), np.int64, len(pieces))
    padded = np.frombuffer(b"".join([piece.ljust(_WIDTH, b"\0") for piece in pieces]), np.uint8)
    found, place = np.unique(_number(padded.reshape(-1, _WIDTH), lengths), return_inverse=True)
    return found, np.bincount(place, weights=lengths).astype(np.int64)


def _number(pieces: NDArray[np.uint8], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """The number of each piece: a 64-bit word, turned left by seven bits before each byte is added to its upper half.

    At the end (upper half + 97 times lower half), in 32 bits, modulo 107,927. All pieces go in step, byte by byte.
    """
    order = np.argsort(-lengths, kind="stable")
    pieces, sorted_lengths = pieces[order], lengths[order]
    upper = np.zeros(len(pieces), np.uint32)
    lower = np.zeros(len(pieces), np.uint32)
    for step in range(_WIDTH):
        live = int(np.searchsorted(-sorted_lengths, -step, side="left"))  # pieces longer than `step`
        if not live:
            break
        high, low = upper[:live], lower[:live]
        turned = (high << np.uint32(7)) | (low >> np.uint32(25))
        lower[:live] = (low << np.uint32(7)) | (high >> np.uint32(25))
        upper[:live] = turned + pieces[:live, step]
    numbers = np.empty(len(pieces), np.int64)
    numbers[order] = (upper + lower * np.uint32(97)) % np.uint32(_NUMBERS)
    return numbers


def _base(path: bytes) -> bytes:
    return path[path.rfind(b"/") + 1 :]

"""Where a file that its parent lacks came from, as ``git blame`` looks for it (not as ``git log -M`` does).

The path is matched alone against all regular files that the commit deleted from that parent, in tree order:

    1. The same blob: the first, but one with the same base name is better, if it is among the first hundred.
    2. Only one deleted file has the same base name, and it is at least 75 % similar: that one.
    3. Else the four most similar so far are kept while going through all; a new one takes the place of the worst
       (the first of equals) only if it is better by (similarity, same base name). The best of the four, first of
       equals in their places, if it is at least 50 % similar.

Similarity is how many bytes of the new file stand in the old one, of the larger size, in 1/60000. Bytes are counted
in pieces: up to a newline or 64 bytes, whichever comes first, a CR before LF left out of text; pieces are compared
by a number below 107,927, and what collides counts as the same.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

_WHOLE = 60_000
_HALF = 30_000
_SAME_NAME = 45_000
_SLOTS = 4
_ALIKE = 100  # identical files that git looks at
_PIECE = re.compile(rb"[^\n]{64}|[^\n]{0,63}\n")
_LAST_TOO = re.compile(rb"[^\n]{64}|[^\n]{0,63}\n|[^\n]{1,63}\Z")
_WIDTH = 64
_NUMBERS = 107_927
_TEXT_BYTES = 8_000
_AT_ONCE = 50_000  # pieces
LAST_PIECE_COUNTS = (2, 43, 2)  # from this git on, a last piece without a newline counts


class Source(NamedTuple):
    """A deleted file: a candidate."""

    path: bytes
    blob: bytes


class Weight:
    """What similarity is reckoned from: the size, and, once ``weigh`` has been here, the bytes of each number."""

    __slots__ = ("blob", "counts", "known", "numbers", "size")

    def __init__(self, blob: bytes, size: int) -> None:
        self.blob = blob
        self.size = size
        self.known = False
        self.numbers = self.counts = np.zeros(0, np.int64)


class Shelf(Protocol):
    """Where weights and contents of blobs are had from."""

    def weight(self, blob: bytes) -> Weight:
        """The weight of a blob, at least its size; one object a blob."""

    def content(self, blob: bytes) -> bytes:
        """What is in a blob."""


def find_source(
    path: bytes, blob: bytes, sources: Sequence[Source], shelf: Shelf, *, last_piece: bool
) -> Source | None:
    """The file that ``path`` was renamed from; None when none is similar enough.

    Args:
        path: the new path.
        blob: its id.
        sources: regular files that the commit deleted, in tree order.
        shelf: not asked when a source has the same blob.
        last_piece: whether a last piece without a newline counts.
    """
    name = _base(path)
    # 1. The same blob.
    same = [source for source in sources if source.blob == blob][:_ALIKE]
    if same:
        return next((source for source in same if _base(source.path) == name), same[0])
    if not sources:
        return None
    # 2. The same base name.
    own = shelf.weight(blob)
    namesakes = [source for source in sources if _base(source.path) == name]
    if len(namesakes) == 1:
        weigh([own, shelf.weight(namesakes[0].blob)], shelf, last_piece=last_piece)
        if similarity(shelf.weight(namesakes[0].blob), own) >= _SAME_NAME:
            return namesakes[0]
    # 3. The most similar.
    slots: list[tuple[int, bool, Source]] = []
    weights = [shelf.weight(source.blob) for source in sources]
    weigh([own, *(weight for weight in weights if _comparable(weight, own))], shelf, last_piece=last_piece)
    for source, weight in zip(sources, weights, strict=True):
        entry = (similarity(weight, own), _base(source.path) == name, source)
        if len(slots) < _SLOTS:
            slots.append(entry)
            continue
        worst = min(range(_SLOTS), key=lambda place: slots[place][:2])
        if entry[:2] > slots[worst][:2]:
            slots[worst] = entry
    best = max(slots, key=lambda slot: slot[:2])
    return best[2] if best[0] >= _HALF else None


def similarity(old: Weight, new: Weight) -> int:
    """How similar two files are, in 1/60000; both have been weighed, unless their sizes alone decide."""
    if not _comparable(old, new):
        return 0
    if not len(old.numbers) or not len(new.numbers):
        return 0
    place = np.searchsorted(old.numbers, new.numbers)
    place[place == len(old.numbers)] = 0
    held = old.numbers[place] == new.numbers
    copied = int(np.minimum(old.counts[place], new.counts)[held].sum())
    return copied * _WHOLE // max(old.size, new.size)


def _comparable(old: Weight, new: Weight) -> bool:
    """Whether sizes alone leave it possible that the files are half the same."""
    large, small = max(old.size, new.size), min(old.size, new.size)
    return large > 0 and (large - small) * _WHOLE <= large * (_WHOLE - _HALF)


def weigh(weights: Sequence[Weight], shelf: Shelf, *, last_piece: bool) -> None:
    """Reckon all weights that have not been, many in one go: each piece once."""
    pattern = _LAST_TOO if last_piece else _PIECE
    pieces: dict[bytes, int] = {}
    held: list[tuple[Weight, list[int]]] = []
    for weight in weights:
        if weight.known:
            continue
        content = shelf.content(weight.blob)
        text = content if b"\0" in content[:_TEXT_BYTES] else content.replace(b"\r\n", b"\n")
        held.append((weight, [pieces.setdefault(piece, len(pieces)) for piece in pattern.findall(text)]))
        if len(pieces) > _AT_ONCE:
            _reckon(held, pieces)
            held, pieces = [], {}
    _reckon(held, pieces)


def _reckon(held: Sequence[tuple[Weight, list[int]]], pieces: Mapping[bytes, int]) -> None:
    lengths = np.fromiter(map(len, pieces), np.int64, len(pieces))
    numbers = _number(pieces, lengths)
    for weight, places in held:
        found, which = np.unique(numbers[places], return_inverse=True)
        weight.numbers = found
        weight.counts = np.bincount(which, weights=lengths[places]).astype(np.int64)
        weight.known = True


def _number(pieces: Iterable[bytes], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """The number of each piece: a 64-bit word, turned left seven bits before each byte goes to its upper half.

    At the end (upper half + 97 times lower half), in 32 bits, modulo 107,927. All pieces go in step, byte by byte.
    """
    order = np.argsort(-lengths, kind="stable")
    joined = b"".join([piece.ljust(_WIDTH, b"\0") for piece in pieces])
    table = np.frombuffer(joined, np.uint8).reshape(-1, _WIDTH)[order].T
    longer = np.searchsorted(
        -lengths[order], -np.arange(_WIDTH), side="left"
    )  # how many have so many bytes and more
    words = np.zeros(len(order), np.uint64)
    for column, live in zip(table, longer.tolist(), strict=True):
        if not live:
            break
        word = words[:live]
        turned = word >> np.uint64(57)
        word <<= np.uint64(7)
        word |= turned
        word += column[:live].astype(np.uint64) << np.uint64(32)
    halves = (words >> np.uint64(32)) + (words & np.uint64(0xFFFFFFFF)) * np.uint64(97)
    numbers = np.empty(len(order), np.int64)
    numbers[order] = (halves & np.uint64(0xFFFFFFFF)) % np.uint64(_NUMBERS)
    return numbers


def _base(path: bytes) -> bytes:
    return path[path.rfind(b"/") + 1 :]

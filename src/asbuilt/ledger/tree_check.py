"""The stored tree against the tree that the entries' own bytes make."""

from collections.abc import Callable, Iterable

from asbuilt.ledger.merkle import HASH_BYTES, Frontier
from asbuilt.ledger.problems import Problems
from asbuilt.ledger.store import TILE_HASHES
from asbuilt.ledger.tree import TILE_LEVEL, split_hashes, subtree

_LOST = bytes(HASH_BYTES)  # stands where neither an entry nor its stored hash is left


class TreeCheck:
    """Takes the leaf hashes tile by tile, compares every stored tile, and gives the roots that are asked for.

    Where an entry and its stored hash differ, the level above says which of both was changed; the tree is then
    built on with the one that the level above vouches for, so that one flipped bit is told once. ``claimed`` is the
    root that the head states; it vouches where there is no level above.
    """

    def __init__(
        self, tile: Callable[[int, int], bytes | None], claimed: bytes, problems: Problems, sizes: Iterable[int]
    ) -> None:
        self.frontier = Frontier()
        self.roots: dict[int, bytes] = {}
        self._tile = tile
        self._claimed = claimed
        self._problems = problems
        self._wanted = sorted(set(sizes), reverse=True)  # roots asked for, the next one last
        self._levels: list[list[bytes]] = []  # of each level above the first: hashes of the tile under way
        self._take_roots([])

    def add(self, leaves: list[bytes | None]) -> None:
        """The next tile of leaves: 256 of them, but for the last; None where an entry is missing or unreadable."""
        number = self.frontier.size // TILE_HASHES
        whole = self._compared(number, leaves)
        self._take_roots(whole)
        for above, nodes in enumerate(self.frontier.extend(whole)[TILE_LEVEL::TILE_LEVEL], 1):
            if above > len(self._levels):
                self._levels.append([])
            self._levels[above - 1] += nodes
            if len(self._levels[above - 1]) == TILE_HASHES:
                self._compare_above(above)
                self._levels[above - 1] = []

    def finish(self, names: Iterable[tuple[int, int, bool]]) -> None:
        """The tiles that are not full, and those that should not be there."""
        size = self.frontier.size
        for level, hashes in enumerate(self._levels, 1):
            if hashes:
                self._compare_above(level)
        for level, number, has_marks in names:
            fits = isinstance(level, int) and isinstance(number, int) and 0 <= level < 8 and number >= 0
            if fits and level and has_marks:
                self._problems.add(None, "Marks stand beside a tile that has none.", f"tile {level}/{number}")
            if not (fits and number * TILE_HASHES < size >> level * TILE_LEVEL):
                self._problems.add(None, "A tile stands where the tree has none.", f"tile {level!r}/{number!r}")

    def _compared(self, number: int, leaves: list[bytes | None]) -> list[bytes]:
        """The leaves to build on."""
        where = f"tile 0/{number}"
        stored = self._tile(0, number)
        if stored is not None and len(stored) == len(leaves) * HASH_BYTES and None not in leaves:
            whole: list[bytes] = leaves  # type: ignore[assignment]
            if b"".join(whole) == stored:
                return whole
        if stored is None or len(stored) != len(leaves) * HASH_BYTES:
            told = "is missing" if stored is None else f"has {len(stored) / HASH_BYTES:g} of {len(leaves)} hashes"
            self._problems.add(number * TILE_HASHES, f"The tile of the hashes of these entries {told}.", where)
            return [leaf or _LOST for leaf in leaves]
        kept = split_hashes(stored)
        differ = [at for at, leaf in enumerate(leaves) if leaf is not None and leaf != kept[at]]
        filled = [leaf or hashed for leaf, hashed in zip(leaves, kept, strict=True)]
        if not differ:
            return filled
        vouched = self._vouched(number, filled, kept)
        for at in differ:
            index = number * TILE_HASHES + at
            if vouched is filled:
                what = f"The stored hash of entry {index} was changed: the level above vouches for the entry."
                self._problems.add(index, what, where)
            else:
                what = f"Entry {index} was changed: its bytes do not have the hash that was stored for it"
                what += ", which the level above vouches for." if vouched is kept else "."
                self._problems.add(index, what, f"entry {index}")
        return filled if vouched is None else vouched

    def _vouched(self, number: int, filled: list[bytes], kept: list[bytes]) -> list[bytes] | None:
        """Which of both leads to the hash above: the next tile's, or the claimed root of the whole tree."""
        if len(kept) == TILE_HASHES:
            parent, at = divmod(number, TILE_HASHES)
            above = (self._tile(1, parent) or b"")[at * HASH_BYTES : (at + 1) * HASH_BYTES]
            return next((each for each in (filled, kept) if subtree(each) == above), None)
        for each in (filled, kept):
            tried = self.frontier.copy()
            tried.extend(each)
            if tried.root() == self._claimed:
                return each
        return None

    def _compare_above(self, level: int) -> None:
        hashes = self._levels[level - 1]
        number = ((self.frontier.size >> level * TILE_LEVEL) - 1) // TILE_HASHES
        where = f"tile {level}/{number}"
        stored = self._tile(level, number)
        if stored == b"".join(hashes):
            return
        first, span = number * TILE_HASHES << level * TILE_LEVEL, 1 << level * TILE_LEVEL
        if stored is None or len(stored) != len(hashes) * HASH_BYTES:
            told = "is missing" if stored is None else f"has {len(stored) / HASH_BYTES:g} of {len(hashes)} hashes"
            self._problems.add(first, f"The tile of level {level} over these entries {told}.", where)
            return
        for at, (own, other) in enumerate(zip(hashes, split_hashes(stored), strict=True)):
            if own != other:
                start = first + at * span
                what = f"The stored hash over the entries {start} to {start + span - 1} is not theirs."
                self._problems.add(start, what, where)

    def _take_roots(self, leaves: list[bytes]) -> None:
        """The roots asked for at sizes that end within these leaves."""
        end = self.frontier.size + len(leaves)
        while self._wanted and self._wanted[-1] <= end:
            size = self._wanted.pop()
            tried = self.frontier.copy()
            tried.extend(leaves[: size - self.frontier.size])
            self.roots[size] = tried.root()

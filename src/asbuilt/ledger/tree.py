"""Nodes of the tree out of tiles: each is read from, or made of, one tile."""

from collections.abc import Callable

from asbuilt.ledger.merkle import HASH_BYTES, Node, node_hash
from asbuilt.ledger.store import TILE_HASHES
from asbuilt.model.errors import LedgerError

TILE_LEVEL = 8  # tree levels between two levels of tiles: 2**8 hashes in a tile


def tile_node(tile: Callable[[int, int], bytes | None]) -> Node:
    """The hash of any complete subtree, from a source of tiles. The last few tiles are kept at hand.

    The node raises LedgerError where a tile is missing or too short.
    """
    at_hand: dict[tuple[int, int], bytes] = {}

    def node(level: int, index: int) -> bytes:
        tile_level, above = divmod(level, TILE_LEVEL)
        start = index << above  # of 2**above hashes on the tile's own level
        number, offset = divmod(start, TILE_HASHES)
        hashes = at_hand.get((tile_level, number))
        if hashes is None:
            hashes = tile(tile_level, number) or b""
            if len(at_hand) >= 16:
                at_hand.clear()
            at_hand[tile_level, number] = hashes
        end = offset + (1 << above)
        if len(hashes) < end * HASH_BYTES:
            raise LedgerError(
                f"The tile {number} of level {tile_level} is missing or cut short.",
                why=f"It should hold {end} hashes, and holds {len(hashes) / HASH_BYTES:g}.",
                fix="Stop writing; keep a copy of the folder; `asbuilt ledger verify` names what differs.",
                where=f"tile {tile_level}/{number}",
            )
        return subtree(split_hashes(hashes[offset * HASH_BYTES : end * HASH_BYTES]))

    return node


def split_hashes(hashes: bytes) -> list[bytes]:
    """Each hash of many that stand behind one another."""
    return [hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES)]


def subtree(hashes: list[bytes]) -> bytes:
    """The root over a power of two of hashes."""
    while len(hashes) > 1:
        hashes = [node_hash(left, right) for left, right in zip(hashes[::2], hashes[1::2], strict=True)]
    return hashes[0]

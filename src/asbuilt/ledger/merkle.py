"""The Merkle tree of RFC 6962 (RFC 9162, section 2.1): hashes, heads, and both kinds of proof.

Nothing here reads or stores anything. A proof is made from ``node(level, index)``: the hash of the complete subtree
over the leaves from ``index * 2**level`` up to, not including, ``(index + 1) * 2**level``.
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

from asbuilt.model.errors import LedgerError, UsageError

EMPTY_ROOT = sha256(b"").digest()
HASH_BYTES = 32

Node = Callable[[int, int], bytes]


def leaf_hash(entry: bytes) -> bytes:
    """The 32 bytes that stand for an entry in the tree (RFC 9162, 2.1.1)."""
    return sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node (RFC 9162, 2.1.1)."""
    return sha256(b"\1" + left + right).digest()


class Frontier:
    """The right edge of a growing tree: its complete subtrees, largest first; as small as the tree is deep."""

    def __init__(self, size: int = 0, nodes: Iterable[bytes] = ()) -> None:
        self.size = size
        self._nodes = list(nodes)
        if len(self._nodes) != size.bit_count():
            raise ValueError(f"a tree of {size} leaves has {size.bit_count()} complete subtrees")

    def append(self, leaf: bytes) -> list[bytes]:
        """Add a leaf hash; gives the hashes of all the subtrees that it completes, the leaf (level 0) first."""
        done = [leaf]
        size, nodes = self.size, self._nodes
        while size & 1:
            leaf = sha256(b"\1" + nodes.pop() + leaf).digest()
            done.append(leaf)
            size >>= 1
        nodes.append(leaf)
        self.size += 1
        return done

    def extend(self, leaves: list[bytes]) -> list[list[bytes]]:
        """Add leaf hashes; gives the hashes of the subtrees they complete, level by level, the leaves first."""
        levels: list[list[bytes]] = []
        lone: list[bytes] = []  # nodes that wait for their right neighbour, lowest level first
        size, level = self.size, leaves
        self.size += len(leaves)
        while level:
            levels.append(level)
            if size & 1:
                level = [self._nodes.pop(), *level]
            if len(level) & 1:
                lone.append(level[-1])
            level = [
                sha256(b"\1" + left + right).digest() for left, right in zip(level[::2], level[1::2], strict=False)
            ]
            size >>= 1
        self._nodes += reversed(lone)
        return levels

    def root(self) -> bytes:
        """The head of the tree as it stands."""
        if not self._nodes:
            return EMPTY_ROOT
        root = self._nodes[-1]
        for node in self._nodes[-2::-1]:
            root = node_hash(node, root)
        return root

    def copy(self) -> "Frontier":
        """The same edge, to try something on."""
        return Frontier(self.size, self._nodes)


def frontier_at(size: int, node: Node) -> Frontier:
    """The edge of the tree over the first ``size`` leaves."""
    levels = [level for level in range(size.bit_length() - 1, -1, -1) if size >> level & 1]
    return Frontier(size, [node(level, (size >> level) - 1) for level in levels])


def root_at(size: int, node: Node) -> bytes:
    """The head of the tree over the first ``size`` leaves."""
    return frontier_at(size, node).root()


def inclusion_path(index: int, size: int, node: Node) -> list[bytes]:
    """The proof that leaf ``index`` is in the tree of ``size`` leaves (RFC 9162, 2.1.3.1).

    Raises:
        UsageError: there is no such leaf.
    """
    if not 0 <= index < size:
        raise UsageError(
            f"There is no entry {index} in a tree of {size} entries.", fix="Entries are counted from 0."
        )
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_range_root(middle, end, node))
            end = middle
        else:
            path.append(_range_root(start, middle, node))
            start = middle
    return path[::-1]


def consistency_path(old: int, new: int, node: Node) -> list[bytes]:
    """The proof that the tree of ``new`` leaves begins with the tree of ``old`` leaves (RFC 9162, 2.1.4.1).

    Raises:
        UsageError: ``old`` is 0, of which nothing can be proved, or more than ``new``.
    """
    if not 0 < old <= new:
        raise UsageError(
            f"No proof leads from a tree of {old} entries to one of {new}.",
            fix="Name two sizes, the older first, from 1 up to the present size.",
        )
    path: list[bytes] = []
    start, end, whole = 0, new, True  # whole: the old tree is one node of the new one so far
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(_range_root(middle, end, node))
            end = middle
        else:
            path.append(_range_root(start, middle, node))
            start, whole = middle, False
    if not whole:
        path.append(_range_root(start, end, node))
    return path[::-1]


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """Check that the leaf hash ``leaf`` is entry ``index`` of the tree with this size and root (RFC 9162, 2.1.3.2).

    Raises:
        LedgerError: it is not proved.
    """
    # 1. The leaf must lie in the tree.
    if not 0 <= index < size:
        raise _unproved(f"Entry {index} is not in a tree of {size} entries.")
    _check_lengths([leaf, root, *proof])
    # 2. fn is the place of the node on its level, sn that of the last node there; r is its hash.
    fn, sn, r = index, size - 1, leaf
    for p in proof:
        # 3a. Above the root there is nothing to prove.
        if sn == 0:
            raise _unproved(f"The proof that entry {index} is in the tree is too long.")
        # 3b. The neighbour stands left of an odd node and of the last one (which then rises to where it is odd) …
        if fn & 1 or fn == sn:
            r = node_hash(p, r)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        # 3c. … else right of it.
        else:
            r = node_hash(r, p)
        # 3d. One level up.
        fn, sn = fn >> 1, sn >> 1
    # 4. The proof must reach the top, and the head that is claimed.
    if sn:
        raise _unproved(f"The proof that entry {index} is in the tree is too short.")
    if r != root:
        raise _unproved(
            f"The proof of entry {index} leads to another root than that of the tree of {size} entries."
        )


def verify_consistency(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """Check that the tree of ``new`` entries begins with all the entries of the old one (RFC 9162, 2.1.4.2).

    Raises:
        LedgerError: it is not proved; so it is for an old tree of 0 entries, whose root binds nothing.
    """
    # 1. The sizes must be in order, and an empty tree proves nothing.
    if not 0 < old <= new:
        raise _unproved(f"Nothing leads from a tree of {old} entries to one of {new}.")
    # 2. A tree is consistent with itself, and needs no proof; every other pair needs one.
    if (old == new) != (not proof):
        raise _unproved(f"The proof from {old} to {new} entries is {'empty' if not proof else 'too long'}.")
    if old == new:
        if old_root != new_root:
            raise _unproved(f"Two different roots are given for one tree of {old} entries.")
        return
    _check_lengths([old_root, new_root, *proof])
    # 3. A complete old tree is a node of the new one, and begins the proof itself.
    path = [old_root, *proof] if old.bit_count() == 1 else list(proof)
    # 4. fn: the last node of the old tree; sn: of the new. Rise to where the old one is a left child.
    height = (old & -old).bit_length() - 1
    fn, sn = (old - 1) >> height, (new - 1) >> height
    # 5. fr grows into the old root, sr into the new one.
    fr = sr = path[0]
    for c in path[1:]:
        if sn == 0:
            raise _unproved(f"The proof from {old} to {new} entries is too long.")
        if fn & 1 or fn == sn:
            fr, sr = node_hash(c, fr), node_hash(c, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node_hash(sr, c)
        fn, sn = fn >> 1, sn >> 1
    # 6. The proof must reach the top, and both heads.
    if sn:
        raise _unproved(f"The proof from {old} to {new} entries is too short.")
    for size, grown, claimed in ((old, fr, old_root), (new, sr, new_root)):
        if grown != claimed:
            raise _unproved(f"The proof from {old} to {new} entries leads to another root at {size} entries.")


def _split(size: int) -> int:
    """The largest power of two below ``size``."""
    return 1 << ((size - 1).bit_length() - 1)


def _range_root(start: int, end: int, node: Node) -> bytes:
    """The head over the leaves of a subtree that begins at ``start`` and is cut off at ``end``."""
    size = end - start
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return node(level, start >> level)
    middle = start + _split(size)
    return node_hash(_range_root(start, middle, node), _range_root(middle, end, node))


def _check_lengths(hashes: Iterable[bytes]) -> None:
    if any(len(each) != HASH_BYTES for each in hashes):
        raise _unproved("A hash of the proof is not 32 bytes long.")


def _unproved(what: str) -> LedgerError:
    return LedgerError(what, fix="Ask for the proof again, and check which two heads it is for.")

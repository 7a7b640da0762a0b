"""Bundles: some entries behind one another, each after its length in two bytes, big-endian (C2SP tlog-tiles)."""

from collections.abc import Iterator, Sequence

from asbuilt.model.errors import LedgerError

MOST_BYTES = 0xFFFF  # of an entry
BUNDLED = 128  # entries in one row at most: so few are read to get one


def pack_bundle(entries: Sequence[bytes]) -> bytes:
    """The entries as one bundle; none may be longer than ``MOST_BYTES``."""
    return b"".join([part for entry in entries for part in (len(entry).to_bytes(2, "big"), entry)])


def bundle_rows(start: int, entries: Sequence[bytes]) -> Iterator[tuple[int, bytes]]:
    """Bundles of at most ``BUNDLED`` entries, each with the index of its first; the first entry is ``start``."""
    for at in range(0, len(entries), BUNDLED):
        yield start + at, pack_bundle(entries[at : at + BUNDLED])


def unpack_bundle(bundle: bytes) -> list[bytes]:
    """The entries of a bundle.

    Raises:
        LedgerError: its lengths do not add up.
    """
    entries: list[bytes] = []
    at, size = 0, len(bundle)
    while at < size:
        start = at + 2
        at = start + (bundle[at] << 8) + bundle[start - 1] if start <= size else size + 1
        entries.append(bundle[start:at])
    if at != size:
        raise LedgerError("A row of entries is damaged.", why="The lengths of its entries do not add up.")
    return entries

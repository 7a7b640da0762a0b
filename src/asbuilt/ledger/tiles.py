"""A ledger as plain files that other tools read (C2SP tlog-tiles): hashes in tiles of 256, entries in bundles.

Source: https://c2sp.org/tlog-tiles.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import msgspec

from asbuilt.ledger.checkpoints import Checkpoint, parse_checkpoint
from asbuilt.ledger.durable import sync_folder, write_durably
from asbuilt.ledger.merkle import HASH_BYTES, Frontier, leaf_hash
from asbuilt.model.errors import LedgerError, UsageError

WIDTH = 256
ENTRIES = "entries"
LENGTH_BYTES = 2  # before each entry of a bundle


class Reading(Protocol):
    """What is exported: ``ledger.Ledger``."""

    def entries(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The entries in order."""


class Exported(msgspec.Struct, frozen=True):
    """What was written: how many entries, tiles of hashes, and bundles of entries."""

    size: int
    tiles: int
    bundles: int


def tile_path(level: int | str, index: int, width: int = WIDTH) -> str:
    """``tile/<L>/<N>[.p/<W>]``: the index in groups of three digits, all but the last with an x before it."""
    groups = [f"{index % 1000:03d}"]
    while index >= 1000:
        index //= 1000
        groups.insert(0, f"x{index % 1000:03d}")
    partial = "" if width == WIDTH else f".p/{width}"
    return f"tile/{level}/{'/'.join(groups)}{partial}"


def export_tiles(ledger: Reading, folder: Path, checkpoint: bytes) -> Exported:
    """Write the ledger as sealed by a checkpoint into a new folder, the file ``checkpoint`` last.

    1. The folder is new or empty: an export is never mixed with another.
    2. Entries stream by: each 256 make a bundle and a tile; each full tile's hash goes one level up.
    3. What is left over at the right edge makes partial tiles.
    4. The root over what was written must be the checkpoint's; only then is the checkpoint written.

    Raises:
        UsageError: there is something in the folder.
        LedgerError: the entries are not what the checkpoint seals; the export has no checkpoint then.
    """
    sealed = parse_checkpoint(checkpoint)
    # (1) A folder of its own.
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(
            f"{str(folder)!r} is not empty.",
            why="An export is never mixed with what is there already.",
            fix="Name a new folder.",
        )
    folder.mkdir(parents=True, exist_ok=True)
    # (2) Full tiles and bundles; (3) the partial ones.
    frontier = Frontier()
    writer = _Writer(folder)
    for entry in ledger.entries(0, sealed.size):
        leaf = leaf_hash(entry)
        frontier.append(leaf)
        writer.add(entry, leaf)
    writer.finish()
    # (4) Sealed by what it says.
    if frontier.size != sealed.size or frontier.root() != sealed.root:
        raise LedgerError(
            "The entries are not the ones that the checkpoint seals; the export is left without a checkpoint.",
            why=f"The checkpoint seals {sealed.size} entries; {frontier.size} were read, with another root.",
            fix="`asbuilt ledger verify` names the first entry that was changed.",
            where=str(folder),
        )
    write_durably(folder / "checkpoint", checkpoint)
    sync_folder(folder)
    return Exported(sealed.size, writer.tiles, writer.bundles)


class _Writer:
    """Gathers leaves and entries, and writes a tile as soon as it is full."""

    def __init__(self, folder: Path) -> None:
        self.tiles = self.bundles = 0
        self._folder = folder
        self._entries: list[bytes] = []
        self._levels: list[list[bytes]] = []
        self._counts: list[int] = []  # full tiles so far, by level

    def add(self, entry: bytes, leaf: bytes) -> None:
        self._entries.append(entry)
        if len(self._entries) == WIDTH:
            self._write_bundle(self._counts[0] if self._counts else 0)
        self._add_hash(0, leaf)

    def finish(self) -> None:
        if self._entries:
            self._write_bundle(self._counts[0] if self._counts else 0)
        for level, hashes in enumerate(self._levels):
            if hashes:
                self._write_tile(level, hashes)

    def _add_hash(self, level: int, own: bytes) -> None:
        if level == len(self._levels):
            self._levels.append([])
            self._counts.append(0)
        hashes = self._levels[level]
        hashes.append(own)
        if len(hashes) == WIDTH:
            self._write_tile(level, hashes)
            self._counts[level] += 1
            self._levels[level] = []
            self._add_hash(level + 1, _root_of(hashes))

    def _write_tile(self, level: int, hashes: list[bytes]) -> None:
        self._write(tile_path(level, self._counts[level], len(hashes)), b"".join(hashes))
        self.tiles += 1

    def _write_bundle(self, index: int) -> None:
        data = b"".join(len(entry).to_bytes(LENGTH_BYTES, "big") + entry for entry in self._entries)
        self._write(tile_path(ENTRIES, index, len(self._entries)), data)
        self.bundles += 1
        self._entries = []

    def _write(self, path: str, data: bytes) -> None:
        target = self._folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)  # the checkpoint, written last and durably, says that all of it is there


class Tiles:
    """An export that is read again. Nothing of it is believed: ``check`` says whether it is whole.

    Raises:
        UsageError: the folder is no export.
        LedgerError: its checkpoint cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            self.checkpoint: Checkpoint = parse_checkpoint((folder / "checkpoint").read_bytes())
        except FileNotFoundError as error:
            raise UsageError(
                f"{str(folder)!r} is no export of a ledger.",
                why="It has no file `checkpoint`.",
                fix="Name the folder that `asbuilt ledger export` wrote.",
            ) from error

    @property
    def size(self) -> int:
        """How many entries its checkpoint seals."""
        return self.checkpoint.size

    def leaves(self) -> Iterator[bytes]:
        """The leaf hashes in order, from the tiles of level 0.

        Raises:
            LedgerError: a tile is missing or has another length.
        """
        for index, width in _spans(self.size):
            path, data = self._read(0, index, width)
            if len(data) != width * HASH_BYTES:
                raise _damaged(path, f"It has {len(data)} bytes, {width * HASH_BYTES} are expected.")
            yield from (data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES))

    def entries(self) -> Iterator[bytes]:
        """The entries in order, each as its leaf hash says.

        Raises:
            LedgerError: a bundle is missing or cut short, or an entry is not what its leaf hash says.
        """
        leaves = self.leaves()
        for index, width in _spans(self.size):
            path, data = self._read(ENTRIES, index, width)
            at = 0
            for place in range(width):
                begun = at + LENGTH_BYTES
                at = begun + int.from_bytes(data[at:begun], "big")
                entry = data[begun:at]
                if at > len(data) or leaf_hash(entry) != next(leaves, b""):
                    raise _damaged(path, f"Entry {index * WIDTH + place} is not the one that was sealed.")
                yield entry
            if at != len(data):
                raise _damaged(path, "Something stands behind its last entry.")

    def check(self) -> None:
        """Whether every tile of every level is there and the root is the checkpoint's.

        Raises:
            LedgerError: a tile is missing, or does not fit the level below or the checkpoint.
        """
        frontier = Frontier()
        levels: list[list[bytes]] = [[]]
        counts = [0]
        for leaf in self.leaves():
            frontier.append(leaf)
            self._rise(levels, counts, leaf)
        for level, hashes in enumerate(levels):
            if level and hashes:
                self._compare(level, counts[level], hashes)
        if frontier.root() != self.checkpoint.root:
            raise _damaged(str(self.folder / "checkpoint"), "The root over the tiles is another one.")

    def _rise(self, levels: list[list[bytes]], counts: list[int], leaf: bytes) -> None:
        level, own = 0, leaf
        while True:
            levels[level].append(own)
            if len(levels[level]) < WIDTH:
                return
            if level:
                self._compare(level, counts[level], levels[level])
            own = _root_of(levels[level])
            levels[level] = []
            counts[level] += 1
            level += 1
            if level == len(levels):
                levels.append([])
                counts.append(0)

    def _compare(self, level: int, index: int, hashes: list[bytes]) -> None:
        path, data = self._read(level, index, len(hashes))
        if data != b"".join(hashes):
            raise _damaged(path, "It does not hold the hashes of the tiles below it.")

    def _read(self, level: int | str, index: int, width: int) -> tuple[str, bytes]:
        path = self.folder / tile_path(level, index, width)
        # A full tile may take the place of a partial one.
        widened = isinstance(level, int) and width < WIDTH and not path.is_file()
        if widened:
            path = self.folder / tile_path(level, index)
        try:
            data = path.read_bytes()
        except (FileNotFoundError, NotADirectoryError) as error:
            raise _damaged(str(path), "It is missing.") from error
        return str(path), data[: width * HASH_BYTES] if widened else data


def _spans(size: int) -> Iterator[tuple[int, int]]:
    """Index and width of every tile of level 0."""
    yield from ((index, WIDTH) for index in range(size // WIDTH))
    if size % WIDTH:
        yield size // WIDTH, size % WIDTH


def _root_of(hashes: list[bytes]) -> bytes:
    frontier = Frontier()
    for each in hashes:
        frontier.append(each)
    return frontier.root()


def _damaged(path: str, why: str) -> LedgerError:
    return LedgerError(
        "The export of a ledger is damaged.", why=why, fix="Get it again from where it was published.", where=path
    )

"""Exports as tiles: read back, and the published log of another implementation read and written alike."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from asbuilt.ledger.checkpoints import checkpoint_text, sign_checkpoint
from asbuilt.ledger.keys import key_from_seed
from asbuilt.ledger.merkle import Frontier, leaf_hash
from asbuilt.ledger.notes import sign_note
from asbuilt.ledger.tiles import Tiles, export_tiles, tile_path
from asbuilt.model.errors import LedgerError, UsageError
from tests.ledger.sealing import NOW, alter, made

TESSERA = Path(__file__).parents[1] / "vectors" / "tessera"
WORDS = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eit",
    "nain",
    "ten",
    "ileven",
    "twelf",
    "threeten",
    "fourten",
    "fivten",
]


class Log:
    """Entries in memory."""

    def __init__(self, entries: list[bytes]) -> None:
        self._entries = entries

    def entries(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        return iter(self._entries[start:end])

    def checkpoint(self) -> bytes:
        frontier = Frontier()
        for entry in self._entries:
            frontier.append(leaf_hash(entry))
        text = checkpoint_text("example.com/log", frontier.size, frontier.root())
        return sign_note(text, key_from_seed("example.com/log", bytes(32)))


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("level", "index", "width", "path"),
    [
        (0, 1234067, 256, "tile/0/x001/x234/067"),  # the example of the specification
        (0, 0, 1, "tile/0/000.p/1"),
        (1, 999, 256, "tile/1/999"),
        (2, 1000, 17, "tile/2/x001/000.p/17"),
        ("entries", 273, 112, "tile/entries/273.p/112"),
    ],
)
def test_paths(level: int | str, index: int, width: int, path: str) -> None:
    assert tile_path(level, index, width) == path


@pytest.mark.parametrize("size", range(1, 16))
def test_the_log_of_tessera_is_written_alike(tmp_path: Path, size: int) -> None:
    log = Log([word.encode() for word in WORDS[:size]])
    checkpoint = (TESSERA / f"checkpoint.{size}").read_bytes()
    made = export_tiles(log, tmp_path / "out", checkpoint)
    assert (made.size, made.tiles, made.bundles) == (size, 1, 1)
    assert files(tmp_path / "out") == {
        "checkpoint": checkpoint,
        f"tile/0/000.p/{size}": (TESSERA / f"tile/0/000.p/{size}").read_bytes(),
        f"tile/entries/000.p/{size}": (TESSERA / f"tile/entries/000.p/{size}").read_bytes(),
    }


def test_the_log_of_tessera_is_read() -> None:
    tiles = Tiles(TESSERA)
    tiles.check()
    assert [entry.decode() for entry in tiles.entries()] == WORDS


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 512, 70_000])
def test_an_export_holds_the_tiles_of_the_specification_and_is_read_back(tmp_path: Path, size: int) -> None:
    entries = [b"entry %d" % number for number in range(size)]
    log = Log(entries)
    out = tmp_path / "out"
    export_tiles(log, out, log.checkpoint())
    expected = {"checkpoint"}
    for level in range(4):
        full, partial = divmod(size // 256**level, 256)
        names = [(index, 256) for index in range(full)] + ([(full, partial)] if partial else [])
        expected |= {tile_path(level, *name) for name in names}
        if level == 0:
            expected |= {tile_path("entries", *name) for name in names}
    assert set(files(out)) == expected
    tiles = Tiles(out)
    tiles.check()
    assert list(tiles.entries()) == entries
    assert list(tiles.leaves()) == list(map(leaf_hash, entries))


def test_no_byte_of_an_export_can_be_changed(tmp_path: Path) -> None:
    log = Log([b"entry %d" % number for number in range(259)])
    out = tmp_path / "out"
    export_tiles(log, out, log.checkpoint())
    for name, data in files(out).items():
        for at in {0, len(data) // 2, len(data) - 1}:
            if name == "checkpoint" and at:  # its signature is the business of whoever has the key
                continue
            (out / name).write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
            with pytest.raises(LedgerError):
                _read(out)
        (out / name).unlink()
        with pytest.raises((LedgerError, UsageError)):
            _read(out)
        (out / name).write_bytes(data + b"x")
        if name != "checkpoint":
            with pytest.raises(LedgerError):
                _read(out)
        (out / name).write_bytes(data)
    _read(out)


def _read(out: Path) -> None:
    tiles = Tiles(out)
    if tiles.checkpoint.origin != "example.com/log":
        raise LedgerError("another log")
    tiles.check()
    for _ in tiles.entries():
        pass


def test_a_full_tile_may_stand_for_the_partial_one(tmp_path: Path) -> None:
    log = Log([b"entry %d" % number for number in range(300)])
    shorter = Log(list(log.entries(0, 200)))
    out, older = tmp_path / "out", tmp_path / "older"
    export_tiles(log, out, log.checkpoint())
    export_tiles(shorter, older, shorter.checkpoint())
    shutil.rmtree(older / "tile" / "0")
    shutil.copytree(out / "tile" / "0", older / "tile" / "0")
    Tiles(older).check()


def test_an_export_is_never_mixed_with_another(tmp_path: Path) -> None:
    log = Log([b"entry"])
    (tmp_path / "other").touch()
    with pytest.raises(UsageError, match="not empty"):
        export_tiles(log, tmp_path, log.checkpoint())
    with pytest.raises(UsageError, match="not empty"):
        export_tiles(log, tmp_path / "other", log.checkpoint())


def test_entries_that_are_not_sealed_leave_no_checkpoint(tmp_path: Path) -> None:
    with made(tmp_path / "ledger", entries=5) as ledger:
        checkpoint = sign_checkpoint(ledger, NOW)
        alter(ledger.folder, b'{"number":"2"}', b'{"number":"X"}')
        with pytest.raises(LedgerError, match="without a checkpoint"):
            export_tiles(ledger, tmp_path / "out", checkpoint)
    with pytest.raises(UsageError, match="no export"):
        Tiles(tmp_path / "out")

"""Files that are whole or absent."""

import os
from pathlib import Path

import pytest

from asbuilt.ledger.durable import sync_folder, write_durably


def test_a_file_is_replaced_as_a_whole_with_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_durably(path, b"one", mode=0o600)
    write_durably(path, b"two", mode=0o600)
    assert path.read_bytes() == b"two"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_what_cannot_be_written_leaves_the_old_one_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "taken"
    folder.mkdir()
    (folder / "inside").touch()
    with pytest.raises(OSError, match=r"directory|exists"):
        write_durably(folder, b"data")
    assert list(tmp_path.iterdir()) == [folder]
    with pytest.raises(FileNotFoundError):
        write_durably(tmp_path / "nowhere" / "file", b"data")


def test_a_link_in_the_way_of_the_part_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"mine")
    part = tmp_path / f".file.{os.getpid()}.part"
    part.symlink_to(victim)
    with pytest.raises(OSError, match="symbolic links"):
        write_durably(tmp_path / "file", b"data")
    assert victim.read_bytes() == b"mine"
    sync_folder(tmp_path)

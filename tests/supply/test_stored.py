"""A store of this program, and files that are none."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from asbuilt.model.errors import SourceError, UsageError
from asbuilt.supply.stored import StoreKind, open_stored

KIND = StoreKind(0x41734141, 3, "store of tests", "Nobody made one.", "Make one.", "Make it again.")


def made(folder: Path, mark: int = KIND.mark, version: int = KIND.version) -> Path:
    place = folder / "a ?#%store"
    with closing(sqlite3.connect(place)) as connection:
        connection.executescript(
            f"PRAGMA application_id = {mark}; PRAGMA user_version = {version}; CREATE TABLE t (a);"
        )
    return place


def test_a_store_is_read_and_not_written(tmp_path: Path) -> None:
    place = made(tmp_path)
    with open_stored(place, KIND) as connection:
        assert connection.execute("SELECT count(*) FROM t").fetchone() == (0,)
    with pytest.raises(SourceError, match="store of tests cannot be read"), open_stored(place, KIND) as own:
        own.execute("INSERT INTO t VALUES (1)")


def test_what_is_not_there_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no store of tests") as told, open_stored(tmp_path / "x", KIND):
        pass
    assert (told.value.why, told.value.fix) == ("Nobody made one.", "Make one.")


@pytest.mark.parametrize(("mark", "version"), [(1, 3), (KIND.mark, 4)])
def test_another_kind_or_version_is_refused(tmp_path: Path, mark: int, version: int) -> None:
    with pytest.raises(SourceError, match="of this version"), open_stored(made(tmp_path, mark, version), KIND):
        pass


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"not a database at all, by no means")
    with pytest.raises(SourceError, match="cannot be read"), open_stored(tmp_path / "x", KIND):
        pass

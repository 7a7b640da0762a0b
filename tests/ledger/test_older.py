"""Ledgers of older versions are brought over, or named as what they are."""

import sqlite3
from pathlib import Path

import psycopg
import pytest

from asbuilt.ledger.bundles import unpack_bundle
from asbuilt.ledger.checkpoints import sign_checkpoint
from asbuilt.ledger.ledger import Ledger, open_ledger
from asbuilt.ledger.verify import verify_ledger
from asbuilt.model.errors import LedgerError
from tests.ledger.making import NOW, filled, index_everything, new_ledger, records

SIZE = 600
BEFORE_MARKS_STOOD_WITH_TILES = """
ALTER TABLE tiles RENAME TO now;
CREATE TABLE tiles (level INTEGER NOT NULL, number INTEGER NOT NULL, hashes BLOB NOT NULL, PRIMARY KEY (level, number));
INSERT INTO tiles SELECT level, number, hashes FROM now;
DROP TABLE now;
CREATE TABLE recent (start INTEGER PRIMARY KEY, marks BLOB NOT NULL);
"""
BEFORE_BUNDLES = """
DROP TABLE marks;
CREATE TABLE marks (event INTEGER NOT NULL, identity INTEGER NOT NULL, position INTEGER NOT NULL,
 PRIMARY KEY (event, identity, position)) WITHOUT ROWID;
DROP TABLE bundles;
"""


@pytest.fixture(params=[False, True], ids=["bundles", "a row an entry"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A ledger laid out as older versions did it, with a checkpoint."""
    place = tmp_path / "ledger"
    with filled(place, [300]) as ledger:
        index_everything(ledger)
        ledger.append(records(300, SIZE))
        sign_checkpoint(ledger, NOW)
    connection = sqlite3.connect(place / "ledger.db")
    connection.executescript(BEFORE_MARKS_STOOD_WITH_TILES)
    if request.param:
        rows = connection.execute("SELECT bundle FROM bundles ORDER BY start").fetchall()
        entries = [entry for (bundle,) in rows for entry in unpack_bundle(bundle)]
        connection.execute("CREATE TABLE entries (position INTEGER PRIMARY KEY, entry BLOB NOT NULL)")
        connection.executemany("INSERT INTO entries VALUES (?, ?)", enumerate(entries))
        connection.commit()
        connection.executescript(BEFORE_BUNDLES)
    connection.close()
    return place


def _same(ledger: Ledger, tmp_path: Path) -> None:
    with filled(tmp_path / "other", [SIZE]) as other:
        assert list(ledger.entries()) == list(other.entries())
        assert (ledger.size, ledger.root()) == (SIZE, other.root())


def test_opening_it_for_writing_brings_it_over(folder: Path, tmp_path: Path) -> None:
    with open_ledger(folder) as ledger:
        _same(ledger, tmp_path)
        assert verify_ledger(ledger).problems == ()
        assert not any(each.is_new for each in ledger.append(records(0, SIZE)))
        ledger.append(records(SIZE, SIZE + 5))
        assert verify_ledger(ledger).holds
    with open_ledger(folder, read_only=True) as ledger:
        assert ledger.size == SIZE + 5
        assert ledger.find("tests", "E-17") == [17]


def test_for_reading_it_is_called_older_and_not_damaged(folder: Path) -> None:
    stored = (folder / "ledger.db").read_bytes()
    with pytest.raises(LedgerError, match="older version") as raised:
        open_ledger(folder, read_only=True)
    assert "not damaged" in raised.value.why
    assert "asbuilt ledger checkpoint" in raised.value.fix
    assert (folder / "ledger.db").read_bytes() == stored


def test_a_damaged_one_is_left_as_it_was(folder: Path) -> None:
    connection = sqlite3.connect(folder / "ledger.db")
    table = (
        "entries"
        if connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'entries'").fetchone()
        else "bundles"
    )
    first = connection.execute(f"SELECT min(rowid) FROM {table}").fetchone()
    connection.execute(f"DELETE FROM {table} WHERE rowid = ?", first)
    connection.commit()
    before = list(connection.iterdump())
    connection.close()
    with pytest.raises(LedgerError, match="damaged") as raised:
        open_ledger(folder)
    assert "older version" in raised.value.why
    connection = sqlite3.connect(folder / "ledger.db")
    assert list(connection.iterdump()) == before
    connection.close()


def test_one_with_something_else_for_an_entry_is_left_as_it_was(folder: Path) -> None:
    connection = sqlite3.connect(folder / "ledger.db")
    is_bundled = not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'entries'").fetchone()
    connection.execute("UPDATE bundles SET bundle = 7" if is_bundled else "UPDATE entries SET entry = 7")
    connection.commit()
    connection.close()
    for _ in range(2):
        with pytest.raises(LedgerError, match="no bytes"):
            open_ledger(folder)


def test_in_postgresql_it_is_called_older(tmp_path: Path, postgres_url: str) -> None:
    new_ledger(tmp_path / "ledger", postgres_url).close()
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE recent (start bigint PRIMARY KEY, marks bytea NOT NULL)")
    with pytest.raises(LedgerError, match="older version") as raised:
        open_ledger(tmp_path / "ledger")
    assert "asbuilt ledger backup" in raised.value.fix

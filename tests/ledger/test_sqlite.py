"""What is particular to the SQLite file: full disks, folders without rights, damage, strange schemas."""

import os
import random
import resource
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from asbuilt.ledger.ledger import open_ledger
from asbuilt.ledger.sqlite import SqliteStore
from asbuilt.ledger.store import Head
from asbuilt.ledger.verify import verify_ledger
from asbuilt.model.errors import AsBuiltError, LedgerError, SourceError
from tests.ledger.making import ORIGIN, filled, index_everything, new_ledger, record, records

NOBODY = 65534


def test_commits_are_flushed_and_files_are_the_owners(tmp_path: Path) -> None:
    with new_ledger(tmp_path / "ledger") as ledger:
        told = {
            name: ledger.store._connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "fullfsync", "trusted_schema")
        }
        assert told == {"journal_mode": bytearray(b"wal"), "synchronous": 2, "fullfsync": 1, "trusted_schema": 0}
        assert stat.S_IMODE((tmp_path / "ledger" / "ledger.db").stat().st_mode) == 0o600


def test_a_full_disk_is_told_and_nothing_is_half_written(tmp_path: Path) -> None:
    with filled(tmp_path / "ledger", [100]) as ledger:
        before = ledger.root()
        size = max(path.stat().st_size for path in (tmp_path / "ledger").glob("ledger.db*"))
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 20_000, hard))
        kept = 100
        try:
            with pytest.raises(SourceError, match="cannot be used") as raised:  # noqa: PT012 - until it is full
                for start in range(100, 3000, 50):
                    ledger.append(records(start, start + 50))
                    kept = start + 50
            assert "half written" in raised.value.why
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert ledger.size == kept < 3000
        assert before == ledger.root(100)
        ledger.append(records(kept, 3000))
        assert ledger.size == 3000
        assert verify_ledger(ledger).problems == ()


@contextmanager
def as_nobody(*folders: Path) -> Iterator[None]:
    """Without the rights of root, for whom no folder is read-only; all folders on the way may be passed through."""
    if os.geteuid() != 0:
        yield
        return
    for folder in folders:
        for above in [folder, *folder.parents]:
            if above.stat().st_uid == 0 and above.stat().st_mode & 0o011 != 0o011:
                above.chmod(above.stat().st_mode | 0o011)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_folder_that_takes_no_files_is_read_and_not_written(tmp_path: Path) -> None:
    folder = tmp_path / "ledger"
    filled(folder, [300]).close()
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        with as_nobody(folder):
            with open_ledger(folder, read_only=True) as ledger:
                assert len(list(ledger.entries())) == 300
                assert verify_ledger(ledger).problems == ()
            with pytest.raises(SourceError), open_ledger(folder) as ledger:
                ledger.append(records(300, 301))
            with pytest.raises(SourceError):
                new_ledger(folder / "inside")
    finally:
        folder.chmod(0o755)
    assert sorted(path.name for path in folder.iterdir()) == [
        "attachments",
        "checkpoints",
        "key",
        "key.vkey",
        "ledger.db",
    ]


def test_a_reader_sees_what_a_writer_commits(tmp_path: Path) -> None:
    with filled(tmp_path / "ledger", [3]) as writer, open_ledger(tmp_path / "ledger", read_only=True) as reader:
        assert reader.size == 3
        writer.append(records(3, 5))
        assert reader.size == 5
        reading = reader.entries()
        next(reading)
        writer.append(records(5, 900))
        assert len(list(reading)) == 4


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER strange AFTER INSERT ON bundles BEGIN DELETE FROM marks; END",
        "CREATE VIEW strange AS SELECT 1",
        "CREATE TABLE strange (a)",
        "CREATE INDEX strange ON bundles (bundle)",
    ],
)
def test_what_stands_in_the_schema_uninvited_is_named(tmp_path: Path, statement: str) -> None:
    with filled(tmp_path / "ledger", [3]) as ledger:
        ledger.store._connection.execute(statement)
        assert "'strange'" in " ".join(each.what for each in verify_ledger(ledger).problems)


def test_a_table_that_is_gone_is_named(tmp_path: Path) -> None:
    with filled(tmp_path / "ledger", [3]) as ledger:
        ledger.store._connection.execute("DROP TABLE marks")
        told = verify_ledger(ledger).problems
        assert any("lacks 'marks'" in each.what for each in told)


@pytest.mark.parametrize("content", [b"", b"no database at all, but long enough to be one " * 40])
def test_what_is_no_database_is_told_as_damage(tmp_path: Path, content: bytes) -> None:
    filled(tmp_path / "ledger", [3]).close()
    (tmp_path / "ledger" / "ledger.db").write_bytes(content)
    with pytest.raises(LedgerError, match="damaged"):
        open_ledger(tmp_path / "ledger")


def test_a_database_that_is_gone(tmp_path: Path) -> None:
    filled(tmp_path / "ledger", [3]).close()
    (tmp_path / "ledger" / "ledger.db").unlink()
    (tmp_path / "ledger" / "ledger.db").symlink_to("nowhere")
    with pytest.raises(SourceError, match="cannot be used"):
        open_ledger(tmp_path / "ledger")


def dumped(path: Path) -> list[object] | None:
    """All that is stored, as plain SQL reads it; None when it cannot be read."""
    connection = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    connection.text_factory = bytearray
    try:
        tables = ("head", "bundles", "tiles NOT INDEXED", "marks", "sqlite_schema")
        told: list[object] = [list(connection.execute(f"SELECT * FROM {table}")) for table in tables]
        told.append(list(connection.execute("SELECT level, number FROM tiles ORDER BY level, number")))
        return [*told, connection.execute("PRAGMA application_id").fetchone()]
    except (sqlite3.Error, OverflowError):
        return None
    finally:
        connection.close()


@pytest.mark.slow
def test_a_flipped_bit_anywhere_in_the_file_is_named_or_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "ledger"
    with filled(folder, [40, 3, 300]) as ledger:
        index_everything(ledger)
        ledger.append([record(n, payload=b"x" * 3000) for n in range(1000, 1030)])
    path = folder / "ledger.db"
    whole, stored = path.read_bytes(), dumped(path)
    drawn = random.Random(3)
    named = 0
    for _ in range(600):
        at, bit = drawn.randrange(len(whole)), drawn.randrange(8)
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << bit]) + whole[at + 1 :])
        try:
            with open_ledger(folder, read_only=True) as ledger:
                problems = len(verify_ledger(ledger).problems)
        except AsBuiltError:
            problems = 1
        if problems:
            named += 1
        else:
            assert dumped(path) == stored, f"bit {bit} of byte {at}"
        path.with_name("ledger.db-wal").unlink(missing_ok=True)
        path.with_name("ledger.db-shm").unlink(missing_ok=True)
    assert named > 400


def test_a_page_full_of_nothing_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "ledger"
    with filled(folder, [500, 300]) as ledger:
        ledger.store._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    path = folder / "ledger.db"
    whole = path.read_bytes()
    for page in range(len(whole) // 8192):
        path.write_bytes(whole[: page * 8192] + bytes(8192) + whole[(page + 1) * 8192 :])
        try:
            with open_ledger(folder, read_only=True) as ledger:
                assert verify_ledger(ledger).problems, f"page {page}"
        except LedgerError as error:
            assert "damaged" in error.what or "tree" in error.what  # noqa: PT017 - one or the other is right
    path.write_bytes(whole[: len(whole) // 2])
    try:
        with open_ledger(folder, read_only=True) as ledger:
            assert verify_ledger(ledger).problems
    except LedgerError as error:
        assert error.where  # noqa: PT017 - as above


def test_a_store_is_made_once(tmp_path: Path) -> None:
    SqliteStore.create(tmp_path / "a.db", Head(ORIGIN)).close()
    with pytest.raises(FileExistsError):
        SqliteStore.create(tmp_path / "a.db", Head(ORIGIN))

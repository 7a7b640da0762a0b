"""Copies of a ledger: whole or not there, and taken back only when they are not behind."""

import shutil
import threading
from pathlib import Path

import pytest

from asbuilt.ledger.backup import backup_ledger, restore_ledger
from asbuilt.ledger.checkpoints import CHECKPOINTS, kept_checkpoints, published_size, sign_checkpoint, signing
from asbuilt.ledger.keys import KEY, PUBLIC, load_key, publish_key
from asbuilt.ledger.ledger import open_ledger
from asbuilt.ledger.published import check_published, keys_of
from asbuilt.ledger.rotation import rotate
from asbuilt.model.errors import LedgerError, UsageError
from tests.ledger.sealing import NOW, alter, made, record, remade


def test_a_backup_is_the_ledger_without_its_key(tmp_path: Path) -> None:
    with made(tmp_path / "ledger", entries=5, signed=[3]) as ledger:
        digest = ledger.put_attachment(b"a document")
        checkpoint = sign_checkpoint(ledger, NOW)
        ledger.append([record(5)])  # after the checkpoint: not in the backup
        done = backup_ledger(ledger, tmp_path / "backup", checkpoint)
        assert (done.size, done.attachments, done.sealed, done.with_key) == (5, 1, 5, False)
        entries = list(ledger.entries(0, 5))
    assert not (tmp_path / "backup" / KEY).exists()
    with open_ledger(tmp_path / "backup", read_only=True) as copy:
        assert list(copy.entries()) == entries
        assert copy.attachment(digest) == b"a document"
        assert [each.problem for each in check_published(copy, keys_of(copy))] == ["", ""]
    assert not list(tmp_path.glob(".*"))


def test_a_backup_with_the_key_keeps_it_for_its_owner(tmp_path: Path) -> None:
    with made(tmp_path / "ledger", entries=2) as ledger:
        backup_ledger(ledger, tmp_path / "backup", sign_checkpoint(ledger, NOW), with_key=True)
        assert load_key(tmp_path / "backup") == load_key(ledger.folder)


def test_a_backup_is_one_moment_while_others_write(tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        with open_ledger(tmp_path / "ledger") as mine:
            number = 1000
            while not stop.is_set():
                mine.append([record(number)])
                number += 1

    with made(tmp_path / "ledger", entries=1000) as ledger:
        checkpoint = sign_checkpoint(ledger, NOW)
        writer = threading.Thread(target=write)
        writer.start()
        try:
            for number in range(3):
                done = backup_ledger(ledger, tmp_path / f"backup-{number}", checkpoint)
                assert done.size == 1000
                checkpoint = sign_checkpoint(ledger, NOW)
                checkpoint = kept_checkpoints(ledger.folder)[0].read_bytes()
        finally:
            stop.set()
            writer.join()
        assert ledger.size > 1000
    for number in range(3):
        with open_ledger(tmp_path / f"backup-{number}", read_only=True) as copy:
            assert copy.size == published_size(copy.folder) == 1000


def test_a_damaged_ledger_gives_no_backup(tmp_path: Path) -> None:
    with made(tmp_path / "ledger", entries=5) as ledger:
        checkpoint = sign_checkpoint(ledger, NOW)
        alter(ledger.folder, b'{"number":"2"}', b'{"number":"X"}')
        with pytest.raises(LedgerError, match="not the ones that the checkpoint seals"):
            backup_ledger(ledger, tmp_path / "backup", checkpoint)
    assert [path.name for path in tmp_path.iterdir()] == ["ledger"]


def test_an_attachment_that_was_changed_gives_no_backup(tmp_path: Path) -> None:
    with made(tmp_path / "ledger", entries=5) as ledger:
        digest = ledger.put_attachment(b"a document")
        checkpoint = sign_checkpoint(ledger, NOW)
        (ledger.folder / "attachments" / digest[:2] / digest).write_bytes(b"another")
        with pytest.raises(LedgerError, match="was changed"):
            backup_ledger(ledger, tmp_path / "backup", checkpoint)
    assert not (tmp_path / "backup").exists()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    with made(tmp_path / "ledger", entries=1) as ledger:
        checkpoint = sign_checkpoint(ledger, NOW)
        with pytest.raises(UsageError, match="not empty"):
            backup_ledger(ledger, tmp_path, checkpoint)
        backup_ledger(ledger, tmp_path / "backup", checkpoint)
        with pytest.raises(UsageError, match="not empty"):
            backup_ledger(ledger, tmp_path / "backup", checkpoint)
    with pytest.raises(UsageError, match="a ledger in"):
        restore_ledger(tmp_path / "backup", tmp_path / "ledger")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter").touch()
    with pytest.raises(UsageError, match="something in"):
        restore_ledger(tmp_path / "backup", tmp_path / "full")
    with pytest.raises(UsageError, match="no backup"):
        restore_ledger(tmp_path / "full", tmp_path / "new")


def test_a_lost_database_is_restored_beside_its_key_and_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "ledger"
    with made(folder, entries=5) as ledger:
        digest = ledger.put_attachment(b"a document")
        with signing(folder):
            rotate(ledger, NOW, "ana")
        backup_ledger(ledger, tmp_path / "backup", sign_checkpoint(ledger, NOW))
        key, root = load_key(folder), ledger.root()
    for name in ("ledger.db", "ledger.db-wal", "ledger.db-shm"):
        (folder / name).unlink(missing_ok=True)
    done = restore_ledger(tmp_path / "backup", folder)
    assert (done.size, done.attachments, done.with_key) == (6, 2, True)
    with open_ledger(folder) as ledger:
        assert (ledger.root(), load_key(folder)) == (root, key)
        assert ledger.attachment(digest) == b"a document"
        assert [each.is_new for each in ledger.append([record(0), record(6)])] == [False, True]
        sign_checkpoint(ledger, NOW)
        assert [each.problem for each in check_published(ledger, keys_of(ledger))] == ["", ""]
    # What stood there before is kept.
    assert [path for path in tmp_path.iterdir() if ".before-restore." in path.name]


def test_a_backup_behind_what_was_published_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "ledger"
    with made(folder, entries=5) as ledger:
        backup_ledger(ledger, tmp_path / "backup", sign_checkpoint(ledger, NOW))
        ledger.append([record(5)])
        newer = sign_checkpoint(ledger, NOW)
    (folder / "ledger.db").unlink()
    before = sorted(path.name for path in folder.iterdir())
    with pytest.raises(LedgerError, match="older than what the ledger has published") as caught:
        restore_ledger(tmp_path / "backup", folder)
    assert "6 entries were published, the backup has 5" in caught.value.why
    assert sorted(path.name for path in folder.iterdir()) == before
    (tmp_path / "theirs").write_bytes(newer)
    with pytest.raises(LedgerError, match="older than what the ledger has published"):
        restore_ledger(tmp_path / "backup", tmp_path / "new", against=[tmp_path / "theirs"])
    assert not (tmp_path / "new").exists()
    (tmp_path / "theirs").write_bytes(kept_checkpoints(folder)[0].read_bytes())
    restore_ledger(tmp_path / "backup", tmp_path / "new", against=[tmp_path / "theirs"])


def test_a_backup_of_another_history_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "ledger"
    made(folder, entries=5, signed=[5]).close()
    records = [*map(record, range(4)), record(4, payload=b"another"), record(5)]
    with remade(folder, tmp_path / "forged", records, signed=[6]) as forged:
        newest = kept_checkpoints(forged.folder)[-1].read_bytes()
        backup_ledger(forged, tmp_path / "backup", newest)
    with pytest.raises(LedgerError, match="not what was kept"):
        restore_ledger(tmp_path / "backup", tmp_path / "new", against=kept_checkpoints(folder))
    (folder / "ledger.db").unlink()
    with pytest.raises(LedgerError, match="contradicts a checkpoint"):
        restore_ledger(tmp_path / "backup", folder)


def test_a_backup_that_was_changed_or_is_not_sealed_is_refused(tmp_path: Path) -> None:
    with made(tmp_path / "ledger", entries=5) as ledger:
        backup_ledger(ledger, tmp_path / "backup", sign_checkpoint(ledger, NOW))
        other = load_key(ledger.folder)
    shutil.copytree(tmp_path / "backup", tmp_path / "changed")
    alter(tmp_path / "changed", b'{"number":"2"}', b'{"number":"X"}')
    with pytest.raises(LedgerError, match="backup does not hold"):
        restore_ledger(tmp_path / "changed", tmp_path / "new")
    shutil.copytree(tmp_path / "backup", tmp_path / "bare")
    shutil.rmtree(tmp_path / "bare" / CHECKPOINTS)
    with pytest.raises(LedgerError, match="no checkpoint"):
        restore_ledger(tmp_path / "bare", tmp_path / "new")
    with made(tmp_path / "strange") as strange:
        publish_key(tmp_path / "backup", load_key(strange.folder).verifier)
    with pytest.raises(LedgerError, match="backup does not hold"):
        restore_ledger(tmp_path / "backup", tmp_path / "new")
    assert not (tmp_path / "new").exists()
    assert other.verifier.text not in (tmp_path / "backup" / PUBLIC).read_text()


def test_a_backup_goes_from_one_database_to_the_other_and_back(tmp_path: Path, postgres_url: str) -> None:
    with made(tmp_path / "ledger", entries=600) as ledger:
        digest = ledger.put_attachment(b"a document")
        backup_ledger(ledger, tmp_path / "backup", sign_checkpoint(ledger, NOW), with_key=True)
        entries = list(ledger.entries())
    restore_ledger(tmp_path / "backup", tmp_path / "moved", store=postgres_url)
    with open_ledger(tmp_path / "moved") as moved:
        assert (moved.folder / "store.toml").is_file()
        assert list(moved.entries()) == entries
        assert [each.is_new for each in moved.append([record(599), record(600)])] == [False, True]
        with signing(moved.folder):
            rotate(moved, NOW, "ana")
        backup_ledger(moved, tmp_path / "again", sign_checkpoint(moved, NOW))
        root = moved.root()
    with open_ledger(tmp_path / "again", read_only=True) as again:
        assert (again.size, again.root(), again.attachment(digest)) == (602, root, b"a document")
        assert [each.problem for each in check_published(again, keys_of(again))] == ["", ""]

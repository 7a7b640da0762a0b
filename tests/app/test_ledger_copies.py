"""Exports, backups and restores as use cases: what is sealed first, and what happens without the key."""

from pathlib import Path

import pytest

from asbuilt.app import ledger_copies
from asbuilt.ledger.ledger import open_ledger
from asbuilt.ledger.tiles import Tiles
from asbuilt.model.errors import UsageError
from tests.ledger.sealing import NOW, made, record


def test_the_present_head_is_sealed_before_it_is_backed_up(tmp_path: Path) -> None:
    with made(tmp_path / "ledger", entries=5, signed=[3]) as ledger:
        done = ledger_copies.backup(ledger.folder, tmp_path / "backup", now=NOW)
        assert (done.size, done.sealed) == (5, 5)
        ledger.append([record(5)])
    (tmp_path / "ledger" / "key").unlink()
    done = ledger_copies.backup(tmp_path / "ledger", tmp_path / "keyless", now=NOW)
    assert (done.size, done.sealed) == (5, 5)  # what no key here can seal is left out
    assert ledger_copies.restore(tmp_path / "backup", tmp_path / "again").size == 5
    with open_ledger(tmp_path / "again") as again:
        assert again.size == 5


def test_an_export_is_of_what_is_sealed(tmp_path: Path) -> None:
    with made(tmp_path / "ledger", entries=5) as ledger:
        with pytest.raises(UsageError, match="no checkpoint yet"):
            ledger_copies.export(ledger.folder, tmp_path / "export")
        assert not (tmp_path / "export").exists()
    with made(tmp_path / "sealed", entries=5, signed=[4]) as ledger:
        assert ledger_copies.export(ledger.folder, tmp_path / "export").size == 4
        assert list(Tiles(tmp_path / "export").entries()) == list(ledger.entries(0, 4))

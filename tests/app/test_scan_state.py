"""The key of a ledger's hashes, and what the ledger knows of earlier scans."""

from pathlib import Path

import pytest

from asbuilt.app.scan_state import KEY, Earlier, earlier_scans, scan_key
from asbuilt.ledger.ledger import create_ledger
from asbuilt.model.errors import SourceError


def test_the_key_is_made_once_and_its_owner_alone_reads_it(tmp_path: Path) -> None:
    key = scan_key(tmp_path)
    assert len(key) == 32
    assert scan_key(tmp_path) == key
    assert (tmp_path / KEY).stat().st_mode & 0o777 == 0o600
    (tmp_path / "other").mkdir()
    assert scan_key(tmp_path / "other") != key


def test_a_key_that_is_cut_short_or_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / KEY).write_bytes(b"short")
    with pytest.raises(SourceError, match="cut short"):
        scan_key(tmp_path)
    with pytest.raises(SourceError, match="cannot be kept"):
        scan_key(tmp_path / "nowhere")


def test_without_a_ledger_or_scans_nothing_is_known(tmp_path: Path) -> None:
    assert earlier_scans(tmp_path, "acme/shop") == Earlier()
    create_ledger(tmp_path / "ledger", origin="example.com/log", now=0).close()
    assert earlier_scans(tmp_path / "ledger", "acme/shop") == Earlier()

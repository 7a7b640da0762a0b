"""Keeping a ledger: appending, showing, sealing, proving."""

from pathlib import Path

import pytest

from asbuilt.app import ledger
from asbuilt.ledger.ledger import open_ledger
from asbuilt.ledger.notes import parse_vkey
from asbuilt.model.errors import LedgerError, UsageError
from tests.ledger.sealing import NOW, ORIGIN, record


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    ledger.init(tmp_path / "ledger", origin=ORIGIN, now=NOW)
    return tmp_path / "ledger"


def test_a_ledger_is_made_with_a_key_to_publish(tmp_path: Path) -> None:
    made = ledger.init(tmp_path / "ledger", origin=ORIGIN, now=NOW)
    assert parse_vkey(made.key).fingerprint == made.fingerprint
    assert (tmp_path / "ledger" / "key.vkey").read_text() == made.key + "\n"


def test_records_are_kept_once_in_batches(folder: Path) -> None:
    records = list(map(record, range(2500)))
    assert ledger.append(folder, iter(records)) == ledger.Kept(2500, 0, 2500)
    assert ledger.append(folder, [*records[:3], record(9999)]) == ledger.Kept(1, 3, 2501)


@pytest.mark.parametrize(
    ("text", "entries"), [("3", range(3, 4)), ("3-5", range(3, 6)), ("7-", range(7, 10)), ("0-0", range(1))]
)
def test_entries_are_named_by_index(text: str, entries: range) -> None:
    assert ledger.read_span(text, 10) == entries


@pytest.mark.parametrize("text", ["", "x", "-1", "5-3", "10", "3-10", "1,2", "1-2-3", "9" * 30, "٣"])
def test_what_names_no_entry_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        ledger.read_span(text, 10)


def test_an_entry_is_named_by_the_hash_that_a_report_cites(folder: Path) -> None:
    ledger.append(folder, map(record, range(600)))
    entries = list(ledger.show(folder))
    for index in (0, 255, 256, 599):
        for digits in (12, 16, 64):
            (shown,) = ledger.show(folder, span=entries[index].leaf[:digits])
            assert shown == entries[index]
    assert ledger.raw_entry(folder, entries[300].leaf) == ledger.raw_entry(folder, "300")
    ledger.checkpoint(folder, now=NOW)
    assert ledger.prove(folder, entries[300].leaf[:16]) == ledger.prove(folder, "300")
    for strange in ("0" * 64, entries[3].leaf[1:], entries[3].leaf[:40].upper()):
        with pytest.raises(UsageError):
            ledger.raw_entry(folder, strange)
    with open_ledger(folder, read_only=True) as opened:
        assert opened.find_hash(entries[599].leaf) == [599]


def test_entries_are_shown_and_found(folder: Path) -> None:
    ledger.append(folder, [*map(record, range(30)), record(7, payload=b"\xff\x00", kind="raw/x")])

    def indexes(**asked: object) -> list[int]:
        return [entry.index for entry in ledger.show(folder, **asked)]  # type: ignore[arg-type]

    assert indexes(limit=5) == [26, 27, 28, 29, 30]
    assert indexes() == list(range(31))
    assert indexes(span="3-5", limit=1) == [3, 4, 5]
    assert indexes(source="test", event="E-7") == [7, 30]
    assert indexes(source="test", event="E-7", kind="raw/x") == [30]
    assert indexes(event="E-8") == [8]
    assert indexes(source="nobody") == []
    (shown,) = ledger.show(folder, span="30")
    assert (shown.text, shown.base64, shown.bytes) == (None, "/wA=", 2)
    assert ledger.raw_entry(folder, "30").endswith(b"\n\xff\x00")


def test_an_entry_is_proved_once_it_is_sealed(folder: Path, tmp_path: Path) -> None:
    ledger.append(folder, map(record, range(5)))
    with pytest.raises(UsageError, match="no checkpoint yet"):
        ledger.prove(folder, "2")
    checkpoint = ledger.checkpoint(folder, now=NOW)
    assert ledger.newest_checkpoint(folder) == checkpoint
    ledger.append(folder, [record(5)])
    with pytest.raises(UsageError, match="No checkpoint seals entry 5"):
        ledger.prove(folder, "5")
    (tmp_path / "proof").write_bytes(ledger.prove(folder, "2"))
    (tmp_path / "entry").write_bytes(ledger.raw_entry(folder, "2"))
    key = parse_vkey((folder / "key.vkey").read_text())
    assert ledger.check_proof(tmp_path / "proof", tmp_path / "entry", key=key).index == 2
    (tmp_path / "entry").write_bytes(ledger.raw_entry(folder, "3"))
    with pytest.raises(LedgerError):
        ledger.check_proof(tmp_path / "proof", tmp_path / "entry", key=key)


def test_a_rotation_is_sealed_by_the_new_key(folder: Path) -> None:
    ledger.append(folder, [record(0)])
    made = ledger.rotate_key(folder, now=NOW, by="ana")
    assert made.index == 1
    with open_ledger(folder) as opened:
        assert ledger.signed_last(opened).size == 2

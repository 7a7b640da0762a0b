"""Entries and checks as text: nothing that comes from outside can act on a terminal."""

from pathlib import Path

from asbuilt.app.ledger import shown_entry
from asbuilt.app.ledger_checks import check
from asbuilt.cli.ledger_text import check_text, entry_line, entry_page, json_line
from asbuilt.ledger.keys import load_key
from asbuilt.ledger.ledger import open_ledger
from asbuilt.ledger.notes import parse_note
from asbuilt.ledger.witness import accept_answer, keep_cosigned
from asbuilt.model.record import Record, encode_entry
from tests.ledger.sealing import NOW, alter, made
from tests.ledger.test_witness import Witness


def test_an_entry_from_outside_is_shown_harmlessly() -> None:
    hostile = Record("\x1b[31m", "e\u202ee", "k\nk", b"\x1b[2J\nsecond", NOW, NOW, "a\x07", "cli")
    entry = shown_entry(0, encode_entry(hostile))
    for text in (entry_line(entry), entry_page(entry), json_line(entry).decode()):
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert "\x07" not in text
    assert entry_line(entry).count("\n") == 0
    assert entry_page(entry).endswith("\\x1b[2J\nsecond")
    binary = shown_entry(1, encode_entry(Record("s", "e", "k", b"\xff", NOW, NOW, "a", "cli")))
    assert "payload is no text" in entry_page(binary)


def test_a_check_says_who_has_seen_what_and_what_it_did_not_check(tmp_path: Path) -> None:
    folder = tmp_path / "ledger"
    assert "No checkpoint was signed yet" in check_text(check(_closed(folder)))
    with made(tmp_path / "sealed", entries=4, signed=[3]) as ledger:
        text = check_text(check(ledger.folder))
        assert "the newest seals 3 entries, 1 came after it." in text
        assert "no witness, no timestamp" in text
        assert "Not checked: whether all of it was exchanged" in text
        witness = Witness("w.example", load_key(ledger.folder).verifier)
        path = ledger.folder / "checkpoints" / "000000000003.checkpoint"
        line = witness.cosign(parse_note(path.read_bytes()).text, NOW).line.encode()
        keep_cosigned(ledger.folder, accept_answer(path.read_bytes(), line, [witness.key], now=NOW), [witness.key])
        path.with_suffix(".tsr").touch()
    text = check_text(check(tmp_path / "sealed", key=str(tmp_path / "sealed" / "key.vkey")))
    assert "Seen by w.example at 2026-01-01T00:00:00Z: 3 entries." in text
    assert "timestamp over 3 entries is kept" in text
    assert "fingerprint" not in text


def test_what_fails_is_said_first(tmp_path: Path) -> None:
    made(tmp_path / "ledger", entries=4, signed=[4]).close()
    alter(tmp_path / "ledger", b'{"number":"2"}', b'{"number":"X"}')
    text = check_text(check(tmp_path / "ledger"))
    assert "FAILS" in text
    assert "Every entry, hash, attachment and checkpoint holds" not in text


def _closed(folder: Path) -> Path:
    made(folder).close()
    with open_ledger(folder):
        return folder

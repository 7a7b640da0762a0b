"""Checking a ledger: what holds, and what does not, all of it named."""

from pathlib import Path

import pytest

from asbuilt.app.ledger_checks import check, read_key
from asbuilt.ledger.checkpoints import CHECKPOINTS
from asbuilt.ledger.keys import generate_key, load_key
from asbuilt.model.errors import LedgerError, UsageError
from tests.ledger.sealing import ORIGIN, alter, made, record, remade


def test_a_ledger_that_holds(tmp_path: Path) -> None:
    folder = tmp_path / "ledger"
    with made(folder, entries=9, signed=[4, 9]) as ledger:
        root = ledger.root().hex()
    found = check(folder, against=[folder / CHECKPOINTS], key=str(folder / "key.vkey"))
    assert (found.holds, found.size, found.root, found.sealed) == (True, 9, root, 9)
    assert (found.problems, found.differences, found.key_named) == ((), (), True)


def test_a_bit_that_changed_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "ledger"
    made(folder, entries=9, signed=[4, 9]).close()
    alter(folder, b'{"number":"6"}', b'{"number":"7"}')
    found = check(folder)
    assert not found.holds
    assert found.problems


def test_a_ledger_that_went_back_is_opened_to_say_how_far(tmp_path: Path) -> None:
    made(tmp_path / "old", entries=9, signed=[9]).close()
    with remade(tmp_path / "old", tmp_path / "ledger", map(record, range(6))) as ledger:
        (checkpoint,) = (tmp_path / "old" / CHECKPOINTS).iterdir()
        (ledger.folder / CHECKPOINTS / checkpoint.name).write_bytes(checkpoint.read_bytes())
    found = check(tmp_path / "ledger", against=[tmp_path / "old"])
    assert checkpoint.name in " ".join(f"{each.what} {each.where}" for each in found.problems)
    assert [(each.kind, each.first) for each in found.differences] == [("truncation", 6)]


def test_another_key_than_the_one_that_came_by_another_channel_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "ledger"
    made(folder, entries=2, signed=[2]).close()
    found = check(folder, key=generate_key(ORIGIN).verifier.text)
    assert [each.what[:42] for each in found.problems] == ["The ledger is not signed by the key that y"]


def test_a_key_is_given_as_text_or_as_a_file(tmp_path: Path) -> None:
    made(tmp_path / "ledger").close()
    key = load_key(tmp_path / "ledger").verifier
    assert read_key(key.text) == read_key(str(tmp_path / "ledger" / "key.vkey")) == key
    with pytest.raises(UsageError, match="no verifier key"):
        read_key("nothing")


def test_where_no_ledger_is_and_evidence_that_is_none_are_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no ledger in"):
        check(tmp_path)
    made(tmp_path / "ledger", entries=1).close()
    with pytest.raises(UsageError, match="nothing to compare"):
        check(tmp_path / "ledger", against=[tmp_path / "nowhere"])
    (tmp_path / "file").write_bytes(b"nothing")
    with pytest.raises(LedgerError, match="no signed note"):
        check(tmp_path / "ledger", against=[tmp_path / "file"])

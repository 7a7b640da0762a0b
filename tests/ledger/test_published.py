"""What a ledger published, held against what it says now."""

from pathlib import Path

import pytest

from asbuilt.ledger.checkpoints import checkpoint_text, keep_checkpoint, kept_checkpoints, sign_checkpoint, signing
from asbuilt.ledger.keys import generate_key, load_key, publish_key
from asbuilt.ledger.merkle import EMPTY_ROOT, root_at
from asbuilt.ledger.notes import COSIGNATURE, Signature, VerifierKey, parse_note, sign_note
from asbuilt.ledger.published import check_published, keys_of, pin_key, roots_at
from asbuilt.ledger.rotation import rotate
from asbuilt.ledger.witness import keep_cosigned
from asbuilt.model.errors import LedgerError
from tests.ledger.sealing import NOW, ORIGIN, alter, made, record


def test_every_checkpoint_of_a_ledger_that_only_grew_holds(tmp_path: Path) -> None:
    with made(tmp_path / "ledger", entries=9, signed=[0, 3, 7, 9]) as ledger:
        found = check_published(ledger, keys_of(ledger))
        assert [(each.size, each.problem) for each in found] == [(0, ""), (3, ""), (7, ""), (9, "")]
        roots = roots_at(ledger, range(12))
        assert roots == {size: ledger.root(size) for size in range(10)}
        assert roots[0] == EMPTY_ROOT


def test_each_checkpoint_bears_the_key_of_its_time(tmp_path: Path) -> None:
    with made(tmp_path / "ledger", entries=3, signed=[3]) as ledger:
        old = load_key(ledger.folder)
        with signing(ledger.folder):
            rotate(ledger, NOW, "ana")
        sign_checkpoint(ledger, NOW)
        keys = keys_of(ledger)
        assert [each.problem for each in check_published(ledger, keys)] == ["", ""]
        assert (keys.for_size(3), keys.for_size(4)) == (old.verifier, keys.current)
        # The old key, stolen later, signs a checkpoint of now: it does not count.
        keep_checkpoint(ledger.folder, sign_note(checkpoint_text(ORIGIN, 4, ledger.root()), old))
        assert "No known key signed" in check_published(ledger, keys)[1].problem


def test_an_entry_that_was_changed_shows_in_every_checkpoint_over_it(tmp_path: Path) -> None:
    with made(tmp_path / "ledger", entries=9, signed=[3, 7, 9]) as ledger:
        alter(ledger.folder, b'{"number":"4"}', b'{"number":"X"}')
        problems = {each.size: each.problem for each in check_published(ledger, keys_of(ledger))}
        assert problems[3] == ""
        assert "first 7 entries do not have the root" in problems[7]
        assert "first 9 entries do not have the root" in problems[9]


def test_what_is_wrong_with_a_checkpoint_is_named(tmp_path: Path) -> None:
    with made(tmp_path / "ledger", entries=5, signed=[1, 2, 3, 4, 5]) as ledger:
        key = load_key(ledger.folder)
        one, two, three, four, _ = kept_checkpoints(ledger.folder)
        one.write_bytes(b"nothing")
        two.write_bytes(sign_note(checkpoint_text("example.com/other", 2, ledger.root(2)), key))
        three.write_bytes(sign_note(checkpoint_text(ORIGIN, 3, ledger.root(3)), generate_key(ORIGIN)))
        four.write_bytes(four.read_bytes().replace(b"\n4\n", b"\n5\n"))
        keep_checkpoint(ledger.folder, sign_note(checkpoint_text(ORIGIN, 6, bytes(32)), key))
        problems = [each.problem for each in check_published(ledger, keys_of(ledger))]
    expected = ["no signed note", "another ledger", "No known key", "another size", "", "seals 6 entries"]
    assert [text in problem for text, problem in zip(expected, problems, strict=True)] == [True] * 6
    assert problems[4] == ""


def test_a_false_cosignature_is_named(tmp_path: Path) -> None:
    with made(tmp_path / "ledger", entries=2, signed=[2]) as ledger:
        witness = VerifierKey("w", bytes(32), COSIGNATURE)
        checkpoint = kept_checkpoints(ledger.folder)[0].read_bytes()
        forged = checkpoint + Signature("w", witness.key_id, bytes(72)).line.encode()
        assert parse_note(forged)
        keep_cosigned(ledger.folder, forged, [witness])
        assert "cosignature of w" in check_published(ledger, keys_of(ledger))[0].problem


def test_a_published_key_that_was_exchanged_is_named(tmp_path: Path) -> None:
    with made(tmp_path / "ledger", entries=2, signed=[2]) as ledger:
        first = keys_of(ledger).current
        with signing(ledger.folder):
            rotate(ledger, NOW, "ana")
        for key in keys_of(ledger).all:
            pin_key(keys_of(ledger), key)
        assert first in keys_of(ledger).all
        with pytest.raises(LedgerError, match="not signed by the key that you named"):
            pin_key(keys_of(ledger), generate_key(ORIGIN).verifier)
        publish_key(ledger.folder, generate_key(ORIGIN).verifier)
        with pytest.raises(LedgerError, match="not the one that the ledger's last rotation names"):
            keys_of(ledger)


def test_roots_of_entries_and_of_the_stored_tree_are_the_same(tmp_path: Path) -> None:
    with made(tmp_path / "ledger", entries=map(record, range(300))) as ledger:
        assert roots_at(ledger, []) == {}
        assert roots_at(ledger, [300, 17]) == {300: ledger.root(), 17: ledger.root(17)}
        assert root_at(0, lambda _, __: b"") == EMPTY_ROOT

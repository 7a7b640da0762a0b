"""Replacing the key: signed by both, recorded, and whole whenever it is cut short."""

from pathlib import Path

import pytest

from asbuilt.ledger.checkpoints import sign_checkpoint, signing
from asbuilt.ledger.keys import KEY, PUBLIC, SigningKey, generate_key, load_key, make_key
from asbuilt.ledger.ledger import Ledger
from asbuilt.ledger.notes import parse_note, sign_note, verify_note
from asbuilt.ledger.rotation import (
    EVENT,
    FORMAT,
    KIND,
    NEXT,
    SOURCE,
    Rotation,
    current_key,
    key_for_size,
    keys_in_force,
    published_key,
    rotate,
    rotations,
    settle_rotation,
)
from asbuilt.model.errors import LedgerError, UsageError
from asbuilt.model.record import Record
from tests.ledger.sealing import NOW, ORIGIN, made, record


def rotated(ledger: Ledger) -> Rotation:
    with signing(ledger.folder):
        return rotate(ledger, NOW, "ana")


def told(
    old: SigningKey, new: SigningKey, *signers: SigningKey, origin: str = ORIGIN, form: str = FORMAT
) -> Record:
    """A rotation as somebody else might append it."""
    text = f"{form}\n{origin}\n{old.verifier.text}\n{new.verifier.text}\n2026-01-01T00:00:00Z\n"
    return Record(
        source=SOURCE,
        event=EVENT,
        kind=KIND,
        payload=sign_note(text, *(signers or (old, new))),
        observed=NOW,
        recorded=NOW,
        by="eve",
        how="cli",
        media="text/plain; charset=utf-8",
    )


def test_a_rotation_is_recorded_under_both_signatures_and_the_new_key_signs(tmp_path: Path) -> None:
    with made(tmp_path / "ledger", entries=3, signed=[3]) as ledger:
        first = load_key(ledger.folder).verifier
        one = rotated(ledger)
        two = rotated(ledger)
        now = load_key(ledger.folder).verifier
        assert (one.index, one.old, one.new) == (3, first, two.old)
        assert (two.index, two.new, published_key(ledger.folder)) == (4, now, now)
        assert rotations(ledger) == (one, two)
        assert not (ledger.folder / NEXT).exists()
        assert (ledger.folder / KEY).stat().st_mode & 0o777 == 0o600
        assert verify_note(parse_note(sign_checkpoint(ledger, NOW)), [now]) == (now,)
        assert list(keys_in_force((one, two), now)) == [(0, first), (4, one.new), (5, now)]
        assert [key_for_size((one, two), now, size) for size in (0, 3, 4, 5, 9)] == [
            first,
            first,
            one.new,
            now,
            now,
        ]


def test_without_a_rotation_the_key_that_it_was_made_with_counts(tmp_path: Path) -> None:
    with made(tmp_path / "ledger", entries=1) as ledger:
        key = load_key(ledger.folder).verifier
        assert rotations(ledger) == ()
        assert current_key(ledger, key) == key
        assert list(keys_in_force((), key)) == [(0, key)]


def test_a_rotation_cut_short_before_it_was_recorded_leaves_the_old_key(tmp_path: Path) -> None:
    with made(tmp_path / "ledger", entries=1) as ledger:
        before = load_key(ledger.folder)
        make_key(ledger.folder, ORIGIN, file=NEXT)
        settle_rotation(ledger)
        assert load_key(ledger.folder) == before
        assert not (ledger.folder / NEXT).exists()
        # … and when it was cut short while the new key was being written.
        (ledger.folder / NEXT).write_bytes(b"PRIVATE+KE")
        (ledger.folder / NEXT).chmod(0o600)
        settle_rotation(ledger)
        assert load_key(ledger.folder) == before
        assert not (ledger.folder / NEXT).exists()


@pytest.mark.parametrize("public_written", [False, True])
def test_a_rotation_cut_short_after_it_was_recorded_is_finished(tmp_path: Path, public_written: bool) -> None:
    with made(tmp_path / "ledger", entries=1) as ledger:
        old = load_key(ledger.folder)
        new = make_key(ledger.folder, ORIGIN, file=NEXT)
        ledger.append([told(old, new)])
        if public_written:
            (ledger.folder / PUBLIC).write_text(new.verifier.text + "\n")
        signed = sign_checkpoint(ledger, NOW)  # whoever signs next settles it
        assert load_key(ledger.folder) == new
        assert published_key(ledger.folder) == new.verifier
        assert verify_note(parse_note(signed), [new.verifier])


def test_a_new_key_that_was_lost_after_it_was_recorded_is_told(tmp_path: Path) -> None:
    with made(tmp_path / "ledger", entries=1) as ledger:
        ledger.append([told(load_key(ledger.folder), generate_key(ORIGIN))])
        (ledger.folder / NEXT).write_bytes(b"")
        (ledger.folder / NEXT).chmod(0o600)
        with pytest.raises(LedgerError, match="last rotation is damaged"):
            settle_rotation(ledger)
        assert (ledger.folder / NEXT).exists()


def test_a_key_that_was_handed_over_signs_nothing_any_more(tmp_path: Path) -> None:
    with made(tmp_path / "ledger", entries=1) as ledger:
        old = (ledger.folder / KEY).read_bytes()
        rotated(ledger)
        (ledger.folder / KEY).write_bytes(old)
        with pytest.raises(LedgerError, match="not the one that the ledger names"):
            sign_checkpoint(ledger, NOW)
        with pytest.raises(LedgerError, match="not the one that the ledger names"):
            rotated(ledger)


def test_a_rotation_that_the_key_did_not_sign_is_false(tmp_path: Path) -> None:
    with made(tmp_path / "ledger", entries=1) as ledger:
        old, new, eve = load_key(ledger.folder), generate_key(ORIGIN), generate_key(ORIGIN)
        for number, forged in enumerate(
            (
                told(old, new, new),  # not by the old one
                told(old, new, old),  # not by the new one
                told(old, new, old, origin="example.com/other"),
                told(old, new, form="asbuilt.key-rotation/v2"),
                told(old, old),
                Record(SOURCE, EVENT, KIND, b"nothing", NOW, NOW, "eve", "cli"),
            )
        ):
            with made(tmp_path / f"forged-{number}", entries=1) as other:
                other.append([forged])
                with pytest.raises(LedgerError, match="rotation at entry 1 is false"):
                    rotations(other)
        ledger.append([told(old, new), told(eve, old)])
        with pytest.raises(LedgerError, match="does not go on"):
            rotations(ledger)


def test_other_records_of_that_event_are_none(tmp_path: Path) -> None:
    with made(tmp_path / "ledger") as ledger:
        ledger.append([Record(SOURCE, EVENT, "fact/probe", b"{}", NOW, NOW, "ana", "cli"), record(1)])
        assert rotations(ledger) == ()


def test_a_ledger_without_its_public_key_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="verifier key is not here"):
        published_key(tmp_path)

"""Checkpoints: what they say, what is never signed, and how far a ledger may go back (not at all)."""

import shutil
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.ledger.checkpoints import (
    CHECKPOINTS,
    checkpoint_text,
    checkpoints_of,
    keep_checkpoint,
    kept_checkpoints,
    latest_checkpoint,
    parse_checkpoint,
    published_size,
    sign_checkpoint,
    signing,
    verify_checkpoint,
)
from asbuilt.ledger.keys import generate_key, key_from_seed, load_key
from asbuilt.ledger.ledger import open_ledger
from asbuilt.ledger.merkle import EMPTY_ROOT, leaf_hash
from asbuilt.ledger.notes import parse_vkey, sign_note
from asbuilt.model.errors import LedgerError, UsageError
from tests.ledger.sealing import NOW, ORIGIN, alter, made, record, remade

TESSERA = Path(__file__).parents[1] / "vectors" / "tessera"
TESSERA_KEY = parse_vkey("example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx")


@pytest.mark.parametrize("size", range(16))
def test_the_sixteen_checkpoints_of_tessera(size: int) -> None:
    data = (TESSERA / f"checkpoint.{size}").read_bytes()
    found = verify_checkpoint(data, origin=TESSERA_KEY.name, keys=(TESSERA_KEY,))
    assert (found.size, found.encode()) == (size, data)
    with pytest.raises(LedgerError, match="of another ledger"):
        verify_checkpoint(data, origin="example.com/other", keys=(TESSERA_KEY,))
    with pytest.raises(LedgerError, match="No known key"):
        verify_checkpoint(data, origin=TESSERA_KEY.name, keys=(generate_key(TESSERA_KEY.name).verifier,))


def test_the_head_is_signed_and_kept_once(tmp_path: Path) -> None:
    with made(tmp_path / "ledger", entries=5) as ledger:
        assert latest_checkpoint(ledger) is None
        signed = sign_checkpoint(ledger, NOW)
        key = load_key(ledger.folder).verifier
        assert verify_checkpoint(signed, origin=ORIGIN, keys=(key,)).root == ledger.root()
        assert sign_checkpoint(ledger, NOW + 9) == signed == latest_checkpoint(ledger)
        ledger.append([record(5)])
        assert parse_checkpoint(sign_checkpoint(ledger, NOW)).size == 6
        assert [path.name for path in kept_checkpoints(ledger.folder)] == [
            "000000000005.checkpoint",
            "000000000006.checkpoint",
        ]
        assert published_size(ledger.folder) == 6


def test_an_empty_ledger_can_be_signed(tmp_path: Path) -> None:
    with made(tmp_path / "ledger") as ledger:
        assert published_size(ledger.folder) == 0
        found = parse_checkpoint(sign_checkpoint(ledger, NOW))
        assert (found.size, found.root) == (0, EMPTY_ROOT)


def test_a_ledger_that_went_back_is_neither_opened_nor_signed(tmp_path: Path) -> None:
    old = tmp_path / "old"
    with made(tmp_path / "ledger", entries=5) as ledger:
        pass
    shutil.copytree(tmp_path / "ledger", old)
    with open_ledger(tmp_path / "ledger") as ledger:
        ledger.append([record(5)])
        sign_checkpoint(ledger, NOW)
    with open_ledger(old) as behind:  # an old copy that gets the newer checkpoint: as after a bad restore
        shutil.copy2(kept_checkpoints(tmp_path / "ledger")[-1], old / CHECKPOINTS)
        with pytest.raises(LedgerError, match="contradicts a checkpoint") as caught:
            sign_checkpoint(behind, NOW)
        assert "seals 6 entries, the ledger has 5" in caught.value.why
    with pytest.raises(LedgerError, match="contradicts a checkpoint"):
        open_ledger(old)


def test_another_history_is_not_signed_over_what_was_signed(tmp_path: Path) -> None:
    made(tmp_path / "a", entries=4, signed=[4]).close()
    records = [*map(record, range(3)), record(3, payload=b"another"), record(4)]
    with remade(tmp_path / "a", tmp_path / "b", records) as other:
        shutil.copy2(kept_checkpoints(tmp_path / "a")[-1], other.folder / CHECKPOINTS)
        with pytest.raises(LedgerError, match="contradicts a checkpoint") as caught:
            sign_checkpoint(other, NOW)
        assert "first 4 entries do not have the root" in caught.value.why
        assert len(kept_checkpoints(other.folder)) == 1


def test_a_head_whose_tree_is_damaged_is_not_signed(tmp_path: Path) -> None:
    with made(tmp_path / "ledger", entries=5, signed=[3]) as ledger:
        alter(ledger.folder, leaf_hash(ledger.entry(1)), bytes(32))
        with pytest.raises(LedgerError):
            sign_checkpoint(ledger, NOW)
        assert published_size(ledger.folder) == 3


def test_without_its_key_or_with_another_nothing_is_signed(tmp_path: Path) -> None:
    with made(tmp_path / "ledger", entries=1) as ledger:
        (ledger.folder / "key").chmod(0o644)
        with pytest.raises(UsageError, match="read by others"):
            sign_checkpoint(ledger, NOW)
        (ledger.folder / "key").unlink()
        with pytest.raises(UsageError, match="is not here"):
            sign_checkpoint(ledger, NOW)
        assert kept_checkpoints(ledger.folder) == []


def text_of(*lines: str) -> bytes:
    return sign_note("".join(f"{line}\n" for line in lines), key_from_seed("k", bytes(32)))


ROOT = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="


@pytest.mark.parametrize(
    "lines",
    [
        (ORIGIN, "5"),
        (ORIGIN, "05", ROOT),
        (ORIGIN, "-5", ROOT),
        (ORIGIN, "+5", ROOT),
        (ORIGIN, "5 ", ROOT),
        (ORIGIN, "٥", ROOT),
        (ORIGIN, "9" * 25, ROOT),
        (ORIGIN, "5", ROOT[:-4]),
        (ORIGIN, "5", "!" + ROOT[1:]),
        ("", "5", ROOT),
        (ORIGIN, "5", ROOT, "", "more"),
    ],
)
def test_what_is_no_checkpoint_is_refused(lines: tuple[str, ...]) -> None:
    with pytest.raises(LedgerError, match="no checkpoint"):
        parse_checkpoint(text_of(*lines))


@given(st.integers(0, 10**18), st.binary(min_size=32, max_size=32), st.lists(st.just("extension"), max_size=2))
def test_what_a_checkpoint_says_is_read_back(size: int, root: bytes, extensions: list[str]) -> None:
    data = text_of(*checkpoint_text(ORIGIN, size, root).split("\n")[:-1], *extensions)
    found = parse_checkpoint(data)
    assert (found.origin, found.size, found.root, found.encode()) == (ORIGIN, size, root, data)


def test_a_kept_checkpoint_that_was_damaged_or_renamed_is_told(tmp_path: Path) -> None:
    with made(tmp_path / "ledger", entries=5, signed=[3, 5]) as ledger:
        three, five = kept_checkpoints(ledger.folder)
        three.rename(three.with_name("000000000004.checkpoint"))
        with pytest.raises(LedgerError, match="name of another size"):
            list(checkpoints_of(ledger.folder))
        five.write_bytes(b"nothing")
        with pytest.raises(LedgerError, match="no signed note") as caught:
            latest_checkpoint(ledger)
        assert caught.value.where == str(five)


def test_the_folder_is_made_where_it_is_missing(tmp_path: Path) -> None:
    path = keep_checkpoint(tmp_path, text_of(ORIGIN, "5", ROOT))
    assert path == tmp_path / CHECKPOINTS / "000000000005.checkpoint"


def test_one_signs_at_a_time(tmp_path: Path) -> None:
    order: list[str] = []

    def second() -> None:
        with signing(tmp_path):
            order.append("second")

    with signing(tmp_path):
        other = threading.Thread(target=second)
        other.start()
        other.join(0.2)
        order.append("first")
    other.join()
    assert order == ["first", "second"]

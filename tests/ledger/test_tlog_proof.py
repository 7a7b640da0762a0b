"""Proofs of one entry: every entry of every size, and nothing else."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.ledger.checkpoints import sign_checkpoint
from asbuilt.ledger.keys import generate_key, load_key
from asbuilt.ledger.merkle import leaf_hash
from asbuilt.ledger.tlog_proof import HEADER, TlogProof, parse_tlog_proof, tlog_proof, verify_tlog_proof
from asbuilt.model.errors import LedgerError, UsageError
from tests.ledger.sealing import NOW, ORIGIN, made, record


def test_every_entry_is_proved_at_every_size(tmp_path: Path) -> None:
    with made(tmp_path / "ledger") as ledger:
        keys = [load_key(ledger.folder).verifier]
        for size in range(1, 18):
            ledger.append([record(size)])
            checkpoint = sign_checkpoint(ledger, NOW)
            for index in range(size):
                proof = tlog_proof(ledger, index, checkpoint)
                leaf = leaf_hash(ledger.entry(index))
                found = verify_tlog_proof(proof, leaf, origin=ORIGIN, keys=keys)
                assert (found.index, found.checkpoint.size, found.witnesses) == (index, size, ())
                with pytest.raises(LedgerError):
                    verify_tlog_proof(proof, leaf_hash(b"another entry"), origin=ORIGIN, keys=keys)


def test_no_bit_of_a_proof_may_change(tmp_path: Path) -> None:
    with made(tmp_path / "ledger", entries=6) as ledger:
        keys = [load_key(ledger.folder).verifier]
        proof = tlog_proof(ledger, 2, sign_checkpoint(ledger, NOW))
        leaf = leaf_hash(ledger.entry(2))
        verify_tlog_proof(proof, leaf, origin=ORIGIN, keys=keys)
        for at in range(len(proof) * 8):
            changed = bytearray(proof)
            changed[at // 8] ^= 1 << at % 8
            with pytest.raises(LedgerError):
                verify_tlog_proof(bytes(changed), leaf, origin=ORIGIN, keys=keys)


def test_only_the_log_and_the_key_that_are_meant_count(tmp_path: Path) -> None:
    with made(tmp_path / "ledger", entries=6) as ledger:
        proof, leaf = tlog_proof(ledger, 2, sign_checkpoint(ledger, NOW)), leaf_hash(ledger.entry(2))
        keys = [load_key(ledger.folder).verifier]
    with pytest.raises(LedgerError, match="of another ledger"):
        verify_tlog_proof(proof, leaf, origin="example.com/other", keys=keys)
    with pytest.raises(LedgerError, match="No known key"):
        verify_tlog_proof(proof, leaf, origin=ORIGIN, keys=[generate_key(ORIGIN).verifier])


def test_what_no_checkpoint_seals_is_not_proved(tmp_path: Path) -> None:
    with made(tmp_path / "ledger", entries=6, signed=[4]) as ledger:
        checkpoint = sign_checkpoint(ledger, NOW)
        with pytest.raises(UsageError):
            tlog_proof(ledger, 6, checkpoint)


@given(
    st.integers(0, 10**18),
    st.lists(st.binary(min_size=32, max_size=32), max_size=63),
    st.none() | st.binary(max_size=40),
)
def test_the_parts_are_read_back(index: int, hashes: list[bytes], extra: bytes | None) -> None:
    proof = TlogProof(index, tuple(hashes), b"the checkpoint\n\nof it\n", extra)
    assert parse_tlog_proof(proof.encode()) == proof


HASH = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="


@pytest.mark.parametrize(
    "head",
    [
        "",
        "c2sp.org/tlog-proof@v2\nindex 0",
        HEADER,
        f"{HEADER}\nindex",
        f"{HEADER}\nindex 01",
        f"{HEADER}\nindex -1",
        f"{HEADER}\nindex {'9' * 30}",
        f"{HEADER}\nindex 0\n{HASH[:-4]}",
        f"{HEADER}\nindex 0\n{HASH}\n!",
        f"{HEADER}\nindex 0\n" + "\n".join([HASH] * 64),
        f"{HEADER}\nextra !\nindex 0",
        f"{HEADER}\nindex 0\nextra AAAA",
        f"{HEADER}\nindex ٥",
    ],
)
def test_what_is_no_proof_is_refused(head: str) -> None:
    with pytest.raises(LedgerError, match="no proof"):
        parse_tlog_proof(head.encode() + b"\n\ncheckpoint\n")


def test_a_proof_without_a_checkpoint_is_refused() -> None:
    with pytest.raises(LedgerError, match="no proof"):
        parse_tlog_proof(f"{HEADER}\nindex 0\n".encode())


@given(st.binary(max_size=200))
def test_any_bytes_are_a_proof_or_refused(data: bytes) -> None:
    with pytest.raises(LedgerError):
        verify_tlog_proof(data, bytes(32), origin=ORIGIN, keys=[])

"""Witnesses: the request that they check, the answer that we check."""

import base64
from pathlib import Path

import pytest

from asbuilt.ledger.checkpoints import latest_checkpoint, parse_checkpoint, sign_checkpoint
from asbuilt.ledger.keys import SigningKey, key_from_seed, load_key
from asbuilt.ledger.merkle import leaf_hash, verify_consistency
from asbuilt.ledger.notes import COSIGNATURE, Signature, VerifierKey, parse_note, parse_vkey, verify_note
from asbuilt.ledger.tlog_proof import tlog_proof, verify_tlog_proof
from asbuilt.ledger.witness import (
    Cosigned,
    accept_answer,
    add_checkpoint_request,
    keep_cosigned,
    stamped_part,
    trusted_witnesses,
    verified_cosignatures,
)
from asbuilt.model.errors import LedgerError, UsageError
from tests.ledger.sealing import NOW, ORIGIN, made, record


class Witness:
    """A witness as tlog-witness describes it, in memory: it remembers the last size and root of a log."""

    def __init__(self, name: str, log: VerifierKey, number: int = 9) -> None:
        self._key: SigningKey = key_from_seed(name, bytes([number]) * 32)
        self._log = log
        self.size, self.root = 0, b""
        self.key = VerifierKey(name, self._key.verifier.public, COSIGNATURE)

    def add_checkpoint(self, body: bytes, *, now: int = NOW) -> tuple[int, bytes]:
        head, _, note = body.partition(b"\n\n")
        first, *lines = head.decode().split("\n")
        word, old = first.split(" ")
        assert word == "old"
        found = parse_checkpoint(note)
        verify_note(found.note, [self._log])
        if int(old) != self.size:
            return 409, b"%d\n" % self.size
        proof = [base64.b64decode(line) for line in lines]
        if self.size:
            try:
                verify_consistency(self.size, found.size, proof, self.root, found.root)
            except LedgerError:
                return 422, b""
        self.size, self.root = found.size, found.root
        return 200, self.cosign(found.note.text, now).line.encode()

    def cosign(self, text: str, now: int) -> Signature:
        value = self._key.sign(f"cosignature/v1\ntime {now}\n{text}".encode())
        return Signature(self.key.name, self.key.key_id, now.to_bytes(8, "big") + value)


def test_a_ledger_is_witnessed_as_it_grows(tmp_path: Path) -> None:
    with made(tmp_path / "ledger", entries=3) as ledger:
        log = load_key(ledger.folder).verifier
        witness = Witness("witness.example/w1", log)
        for size in (3, 8, 8, 9, 20):
            ledger.append(map(record, range(ledger.size, size)))
            checkpoint = sign_checkpoint(ledger, NOW)
            code, told = witness.add_checkpoint(add_checkpoint_request(ledger, checkpoint, old=witness.size))
            assert code == 200
            cosigned = accept_answer(checkpoint, told, [witness.key], now=NOW)
            keep_cosigned(ledger.folder, cosigned, [witness.key])
            assert latest_checkpoint(ledger) == cosigned == sign_checkpoint(ledger, NOW)
        assert trusted_witnesses(ledger.folder) == (witness.key,)
        # The cosignature travels with the proof of an entry.
        proof = tlog_proof(ledger, 4, cosigned)
        found = verify_tlog_proof(
            proof, leaf_hash(ledger.entry(4)), origin=ORIGIN, keys=[log], witnesses=[witness.key]
        )
        assert found.witnesses == (Cosigned(witness.key, NOW),)


def test_a_witness_that_has_seen_another_size_says_so(tmp_path: Path) -> None:
    with made(tmp_path / "ledger", entries=3) as ledger:
        witness = Witness("w", load_key(ledger.folder).verifier)
        checkpoint = sign_checkpoint(ledger, NOW)
        witness.add_checkpoint(add_checkpoint_request(ledger, checkpoint, old=0))
        assert witness.add_checkpoint(add_checkpoint_request(ledger, checkpoint, old=0)) == (409, b"3\n")
        with pytest.raises(UsageError, match="cannot have seen 4"):
            add_checkpoint_request(ledger, checkpoint, old=4)


def test_a_witness_does_not_sign_another_history(tmp_path: Path) -> None:
    with made(tmp_path / "ledger", entries=3) as ledger:
        witness = Witness("w", load_key(ledger.folder).verifier)
        witness.add_checkpoint(add_checkpoint_request(ledger, sign_checkpoint(ledger, NOW), old=0))
        witness.root = bytes(32)
        ledger.append([record(3)])
        assert witness.add_checkpoint(add_checkpoint_request(ledger, sign_checkpoint(ledger, NOW), old=3))[0] == 422


def test_the_cosignature_has_the_form_of_the_specification() -> None:
    # The text that c2sp.org/tlog-cosignature shows as signed, and the length of the line that it shows.
    text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    line = (
        "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0"
        "xUe+mbIUBkBIfZ+qnA=="
    )
    shown = parse_note(f"{text}\n{line}\n".encode()).signatures[0]
    ours = Witness("witness.example.com/w1", VerifierKey("log", bytes(32))).cosign(text, 1679315147)
    assert len(ours.value) == len(shown.value) == 72
    assert ours.value[:8] == shown.value[:8]  # time 1679315147


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"", "signature lines"),
        (b"nonsense\n", "no signed note"),
        (b"\xff\n", "not UTF-8"),
        ("— somebody AAAAAAA=\n".encode(), "No witness that is trusted"),
        ("— somebody AAAAAAA=\n".encode() * 200, "too many"),
    ],
)
def test_an_answer_that_is_none_is_refused(tmp_path: Path, answer: bytes, why: str) -> None:
    with made(tmp_path / "ledger", entries=3) as ledger:
        witness = Witness("w", load_key(ledger.folder).verifier)
        with pytest.raises(LedgerError) as caught:
            accept_answer(sign_checkpoint(ledger, NOW), answer, [witness.key], now=NOW)
        assert why in f"{caught.value.what} {caught.value.why}"


def test_a_cosignature_of_another_checkpoint_or_time_is_refused(tmp_path: Path) -> None:
    with made(tmp_path / "ledger", entries=3, signed=[2]) as ledger:
        witness = Witness("w", load_key(ledger.folder).verifier)
        checkpoint = sign_checkpoint(ledger, NOW)
        text = parse_note(checkpoint).text
        false = [
            witness.cosign(text.replace("3", "2", 1), NOW),
            witness.cosign(text, 0),
            witness.cosign(text, NOW + 2 * 86_400),
        ]
        moved = witness.cosign(text, NOW)
        false.append(Signature(moved.name, moved.key_id, (NOW + 1).to_bytes(8, "big") + moved.value[8:]))
        for each in false:
            with pytest.raises(LedgerError, match="not accepted"):
                accept_answer(checkpoint, each.line.encode(), [witness.key], now=NOW)
        forged = checkpoint + false[-1].line.encode()
        with pytest.raises(LedgerError, match="cosignature of w under a checkpoint is false"):
            verified_cosignatures(parse_note(forged), [witness.key])
        assert verified_cosignatures(parse_note(forged), [Witness("w", witness.key, 8).key]) == ()


def test_several_witnesses_stand_side_by_side_and_none_twice(tmp_path: Path) -> None:
    with made(tmp_path / "ledger", entries=3) as ledger:
        log = load_key(ledger.folder).verifier
        one, two = Witness("w1", log, 1), Witness("w2", log, 2)
        first = sign_checkpoint(ledger, NOW)
        text = parse_note(first).text
        lines = one.cosign(text, NOW).line + two.cosign(text, NOW + 5).line
        both = accept_answer(first, lines.encode(), [one.key, two.key], now=NOW)
        assert accept_answer(both, lines.encode(), [one.key, two.key], now=NOW) == both
        seen = verified_cosignatures(parse_note(both), [two.key, one.key])
        assert seen == (Cosigned(one.key, NOW), Cosigned(two.key, NOW + 5))
        # What a timestamp covers does not change when witnesses sign later: the first five lines.
        assert stamped_part(parse_checkpoint(both)) == first == b"".join(both.splitlines(keepends=True)[:5])
        assert parse_vkey(one.key.text) == one.key

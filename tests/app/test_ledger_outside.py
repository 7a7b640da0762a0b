"""Requests to others and their answers, as use cases."""

from pathlib import Path

import pytest

from asbuilt.app import ledger_outside
from asbuilt.ledger.checkpoints import sign_checkpoint
from asbuilt.ledger.keys import load_key
from asbuilt.model.errors import LedgerError, UsageError
from tests.ledger.sealing import NOW, made, record
from tests.ledger.test_timestamps import Authority, needs_openssl
from tests.ledger.test_witness import Witness


def test_a_witness_answers_for_an_older_checkpoint_too(tmp_path: Path) -> None:
    with made(tmp_path / "ledger", entries=3, signed=[3]) as ledger:
        folder = ledger.folder
        witness = Witness("w", load_key(folder).verifier)
        code, answer = witness.add_checkpoint(ledger_outside.witness_request(folder, old=0))
        assert code == 200
        ledger.append([record(3)])
        sign_checkpoint(ledger, NOW)
        with pytest.raises(LedgerError, match="not accepted"):
            ledger_outside.witness_answer(folder, answer, keys=[witness.key.text], now=NOW)
        (seen,) = ledger_outside.witness_answer(folder, answer, keys=[witness.key.text], now=NOW, size=3)
        assert (seen.witness, seen.at) == (witness.key, NOW)
        # Once accepted, its key is known.
        _, again = witness.add_checkpoint(ledger_outside.witness_request(folder, old=3))
        assert len(ledger_outside.witness_answer(folder, again, keys=[], now=NOW)) == 1
        with pytest.raises(UsageError, match="No checkpoint of 7"):
            ledger_outside.witness_answer(folder, answer, keys=[], now=NOW, size=7)


@needs_openssl
def test_a_timestamp_is_kept_and_checked_again(tmp_path: Path) -> None:
    authority = Authority(tmp_path / "authority")
    with made(tmp_path / "ledger", entries=3, signed=[3]) as ledger:
        folder = ledger.folder
        assert ledger_outside.stamps(folder) == ()
        answer = authority.answer(ledger_outside.stamp_request(folder))
        made_stamp = ledger_outside.stamp_answer(folder, answer, authority.roots)
        assert ledger_outside.stamps(folder) == (made_stamp,)
        stamp = folder / "checkpoints" / "000000000003.tsr"
        stamp.write_bytes(answer[:-9] + bytes(9))
        with pytest.raises(LedgerError, match="not accepted"):
            ledger_outside.stamps(folder)


def test_nothing_is_asked_before_something_is_sealed(tmp_path: Path) -> None:
    made(tmp_path / "ledger", entries=3).close()
    with pytest.raises(UsageError, match="no checkpoint yet"):
        ledger_outside.witness_request(tmp_path / "ledger", old=0)
    with pytest.raises(UsageError, match="no checkpoint yet"):
        ledger_outside.stamp_request(tmp_path / "ledger")

"""Proofs of one entry that anybody verifies offline (C2SP ``tlog-proof@v1``).

Source: https://c2sp.org/tlog-proof.
"""

import base64
from collections.abc import Iterable, Sequence
from typing import Protocol

import msgspec

from asbuilt.ledger.checkpoints import Checkpoint, parse_checkpoint, verify_checkpoint
from asbuilt.ledger.merkle import verify_inclusion
from asbuilt.ledger.notes import VerifierKey, decode_base64
from asbuilt.ledger.witness import Cosigned, verified_cosignatures
from asbuilt.model.errors import LedgerError
from asbuilt.model.text import visible

HEADER = "c2sp.org/tlog-proof@v1"
SUFFIX = ".tlog-proof"
MOST_HASHES = 63
MOST_BYTES = 1 << 20


class Proving(Protocol):
    """What proves: ``ledger.Ledger``."""

    def inclusion_proof(self, index: int, size: int) -> list[bytes]:
        """The hashes from the leaf's sibling up."""


class TlogProof(msgspec.Struct, frozen=True):
    """The parts of a proof: where the entry stands, the hashes from its sibling up, and the checkpoint."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None

    def encode(self) -> bytes:
        """The proof as it is handed over."""
        lines = [HEADER]
        if self.extra is not None:
            lines.append(f"extra {base64.b64encode(self.extra).decode()}")
        lines.append(f"index {self.index}")
        lines += [base64.b64encode(each).decode() for each in self.hashes]
        return "\n".join((*lines, "", "")).encode() + self.checkpoint


class Proved(msgspec.Struct, frozen=True):
    """What a verified proof says: the entry's place, the checkpoint that seals it, and who cosigned that."""

    index: int
    checkpoint: Checkpoint
    witnesses: tuple[Cosigned, ...]


def tlog_proof(ledger: Proving, index: int, checkpoint: bytes, *, extra: bytes | None = None) -> bytes:
    """The proof that an entry is sealed by a checkpoint.

    Raises:
        UsageError: the checkpoint seals fewer entries.
        LedgerError: it is no checkpoint.
    """
    size = parse_checkpoint(checkpoint).size
    return TlogProof(index, tuple(ledger.inclusion_proof(index, size)), checkpoint, extra).encode()


def parse_tlog_proof(data: bytes) -> TlogProof:
    """The parts of a proof; nothing is verified yet.

    Raises:
        LedgerError: the bytes are no proof.
    """
    head, mark, checkpoint = data.partition(b"\n\n")
    try:
        lines = head.decode("ascii").split("\n") if mark and len(data) <= MOST_BYTES else []
        form = lines.pop(0) if lines else ""
        extra = decode_base64(lines.pop(0)[6:]) if lines and lines[0].startswith("extra ") else None
        word, _, index = (lines.pop(0) if lines else "").partition(" ")
        hashes = tuple(map(decode_base64, lines))
    except ValueError as error:
        raise _no_proof(f"A line of it cannot be read: {visible(str(error))}.") from error
    if form != HEADER:
        raise _no_proof(f"Its first line is not {HEADER}.")
    if word != "index" or not index.isdecimal() or (index != "0" and index.startswith("0")) or len(index) > 19:
        raise _no_proof("It has no line `index NUMBER`.")
    if len(hashes) > MOST_HASHES or any(len(each) != 32 for each in hashes):
        raise _no_proof(f"It holds at most {MOST_HASHES} hashes of 32 bytes.")
    return TlogProof(int(index), hashes, checkpoint, extra)


def verify_tlog_proof(
    data: bytes,
    leaf: bytes,
    *,
    origin: str,
    keys: Sequence[VerifierKey],
    witnesses: Iterable[VerifierKey] = (),
) -> Proved:
    """Verify the proof of an entry.

    1. The leaf hash is the caller's: ``merkle.leaf_hash(entry)``.
    2. The checkpoint is of the log that is meant and signed by a key of it.
    3. Cosignatures of known witnesses must verify; how many are enough is the caller's policy.
    4. The inclusion proof leads from the leaf hash to the checkpoint's root.

    Raises:
        LedgerError: a step fails.
    """
    proof = parse_tlog_proof(data)
    # (2) The checkpoint.
    checkpoint = verify_checkpoint(proof.checkpoint, origin=origin, keys=tuple(keys))
    # (3) Its witnesses.
    seen = verified_cosignatures(checkpoint.note, witnesses)
    # (4) The way from the leaf to the root.
    verify_inclusion(proof.index, checkpoint.size, leaf, proof.hashes, checkpoint.root)
    return Proved(proof.index, checkpoint, seen)


def _no_proof(why: str) -> LedgerError:
    return LedgerError(
        "This is no proof of an entry.", why=why, fix="Bring what `asbuilt ledger prove` wrote, unchanged."
    )

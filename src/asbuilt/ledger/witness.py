"""Witnesses: others who sign that a ledger only grew (C2SP tlog-cosignature v1, tlog-witness).

Nothing here reaches a network: the request is written for the witness, its answer is read.
Source: https://c2sp.org/tlog-cosignature (Ed25519), https://c2sp.org/tlog-witness (add-checkpoint).
"""

import base64
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

import msgspec

from asbuilt.ledger.checkpoints import Checkpoint, keep_checkpoint, parse_checkpoint, signing
from asbuilt.ledger.durable import write_durably
from asbuilt.ledger.notes import (
    COSIGNATURE,
    MOST_BYTES,
    MOST_SIGNATURES,
    Note,
    Signature,
    VerifierKey,
    parse_signature,
    parse_vkey,
    signature_holds,
)
from asbuilt.model.errors import LedgerError, UsageError

WITNESSES = "witnesses"  # in the ledger's folder: the vkeys of witnesses whose answers were accepted, one a line
LONGEST_PROOF = 63


class Consistent(Protocol):
    """What proves that it only grew: ``ledger.Ledger``."""

    def consistency_proof(self, old: int, new: int) -> list[bytes]:
        """The hashes between two sizes."""


class Cosigned(msgspec.Struct, frozen=True):
    """A witness's word: as of ``at`` (Unix seconds, its clock) this was the largest tree it had seen."""

    witness: VerifierKey
    at: int


def add_checkpoint_request(ledger: Consistent, checkpoint: bytes, *, old: int) -> bytes:
    """The body of ``POST …/add-checkpoint``: the size the witness cosigned last, the proof from it, the checkpoint.

    A witness that has seen nothing yet has ``old`` 0; one that answers 409 tells the size it has.

    Raises:
        UsageError: the witness has seen more entries than the checkpoint seals.
    """
    size = parse_checkpoint(checkpoint).size
    if not 0 <= old <= size:
        raise UsageError(
            f"The checkpoint seals {size} entries; the witness cannot have seen {old}.",
            fix="Give the size that the witness answered, or sign a newer checkpoint first.",
        )
    proof = ledger.consistency_proof(old, size) if 0 < old < size else []
    lines = [f"old {old}", *(base64.b64encode(each).decode() for each in proof), "", ""]
    return "\n".join(lines).encode() + checkpoint


def accept_answer(checkpoint: bytes, answer: bytes, witnesses: Iterable[VerifierKey], *, now: int) -> bytes:
    """The checkpoint with the cosignatures of an answer added.

    1. The answer is signature lines and nothing else.
    2. Lines of keys that are not trusted are passed over.
    3. A line of a trusted witness must verify over this checkpoint, with a time that is not zero nor in the future.
    4. At least one line counts; what is there already is not added twice.

    Args:
        checkpoint: the signed note.
        answer: the body that the witness answered.
        witnesses: the keys that are trusted, of signature type 4.
        now: Unix seconds; a day of difference between clocks is allowed.

    Raises:
        LedgerError: step 1, 3 or 4.
    """
    note = parse_checkpoint(checkpoint).note
    # (1) Signature lines.
    if len(answer) > MOST_BYTES or not answer.endswith(b"\n"):
        raise _refused("It is not signature lines that end in a newline.")
    try:
        lines = answer.decode("utf-8").split("\n")[:-1]
    except UnicodeDecodeError as error:
        raise _refused("It is not UTF-8 text.") from error
    if len(lines) + len(note.signatures) > MOST_SIGNATURES:
        raise _refused("It has too many signatures.")
    # (2) Of whom.
    told = [parse_signature(line) for line in lines]
    known = {(key.name, key.key_id): key for key in witnesses if key.algorithm == COSIGNATURE}
    counted = [(known[each.name, each.key_id], each) for each in told if (each.name, each.key_id) in known]
    # (3) Over this checkpoint.
    for key, each in counted:
        at = cosigned_at(each)
        if not signature_holds(key, each, note.text) or not 0 < at <= now + 86_400:
            raise _refused(
                f"The cosignature of {key.name} does not hold for this checkpoint, or its time is false."
            )
    # (4) What is new.
    if not counted:
        raise _refused("No witness that is trusted signed it.")
    fresh = tuple(each for _, each in counted if each not in note.signatures)
    return Note(note.text, note.signatures + fresh).encode()


def keep_cosigned(folder: Path, checkpoint: bytes, witnesses: Iterable[VerifierKey]) -> Path:
    """Keep a cosigned checkpoint in place of the one without, and the witnesses' keys beside; gives its path."""
    with signing(folder):
        known = {key.text: None for key in [*trusted_witnesses(folder), *witnesses]}
        write_durably(folder / WITNESSES, "".join(f"{text}\n" for text in known).encode())
        return keep_checkpoint(folder, checkpoint)


def trusted_witnesses(folder: Path) -> tuple[VerifierKey, ...]:
    """The keys of the witnesses whose answers were accepted.

    Raises:
        UsageError: the file holds what is no key.
    """
    path = folder / WITNESSES
    if not path.is_file():
        return ()
    return tuple(parse_vkey(line) for line in path.read_text("utf-8").splitlines() if line.strip())


def verified_cosignatures(note: Note, witnesses: Iterable[VerifierKey]) -> tuple[Cosigned, ...]:
    """Who cosigned a checkpoint, and when, of the witnesses that are known.

    Raises:
        LedgerError: a line bears a known witness's name and id, and does not verify.
    """
    known = {(key.name, key.key_id): key for key in witnesses if key.algorithm == COSIGNATURE}
    found = []
    for signature in note.signatures:
        key = known.get((signature.name, signature.key_id))
        if key is None:
            continue
        if not signature_holds(key, signature, note.text):
            raise LedgerError(
                f"The cosignature of {key.name} under a checkpoint is false.",
                why="The checkpoint was changed after the witness saw it, or the line was forged.",
                fix="Ask the witness for what it signed; it keeps the newest.",
            )
        found.append(Cosigned(key, cosigned_at(signature)))
    return tuple(found)


def cosigned_at(signature: Signature) -> int:
    """The time in a cosignature (Unix seconds, the witness's clock)."""
    return int.from_bytes(signature.value[:8], "big")


def stamped_part(checkpoint: Checkpoint) -> bytes:
    """What a timestamp is taken over: the text, the blank line and the log's own signature, which stands first.

    Cosignatures come later and are left out: of a checkpoint of three lines these are the first five lines of the
    file, so ``head -5`` gives the same bytes.
    """
    return Note(checkpoint.note.text, checkpoint.note.signatures[:1]).encode()


def _refused(why: str) -> LedgerError:
    return LedgerError(
        "The witness's answer is not accepted.",
        why=why,
        fix="Send the request again as it was written, and name the witness's key with --key.",
    )

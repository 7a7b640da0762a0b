"""Replacing the signing key: a Record of kind ``key`` in the ledger, signed by the old key and by the new.

The record is a signed note of five lines: ``asbuilt.key-rotation/v1``, the origin, the old vkey, the new vkey, the
time. From its own index on the new key signs: a checkpoint of size s bears the key that is in force at entry s-1,
so an old key that is stolen later signs nothing that counts.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

import msgspec

from asbuilt.ledger.durable import sync_folder
from asbuilt.ledger.keys import KEY, PUBLIC, load_key, make_key, publish_key, written_time
from asbuilt.ledger.notes import VerifierKey, parse_note, parse_vkey, sign_note, verify_note
from asbuilt.model.errors import LedgerError, UsageError
from asbuilt.model.record import Record, decode_entry

SOURCE, EVENT, KIND = "asbuilt", "signing key", "key"
MEDIA = "text/plain; charset=utf-8"
FORMAT = "asbuilt.key-rotation/v1"
NEXT = "key.next"  # the new key, until the rotation stands in the ledger


class Finding(Protocol):
    """What rotations are read from: ``ledger.Ledger``."""

    origin: str
    folder: Path

    @property
    def size(self) -> int:
        """How many entries there are."""

    def entry(self, index: int) -> bytes:
        """One entry."""

    def find(self, source: str, event: str) -> list[int]:
        """The entries of one event."""


class Appending(Finding, Protocol):
    """What a rotation is written to."""

    def append(self, records: Iterable[Record]) -> object:
        """Keep the records; they are durable when it returns."""


class Rotation(msgspec.Struct, frozen=True):
    """One replacement: the entry that tells it, and both keys."""

    index: int
    old: VerifierKey
    new: VerifierKey
    at: str


def rotate(ledger: Appending, now: int, by: str) -> Rotation:
    """Replace the signing key.

    1. A rotation that was cut short is settled first.
    2. The new key is made beside the old one.
    3. Both sign the rotation, and it is appended: this is the moment from which the new key counts.
    4. The new key takes the old one's place; the old one is gone.

    The caller holds ``checkpoints.signing``. A crash before step 3 leaves the old key in force, one after it
    the new.

    Raises:
        LedgerError, UsageError: the key is not here, is not the ledger's, or others can read it.
    """
    # (1) What was cut short.
    settle_rotation(ledger)
    old = load_key(ledger.folder)
    if current_key(ledger, old.verifier) != old.verifier:
        raise LedgerError(
            "The signing key is not the one that the ledger names.",
            why="Only the key in force can hand over to another.",
            fix="Bring back the key of the last rotation.",
            where=str(ledger.folder / KEY),
        )
    # (2) The new key.
    new = make_key(ledger.folder, old.verifier.name, file=NEXT)
    # (3) Signed by both, and kept.
    at = written_time(now)
    text = f"{FORMAT}\n{ledger.origin}\n{old.verifier.text}\n{new.verifier.text}\n{at}\n"
    ledger.append(
        [
            Record(
                source=SOURCE,
                event=EVENT,
                kind=KIND,
                payload=sign_note(text, old, new),
                occurred=now,
                observed=now,
                recorded=now,
                by=by,
                how="cli",
                media=MEDIA,
            )
        ]
    )
    # (4) In its place.
    settle_rotation(ledger)
    return rotations(ledger)[-1]


def settle_rotation(ledger: Finding) -> None:
    """Finish or undo a rotation that a crash cut short: the ledger says which of both keys counts."""
    waiting = ledger.folder / NEXT
    if not waiting.exists():
        return
    told = rotations(ledger)
    in_force = told[-1].new if told else None
    new = _whole_key(ledger.folder)
    if new is not None and new == in_force:
        publish_key(ledger.folder, new)
        waiting.replace(ledger.folder / KEY)
    elif in_force is None or load_key(ledger.folder).verifier == in_force:
        waiting.unlink()  # it was never told to the ledger
    else:
        raise LedgerError(
            "The key of the last rotation is damaged.",
            why=f"The ledger names {in_force.text}; neither `{KEY}` nor `{NEXT}` holds it.",
            fix="Bring that key back from a backup.",
            where=str(waiting),
        )
    sync_folder(ledger.folder)


def _whole_key(folder: Path) -> VerifierKey | None:
    """The key that waits, unless a crash cut it short while it was written."""
    try:
        return load_key(folder, file=NEXT).verifier
    except LedgerError:
        return None


def rotations(ledger: Finding) -> tuple[Rotation, ...]:
    """Every rotation that the ledger tells, in order.

    Raises:
        LedgerError: one is not signed by both keys, or does not go on from the one before.
    """
    indexes = sorted(ledger.find(SOURCE, EVENT))
    return join_rotations(ledger.origin, ((index, ledger.entry(index)) for index in indexes))


def join_rotations(origin: str, entries: Iterable[tuple[int, bytes]]) -> tuple[Rotation, ...]:
    """The rotations among entries (index and bytes, in order); entries of another kind are passed over.

    Raises:
        LedgerError: one is not signed by both keys, or does not go on from the one before.
    """
    found: list[Rotation] = []
    for index, entry in entries:
        record = decode_entry(entry)
        if record.kind != KIND or record.source != SOURCE:
            continue
        rotation = read_rotation(origin, index, record.payload)
        if found and found[-1].new != rotation.old:
            raise LedgerError(
                f"The key rotation at entry {index} does not go on from the one before.",
                why=f"It replaces {rotation.old.text}; in force was {found[-1].new.text}.",
                fix="Find out who appended it.",
                where=f"entry {index}",
            )
        found.append(rotation)
    return tuple(found)


def read_rotation(origin: str, index: int, payload: bytes) -> Rotation:
    """The rotation of a record's payload.

    Raises:
        LedgerError: it is none of this ledger, or not signed by both keys.
    """
    try:
        note = parse_note(payload)
        form, own, old, new, at = note.text.split("\n")[:-1]
        rotation = Rotation(index, parse_vkey(old), parse_vkey(new), at)
        both = {rotation.old, rotation.new} <= set(verify_note(note, (rotation.old, rotation.new)))
    except (LedgerError, UsageError, ValueError) as error:
        raise _false(index, str(error)) from error
    if form != FORMAT or own != origin or not both or rotation.old == rotation.new:
        raise _false(index, "It must name this ledger and two keys, and bear the signature of both.")
    return rotation


def keys_in_force(told: tuple[Rotation, ...], current: VerifierKey) -> Iterator[tuple[int, VerifierKey]]:
    """Every key with the first checkpoint size that it signs for, oldest first."""
    yield 0, told[0].old if told else current
    for each in told:
        yield each.index + 1, each.new


def key_for_size(told: tuple[Rotation, ...], current: VerifierKey, size: int) -> VerifierKey:
    """The key that signs a checkpoint of so many entries."""
    return [key for since, key in keys_in_force(told, current) if since <= size][-1]


def current_key(ledger: Finding, fallback: VerifierKey) -> VerifierKey:
    """The key that the ledger's last rotation names; without one, the key that it was made with."""
    told = rotations(ledger)
    return told[-1].new if told else fallback


def published_key(folder: Path) -> VerifierKey:
    """The verifier key that stands beside the signing key.

    Raises:
        UsageError: it is not there, or is none.
    """
    try:
        text = (folder / PUBLIC).read_text("ascii")
    except (FileNotFoundError, UnicodeDecodeError) as error:
        raise UsageError(
            "The ledger's verifier key is not here.",
            why="Without it no signature can be checked.",
            fix="Copy `key.vkey` from where it was published, or name the key with --key.",
            where=str(folder / PUBLIC),
        ) from error
    return parse_vkey(text)


def _false(index: int, why: str) -> LedgerError:
    return LedgerError(
        f"The key rotation at entry {index} is false.",
        why=why,
        fix="Find out who appended it; checkpoints after it are not signed by a key that the ledger vouches for.",
        where=f"entry {index}",
    )

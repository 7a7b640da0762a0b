"""Checkpoints: the signed heads of a ledger (C2SP tlog-checkpoint), kept in the folder ``checkpoints/``.

What stands there was published: a ledger never goes below the newest of them, nor away from any of them.
Source: https://c2sp.org/tlog-checkpoint.
"""

import base64
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import msgspec

from asbuilt.ledger.durable import sync_folder, write_durably
from asbuilt.ledger.keys import load_key
from asbuilt.ledger.notes import Note, VerifierKey, decode_base64, parse_note, sign_note, verify_note
from asbuilt.ledger.rotation import Finding, current_key, settle_rotation
from asbuilt.model.errors import LedgerError

CHECKPOINTS = "checkpoints"
SUFFIX = ".checkpoint"


class Checkpoint(msgspec.Struct, frozen=True):
    """What a checkpoint says: the log's name, how many entries it had, and the root over them (32 bytes)."""

    origin: str
    size: int
    root: bytes
    note: Note

    def encode(self) -> bytes:
        """The signed note."""
        return self.note.encode()


class Sealed(Finding, Protocol):
    """What a checkpoint is made of: ``ledger.Ledger``."""

    origin: str
    folder: Path

    def root(self, size: int | None = None) -> bytes:
        """The root over the first ``size`` entries."""


def checkpoint_text(origin: str, size: int, root: bytes) -> str:
    """The three lines that are signed."""
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"


def parse_checkpoint(data: bytes) -> Checkpoint:
    """The parts of a checkpoint; its signatures are not verified yet.

    Raises:
        LedgerError: the bytes are no checkpoint.
    """
    note = parse_note(data)
    lines = note.text.split("\n")[:-1]
    try:
        origin, size, root = lines[:3]
        raw = decode_base64(root)
    except ValueError:
        origin = size = ""
        raw = b""
    plain = size.isascii() and size.isdecimal() and (size == "0" or not size.startswith("0")) and len(size) < 20
    if not origin or not all(lines) or not plain or len(raw) != 32:
        raise LedgerError(
            "This note is no checkpoint.",
            why="Its text has three lines at least: the origin, the size, and the root of 32 bytes in base64.",
            fix="Bring a file of the folder `checkpoints`, or what `asbuilt ledger checkpoint` printed.",
        )
    return Checkpoint(origin, int(size), raw, note)


def verify_checkpoint(data: bytes, *, origin: str, keys: tuple[VerifierKey, ...]) -> Checkpoint:
    """A checkpoint of that log, signed by one of the keys.

    Raises:
        LedgerError: it is none, of another log, or not signed by any of them.
    """
    found = parse_checkpoint(data)
    if found.origin != origin:
        raise LedgerError(
            f"The checkpoint is of another ledger: {found.origin!r}.",
            why=f"This one is {origin!r}.",
            fix="Bring a checkpoint of this ledger.",
        )
    verify_note(found.note, keys)
    return found


def sign_checkpoint(ledger: Sealed, now: int) -> bytes:
    """Sign the ledger's present head, keep it, and give it; the same head is signed once.

    ``now`` is not part of a checkpoint: time comes from witnesses and timestamps, not from whoever signs.

    1. One signer at a time; a rotation that was cut short is settled.
    2. The size is taken from what the store has committed.
    3. Nothing that was signed before is contradicted: the newest checkpoint is a prefix of this one.
    4. The key is the one that the ledger itself says signs now.
    5. The checkpoint is on the disk before it is given away.

    Raises:
        LedgerError: step 3 or 4: the ledger is not the one that signed before, or its key is not.
        UsageError: the key is not here, or others can read it.
    """
    del now
    # (1) One at a time.
    with signing(ledger.folder):
        settle_rotation(ledger)
        # (2) What is committed.
        size = ledger.size
        root = ledger.root(size)
        # (3) Nothing that was signed is contradicted.
        newest = latest_checkpoint(ledger)
        if newest is not None:
            earlier = parse_checkpoint(newest)
            check_extends(ledger, earlier)
            if earlier.size == size:
                return newest
        # (4) The key in force.
        key = load_key(ledger.folder)
        expected = current_key(ledger, key.verifier)
        if expected != key.verifier:
            raise LedgerError(
                "The signing key is not the one that the ledger names.",
                why=f"The ledger's last rotation names {expected.text}; the file holds {key.verifier.text}.",
                fix="Bring back the key of the last rotation.",
                where=str(ledger.folder / "key"),
            )
        # (5) Durable, then given.
        made = sign_note(checkpoint_text(ledger.origin, size, root), key)
        keep_checkpoint(ledger.folder, made)
        return made


def check_extends(ledger: Sealed, earlier: Checkpoint) -> None:
    """Whether the ledger still holds what an earlier checkpoint sealed.

    Raises:
        LedgerError: it is shorter, of another name, or its prefix has another root.
    """
    why = ""
    if earlier.origin != ledger.origin:
        why = f"The checkpoint is of {earlier.origin!r}, the ledger of {ledger.origin!r}."
    elif earlier.size > ledger.size:
        why = f"The checkpoint seals {earlier.size} entries, the ledger has {ledger.size}."
    elif ledger.root(earlier.size) != earlier.root:
        why = f"The first {earlier.size} entries do not have the root that was signed for them."
    if why:
        raise LedgerError(
            "The ledger contradicts a checkpoint that was signed before.",
            why=why,
            fix="Stop; keep a copy of the folder; `asbuilt ledger verify --against FILE` names where it differs.",
            where=str(ledger.folder / CHECKPOINTS),
        )


def keep_checkpoint(folder: Path, data: bytes) -> Path:
    """Write a checkpoint into ``checkpoints/``, whole or not at all; the path is returned."""
    place = folder / CHECKPOINTS
    if not place.is_dir():
        place.mkdir(mode=0o755)
        sync_folder(folder)
    path = place / f"{parse_checkpoint(data).size:012d}{SUFFIX}"
    write_durably(path, data)
    return path


def kept_checkpoints(folder: Path) -> list[Path]:
    """The files of ``checkpoints/``, smallest first."""
    return sorted(
        (path for path in (folder / CHECKPOINTS).glob(f"*{SUFFIX}") if path.stem.isdecimal()),
        key=lambda path: int(path.stem),
    )


def checkpoints_of(folder: Path) -> Iterator[Checkpoint]:
    """Every kept checkpoint, smallest first; signatures are not verified yet.

    Raises:
        LedgerError: a file was damaged or stands under the name of another size.
    """
    for path in kept_checkpoints(folder):
        yield read_checkpoint(path)


def read_checkpoint(path: Path) -> Checkpoint:
    """A kept checkpoint.

    Raises:
        LedgerError: it is damaged, or stands under the name of another size.
    """
    try:
        found = parse_checkpoint(path.read_bytes())
    except LedgerError as error:
        raise LedgerError(error.what, why=error.why, fix=error.fix, where=str(path)) from error
    if found.size != int(path.stem):
        raise LedgerError(
            "A checkpoint stands under the name of another size.",
            why=f"It seals {found.size} entries.",
            fix="Find out who renamed it.",
            where=str(path),
        )
    return found


def latest_checkpoint(ledger: Sealed) -> bytes | None:
    """The newest checkpoint that was published, or None.

    Raises:
        LedgerError: it is damaged.
    """
    kept = kept_checkpoints(ledger.folder)
    return read_checkpoint(kept[-1]).encode() if kept else None


def published_size(folder: Path) -> int:
    """How many entries the newest checkpoint of a ledger's folder seals; 0 when there is none.

    Raises:
        LedgerError: it is damaged.
    """
    kept = kept_checkpoints(folder)
    return read_checkpoint(kept[-1]).size if kept else 0


@contextmanager
def signing(folder: Path) -> Iterator[None]:
    """Hold the right to sign: one process at a time. The lock goes with the process, however it ends."""
    opened = os.open(folder / "signing.lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)

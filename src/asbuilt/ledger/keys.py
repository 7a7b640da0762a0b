"""The key that signs checkpoints: made once, readable by its owner alone, replaced only under its own signature.

The file holds one line as Go's note package writes it: ``PRIVATE+KEY+NAME+ID+base64(1, seed)``.
"""

import base64
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from asbuilt.ledger.durable import sync_folder, write_durably
from asbuilt.ledger.notes import ED25519, VerifierKey, check_name, decode_base64
from asbuilt.model.errors import LedgerError, UsageError

KEY = "key"  # in the ledger's folder, mode 0600
PUBLIC = "key.vkey"  # beside it: the verifier key, for everybody
_MARK = "PRIVATE+KEY+"


class SigningKey(msgspec.Struct, frozen=True):
    """An Ed25519 key that signs notes under a name. It never shows its seed."""

    verifier: VerifierKey
    seed: bytes

    def __repr__(self) -> str:
        return f"SigningKey({self.verifier.text})"

    def sign(self, message: bytes) -> bytes:
        """64 bytes (RFC 8032)."""
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(message)


def generate_key(name: str) -> SigningKey:
    """A new key from the system's randomness; nothing is written.

    Raises:
        UsageError: the name is none that a key may have.
    """
    return key_from_seed(name, Ed25519PrivateKey.generate().private_bytes_raw())


def key_from_seed(name: str, seed: bytes) -> SigningKey:
    """The key of a seed of 32 bytes."""
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    return SigningKey(VerifierKey(check_name(name), public), seed)


def make_key(folder: Path, name: str, *, file: str = KEY) -> SigningKey:
    """A new key, written into the folder with mode 0600; with the file ``key`` also its public half.

    Raises:
        LedgerError: there is a key already; it is not overwritten.
        UsageError: the name is none that a key may have.
    """
    key = generate_key(name)
    path = folder / file
    line = f"{_MARK}{key.verifier.name}+{key.verifier.key_id.hex()}+{_material(key)}\n"
    try:
        # O_EXCL: never over a key that is there, nor through a link; the mode holds from the first byte on.
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except FileExistsError as error:
        raise LedgerError(
            "There is a signing key already.",
            why="A ledger whose key is replaced by hand can no longer show that it is the same ledger.",
            fix="Use it, or replace it with `asbuilt ledger rotate`.",
            where=str(path),
        ) from error
    with os.fdopen(opened, "wb") as out:
        os.fchmod(out.fileno(), 0o600)  # whatever the umask took or left
        out.write(line.encode())
        out.flush()
        os.fsync(out.fileno())
    sync_folder(folder)
    if file == KEY:
        publish_key(folder, key.verifier)
    return key


def publish_key(folder: Path, key: VerifierKey) -> None:
    """Write the verifier key beside the key, for everybody to read."""
    write_durably(folder / PUBLIC, key.text.encode() + b"\n")


def load_key(folder: Path, *, file: str = KEY) -> SigningKey:
    """The signing key of a ledger's folder.

    1. It is a plain file of ours that nobody else can read or write.
    2. It holds one key, whose id is the one that it states.

    Raises:
        UsageError: it is not there, or others can read it.
        LedgerError: it is damaged.
    """
    path = folder / file
    # (1) Who can read it: asked of the opened file, so that it cannot be exchanged in between.
    try:
        opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError as error:
        raise UsageError(
            "The ledger's signing key is not here.",
            why="Records can be read and verified without it; checkpoints cannot be signed.",
            fix="Bring it back from where it is kept, with mode 0600.",
            where=str(path),
        ) from error
    with os.fdopen(opened, "rb") as file_of_key:
        told = os.fstat(file_of_key.fileno())
        text = file_of_key.read(4096)
    if not stat.S_ISREG(told.st_mode) or told.st_mode & 0o077 or told.st_uid not in {os.geteuid(), 0}:
        raise UsageError(
            "The ledger's signing key can be read by others; it is not used.",
            why=f"Its mode is {stat.S_IMODE(told.st_mode):04o}; whoever can read it can sign in its name.",
            fix=f"`chmod 600 {path}`; if somebody may have read it, also `asbuilt ledger rotate`.",
            where=str(path),
        )
    # (2) What it holds.
    try:
        name, stated, material = text.decode().strip().removeprefix(_MARK).split("+", 2)
        raw = decode_base64(material)
        key = key_from_seed(name, raw[1:])
    except (ValueError, UsageError) as error:
        raise _damaged(path) from error
    if not text.startswith(_MARK.encode()) or raw[0] != ED25519 or key.verifier.key_id.hex() != stated:
        raise _damaged(path)
    return key


def written_time(seconds: int) -> str:
    """Unix seconds as RFC 3339, UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _material(key: SigningKey) -> str:
    return base64.b64encode(bytes([ED25519]) + key.seed).decode()


def _damaged(path: Path) -> LedgerError:
    return LedgerError(
        "The ledger's signing key is damaged.",
        why="It is not one line PRIVATE+KEY+NAME+ID+KEY whose id fits the key.",
        fix="Bring it back from where it is kept.",
        where=str(path),
    )

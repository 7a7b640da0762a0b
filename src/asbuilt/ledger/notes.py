"""Signed notes: a text, and one or more signatures under it (C2SP signed-note).

Source: https://c2sp.org/signed-note (Format, Signatures, Verifier keys).
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from typing import Protocol

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from asbuilt.model.errors import LedgerError, UsageError
from asbuilt.model.text import visible

ED25519 = 1  # signature type of a plain note signature
COSIGNATURE = 4  # signature type of a timestamped witness cosignature (C2SP tlog-cosignature)
MOST_BYTES = 1 << 20  # of a note; a checkpoint with sixteen signatures has about 2 KiB
MOST_SIGNATURES = 100

_ID = re.compile(r"[0-9a-f]{8}")
_SPACE = re.compile(r"\s")
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f]")


class VerifierKey(msgspec.Struct, frozen=True):
    """A key that signatures are checked against: its name, the signature type, and 32 bytes of Ed25519."""

    name: str
    public: bytes
    algorithm: int = ED25519

    @property
    def key_id(self) -> bytes:
        """Four bytes that stand in front of each of its signatures."""
        return key_id(self.name, self.algorithm, self.public)

    @property
    def text(self) -> str:
        """``NAME+ID+KEY``: the *vkey* that is handed to whoever verifies."""
        material = base64.b64encode(bytes([self.algorithm]) + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{material}"

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the vkey text, in hex groups of eight: what two people compare by another channel."""
        digest = hashlib.sha256(self.text.encode()).hexdigest()
        return " ".join(digest[at : at + 8] for at in range(0, 64, 8))


class Signature(msgspec.Struct, frozen=True):
    """One signature line: the key's name and id, and what the key made (64 bytes, or 72 of a cosignature)."""

    name: str
    key_id: bytes
    value: bytes

    @property
    def line(self) -> str:
        """As it stands in a note, with its newline."""
        return f"— {self.name} {base64.b64encode(self.key_id + self.value).decode()}\n"


class Note(msgspec.Struct, frozen=True):
    """A text that ends in a newline, and its signatures in their order. Worth nothing until it is verified."""

    text: str
    signatures: tuple[Signature, ...]

    def encode(self) -> bytes:
        """The note as it is handed over."""
        return f"{self.text}\n{''.join(each.line for each in self.signatures)}".encode()


class Signer(Protocol):
    """What can sign a note: ``keys.SigningKey``."""

    @property
    def verifier(self) -> VerifierKey:
        """The public half."""

    def sign(self, message: bytes) -> bytes:
        """64 bytes of Ed25519."""


def key_id(name: str, algorithm: int, public: bytes) -> bytes:
    """SHA-256(name, newline, signature type, public key), the first four bytes."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([algorithm]) + public).digest()[:4]


def check_name(name: str) -> str:
    """The name, when a key and a log may have it.

    Raises:
        UsageError: it is empty, or holds a space, a plus or a control character.
    """
    if not name or _SPACE.search(name) or "+" in name or not name.isprintable():
        raise UsageError(
            f"{visible(name)!r} cannot name a ledger and its key.",
            why="The name stands in every signature: no spaces, no plus, no control characters, and not empty.",
            fix="Take a name like a URL without its scheme: example.com/asbuilt.",
        )
    return name


def decode_base64(text: str) -> bytes:
    """The bytes of standard base64 in the one way in which it is written: what is signed has no two spellings.

    Raises:
        ValueError: it is not base64, or bits that stand for nothing are set.
    """
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise ValueError("bits that stand for nothing are set")
    return data


def parse_vkey(text: str) -> VerifierKey:
    """The key behind a vkey text.

    Raises:
        UsageError: it is no vkey, its id is not the one of its key, or its signature type is not one we verify.
    """
    name, _, rest = text.strip().partition("+")
    stated, _, material = rest.partition("+")
    try:
        raw = decode_base64(material)
    except ValueError:
        raw = b""
    if len(raw) != 33 or raw[0] not in {ED25519, COSIGNATURE} or not _ID.fullmatch(stated):
        raise UsageError(
            f"{visible(text, 80)!r} is no verifier key.",
            why="It is written NAME+ID+KEY, with eight hex digits and the base64 of a type (1 or 4) and 32 bytes.",
            fix="Copy the whole line of the file `key.vkey`.",
        )
    key = VerifierKey(check_name(name), raw[1:], raw[0])
    if key.key_id.hex() != stated:
        raise UsageError(
            f"The verifier key of {visible(name)} does not have the id that it states.",
            why="A character of it was lost or changed.",
            fix="Copy it again from where it was published.",
        )
    return key


def sign_note(text: str, *signers: Signer) -> bytes:
    """A text with a signature of each signer under it.

    Raises:
        UsageError: the text is none that a note may hold (it must end in a newline, without control characters).
    """
    if not text.endswith("\n") or _CONTROL.search(text):
        raise UsageError("A note's text ends in a newline and holds no control characters.")
    made = (Signature(by.verifier.name, by.verifier.key_id, by.sign(text.encode())) for by in signers)
    return Note(text, tuple(made)).encode()


def parse_note(data: bytes) -> Note:
    """The parts of a note; nothing is verified yet.

    Raises:
        LedgerError: the bytes are no note.
    """
    try:
        whole = data.decode("utf-8") if len(data) <= MOST_BYTES else ""
    except UnicodeDecodeError:
        whole = ""
    at = whole.rfind("\n\n")
    if at < 0 or not whole.endswith("\n") or _CONTROL.search(whole):
        raise _no_note("it is not UTF-8 text, a blank line, and signature lines")
    lines = whole[at + 2 :].split("\n")[:-1]
    if not 0 < len(lines) <= MOST_SIGNATURES:
        raise _no_note(f"it has {len(lines)} signatures, of at least 1 and at most {MOST_SIGNATURES}")
    return Note(whole[: at + 1], tuple(map(parse_signature, lines)))


def parse_signature(line: str) -> Signature:
    """One signature line, without its newline.

    Raises:
        LedgerError: it is none.
    """
    parts = line.split(" ")
    if len(parts) == 3 and parts[0] == "—" and parts[1] and "+" not in parts[1] and not _SPACE.search(parts[1]):
        try:
            raw = decode_base64(parts[2])
        except ValueError:
            raw = b""
        if len(raw) >= 5:
            return Signature(parts[1], raw[:4], raw[4:])
    raise _no_note(f"{visible(line, 60)!r} is no signature line")


def verify_note(note: Note, keys: Iterable[VerifierKey]) -> tuple[VerifierKey, ...]:
    """The keys that signed the note.

    1. A signature of a key that is not known (name and id) is passed over.
    2. One of a known key must verify, else the whole note is refused.
    3. At least one known key must have signed.

    Raises:
        LedgerError: step 2 or 3.
    """
    known = {(key.name, key.key_id): key for key in keys}
    signed: dict[VerifierKey, None] = {}
    for signature in note.signatures:
        # (1) Unknown keys.
        key = known.get((signature.name, signature.key_id))
        if key is None:
            continue
        # (2) A known key's signature.
        if not signature_holds(key, signature, note.text):
            raise LedgerError(
                f"The signature of {visible(key.name)} under a note is false.",
                why="The text was changed after it was signed, or the signature was made with another key.",
                fix="Get the note again from where it was published; keep this one.",
            )
        signed[key] = None
    # (3) Somebody known.
    if not signed:
        raise LedgerError(
            "No known key signed the note.",
            why="Signed by "
            + ", ".join(f"{visible(each.name, 80)} ({each.key_id.hex()})" for each in note.signatures[:5])
            + "; known: "
            + (", ".join(f"{key.name} ({key.key_id.hex()})" for key in known.values()) or "none")
            + ".",
            fix="Name the key that should have signed it, or find out who replaced the key.",
        )
    return tuple(signed)


def signature_holds(key: VerifierKey, signature: Signature, text: str) -> bool:
    """Whether the key made the signature for this text; a cosignature's timestamp is part of what it signed."""
    message, value = text.encode(), signature.value
    if key.algorithm == COSIGNATURE:
        if len(value) != 72:
            return False
        message = b"cosignature/v1\ntime %d\n%b" % (int.from_bytes(value[:8], "big"), message)
        value = value[8:]
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(value, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _no_note(why: str) -> LedgerError:
    return LedgerError(
        "This is no signed note.",
        why=f"{why[0].upper()}{why[1:]}.",
        fix="Get it again from where it was published.",
    )

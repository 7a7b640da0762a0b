"""DSSE envelopes: a payload with its type, and signatures over both.

Source: DSSE v1.0, protocol.md and envelope.md (github.com/secure-systems-lab/dsse).
"""

import base64
import binascii
from collections.abc import Callable, Iterable
from typing import Final

import msgspec

from asbuilt.model.errors import SourceError

STATEMENT: Final = "application/vnd.in-toto+json"
LARGEST: Final = 4 << 20  # bytes of an envelope: statements about one commit or artifact are a few kilobytes


class Signed(msgspec.Struct, frozen=True):
    """One signature: the hint that names the key (never trusted), and its bytes."""

    keyid: str
    signature: bytes


class Envelope(msgspec.Struct, frozen=True):
    """A payload, its type, and who signed it."""

    payload_type: str
    payload: bytes
    signatures: tuple[Signed, ...]

    @property
    def message(self) -> bytes:
        """What is signed: the pre-authentication encoding of type and payload."""
        return pae(self.payload_type, self.payload)


class _Signature(msgspec.Struct):
    sig: str
    keyid: str = ""


class _Envelope(msgspec.Struct, rename="camel"):
    payload_type: str
    payload: str
    signatures: list[_Signature]


def pae(payload_type: str, payload: bytes) -> bytes:
    """``DSSEv1 LEN(type) type LEN(payload) payload`` (protocol.md, "PAE")."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def sign_envelope(
    payload_type: str, payload: bytes, signers: Iterable[tuple[str, Callable[[bytes], bytes]]]
) -> bytes:
    """An envelope as JSON, signed by each ``(keyid, sign)``; the same bytes for the same input and keys."""
    message = pae(payload_type, payload)
    told = {
        "payload": base64.b64encode(payload).decode(),
        "payloadType": payload_type,
        "signatures": [
            {"keyid": keyid, "sig": base64.b64encode(sign(message)).decode()} for keyid, sign in signers
        ],
    }
    return msgspec.json.encode(told, order="sorted") + b"\n"


def parse_envelope(data: bytes, where: str) -> Envelope:
    """The envelope that these bytes hold; nothing of it is verified.

    Raises:
        SourceError: they hold none.
    """
    if len(data) > LARGEST:
        raise _refused(where, f"it is larger than {LARGEST:,} bytes")
    try:
        told = msgspec.json.decode(data, type=_Envelope)
        signatures = tuple(Signed(own.keyid, decode_base64(own.sig)) for own in told.signatures)
        return Envelope(told.payload_type, decode_base64(told.payload), signatures)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise _refused(where, str(error)) from error


def decode_base64(text: str) -> bytes:
    """Bytes from base64 in either alphabet, as DSSE allows, padded or not.

    Raises:
        ValueError: it is no base64.
    """
    plain = text.replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except binascii.Error as error:
        raise ValueError(f"no base64: {error}") from error


def _refused(where: str, why: str) -> SourceError:
    return SourceError(
        "This is no DSSE envelope.",
        why=f"{why[:200]}.",
        fix="Give an envelope, a Sigstore bundle, or one of them on each line.",
        where=where,
    )

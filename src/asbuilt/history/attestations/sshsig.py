"""Signatures that OpenSSH makes over files, as git puts them into commits.

Source: OpenSSH, PROTOCOL.sshsig; blobs of keys and signatures as in RFC 4253 (6.6), RFC 5656 (3.1.2), RFC 8332 and
RFC 8709.
"""

import base64
import hashlib
from collections.abc import Iterable
from typing import Final

import msgspec
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from asbuilt.history.attestations.envelope import decode_base64
from asbuilt.history.attestations.trusted import PublicKey, TrustedKey, curve_hash
from asbuilt.model.attestation import Standing, Verification

_MAGIC: Final = b"SSHSIG"
_BEGIN: Final = "-----BEGIN SSH SIGNATURE-----"
_END: Final = "-----END SSH SIGNATURE-----"
_HASHES: Final = {b"sha256": hashlib.sha256, b"sha512": hashlib.sha512}
_RSA: Final = {b"rsa-sha2-256": hashes.SHA256, b"rsa-sha2-512": hashes.SHA512}


class SshSignature(msgspec.Struct, frozen=True):
    """What a signature holds: the signer's key as a blob, what it is for, and the signature's own blob."""

    public: bytes
    namespace: bytes
    reserved: bytes
    hash_name: bytes
    signature: bytes


def verify_ssh(armored: str, message: bytes, keys: Iterable[TrustedKey], *, at: int) -> Verification:
    """How a signature over a message stands; ``at`` is the claimed moment of signing, Unix seconds.

    1. The armour, and the fields in it.
    2. The namespace is git's.
    3. The signer's key is one of those that are trusted, at that moment.
    4. The signature holds over magic, namespace, reserved field, hash name and the message's hash.
    """
    # (1)
    try:
        told = parse_ssh(armored)
    except ValueError as error:
        return Verification(Standing.BROKEN, None, f"The SSH signature cannot be read: {error}.")
    # (2)
    if told.namespace != b"git":
        return Verification(Standing.BROKEN, None, "The SSH signature is made for something other than git.")
    # (3)
    named = fingerprint(told.public)
    found = [own for own in keys if _blob(own.key) == told.public]
    if not found:
        return Verification(Standing.NOT_VERIFIED, named, f"No trusted key is {named}.")
    valid = [own for own in found if (own.after or at) <= at < (own.before or at + 1)]
    if not valid:
        return Verification(Standing.NOT_VERIFIED, found[0].name, f"{named} is not trusted at that time.")
    # (4)
    hashed = _HASHES[told.hash_name](message).digest()
    signed = _MAGIC + b"".join(map(_string, (told.namespace, told.reserved, told.hash_name, hashed)))
    if not _holds(valid[0].key, told.signature, signed):
        return Verification(Standing.BROKEN, valid[0].name, f"The signature by {named} does not hold.")
    return Verification(Standing.VERIFIED, valid[0].name, f"Signed with {named}.")


def parse_ssh(armored: str) -> SshSignature:
    """The fields of an armored signature.

    Raises:
        ValueError: it is none.
    """
    text = armored.strip()
    if not (text.startswith(_BEGIN) and text.endswith(_END)):
        raise ValueError("the armour is missing")
    raw = decode_base64("".join(text[len(_BEGIN) : -len(_END)].split()))
    if raw[:6] != _MAGIC or raw[6:10] != b"\x00\x00\x00\x01":
        raise ValueError("it is of another version")
    fields = _strings(raw[10:])
    if len(fields) != 5 or fields[3] not in _HASHES:
        raise ValueError("its fields are not those of a signature")
    return SshSignature(*fields)


def fingerprint(blob: bytes) -> str:
    """A key's name as OpenSSH shows it."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")


def _blob(key: PublicKey) -> bytes:
    text = key.public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    return decode_base64(text.split()[1].decode())


def _holds(key: PublicKey, blob: bytes, message: bytes) -> bool:
    try:
        kind, signature = _strings(blob)[:2]
        if isinstance(key, Ed25519PublicKey) and kind == b"ssh-ed25519":
            key.verify(signature, message)
        elif isinstance(key, EllipticCurvePublicKey) and kind.startswith(b"ecdsa-sha2-nistp"):
            first, second = (int.from_bytes(own) for own in _strings(signature))
            key.verify(encode_dss_signature(first, second), message, ec.ECDSA(curve_hash(key)))
        elif isinstance(key, RSAPublicKey) and kind in _RSA:
            key.verify(signature, message, padding.PKCS1v15(), _RSA[kind]())
        else:
            return False
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True


def _string(data: bytes) -> bytes:
    return len(data).to_bytes(4) + data


def _strings(data: bytes) -> list[bytes]:
    found = []
    at = 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 4])
        own = data[at + 4 : at + 4 + size]
        if len(own) != size or at + 4 > len(data):
            raise ValueError("it is cut off")
        found.append(own)
        at += 4 + size
    return found

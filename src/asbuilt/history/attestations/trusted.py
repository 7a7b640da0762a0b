"""Keys and authorities that a user trusts, from the files that systems keep them in.

Read are: public keys and certificates in PEM, verifier keys of signed notes, ``allowed_signers`` of OpenSSH, and
armored OpenPGP keys (kept as they are, for gpg). An authority is a certificate that may sign others.
"""

import hashlib
import re
import warnings
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from asbuilt.history.attestations.envelope import decode_base64
from asbuilt.model.errors import UsageError
from asbuilt.model.text import visible

PublicKey = Ed25519PublicKey | EllipticCurvePublicKey | RSAPublicKey
_PEM: Final = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----.*?-----END \1-----", re.DOTALL)
_SSH: Final = re.compile(r"(?:^|\s)((?:ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521))\s+([A-Za-z0-9+/=]+))")
_VKEY: Final = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)")
_ED25519_NOTE: Final = b"\x01"


class TrustedKey(msgspec.Struct, frozen=True):
    """A key that is trusted, and whom it stands for; ``after`` and ``before`` bound it in Unix seconds."""

    name: str
    key: PublicKey
    after: int | None = None
    before: int | None = None


class Trusted(msgspec.Struct, frozen=True):
    """Everything that one call trusts."""

    keys: tuple[TrustedKey, ...] = ()
    authorities: tuple[x509.Certificate, ...] = ()
    openpgp: tuple[bytes, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.keys or self.authorities or self.openpgp)


def load_trusted(files: Iterable[tuple[str, bytes]]) -> Trusted:
    """What the files hold, each ``(name, bytes)``.

    Raises:
        UsageError: one of them holds no key.
    """
    keys: list[TrustedKey] = []
    authorities: list[x509.Certificate] = []
    openpgp: list[bytes] = []
    for name, data in files:
        before = len(keys) + len(authorities) + len(openpgp)
        for label, block in _blocks(data):
            if label == b"PGP PUBLIC KEY BLOCK":
                openpgp.append(block)
            elif label == b"CERTIFICATE":
                authorities.append(_certificate(name, block))
            elif label == b"PUBLIC KEY":
                keys.append(TrustedKey(visible(name, 100), _pem_key(name, block)))
        if b"-----BEGIN" not in data:
            keys += _text_keys(name, data)
        if len(keys) + len(authorities) + len(openpgp) == before:
            raise UsageError(
                "This file holds no key that can be used.",
                fix="Give a public key or certificate in PEM, an allowed_signers file, a verifier key "
                "(NAME+ID+KEY), or an armored OpenPGP public key.",
                where=name,
            )
    return Trusted(tuple(keys), tuple(authorities), tuple(openpgp))


def read_certificate(der: bytes) -> x509.Certificate:
    """The certificate in DER.

    Raises:
        ValueError: it is none that can be read.
    """
    try:
        with warnings.catch_warnings():
            # What the library warns of (a serial number below zero) breaks RFC 5280: such a certificate is none.
            warnings.simplefilter("error")
            found = x509.load_der_x509_certificate(der)
            found.public_key()
            list(found.extensions)
    except (x509.InvalidVersion, UnsupportedAlgorithm, TypeError, UserWarning) as error:
        raise ValueError(str(error)) from error
    return found


def signature_holds(key: PublicKey, message: bytes, signature: bytes) -> bool:
    """Whether a signature holds: Ed25519, ECDSA with the curve's hash, RSA (PKCS#1 v1.5 or PSS) with SHA-256."""
    try:
        if isinstance(key, Ed25519PublicKey):
            key.verify(signature, message)
        elif isinstance(key, EllipticCurvePublicKey):
            key.verify(signature, message, ec.ECDSA(curve_hash(key)))
        else:
            return _rsa_holds(key, message, signature)
    except InvalidSignature:
        return False
    return True


def curve_hash(key: EllipticCurvePublicKey) -> hashes.HashAlgorithm:
    """The hash that goes with a curve (RFC 5656, section 6.2.1)."""
    if key.key_size <= 256:
        return hashes.SHA256()
    return hashes.SHA384() if key.key_size <= 384 else hashes.SHA512()


def key_name(key: PublicKey) -> str:
    """A name for a key that nobody named: the SHA-256 of its DER form."""
    der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()


def _rsa_holds(key: RSAPublicKey, message: bytes, signature: bytes) -> bool:
    for padded in (padding.PKCS1v15(), padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.AUTO)):
        try:
            key.verify(signature, message, padded, hashes.SHA256())
        except InvalidSignature:
            continue
        return True
    return False


def _blocks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    for found in _PEM.finditer(data):
        yield found.group(1), found.group(0)


def _certificate(name: str, block: bytes) -> x509.Certificate:
    try:
        return read_certificate(x509.load_pem_x509_certificate(block).public_bytes(serialization.Encoding.DER))
    except (ValueError, x509.InvalidVersion) as error:
        raise UsageError(f"A certificate cannot be read: {error}.", fix="Give it in PEM.", where=name) from error


def _pem_key(name: str, block: bytes) -> PublicKey:
    try:
        key = serialization.load_pem_public_key(block)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise UsageError(f"A public key cannot be read: {error}.", fix="Give it in PEM.", where=name) from error
    if not isinstance(key, PublicKey):
        raise UsageError(
            "A public key is of a kind that is not read.", fix="Ed25519, ECDSA and RSA are.", where=name
        )
    return key


def _text_keys(name: str, data: bytes) -> Iterator[TrustedKey]:
    text = data.decode("utf-8", "replace")
    for number, line in enumerate(text.splitlines(), 1):
        own = line.strip()
        if not own or own.startswith("#"):
            continue
        if found := _SSH.search(own):
            signer = _allowed_signer(own[: found.start(1)], found.group(1), f"{name}:{number}")
            if signer is not None:
                yield signer
        elif noted := _VKEY.fullmatch(own):
            yield _note_key(noted.group(1), noted.group(3), f"{name}:{number}")


def _note_key(name: str, material: str, where: str) -> TrustedKey:
    try:
        raw = decode_base64(material)
        # Any other algorithm is no key of 32 bytes.
        public = raw[1:] if raw[:1] == _ED25519_NOTE else b""
        return TrustedKey(visible(name, 200), Ed25519PublicKey.from_public_bytes(public))
    except ValueError as error:
        raise UsageError(f"A verifier key cannot be read: {error}.", fix="Copy it whole.", where=where) from error


def _allowed_signer(before: str, key: str, where: str) -> TrustedKey | None:
    """A line of ``allowed_signers``: principals, options, key (ssh-keygen(1), "ALLOWED SIGNERS")."""
    principals, _, options = before.strip().partition(" ")
    namespaces = re.search(r'namespaces="([^"]*)"', options, re.IGNORECASE)
    # Certificates of SSH are not read, and a key for other namespaces may sign no commit.
    if "cert-authority" in options.casefold() or (namespaces and "git" not in namespaces.group(1).split(",")):
        return None
    try:
        loaded = serialization.load_ssh_public_key(key.encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise UsageError(f"A key cannot be read: {error}.", fix="Copy the line whole.", where=where) from error
    if not isinstance(loaded, PublicKey):
        raise UsageError("A key is of a kind that is not read.", fix="Ed25519, ECDSA, RSA are.", where=where)
    return TrustedKey(
        visible(principals or key_name(loaded), 200),
        loaded,
        after=_bound(options, "valid-after", where),
        before=_bound(options, "valid-before", where),
    )


def _bound(options: str, name: str, where: str) -> int | None:
    found = re.search(rf'{name}="?(\d{{8}})(\d{{4}}(?:\d{{2}})?)?Z?"?', options, re.IGNORECASE)
    if found is None:
        if name in options.casefold():
            raise UsageError(f"{name} cannot be read.", fix="Write YYYYMMDD or YYYYMMDDHHMM[SS].", where=where)
        return None
    from_text = found.group(1) + (found.group(2) or "").ljust(6, "0")
    year, month, day = int(from_text[:4]), int(from_text[4:6]), int(from_text[6:8])
    clock = [int(from_text[at : at + 2]) for at in (8, 10, 12)]
    try:
        return int(datetime(year, month, day, clock[0], clock[1], clock[2], tzinfo=UTC).timestamp())
    except ValueError as error:
        raise UsageError(f"{name} is no moment.", fix="Write YYYYMMDD or YYYYMMDDHHMM.", where=where) from error

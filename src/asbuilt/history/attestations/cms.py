"""Signatures in CMS, as gitsign and S/MIME put them into commits: the signer's certificate travels with them.

Source: RFC 5652, section 5 (SignedData); certificates by RFC 5280. Read are detached signatures of one signer with
signed attributes; anything else is present and not verified.
"""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from asbuilt.history.attestations.trusted import read_certificate
from asbuilt.model.attestation import Standing, Verification
from asbuilt.model.text import visible

_MESSAGE_DIGEST: Final = bytes.fromhex("2a864886f70d010904")  # 1.2.840.113549.1.9.4
_DIGESTS: Final = {
    bytes.fromhex("608648016503040201"): (hashlib.sha256, hashes.SHA256),
    bytes.fromhex("608648016503040202"): (hashlib.sha384, hashes.SHA384),
    bytes.fromhex("608648016503040203"): (hashlib.sha512, hashes.SHA512),
}
_SEQUENCE, _SET, _OCTETS, _OID, _CONTEXT_0 = 0x30, 0x31, 0x04, 0x06, 0xA0
_LARGEST: Final = 1 << 20
_FULCIO_ISSUER: Final = x509.ObjectIdentifier("1.3.6.1.4.1.57264.1.8")


class _Signer(msgspec.Struct, frozen=True):
    digest: bytes  # the algorithm's OID
    attributes: bytes  # the signed attributes, as a SET
    message_digest: bytes | None
    signature: bytes


def verify_cms(der: bytes, message: bytes, authorities: Sequence[x509.Certificate], *, at: int) -> Verification:
    """How a detached signature over a message stands; ``at`` is the claimed moment of signing, Unix seconds.

    1. The certificates and the one signer's fields.
    2. The message's digest is the one among the signed attributes.
    3. The signature over those attributes holds under one of the certificates.
    4. That certificate leads to a trusted authority, each issued by the next and valid at that moment.
    """
    # (1)
    try:
        if len(der) > _LARGEST:
            raise ValueError("it is too large")  # noqa: TRY301 - one way out for everything that cannot be read
        certificates, signer = _read(der)
    except (ValueError, UnsupportedAlgorithm) as error:
        return Verification(Standing.NOT_VERIFIED, None, f"The CMS signature cannot be read: {error}.")
    # (2)
    hashed, algorithm = _DIGESTS[signer.digest]
    if signer.message_digest != hashed(message).digest():
        return Verification(Standing.BROKEN, None, "The CMS signature is over something else.")
    # (3)
    own = next((each for each in certificates if _holds(each, signer, algorithm())), None)
    if own is None:
        return Verification(Standing.BROKEN, None, "The CMS signature holds under none of its certificates.")
    # (4)
    who = identity_of(own)
    trouble = leads_to(own, certificates, authorities, at=at)
    if trouble:
        return Verification(Standing.NOT_VERIFIED, who, trouble)
    return Verification(Standing.VERIFIED, who, f"Signed by {who}, under a trusted authority.")


def leads_to(
    own: x509.Certificate,
    others: Sequence[x509.Certificate],
    authorities: Sequence[x509.Certificate],
    *,
    at: int,
) -> str | None:
    """Why a certificate does not lead to a trusted authority at a moment; None when it does."""
    if not authorities:
        return "No authority was given."
    when = datetime.fromtimestamp(at, UTC)
    current = own
    for _ in range(6):
        if not current.not_valid_before_utc <= when <= current.not_valid_after_utc:
            return f"A certificate is not valid at {when:%Y-%m-%d %H:%M} UTC."
        if any(current == root or _issued(current, root) for root in authorities):
            return None
        above = next((each for each in others if each != current and _issued(current, each)), None)
        if above is None:
            break
        current = above
    return "It leads to no authority that was given."


def identity_of(certificate: x509.Certificate) -> str:
    """Whom a certificate names: its alternative names and, of a Fulcio certificate, who vouched for them."""
    names: list[str] = []
    try:
        told = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        kinds = (x509.RFC822Name, x509.UniformResourceIdentifier, x509.DNSName)
        names.extend(visible(name.value, 300) for name in told if isinstance(name, kinds))
    except (x509.ExtensionNotFound, ValueError):
        names.append(visible(certificate.subject.rfc4514_string(), 300))
    try:
        raw = certificate.extensions.get_extension_for_oid(_FULCIO_ISSUER).value
        if isinstance(raw, x509.UnrecognizedExtension):
            _, issuer, _ = next(_elements(raw.value))
            names.append(f"by {visible(issuer.decode('utf-8', 'replace'), 200)}")
    except (x509.ExtensionNotFound, ValueError, StopIteration):
        pass
    return " ".join(names)


def _issued(own: x509.Certificate, above: x509.Certificate) -> bool:
    try:
        constraints = above.extensions.get_extension_for_class(x509.BasicConstraints).value
        own.verify_directly_issued_by(above)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm, x509.ExtensionNotFound):
        return False
    return constraints.ca


def _holds(certificate: x509.Certificate, signer: _Signer, algorithm: hashes.HashAlgorithm) -> bool:
    try:
        key = certificate.public_key()
        if isinstance(key, EllipticCurvePublicKey):
            key.verify(signer.signature, signer.attributes, ec.ECDSA(algorithm))
        elif isinstance(key, RSAPublicKey):
            key.verify(signer.signature, signer.attributes, padding.PKCS1v15(), algorithm)
        elif isinstance(key, Ed25519PublicKey):
            key.verify(signer.signature, signer.attributes)
        else:
            return False
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True


def _read(der: bytes) -> tuple[list[x509.Certificate], _Signer]:
    """The certificates and the one signer: ContentInfo > [0] > SignedData > certificates, signerInfos."""
    content = _inside(der, _SEQUENCE)
    explicit = _child(content, _CONTEXT_0)
    data = _inside(explicit, _SEQUENCE)
    parts = list(_elements(data))
    kept = [own for tag, own, _ in parts if tag == _CONTEXT_0]
    certificates = [read_certificate(whole) for own in kept for tag, _, whole in _elements(own) if tag == _SEQUENCE]
    infos = [own for tag, own, _ in parts if tag == _SET][-1:]
    signers = list(_elements(infos[0])) if infos else []
    if len(signers) != 1:
        raise ValueError(f"it has {len(signers)} signers")
    fields = list(_elements(signers[0][1]))
    attributes = next((whole for tag, _, whole in fields if tag == _CONTEXT_0), None)
    signature = next((own for tag, own, _ in fields if tag == _OCTETS), None)
    algorithms = [own for tag, own, _ in fields if tag == _SEQUENCE]
    if attributes is None or signature is None or len(algorithms) < 2:
        raise ValueError("it has no signed attributes")
    digest = _child(algorithms[1], _OID)
    if digest not in _DIGESTS:
        raise ValueError("its digest is of another kind than SHA-2")
    told = bytes([_SET]) + attributes[1:]
    return certificates, _Signer(digest, told, _message_digest(told), signature)


def _message_digest(attributes: bytes) -> bytes | None:
    for _, attribute, _ in _elements(_inside(attributes, _SET)):
        parts = list(_elements(attribute))
        if len(parts) == 2 and parts[0][1] == _MESSAGE_DIGEST:
            return _child(parts[1][1], _OCTETS)
    return None


def _inside(data: bytes, wanted: int) -> bytes:
    tag, own, _ = next(_elements(data), (None, b"", b""))
    if tag != wanted:
        raise ValueError("it is not built like SignedData")
    return own


def _child(data: bytes, wanted: int) -> bytes:
    for tag, own, _ in _elements(data):
        if tag == wanted:
            return own
    raise ValueError("a field is missing")


def _elements(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Tag, content and whole bytes of each element (X.690, definite lengths, tags of one byte)."""
    at = 0
    while at < len(data):
        if at + 2 > len(data):
            raise ValueError("it is cut off")
        tag, size, start = data[at], data[at + 1], at + 2
        if size & 0x80:
            count = size & 0x7F
            if not 1 <= count <= 4:
                raise ValueError("a length is not definite")
            size = int.from_bytes(data[start : start + count])
            start += count
        if start + size > len(data):
            raise ValueError("it is cut off")
        yield tag, data[start : start + size], data[at : start + size]
        at = start + size

"""Attestations as systems hand them out: a DSSE envelope, a Sigstore bundle, GitHub's answer, or one on each line.

Sources: Sigstore protobuf-specs, ``sigstore_bundle.proto`` (``dsseEnvelope``, ``verificationMaterial``); GitHub
REST, "List attestations"; in-toto attestation bundles (``.intoto.jsonl``).
"""

from collections.abc import Iterator
from typing import Any, Final

import msgspec
from cryptography import x509

from asbuilt.history.attestations.cms import identity_of, leads_to
from asbuilt.history.attestations.envelope import STATEMENT, Envelope, decode_base64, parse_envelope
from asbuilt.history.attestations.statements import parse_statement
from asbuilt.history.attestations.trusted import PublicKey, Trusted, read_certificate, signature_holds
from asbuilt.model.attestation import Attestation, Standing, Verification
from asbuilt.model.errors import SourceError

LARGEST: Final = 64 << 20  # bytes of a file
_MOST: Final = 10_000  # attestations of one file


class Sealed(msgspec.Struct, frozen=True):
    """An envelope, the certificates that came with it, and where it was read."""

    envelope: Envelope
    certificates: tuple[x509.Certificate, ...]
    where: str


def read_attestations(data: bytes, name: str, trusted: Trusted) -> list[Attestation]:
    """Every attestation in a file's bytes, with how its signature stands.

    Raises:
        SourceError: something in it is no attestation; the place is named.
    """
    found: list[Attestation] = []
    for sealed in read_envelopes(data, name):
        if sealed.envelope.payload_type != STATEMENT:
            raise SourceError(
                "This envelope holds no in-toto statement.",
                why=f"Its payload is {sealed.envelope.payload_type[:100]!r}.",
                fix="Leave it out.",
                where=sealed.where,
            )
        statement = parse_statement(sealed.envelope.payload, sealed.where)
        found.append(Attestation(statement, verify_envelope(sealed, trusted, at=statement.made_at), sealed.where))
    return found


def verify_envelope(sealed: Sealed, trusted: Trusted, *, at: int | None) -> Verification:
    """How an envelope's signatures stand: one that holds under a trusted key or authority is enough.

    1. A signature that holds under a trusted key.
    2. One that holds under a certificate that came along, and that leads to a trusted authority; the moment is the
       one that the statement names (else the certificate's first): nothing proves it without a time stamp.
    3. Else it is present, and not verified; broken, when a certificate came along and no signature holds under it.
    """
    message = sealed.envelope.message
    signatures = [own.signature for own in sealed.envelope.signatures]
    if not signatures:
        return Verification(Standing.NONE, None, "The envelope bears no signature.")
    # (1)
    for known in trusted.keys:
        if any(signature_holds(known.key, message, own) for own in signatures):
            return Verification(Standing.VERIFIED, known.name, f"Signed with the key of {known.name}.")
    # (2)
    if not sealed.certificates:
        return Verification(Standing.NOT_VERIFIED, None, "No key that was given is the signer's.")
    leaf = sealed.certificates[0]
    key = leaf.public_key()
    if not (isinstance(key, PublicKey) and any(signature_holds(key, message, own) for own in signatures)):
        return Verification(Standing.BROKEN, identity_of(leaf), "No signature holds under its own certificate.")
    first, last = leaf.not_valid_before_utc.timestamp(), leaf.not_valid_after_utc.timestamp()
    moment = at if at is not None and first <= at <= last else int(first)
    trouble = leads_to(leaf, sealed.certificates[1:], trusted.authorities, at=moment)
    # (3)
    if trouble:
        return Verification(Standing.NOT_VERIFIED, identity_of(leaf), trouble)
    return Verification(Standing.VERIFIED, identity_of(leaf), "Signed under a trusted authority.")


def read_envelopes(data: bytes, name: str) -> Iterator[Sealed]:
    """The envelopes in a file's bytes, in their order.

    Raises:
        SourceError: something in it is none; the line is named.
    """
    if len(data) > LARGEST:
        raise SourceError(f"The file is larger than {LARGEST:,} bytes.", fix="Split it.", where=name)
    try:
        whole = [(name, msgspec.json.decode(data))]
    except (msgspec.MsgspecError, ValueError, RecursionError):
        whole = [*_lines(data, name)]
    count = 0
    for where, told in whole:
        for own in _unfolded(told):
            count += 1
            if count > _MOST:
                raise SourceError(f"It holds more than {_MOST:,} attestations.", fix="Split it.", where=where)
            yield _sealed(own, where)


def _lines(data: bytes, name: str) -> Iterator[tuple[str, Any]]:
    for number, line in enumerate(data.splitlines(), 1):
        if line.strip():
            try:
                yield f"{name}:{number}", msgspec.json.decode(line)
            except (msgspec.MsgspecError, ValueError, RecursionError) as error:
                raise SourceError(
                    "This is no JSON.",
                    why=f"{str(error)[:200]}.",
                    fix="Give an envelope or a bundle, or one of them on each line.",
                    where=f"{name}:{number}",
                ) from error


def _unfolded(told: object) -> Iterator[Any]:
    """GitHub lists bundles under ``attestations``; a list holds them one by one."""
    if isinstance(told, dict) and isinstance(listed := told.get("attestations"), list):
        yield from (own.get("bundle") if isinstance(own, dict) else own for own in listed)
    elif isinstance(told, list):
        yield from told
    else:
        yield told


def _sealed(told: object, where: str) -> Sealed:
    if isinstance(told, dict) and isinstance(inner := told.get("dsseEnvelope"), dict):
        material = told.get("verificationMaterial")
        return Sealed(
            parse_envelope(msgspec.json.encode(inner), where),
            tuple(_certificates(material if isinstance(material, dict) else {}, where)),
            where,
        )
    return Sealed(parse_envelope(msgspec.json.encode(told), where), (), where)


def _certificates(material: dict[str, Any], where: str) -> Iterator[x509.Certificate]:
    chain = material.get("x509CertificateChain")
    listed = chain.get("certificates") if isinstance(chain, dict) else [material.get("certificate")]
    for own in listed if isinstance(listed, list) else []:
        raw = own.get("rawBytes") if isinstance(own, dict) else None
        if isinstance(raw, str):
            try:
                yield read_certificate(decode_base64(raw))
            except ValueError as error:
                raise SourceError(
                    "A certificate of the bundle cannot be read.",
                    why=f"{error}.",
                    fix="Fetch it anew.",
                    where=where,
                ) from error

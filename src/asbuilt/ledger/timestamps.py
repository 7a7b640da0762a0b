"""Timestamps of others over a checkpoint (RFC 3161): the request is written, the answer is verified and kept.

Needs the extra ``timestamp`` (rfc3161-client). Nothing here reaches a network.
"""

import importlib
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
from cryptography import x509

from asbuilt.ledger.checkpoints import CHECKPOINTS, Checkpoint
from asbuilt.ledger.durable import write_durably
from asbuilt.ledger.witness import stamped_part
from asbuilt.model.errors import LedgerError, UsageError
from asbuilt.model.text import visible

SUFFIX = ".tsr"
ROOTS = "timestamp-roots.pem"  # in the ledger's folder: the certificates that answers were verified against
MOST_BYTES = 1 << 20


class Timestamp(msgspec.Struct, frozen=True):
    """An authority's word that a checkpoint existed at ``at`` (Unix seconds, its clock)."""

    size: int
    at: int
    policy: str
    serial: str


def timestamp_request(checkpoint: Checkpoint) -> bytes:
    """The request (DER) that is sent to an authority as ``application/timestamp-query``.

    It asks for the authority's certificate. It bears no nonce: the answer stands for good and may be fetched later.

    Raises:
        UsageError: the extra is not installed.
    """
    client = _client()
    asked = client.TimestampRequestBuilder().data(stamped_part(checkpoint))
    asked = asked.hash_algorithm(client.HashAlgorithm.SHA256).nonce(nonce=False).cert_request(cert_request=True)
    made: bytes = asked.build().as_bytes()
    return made


def verify_timestamp(checkpoint: Checkpoint, answer: bytes, roots: bytes) -> Timestamp:
    """Verify an authority's answer over a checkpoint.

    1. The answer was granted and reads as RFC 3161 says.
    2. Its signature leads to one of the roots, by a certificate made for timestamping.
    3. It is over the SHA-256 of this checkpoint's signed part.

    Args:
        checkpoint: what was stamped.
        answer: the response (DER).
        roots: certificates in PEM: the authority's root, and what stands between.

    Raises:
        LedgerError: a step fails.
        UsageError: the extra is not installed, or ``roots`` holds no certificate.
    """
    client = _client()
    # (1) What it is.
    try:
        read = client.decode_timestamp_response(answer[: MOST_BYTES + 1])
        info = read.tst_info
    except ValueError as error:
        raise _refused(f"It is no granted timestamp response: {error}.") from error
    # (2), (3) Whose it is, and over what.
    builder = client.VerifierBuilder()
    for certificate in read_roots(roots):
        own = certificate.issuer == certificate.subject
        builder = (
            builder.add_root_certificate(certificate) if own else builder.add_intermediate_certificate(certificate)
        )
    try:
        builder.build().verify(read, sha256(stamped_part(checkpoint)).digest())
    except (client.VerificationError, ValueError) as error:
        raise _refused(f"{error}") from error
    at: datetime = info.gen_time
    return Timestamp(checkpoint.size, int(at.timestamp()), info.policy.dotted_string, f"{info.serial_number:x}")


def keep_timestamp(folder: Path, checkpoint: Checkpoint, answer: bytes, roots: bytes) -> Timestamp:
    """Verify an answer and keep it beside its checkpoint, with the roots it was verified against.

    Raises:
        LedgerError, UsageError: as ``verify_timestamp``; nothing is kept then.
    """
    found = verify_timestamp(checkpoint, answer, roots)
    held = folder / ROOTS
    before = held.read_bytes() if held.is_file() else b""
    if roots.strip() not in before:
        write_durably(held, before + roots.strip() + b"\n")
    write_durably(timestamp_path(folder, checkpoint.size), answer)
    return found


def timestamp_path(folder: Path, size: int) -> Path:
    """Where the timestamp over the checkpoint of that size is kept."""
    return folder / CHECKPOINTS / f"{size:012d}{SUFFIX}"


def read_roots(pem: bytes) -> list[x509.Certificate]:
    """The certificates of a PEM file, each once.

    Raises:
        UsageError: there is none.
    """
    try:
        return list(dict.fromkeys(x509.load_pem_x509_certificates(pem)))
    except ValueError as error:
        raise UsageError(
            "The file of the authority's certificates holds none.",
            why=f"{visible(str(error), 200)}.",
            fix="Give the root certificate that the authority publishes, in PEM.",
        ) from error


def _client() -> Any:
    try:
        return importlib.import_module("rfc3161_client")
    except ModuleNotFoundError as error:
        raise UsageError(
            "Timestamps need the extra `timestamp`.", fix="`pip install 'asbuilt[timestamp]'`."
        ) from error


def _refused(why: str) -> LedgerError:
    return LedgerError(
        "The timestamp is not accepted.",
        why=visible(why, 300),
        fix="Ask for it again with the request of this checkpoint, and give the authority's root certificate.",
    )

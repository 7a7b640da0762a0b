"""Signatures of deliveries, as the specification "Standard Webhooks" writes them; GitLab signs so since 19.0.

1. ``webhook-id``, ``webhook-timestamp`` and the bytes as they came are signed together, joined by full stops.
2. The moment is not further from now than five minutes: an old delivery is not sent again by a stranger.
3. The key is what follows ``whsec_`` in the token, in base64; HMAC-SHA256, compared in constant time.
4. The header may hold several signatures, while one token takes the place of another: one that holds is enough.

Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import binascii
import hashlib
import hmac
from typing import Final

PREFIX: Final = b"whsec_"
FURTHEST: Final = 300  # seconds between the moment that is signed and now
_MOST = 16  # signatures in one header
_VERSION = "v1"


def signing_key(secret: bytes) -> bytes | None:
    """The key that a signing token holds; None of what is none."""
    if not secret.startswith(PREFIX):
        return None
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True) or None
    except (binascii.Error, ValueError):
        return None


def why_unsigned(key: bytes, own: str, moment: str, body: bytes, given: str, *, now: float) -> str | None:
    """Why a delivery is not signed with a key, in one sentence; None where it is.

    Args:
        key: what ``signing_key`` gave.
        own: the header ``webhook-id``.
        moment: the header ``webhook-timestamp``, Unix seconds.
        body: the bytes as they came.
        given: the header ``webhook-signature``.
        now: Unix seconds.
    """
    if not (own and moment.isascii() and moment.isdigit() and len(moment) < 16 and given):
        return "It is not signed."
    # (1), (3)
    signed = b".".join((own.encode("utf-8", "replace"), moment.encode(), body))
    wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest())
    # (4)
    found = [each.partition(",") for each in given.split(" ")[:_MOST]]
    if not any(
        version == _VERSION and hmac.compare_digest(wanted, told.encode("utf-8", "replace"))
        for version, _, told in found
    ):
        return "The signature does not hold."
    # (2)
    if abs(now - int(moment)) > FURTHEST:
        return f"It was signed more than {FURTHEST} seconds from now."
    return None

"""Signed statements about a commit or an artifact, and how each signature stands."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import msgspec


class Standing(StrEnum):
    """How a signature stands. Only the first proves anything."""

    VERIFIED = "verified"  # it holds under a key that was given
    NOT_VERIFIED = "present, not verified"  # no key that was given is the signer's
    BROKEN = "does not hold"  # it claims a key that was given, and does not hold under it
    NONE = "not signed"


class Statement(msgspec.Struct, frozen=True):
    """An in-toto statement.

    ``digest`` is the SHA-256 of its payload; ``subjects`` are ``ALGORITHM:DIGEST``; ``commit`` is the source
    that it names, ``builder`` who built or verified, ``made_at`` Unix seconds as it says itself.
    """

    digest: str
    predicate_type: str
    subjects: tuple[str, ...]
    commit: str | None = None
    builder: str | None = None
    made_at: int | None = None
    predicate: Mapping[str, Any] = {}


class Verification(msgspec.Struct, frozen=True):
    """How a signature stands, who signed (as the key or certificate names them), and the reason in one sentence."""

    standing: Standing
    signer: str | None
    why: str


class Attestation(msgspec.Struct, frozen=True):
    """A statement with how its signature stands; ``where`` it was read from."""

    statement: Statement
    verification: Verification
    where: str

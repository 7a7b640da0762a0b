"""Signed statements about a commit or an artifact, and how each signature stands."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import msgspec

# The type of the statement that a commit's own signature makes: whoever signed says that this commit is theirs.
COMMIT_SIGNATURE = "https://asbuilt.dev/attestation/commit-signature/v1"


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


class Approval(msgspec.Struct, frozen=True):
    """One approval, bound to the tree that was approved.

    ``over_commit`` and ``over_tree`` are what it was given for (None: not known); ``approved_at`` Unix seconds;
    ``fails`` names the tests of a review that it fails (empty: none is known to fail).
    """

    approver: str
    over_commit: str | None
    over_tree: str | None
    approved_at: int
    fails: tuple[str, ...] = ()


class CheckRun(msgspec.Struct, frozen=True):
    """The run of a check: its name, the commit and tree that it ran on, how it ended, and who ran it."""

    name: str
    over_commit: str
    over_tree: str | None
    outcome: str
    runner: str | None = None


class MergeTransform(msgspec.Struct, frozen=True):
    """How what was reviewed became what landed, recomputed from the objects.

    ``kind`` is identity, squash, merge-commit, rebase or unknown; ``expected_tree`` is what git makes of base and
    head now (None: it was not computed), ``replay_clean`` whether that is what landed; ``result`` is identity,
    replay, residual or unverifiable.
    """

    kind: str
    result: str
    reviewed_head: str | None
    base_at_merge: str | None
    parents: tuple[str, ...]
    tree: str
    expected_tree: str | None
    replay_clean: bool | None
    strategy: str
    git_version: str

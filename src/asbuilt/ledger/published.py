"""What a ledger has published, held against what it says now: every kept checkpoint and its signatures."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

import msgspec

from asbuilt.ledger.checkpoints import Checkpoint, kept_checkpoints, read_checkpoint
from asbuilt.ledger.merkle import Frontier, leaf_hash
from asbuilt.ledger.notes import VerifierKey, verify_note
from asbuilt.ledger.rotation import Finding, keys_in_force, published_key, rotations
from asbuilt.ledger.timestamps import timestamp_path
from asbuilt.ledger.witness import Cosigned, trusted_witnesses, verified_cosignatures
from asbuilt.model.errors import LedgerError


class Held(Finding, Protocol):
    """What is checked: ``ledger.Ledger``."""

    def entries(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The entries in order."""


class Keys(msgspec.Struct, frozen=True):
    """The keys of a ledger, each with the first checkpoint size that it signs for, oldest first."""

    periods: tuple[tuple[int, VerifierKey], ...]

    @property
    def current(self) -> VerifierKey:
        """The key that signs now."""
        return self.periods[-1][1]

    @property
    def all(self) -> tuple[VerifierKey, ...]:
        """Every key there ever was."""
        return tuple(key for _, key in self.periods)

    def for_size(self, size: int) -> VerifierKey:
        """The key that signs a checkpoint of so many entries."""
        return [key for since, key in self.periods if since <= size][-1]


class Published(msgspec.Struct, frozen=True):
    """A kept checkpoint: whether it holds (``problem`` is empty), who cosigned it, whether a timestamp is kept."""

    where: str
    size: int
    problem: str
    witnesses: tuple[Cosigned, ...] = ()
    stamped: bool = False


def keys_of(ledger: Finding) -> Keys:
    """The keys that a ledger vouches for, from its rotations and the published key.

    Raises:
        LedgerError: a rotation is false, or the published key is not the one that the last rotation names.
        UsageError: there is no published key.
    """
    told = rotations(ledger)
    current = published_key(ledger.folder)
    if told and told[-1].new != current:
        raise LedgerError(
            "The published key is not the one that the ledger's last rotation names.",
            why=f"The ledger names {told[-1].new.text}; published is {current.text}.",
            fix="Find out who exchanged the file; write the named key into it.",
            where=str(ledger.folder / "key.vkey"),
        )
    return Keys(tuple(keys_in_force(told, current)))


def check_published(ledger: Held, keys: Keys) -> tuple[Published, ...]:
    """Check every kept checkpoint.

    1. It can be read, is of this ledger, and stands under the name of its size.
    2. It is signed by the key that was in force at its size.
    3. Cosignatures of known witnesses hold.
    4. The root over the entries that are there now is the root that was signed. Roots are made from the entries
       themselves, not from stored hashes.
    """
    found: list[Published] = []
    checkpoints: list[tuple[Path, Checkpoint]] = []
    for path in kept_checkpoints(ledger.folder):
        # (1) Readable.
        try:
            checkpoints.append((path, read_checkpoint(path)))
        except LedgerError as error:
            found.append(Published(str(path), int(path.stem), error.what))
    witnesses = trusted_witnesses(ledger.folder)
    roots = roots_at(ledger, [checkpoint.size for _, checkpoint in checkpoints])
    for path, checkpoint in checkpoints:
        # (2), (3) Signed, cosigned.
        signed = signature_problem(checkpoint, ledger.origin, keys)
        seen = _seen(path, checkpoint, witnesses)
        problem = signed or seen.problem
        # (4) Still what is there.
        root = roots.get(checkpoint.size)
        if not problem and root is None:
            problem = f"It seals {checkpoint.size} entries; the ledger has {ledger.size}."
        elif not problem and root != checkpoint.root:
            problem = f"The first {checkpoint.size} entries do not have the root that was signed for them."
        found.append(msgspec.structs.replace(seen, problem=problem))
    return tuple(sorted(found, key=lambda each: each.size))


def seen_by_others(folder: Path) -> tuple[Published, ...]:
    """Every kept checkpoint that can be read, with who cosigned it; ``problem`` is of a false cosignature alone."""
    witnesses = trusted_witnesses(folder)
    found = []
    for path in kept_checkpoints(folder):
        try:
            found.append(_seen(path, read_checkpoint(path), witnesses))
        except LedgerError:  # `check_published` and `verify.verify_ledger` tell it
            continue
    return tuple(found)


def _seen(path: Path, checkpoint: Checkpoint, witnesses: tuple[VerifierKey, ...]) -> Published:
    stamped = timestamp_path(path.parents[1], checkpoint.size).is_file()
    try:
        return Published(str(path), checkpoint.size, "", verified_cosignatures(checkpoint.note, witnesses), stamped)
    except LedgerError as error:
        return Published(str(path), checkpoint.size, error.what, (), stamped)


def signature_problem(checkpoint: Checkpoint, origin: str, keys: Keys) -> str:
    """Why a checkpoint is not one that this ledger's key signed at its size; empty when it is."""
    if checkpoint.origin != origin:
        return f"It is of another ledger: {checkpoint.origin}."
    try:
        verify_note(checkpoint.note, [keys.for_size(checkpoint.size)])
    except LedgerError as error:
        return f"{error.what} {error.why}"
    return ""


def roots_at(ledger: Held, sizes: Iterable[int]) -> dict[int, bytes]:
    """The root over the first so many entries, for each size that the ledger has, in one pass over the entries."""
    wanted = sorted(set(sizes))
    frontier = Frontier()
    roots: dict[int, bytes] = {}
    if wanted and wanted[0] == 0:
        roots[0] = frontier.root()
    asked = set(wanted)
    for entry in ledger.entries(0, min(wanted[-1], ledger.size) if wanted else 0):
        frontier.append(leaf_hash(entry))
        if frontier.size in asked:
            roots[frontier.size] = frontier.root()
    return roots


def pin_key(keys: Keys, pinned: VerifierKey) -> None:
    """Hold the ledger to a key that came by another channel: one of its keys, of now or of before a rotation.

    Raises:
        LedgerError: it is none of them.
    """
    if pinned not in keys.all:
        raise LedgerError(
            "The ledger is not signed by the key that you named.",
            why=f"Named: {pinned.text}; the ledger's: {', '.join(key.text for key in keys.all)}.",
            fix="Check that it is the key of this ledger; else the ledger was made anew under another key.",
        )

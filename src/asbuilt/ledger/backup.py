"""Copies of a ledger that can take its place: made while others write, verified before they are taken back.

A backup is itself a ledger's folder, on SQLite whatever the original is kept in, without the signing key unless
that is asked for. Its entries go up to a checkpoint; their root was computed anew from the bytes that were copied.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import msgspec

from asbuilt.ledger.against import compare, read_evidence
from asbuilt.ledger.attachments import ATTACHMENTS, kept_files, put_attachment, read_attachment
from asbuilt.ledger.checkpoints import (
    CHECKPOINTS,
    Checkpoint,
    check_extends,
    checkpoints_of,
    kept_checkpoints,
    parse_checkpoint,
    read_checkpoint,
)
from asbuilt.ledger.databases import create_store, open_store
from asbuilt.ledger.durable import sync_folder, write_durably
from asbuilt.ledger.keys import KEY, PUBLIC, publish_key
from asbuilt.ledger.ledger import Ledger, is_ledger
from asbuilt.ledger.published import check_published, keys_of
from asbuilt.ledger.rotation import NEXT
from asbuilt.ledger.store import Head
from asbuilt.ledger.timestamps import ROOTS, timestamp_path
from asbuilt.ledger.witness import WITNESSES
from asbuilt.model.errors import LedgerError, UsageError
from asbuilt.model.progress import Listener, silent
from asbuilt.model.record import decode_entry

BATCH = 1000
_BESIDE = (WITNESSES, ROOTS)
REMAINS = {KEY, PUBLIC, NEXT, "signing.lock", ATTACHMENTS, CHECKPOINTS, *_BESIDE}


class Copied(msgspec.Struct, frozen=True):
    """What a copy holds: entries, attachments, the checkpoint they are sealed by, and whether the key is in it."""

    folder: str
    size: int
    attachments: int
    sealed: int
    with_key: bool


def backup_ledger(
    ledger: Ledger, folder: Path, checkpoint: bytes, *, with_key: bool = False, on: Listener = silent
) -> Copied:
    """Copy a ledger as sealed by one of its checkpoints; others may go on writing.

    1. The folder is new or empty; everything is made beside it, and takes its name at the end.
    2. The entries up to the checkpoint are copied; the root over them must be the checkpoint's.
    3. Then the attachments: a record's attachment is kept before the record is.
    4. The checkpoints up to that one, their timestamps, and the keys of witnesses.
    5. The verifier key that is in force at that size; the signing key only when asked for.

    Raises:
        UsageError: there is something in the folder.
        LedgerError: the ledger is damaged; no backup is left.
        OSError: the disk is full or read-only; no backup is left.
    """
    sealed = parse_checkpoint(checkpoint)
    # (1) A folder of its own.
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{str(folder)!r} is not empty.", fix="Name a new folder for the backup.")
    with _made_beside(folder) as part:
        # (2) Entries.
        size = _copy_entries(ledger, part, None, sealed.size, on)
        with Ledger(part, open_store(part, read_only=True), read_only=True) as copy:
            _hold(copy, sealed)
        # (3) Attachments.
        attachments = _copy_attachments(ledger.folder, part, on)
        # (4) What was published.
        _copy_published(ledger.folder, part, sealed.size)
        # (5) Keys.
        publish_key(part, keys_of(ledger).for_size(sealed.size))
        if with_key:
            _copy_key(ledger.folder, part)
    return Copied(str(folder), size, attachments, sealed.size, with_key)


def restore_ledger(
    backup: Path,
    folder: Path,
    *,
    store: str | None = None,
    against: Sequence[Path] = (),
    on: Listener = silent,
) -> Copied:
    """Make a ledger from a backup.

    1. There is no ledger in the folder. What may be left of one is its key, checkpoints and attachments.
    2. The backup is verified: its keys, every checkpoint, and at least one checkpoint over its entries.
    3. It is not behind what was published: the checkpoints that are left in the folder, and ``against``.
    4. Entries, attachments, checkpoints and keys are copied into a folder beside; the entries are verified again.
    5. What was left in the folder is kept in the new one: its key before the backup's, and all of its checkpoints.
    6. The new folder takes the place; the old one is kept beside it under another name.

    Raises:
        UsageError: step 1.
        LedgerError: step 2, 3 or 4. The folder is as it was.
        OSError: the disk is full or read-only. The folder is as it was.
    """
    # (1) No ledger there.
    left = {each.name for each in folder.iterdir()} if folder.is_dir() else set()
    if is_ledger(folder) or left - REMAINS or (folder.exists() and not folder.is_dir()):
        raise UsageError(
            f"There is {'a ledger' if is_ledger(folder) else 'something'} in {str(folder)!r} already.",
            why="A backup is never put over what is there.",
            fix="Name another folder, or move that one away.",
        )
    if not is_ledger(backup):
        raise UsageError(f"There is no backup in {str(backup)!r}.", fix="Name what `asbuilt ledger backup` wrote.")
    with Ledger(backup, open_store(backup, read_only=True), read_only=True) as source:
        # (2), (3) Verified, and not behind.
        sealed = _verified(source, folder, against)
        with _made_beside(folder) as part:
            # (4) Copied, and verified again.
            size = _copy_entries(source, part, store, source.size, on)
            with Ledger(part, open_store(part, read_only=True), read_only=True) as copy:
                _hold(copy, sealed)
            attachments = _copy_attachments(backup, part, on)
            _copy_published(backup, part, size)
            publish_key(part, keys_of(source).current)
            # (5) What was left.
            if left:
                attachments += _copy_attachments(folder, part, on)
                _copy_published(folder, part, size)
            for place in (folder, backup):
                if (place / KEY).exists():
                    _copy_key(place, part)
                    break
            if (folder / NEXT).exists():
                write_durably(part / NEXT, (folder / NEXT).read_bytes(), mode=0o600)
            # (6) In its place.
            if left:
                folder.replace(folder.with_name(f"{folder.name}.before-restore.{os.getpid()}"))
    return Copied(str(folder), size, attachments, sealed.size, (folder / KEY).exists())


def _verified(source: Ledger, folder: Path, against: Sequence[Path]) -> Checkpoint:
    """The newest checkpoint of a backup that holds and is not behind what was published."""
    keys = keys_of(source)
    published = check_published(source, keys)
    for each in published:
        if each.problem:
            raise LedgerError("The backup does not hold; it is not restored.", why=each.problem, where=each.where)
    if not published:
        raise LedgerError(
            "The backup has no checkpoint, so nothing vouches for it; it is not restored.", where=str(source.folder)
        )
    for left in checkpoints_of(folder):
        _not_behind(source, left, str(folder))
        check_extends(source, left)
    evidence = [read_evidence(path) for path in against]
    for kept in evidence:
        for checkpoint in kept.checkpoints:
            _not_behind(source, checkpoint, kept.where)
    for difference in compare(source, evidence, keys):
        raise LedgerError(
            "The backup is not what was kept of the ledger.", why=difference.what, where=difference.where
        )
    return read_checkpoint(kept_checkpoints(source.folder)[-1])


def _not_behind(source: Ledger, published: Checkpoint, where: str) -> None:
    if published.size > source.size:
        raise LedgerError(
            "The backup is older than what the ledger has published; it is not restored.",
            why=f"{published.size} entries were published, the backup has {source.size}: the others would be lost, "
            "and whoever has the newer checkpoint would find the ledger cut off.",
            fix="Restore a later backup; or make a new ledger under a new name, and say why.",
            where=where,
        )


def _copy_entries(ledger: Ledger, part: Path, store: str | None, size: int, on: Listener) -> int:
    """Append the entries up to ``size`` to a new, empty ledger; the bytes are the same, or the root shows it."""
    create_store(part, Head(ledger.origin), store)
    entries = ledger.entries(0, size)
    done = 0
    with Ledger(part, open_store(part, read_only=False)) as copy:
        while batch := list(islice(entries, BATCH)):
            copy.append(map(decode_entry, batch))
            done += len(batch)
            on("entries", done, size)
        return copy.size


def _hold(copy: Ledger, sealed: Checkpoint) -> None:
    if copy.size < sealed.size or copy.root(sealed.size) != sealed.root:
        raise LedgerError(
            "The entries are not the ones that the checkpoint seals; no copy is left.",
            why=f"The checkpoint seals {sealed.size} entries; the {copy.size} that were read have another root.",
            fix="`asbuilt ledger verify` names the first entry that was changed.",
        )


def _copy_attachments(source: Path, part: Path, on: Listener) -> int:
    count = 0
    for path in kept_files(source):
        put_attachment(part, read_attachment(source, path.name))
        count += 1
        on("attachments", count, None)
    return count


def _copy_published(source: Path, part: Path, size: int) -> None:
    (part / CHECKPOINTS).mkdir(exist_ok=True)
    for path in kept_checkpoints(source):
        target = part / CHECKPOINTS / path.name
        if int(path.stem) <= size and not target.exists():
            write_durably(target, path.read_bytes())
        stamp = timestamp_path(source, int(path.stem))
        if int(path.stem) <= size and stamp.is_file():
            write_durably(timestamp_path(part, int(path.stem)), stamp.read_bytes())
    for name in _BESIDE:
        if (source / name).is_file() and not (part / name).exists():
            write_durably(part / name, (source / name).read_bytes())


def _copy_key(source: Path, part: Path) -> None:
    write_durably(part / KEY, (source / KEY).read_bytes(), mode=0o600)


@contextmanager
def _made_beside(folder: Path) -> Iterator[Path]:
    """A folder beside ``folder`` that takes its name when the block ends well, and is gone otherwise."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".part", dir=folder.parent))
    try:
        (part / ATTACHMENTS).mkdir()
        yield part
        sync_folder(part)
        part.replace(folder)
        sync_folder(folder.parent)
    finally:
        shutil.rmtree(part, ignore_errors=True)

"""Copies of a ledger: the export that other tools read, backups, and a ledger from a backup."""

from collections.abc import Sequence
from pathlib import Path

from asbuilt.app.ledger import signed_last
from asbuilt.app.ledger_place import keep_out_of_git
from asbuilt.ledger.backup import Copied, backup_ledger, restore_ledger
from asbuilt.ledger.checkpoints import sign_checkpoint
from asbuilt.ledger.keys import KEY
from asbuilt.ledger.ledger import open_ledger
from asbuilt.ledger.tiles import Exported, export_tiles
from asbuilt.model.progress import Listener, silent


def export(folder: Path, target: Path) -> Exported:
    """Write the ledger as its newest checkpoint seals it, as tiles (C2SP tlog-tiles).

    Raises:
        UsageError: there is no checkpoint yet, or the target is not empty.
        LedgerError: the entries are not what the checkpoint seals.
    """
    with open_ledger(folder, read_only=True) as ledger:
        return export_tiles(ledger, target, signed_last(ledger).encode())


def backup(folder: Path, target: Path, *, now: int, with_key: bool = False, on: Listener = silent) -> Copied:
    """Copy the ledger. Where the signing key is here, the present head is sealed first and is in the copy.

    Raises:
        UsageError, LedgerError: see ``backup.backup_ledger``.
    """
    if (folder / KEY).exists():
        with open_ledger(folder) as ledger:
            return backup_ledger(ledger, target, sign_checkpoint(ledger, now), with_key=with_key, on=on)
    with open_ledger(folder, read_only=True) as ledger:
        return backup_ledger(ledger, target, signed_last(ledger).encode(), with_key=with_key, on=on)


def restore(
    source: Path, folder: Path, *, store: str | None = None, against: Sequence[Path] = (), on: Listener = silent
) -> Copied:
    """Make a ledger from a backup.

    Raises:
        UsageError, LedgerError: see ``backup.restore_ledger``.
    """
    copied = restore_ledger(source, folder, store=store, against=against, on=on)
    keep_out_of_git(folder)
    return copied

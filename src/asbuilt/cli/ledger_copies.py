"""``asbuilt ledger export``, ``backup`` and ``restore``."""

from pathlib import Path

import click

from asbuilt.cli.ledger_options import ledger_option, now, quiet_option
from asbuilt.cli.streams import print_text

FOLDER = click.Path(path_type=Path)


@click.command("export", short_help="Write the ledger as tiles that other tools read.")
@click.argument("target", type=FOLDER)
@ledger_option
def export(*, target: Path, folder: Path) -> None:
    """Write the ledger, as its newest checkpoint seals it, into the new folder TARGET (C2SP tlog-tiles).

    `checkpoint`, `tile/LEVEL/…` with the hashes and `tile/entries/…` with the records: any tool that audits
    tile-based logs reads it, from the disk or from a web server.
    """
    from asbuilt.app.ledger_copies import export as write

    made = write(folder, target)
    print_text(f"{made.size:,} entries in {made.bundles:,} bundles, {made.tiles:,} tiles of hashes: {target}")


@click.command("backup", short_help="Copy the ledger while others write.")
@click.argument("target", type=FOLDER)
@ledger_option
@click.option("--with-key", is_flag=True, help="Copy the signing key too: whoever has the backup can then sign.")
@quiet_option
def backup(*, target: Path, folder: Path, with_key: bool, quiet: bool) -> None:
    """Copy the ledger into the new folder TARGET: entries, attachments, checkpoints; not the signing key.

    The present head is signed first, and the copy's root is computed anew and must be the signed one. The copy is a
    ledger that `verify`, `show` and `prove` read.
    """
    from asbuilt.app.ledger_copies import backup as copy
    from asbuilt.cli.progress import progress

    with progress(quiet=quiet, verbose=False) as listener:
        made = copy(folder, target, now=now(), with_key=with_key, on=listener)
    without = "the signing key is in it: keep it as you keep the key" if with_key else "without the signing key"
    print_text(f"{made.size:,} entries, {made.attachments:,} attachments: {target} ({without})")


@click.command("restore", short_help="Make a ledger from a backup.")
@click.argument("source", type=FOLDER)
@ledger_option
@click.option("--store", metavar="URL", help="Restore into PostgreSQL: postgresql://USER@HOST/DATABASE.")
@click.option(
    "--against",
    type=FOLDER,
    multiple=True,
    metavar="FILE|FOLDER",
    help="The newest checkpoint that others have: it is not restored below it; may be repeated.",
)
@quiet_option
def restore(*, source: Path, folder: Path, store: str | None, against: tuple[Path, ...], quiet: bool) -> None:
    """Verify the backup SOURCE and make a ledger from it, where none is.

    A backup that is behind a published checkpoint, one left in the folder or one of --against, is refused.
    """
    from asbuilt.app.ledger_copies import restore as put_back
    from asbuilt.cli.progress import progress

    with progress(quiet=quiet, verbose=False) as listener:
        made = put_back(source, folder, store=store, against=against, on=listener)
    key = (
        ""
        if made.with_key
        else "\nThe signing key is not here: bring back the file `key`, mode 0600, to sign again."
    )
    print_text(f"{made.size:,} entries, {made.attachments:,} attachments: {folder}{key}")

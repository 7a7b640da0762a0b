"""``asbuilt ledger init``, ``append`` and ``show``."""

from pathlib import Path
from typing import BinaryIO

import click

from asbuilt.cli.documents import print_json
from asbuilt.cli.ledger_options import format_option, ledger_option, now, user
from asbuilt.cli.moments import Moment
from asbuilt.cli.streams import print_bytes, print_text


@click.command("init", short_help="Make an empty ledger and its signing key.")
@click.argument("origin", metavar="NAME")
@ledger_option
@click.option("--store", metavar="URL", help="Keep it in PostgreSQL: postgresql://USER@HOST/DATABASE.")
@format_option
def init(*, origin: str, folder: Path, store: str | None, form: str) -> None:
    """Make an empty ledger called NAME (like example.com/asbuilt) and its signing key (file mode 0600).

    NAME stands in every checkpoint for good. Publish the verifier key that is printed: whoever checks needs it.
    """
    from asbuilt.app.ledger import init as make

    made = make(folder, origin=origin, now=now(), store=store)
    if form == "json":
        print_json(made)
        return
    print_text(
        f"Made the ledger {made.origin} in {made.folder}\n\nVerifier key, to be published:\n  {made.key}\n"
        f"Its fingerprint, to be compared by another channel:\n  {made.fingerprint}\n\n"
        f"The signing key is the file `key` there, mode 0600. No copy of it is made by a backup."
    )


@click.command("append", short_help="Append records: JSON Lines, or one raw file.")
@click.argument("file", type=click.File("rb"), default="-")
@ledger_option
@click.option("--source", help="A raw file: what told it, for good the same name.")
@click.option("--event", help="A raw file: the source's own name for what happened.")
@click.option("--kind", help="A raw file: what it is, like raw/FORMAT.")
@click.option("--media", help="A raw file: its media type.  [default: application/octet-stream]")
@click.option("--occurred", type=Moment(), metavar="DATE", help="A raw file: when it happened.")
@click.option("--observed", type=Moment(), metavar="DATE", help="A raw file: when it was read; default: now.")
@click.option("--by", help="Who records it; default: ASBUILT_BY, else the user who runs this.")
@format_option
def append(
    *,
    file: BinaryIO,
    folder: Path,
    source: str | None,
    event: str | None,
    kind: str | None,
    media: str | None,
    occurred: int | None,
    observed: int | None,
    by: str | None,
    form: str,
) -> None:
    """Append the records of FILE (JSON Lines, `-`: standard input), or FILE itself as one record.

    With --source, --event and --kind, FILE is kept byte for byte. Without, each line is an object with source,
    event, kind, and payload, text or base64. Nothing is appended when any line is wrong; what is there already is
    not kept twice, so the same command may be run again.
    """
    from asbuilt.app.ledger import append as keep
    from asbuilt.app.ledger_input import checked_lines, raw_record, read_raw

    at, who = now(), by or user()
    if source or event or kind or media or occurred is not None or observed is not None:
        record = raw_record(
            read_raw(file),
            source=source or "",
            event=event or "",
            kind=kind or "",
            media=media or "application/octet-stream",
            occurred=occurred,
            observed=observed,
            now=at,
            by=who,
        )
        kept = keep(folder, [record])
    else:
        with checked_lines(file, name=file.name, now=at, by=who) as records:
            kept = keep(folder, records)
    if form == "json":
        print_json(kept)
    else:
        again = f", {kept.known:,} there already" if kept.known else ""
        print_text(f"{kept.new:,} new{again}; the ledger has {kept.size:,} entries.")


@click.command("show", short_help="List entries, or show one.")
@click.argument("span", metavar="[INDEX|FIRST-LAST|FIRST-|HASH]", required=False)
@ledger_option
@click.option("--source", help="Only of this source.")
@click.option("--event", help="Only of this event; with --source it is found at once.")
@click.option("--kind", help="Only of this kind.")
@click.option("--limit", type=click.IntRange(0), default=20, show_default=True, help="The last so many; 0: all.")
@click.option("--raw", is_flag=True, help="Write the bytes of one entry exactly as they are kept.")
@format_option
def show(
    *,
    span: str | None,
    folder: Path,
    source: str | None,
    event: str | None,
    kind: str | None,
    limit: int,
    raw: bool,
    form: str,
) -> None:
    """List the entries of the ledger, one a line, or show one of them whole.

    HASH is the beginning of a leaf hash, 12 digits or more, as reports cite a record.

    JSON is one object for each entry, on a line of its own.
    """
    from asbuilt.app.ledger import raw_entry
    from asbuilt.app.ledger import show as find
    from asbuilt.cli.ledger_text import entry_line, entry_page, json_line

    if raw:
        if span is None:
            raise click.UsageError("--raw writes one entry: name its index.")
        print_bytes(raw_entry(folder, span))
        return
    found = find(folder, span=span, source=source, event=event, kind=kind, limit=limit)
    for entry in found:
        if form == "json":
            print_bytes(json_line(entry))
        elif span is not None and "-" not in span:
            print_text(entry_page(entry))
        else:
            print_text(entry_line(entry))

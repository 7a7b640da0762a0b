"""``asbuilt ledger witness`` and ``timestamp``: what others sign; nothing is sent from here."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from asbuilt.cli.ledger_options import ledger_option, now
from asbuilt.cli.outputs import write_whole
from asbuilt.cli.streams import print_bytes, print_text

if TYPE_CHECKING:
    from asbuilt.ledger.timestamps import Timestamp

FILE = click.Path(path_type=Path)


@click.command("witness", short_help="Let a witness cosign the newest checkpoint.")
@ledger_option
@click.option(
    "--old", type=click.IntRange(0), default=0, show_default=True, help="What the witness has seen so far."
)
@click.option("-o", "--output", type=FILE, metavar="FILE", help="Write the request to a file instead.")
@click.option("--answer", type=FILE, metavar="FILE", help="Read the witness's answer, and keep it.")
@click.option(
    "--key", "keys", multiple=True, metavar="VKEY|FILE", help="With --answer: the witness's verifier key."
)
@click.option("--size", type=click.IntRange(0), help="With --answer: of an older checkpoint of so many entries.")
def witness(
    *, folder: Path, old: int, output: Path | None, answer: Path | None, keys: tuple[str, ...], size: int | None
) -> None:
    """Write the request to a witness (C2SP tlog-witness), or take in its answer.

    Post the request to the witness's `add-checkpoint`, for example with curl. It answers 409 and a number when it
    has seen another size: give that as --old. Its cosignatures, with their time, are added to the checkpoint.
    """
    from asbuilt.app.ledger_outside import witness_answer, witness_request
    from asbuilt.ledger.keys import written_time

    if answer is None:
        made = witness_request(folder, old=old)
        if output is None:
            print_bytes(made)
        else:
            write_whole(output, made)
        return
    for seen in witness_answer(folder, answer.read_bytes(), keys=keys, now=now(), size=size):
        print_text(f"Cosigned by {seen.witness.name} at {written_time(seen.at)}.")


@click.command("timestamp", short_help="Let an authority timestamp the newest checkpoint (RFC 3161).")
@ledger_option
@click.option("-o", "--output", type=FILE, metavar="FILE", help="Write the request (DER) here.")
@click.option("--answer", type=FILE, metavar="FILE", help="Read the authority's answer (DER), and keep it.")
@click.option("--roots", type=FILE, metavar="FILE", help="With --answer: the authority's certificates, PEM.")
@click.option("--size", type=click.IntRange(0), help="With --answer: of an older checkpoint of so many entries.")
def timestamp(
    *, folder: Path, output: Path | None, answer: Path | None, roots: Path | None, size: int | None
) -> None:
    """Write the request to a timestamp authority, take in its answer, or check the ones that are kept.

    Post the request as application/timestamp-query. The stamp is over the first five lines of the checkpoint's
    file. Needs the extra `timestamp`.
    """
    from asbuilt.app.ledger_outside import stamp_answer, stamp_request, stamps
    from asbuilt.ledger.keys import written_time

    if output is not None:
        write_whole(output, stamp_request(folder))
        return
    if answer is not None and roots is None:
        raise click.UsageError("--answer needs --roots, the certificates of the authority.")
    found: tuple[Timestamp, ...]
    if answer is not None and roots is not None:
        found = (stamp_answer(folder, answer.read_bytes(), roots.read_bytes(), size=size),)
    else:
        found = stamps(folder)
    for each in found:
        print_text(
            f"{each.size:,} entries existed at {written_time(each.at)} (policy {each.policy}, {each.serial})."
        )
    if not found:
        print_text("No timestamp is kept. Write a request: -o FILE.")

"""``asbuilt ledger checkpoint``, ``verify``, ``prove`` and ``rotate``."""

from pathlib import Path

import click

from asbuilt.cli.documents import print_json
from asbuilt.cli.ledger_options import format_option, ledger_option, now, quiet_option, user
from asbuilt.cli.outputs import write_whole
from asbuilt.cli.streams import print_bytes, print_text


@click.command("checkpoint", short_help="Sign the ledger's present head.")
@ledger_option
@click.option("--latest", is_flag=True, help="Print the one that was signed last; sign nothing.")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write it to a file instead.")
def checkpoint(*, folder: Path, latest: bool, output: Path | None) -> None:
    """Sign the ledger's present head and print the checkpoint (C2SP tlog-checkpoint, a signed note).

    Hand it to somebody who does not depend on you: with it they can show later that nothing before it was changed.
    It is kept in `checkpoints/`; the same head is signed once.
    """
    from asbuilt.app.ledger import checkpoint as sign
    from asbuilt.app.ledger import newest_checkpoint

    made = newest_checkpoint(folder) if latest else sign(folder, now=now())
    if output is None:
        print_bytes(made)
    else:
        write_whole(output, made)


@click.command("verify", short_help="Check the whole ledger, and hold it against what was kept earlier.")
@ledger_option
@click.option(
    "--against",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE|FOLDER",
    help="An older checkpoint, an export or a backup; may be repeated.",
)
@click.option("--key", metavar="VKEY|FILE", help="The verifier key, as it came by another channel.")
@format_option
@quiet_option
def verify(*, folder: Path, against: tuple[Path, ...], key: str | None, form: str, quiet: bool) -> int:
    """Check every entry, hash, attachment and checkpoint of the ledger; exit 4 when anything does not hold.

    With --against, a rewrite, truncation, fork or reorder since then is named with the first entry that differs:
    exactly from an export or a backup, as an interval from checkpoints.
    """
    from asbuilt.app.ledger_checks import check
    from asbuilt.cli.exit_status import ledger_status
    from asbuilt.cli.ledger_text import check_text
    from asbuilt.cli.progress import progress

    with progress(quiet=quiet, verbose=False) as listener:
        found = check(folder, against=against, key=key, on=listener)
    if form == "json":
        print_json(found)
    else:
        print_text(check_text(found))
    return ledger_status(found)


@click.command("prove", short_help="Prove that an entry is in the ledger; or verify such a proof.")
@click.argument("index", required=False)
@ledger_option
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write INDEX's proof to a file instead."
)
@click.option(
    "--verify", "proof", type=click.Path(path_type=Path), metavar="PROOF", help="Verify this proof instead."
)
@click.option("--entry", type=click.Path(path_type=Path), metavar="FILE", help="With --verify: the entry's bytes.")
@click.option("--key", metavar="VKEY|FILE", help="With --verify: the ledger's verifier key.")
def prove(
    *, index: str | None, folder: Path, output: Path | None, proof: Path | None, entry: Path | None, key: str | None
) -> None:
    """Write the proof that entry INDEX is sealed by the newest checkpoint (C2SP tlog-proof@v1).

    INDEX may be the beginning of its leaf hash, 12 digits or more, as reports cite a record.

    Whoever has the proof, the entry's bytes (`asbuilt ledger show INDEX --raw`) and the verifier key can check it
    offline, with `--verify` or with any tool that reads tlog-proofs; they need no ledger.
    """
    from asbuilt.app.ledger import check_proof
    from asbuilt.app.ledger import prove as make
    from asbuilt.app.ledger_checks import read_key

    if proof is not None:
        if entry is None or key is None or index is not None:
            raise click.UsageError("--verify needs --entry and --key, and no INDEX.")
        found = check_proof(proof, entry, key=read_key(key))
        print_text(
            f"The entry is number {found.index} of {found.checkpoint.origin}, "
            f"sealed by the checkpoint of {found.checkpoint.size} entries that the named key signed."
        )
        return
    if index is None:
        raise click.UsageError("Name the entry: its index.")
    made = make(folder, index)
    if output is None:
        print_bytes(made)
    else:
        write_whole(output, made)


@click.command("rotate", short_help="Replace the signing key.")
@ledger_option
@click.option("--by", help="Who replaces it; default: ASBUILT_BY, else the user who runs this.")
@format_option
def rotate(*, folder: Path, by: str | None, form: str) -> None:
    """Replace the signing key by a new one. The old key signs the rotation, the ledger records it.

    From that entry on only the new key signs. Publish the new verifier key; the old one still proves what it
    signed.
    """
    from asbuilt.app.ledger import rotate_key

    made = rotate_key(folder, now=now(), by=by or user())
    if form == "json":
        print_json({"index": made.index, "old": made.old.text, "new": made.new.text, "at": made.at})
        return
    print_text(
        f"The key was replaced; entry {made.index} records it.\n\nNew verifier key, to be published:\n"
        f"  {made.new.text}\nIts fingerprint, to be compared by another channel:\n  {made.new.fingerprint}"
    )

"""``asbuilt attest write``: the review and the chain of a commit as signed statements."""

from pathlib import Path

import click

from asbuilt.cli.outputs import write_whole
from asbuilt.cli.progress import progress
from asbuilt.cli.streams import print_bytes, print_text

LEDGER = click.option("--ledger", type=click.Path(path_type=Path), metavar="FOLDER", help="The ledger.")
REPOSITORY = click.option(
    "-C",
    "--repository",
    "path",
    default=".",
    type=click.Path(path_type=Path),
    help="The repository; default: here.",
)


@click.command("write")
@click.argument("commit", default="HEAD")
@REPOSITORY
@LEDGER
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write them there.")
def write(*, commit: str, path: Path, ledger: Path | None, output: Path | None) -> int:
    """Write the review and the decision chain of COMMIT: two in-toto statements in DSSE, one a line.

    Approvals are bound to the tree that was approved, the merge is recomputed, and the ledger's key signs both.
    """
    from asbuilt.app.attest import write_statements
    from asbuilt.app.ledger_place import ledger_folder

    with progress(quiet=False, verbose=False) as listener:
        written = write_statements(commit, path=path, ledger=ledger_folder(ledger), on=listener)
    data = b"".join(written.envelopes)
    if output is None:
        print_bytes(data)
        return 0
    write_whole(output, data)
    transform = written.transform
    print_text(
        f"{written.commit[:12]}: review {written.verdict}, coverage {transform.result} ({transform.strategy}). "
        f"Verify: asbuilt attest read {output} --key LEDGER/key.vkey"
    )
    return 0

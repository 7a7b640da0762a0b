"""``asbuilt attest``: signed statements about code, written and read."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from asbuilt.cli.attest_write import LEDGER, REPOSITORY, write
from asbuilt.cli.exit_status import attestations_status
from asbuilt.cli.moments import Moment
from asbuilt.cli.progress import progress
from asbuilt.cli.streams import print_text, width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from asbuilt.model.attestation import Attestation

_KEY = click.option(
    "--key",
    "keys",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help="A key to trust: PEM key or certificate, allowed_signers, verifier key, OpenPGP; may be repeated.",
)
_RECORD = click.option("--record", "recorded", is_flag=True, help="Record what was read in the ledger.")
_NAME = click.option("--name", metavar="OWNER/NAME", help="The repository, where no remote tells it.")


@click.group("attest", short_help="Signed statements about code: write a commit's chain, read provenance.")
def command() -> None:
    """Write the review and the decision chain of a commit as signed statements, and read those of others.

    A statement of others proves something only under a key that you give with --key; without one it is present, and
    not verified.
    """


command.add_command(write)


@command.command("read")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@_KEY
@_RECORD
@_NAME
@LEDGER
def read(
    *, files: tuple[Path, ...], keys: tuple[Path, ...], recorded: bool, name: str | None, ledger: Path | None
) -> int:
    """Read SLSA provenance, source attestations and bundles from FILES; exit 1 when a signature does not hold."""
    from asbuilt.app import attestations
    from asbuilt.model.errors import UsageError
    from asbuilt.reports.attestations_text import render_attestations

    found = attestations.read_attestation_files(files, attestations.trusted_from(keys))
    print_text(render_attestations(found, width=width()))
    if recorded:
        if name is None:
            raise UsageError("It is not said which repository they are about.", fix="--name OWNER/NAME")
        _record(found, files, name, ledger)
    return attestations_status(found)


@command.command("commits")
@click.argument("rev", default="HEAD")
@REPOSITORY
@click.option("--since", type=Moment(), metavar="DATE", help="Only commits from then on.")
@_KEY
@_RECORD
@_NAME
@LEDGER
def commits(
    *,
    rev: str,
    path: Path,
    since: int | None,
    keys: tuple[Path, ...],
    recorded: bool,
    name: str | None,
    ledger: Path | None,
) -> int:
    """Say how the signature of each commit behind REV stands; exit 1 when one does not hold."""
    from asbuilt.app import attestations
    from asbuilt.model.errors import UsageError
    from asbuilt.reports.attestations_text import render_attestations

    with progress(quiet=False, verbose=False) as listener:
        trusted = attestations.trusted_from(keys)
        project, found = attestations.read_commit_signatures(str(path), rev, trusted, since=since, on=listener)
    print_text(render_attestations(found, width=width()))
    if recorded:
        own = name or project
        if own is None:
            raise UsageError("It is not said what the repository is called.", fix="--name OWNER/NAME")
        _record(found, (), own, ledger)
    return attestations_status(found)


def _record(found: "Sequence[Attestation]", files: tuple[Path, ...], name: str, ledger: Path | None) -> None:
    from asbuilt.app.attestations import record_attestations
    from asbuilt.app.record import Origin, Taking
    from asbuilt.cli.failures import problems_shown
    from asbuilt.cli.record_acts import show

    with problems_shown():
        show(record_attestations(found, files, name, Origin(), Taking(ledger)))

"""Keeping lists of components in the ledger: what ``asbuilt sbom --record`` and ``asbuilt record sbom`` say."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from asbuilt.model.errors import UsageError
from asbuilt.model.text import visible

if TYPE_CHECKING:
    from asbuilt.app.record import Origin, Recorded, Taking


def keep(
    documents: Sequence[tuple[str, bytes]],
    path: str,
    name: str | None,
    release: str | None,
    *,
    by: str | None,
    ledger: Path | None,
) -> None:
    """Record lists of our own; what came of it goes to stderr: stdout is the list's."""
    from asbuilt.app.record import Origin, Taking
    from asbuilt.app.record_sbom import Document, project_name, record_documents
    from asbuilt.cli.failures import problems_shown

    own = name or project_name(path)
    with problems_shown():
        taking = Taking(ledger)
        told = [Document(*each) for each in documents]
        done = record_documents(told, own, release, Origin(by=by), taking)
    for note in done.notes:
        click.echo(visible(note), err=True)
    click.echo(f"{own}: {done.new:,} new, {done.known:,} known, {done.files:,} kept by digest.", err=True)


def record_others(
    files: tuple[str, ...], repository: str | None, release: str | None, origin: "Origin", taking: "Taking"
) -> "Recorded":
    """Record lists that other programs made."""
    from asbuilt.app.record_sbom import read_documents, record_documents

    if not files or repository is None:
        raise UsageError(
            "It is not said which lists of which repository to record.",
            fix="asbuilt record sbom FILE... --repository OWNER/NAME",
        )
    return record_documents(read_documents(files), repository, release, origin, taking)

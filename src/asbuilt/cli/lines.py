"""``asbuilt lines``: every run of lines with its origin and attribution, for other programs."""

import sys
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from asbuilt.cli.outputs import whole_file, write_stream
from asbuilt.cli.progress import progress
from asbuilt.model.errors import UsageError

if TYPE_CHECKING:
    from asbuilt.model.origin import LineRun

FORMATS = ("csv", "parquet", "json")


@click.command("lines", short_help="Every run of lines with its origin and attribution, as CSV, Parquet or JSON.")
@click.argument("path", default=".", type=click.Path())
@click.option("--rev", default="HEAD", show_default=True, metavar="REV", help="The tree of this commit.")
@click.option("--prefix", metavar="PATH", help="Only this file or folder, from the top of the tree.")
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="csv", show_default=True, help="What to write."
)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write here instead of to stdout, whole or not at all. Parquet needs it.",
)
@click.option("-q", "--quiet", is_flag=True, help="No progress.")
@click.option("-v", "--verbose", is_flag=True, help="One plain line on stderr for each stage.")
def command(
    *, path: str, rev: str, prefix: str | None, form: str, output: Path | None, quiet: bool, verbose: bool
) -> int:
    """List the runs of lines at PATH: origin, writing commit, class, tool, model, confidence, evidence.

    PATH is a repository, or a file or folder of its tree: then only what lies there. The columns are documented in
    docs/reference/lines.md.
    """
    from asbuilt.app.lines import lines, write_parquet
    from asbuilt.model.text import path_bytes
    from asbuilt.reports.lines import lines_csv, lines_json

    if form == "parquet" and output is None:
        raise UsageError("Parquet is not for a terminal or a pipe.", fix="Name a file: --output lines.parquet.")
    with progress(quiet=quiet, verbose=verbose) as listener:
        runs = _begun(lines(path, rev=rev, prefix=path_bytes(prefix) if prefix else None, on=listener))
        if form == "parquet" and output is not None:
            with whole_file(output) as part:
                write_parquet(runs, part)
            return 0
        chunks = lines_csv(runs) if form == "csv" else lines_json(runs)
        if output is not None:
            write_stream(output, chunks)
            return 0
        for chunk in chunks:
            sys.stdout.write(chunk)
    return 0


def _begun(runs: "Iterator[LineRun]") -> "Iterator[LineRun]":
    """The same runs, the first already there: what cannot be read is said before anything is printed."""
    return chain(list(islice(runs, 1)), runs)

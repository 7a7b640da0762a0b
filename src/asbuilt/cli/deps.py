"""``asbuilt deps``: each dependency with the commit, the attribution and the approval that brought it."""

from pathlib import Path

import click

from asbuilt.cli.exit_status import deps_status
from asbuilt.cli.moments import Moment
from asbuilt.cli.outputs import Output, write_outputs
from asbuilt.cli.progress import progress
from asbuilt.cli.streams import print_bytes, print_text, wants_color, width

FORMATS = ("table", "json", "csv")
BY = ("ai", "human", "automation", "unknown")


@click.command("deps", short_help="Who brought each dependency: commit, attribution, approval.")
@click.argument("path", default=".", type=click.Path(path_type=Path))
@click.option("--rev", default="HEAD", show_default=True, metavar="REV", help="Of this commit.")
@click.option("--introduced-by", "by", type=click.Choice(BY), multiple=True, help="Only brought so.")
@click.option("--since", type=Moment(), metavar="DATE", help="Only what landed on that day or later.")
@click.option("--unapproved", is_flag=True, help="Only what is not known to be approved.")
@click.option("--direct", is_flag=True, help="Only what the product asks for itself, as far as its files tell.")
@click.option("--history", "whole", is_flag=True, help="Every introduction, version change and removal there was.")
@click.option(
    "--ledger",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Who approved; else $ASBUILT_LEDGER, else .asbuilt/ledger, if there is one.",
)
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True, help="On stdout.")
@click.option(
    "--output", "outputs", type=Output(FORMATS), multiple=True, metavar="FMT=PATH", help="Write a file too."
)
@click.option("-q", "--quiet", is_flag=True, help="No progress; with --output, nothing on stdout either.")
@click.option("-v", "--verbose", is_flag=True, help="One plain line on stderr for each stage.")
def command(
    *,
    path: Path,
    rev: str,
    by: tuple[str, ...],
    since: int | None,
    unapproved: bool,
    direct: bool,
    whole: bool,
    ledger: Path | None,
    form: str,
    outputs: tuple[tuple[str, Path], ...],
    quiet: bool,
    verbose: bool,
) -> int:
    """List the dependencies of PATH with who brought each: what landed last first.

    The components of every lock file and manifest are compared commit by commit; nothing is executed. Who approved
    what is proved by a ledger alone. The columns are documented in docs/reference/deps.md.

    Exit codes: 0; 3 something could not be seen.
    """
    from asbuilt.app.deps import Wanted, list_dependencies
    from asbuilt.app.ledger_place import known_ledger
    from asbuilt.reports.deps_csv import deps_csv
    from asbuilt.reports.deps_text import render_deps
    from asbuilt.reports.json import deps_json

    wanted = Wanted(introduced_by=by, since=since, unapproved=unapproved, direct=direct, whole_history=whole)
    with progress(quiet=quiet, verbose=verbose) as listener:
        listed = list_dependencies(wanted, path=path, rev=rev, ledger=known_ledger(ledger), on=listener)

    def render(asked: str, columns: int = 80, *, color: bool = False) -> bytes:
        if asked == "json":
            return deps_json(listed)
        return deps_csv(listed) if asked == "csv" else render_deps(listed, width=columns, color=color).encode()

    write_outputs(outputs, render)
    if not (quiet and outputs):
        if form == "table":
            print_text(render(form, width(), color=wants_color()).decode())
        else:
            print_bytes(render(form))
    return deps_status(listed)

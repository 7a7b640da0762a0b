"""``asbuilt changes``: every change of a window, with its ten links, its review and who wrote it."""

from pathlib import Path

import click

from asbuilt.cli.exit_status import changes_status
from asbuilt.cli.moments import Moment
from asbuilt.cli.outputs import Output, write_outputs
from asbuilt.cli.progress import progress
from asbuilt.cli.streams import print_bytes, print_text, wants_color, width

FORMATS = ("table", "json", "csv")
VERDICTS = ("reviewed", "after-review", "not-reviewed", "exempt", "unknown")
ATTRIBUTIONS = ("ai-tracked", "ai-declared", "human-tracked", "automation", "unknown")
LINKS = (
    "request", "suggestion", "commit", "change", "review", "checks", "merge", "build", "deployment", "watch",
)  # fmt: skip


@click.command("changes", short_help="Every change of a window: its ten links, its review, who wrote it.")
@click.option("--from", "start", type=Moment(), metavar="DATE", help="Landed on that day or later.")
@click.option("--to", "end", type=Moment(), metavar="DATE", help="Landed before that day.")
@click.option("--repository", metavar="OWNER/NAME", help="Only of this repository; default: all in the ledger.")
@click.option(
    "--ledger",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Else $ASBUILT_LEDGER, else .asbuilt/ledger; without one, git alone.",
)
@click.option(
    "-C", "path", default=".", type=click.Path(path_type=Path), metavar="PATH", help="Git alone: the repository."
)
@click.option("--verdict", "verdicts", type=click.Choice(VERDICTS), multiple=True, help="Only with that verdict.")
@click.option(
    "--attribution", "attributions", type=click.Choice(ATTRIBUTIONS), multiple=True, help="Only written so."
)
@click.option("--unproved", type=click.Choice(LINKS), multiple=True, help="Only where that link is not proved.")
@click.option("--completeness", is_flag=True, help="Tie changes, requests, pushes and deployments; exit 1 if not.")
@click.option("--all-columns", is_flag=True, help="The table with every column whole, however wide.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True, help="On stdout.")
@click.option(
    "--output", "outputs", type=Output(FORMATS), multiple=True, metavar="FMT=PATH", help="Write a file too."
)
@click.option("-q", "--quiet", is_flag=True, help="No progress; with --output, nothing on stdout either.")
@click.option("-v", "--verbose", is_flag=True, help="One plain line on stderr for each stage.")
def command(
    *,
    start: int | None,
    end: int | None,
    repository: str | None,
    ledger: Path | None,
    path: Path,
    verdicts: tuple[str, ...],
    attributions: tuple[str, ...],
    unproved: tuple[str, ...],
    completeness: bool,
    all_columns: bool,
    form: str,
    outputs: tuple[tuple[str, Path], ...],
    quiet: bool,
    verbose: bool,
) -> int:
    """List every change of a window, oldest first: how it came in, ten links with their grades, its review.

    Reads the facts of the ledger; with no ledger, the history here, and then no link is more than stated. The
    columns are documented in docs/reference/changes.md.

    Exit codes: 0; 1 with --completeness, when something does not tie; 3 something could not be seen.
    """
    from asbuilt.app.changes import list_changes
    from asbuilt.app.ledger_place import known_ledger
    from asbuilt.app.listed_changes import Wanted
    from asbuilt.reports.changes_csv import changes_csv
    from asbuilt.reports.changes_text import render_changes
    from asbuilt.reports.json import changes_json

    wanted = Wanted(start, end, repository, verdicts, attributions, unproved, completeness)
    with progress(quiet=quiet, verbose=verbose) as listener:
        listed = list_changes(
            wanted,
            ledger=known_ledger(ledger),
            path=path,
            whole="json" in {form, *(asked for asked, _ in outputs)},
            on=listener,
        )

    def render(asked: str, columns: int = 80, *, color: bool = False) -> bytes:
        if asked == "json":
            return changes_json(listed)
        if asked == "csv":
            return changes_csv(listed)
        return render_changes(listed, width=columns, color=color, all_columns=all_columns).encode()

    write_outputs(outputs, render)
    if not (quiet and outputs):
        if form == "table":
            print_text(render(form, width(), color=wants_color()).decode())
        else:
            print_bytes(render(form))
    return changes_status(listed)

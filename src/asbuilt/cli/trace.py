"""``asbuilt trace``: the decision chain behind a line, a file, a commit, a release or a dependency."""

from pathlib import Path

import click

from asbuilt.cli.exit_status import trace_status
from asbuilt.cli.outputs import Output, write_outputs
from asbuilt.cli.progress import progress
from asbuilt.cli.streams import print_bytes, print_text, wants_color, width

FORMATS = ("text", "json")


@click.command("trace", short_help="The decision chain behind a line, a file, a commit, a release, a package.")
@click.argument("target", metavar="PATH[:LINE[-LINE]]|COMMIT|TAG|PURL")
@click.option(
    "-C",
    "--repository",
    "path",
    default=".",
    type=click.Path(path_type=Path),
    help="The repository; default: here.",
)
@click.option("--rev", default="HEAD", show_default=True, metavar="REV", help="Read lines as they stand there.")
@click.option("--to", metavar="REV", help="Say whether that code is in this release; exit 1 when some is not.")
@click.option(
    "--ledger",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="What a forge recorded; else $ASBUILT_LEDGER, else .asbuilt/ledger, if there is one.",
)
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="On stdout.")
@click.option(
    "--output", "outputs", type=Output(FORMATS), multiple=True, metavar="FMT=PATH", help="Write a file too."
)
@click.option("-q", "--quiet", is_flag=True, help="No progress; with --output, nothing on stdout either.")
@click.option("-v", "--verbose", is_flag=True, help="One plain line on stderr for each stage.")
def command(
    *,
    target: str,
    path: str,
    rev: str,
    to: str | None,
    ledger: Path | None,
    form: str,
    outputs: tuple[tuple[str, Path], ...],
    quiet: bool,
    verbose: bool,
) -> int:
    """Draw the chain behind TARGET: every link with its grade, its evidence and who answers for it.

    TARGET is a file of the tree, with a line or a range of lines if you like, a commit, a tag, or a dependency
    (pkg:npm/left-pad, or one version of it: pkg:npm/left-pad@1.3.0). Links are proved by the records of a ledger
    where there is one; without, they are no more than git can state.
    """
    from asbuilt.app.ledger_place import known_ledger
    from asbuilt.app.trace import trace
    from asbuilt.reports.json import trace_json
    from asbuilt.reports.trace_text import render_trace

    with progress(quiet=quiet, verbose=verbose) as listener:
        found = trace(target, path=path, rev=rev, to=to, ledger=known_ledger(ledger), on=listener)

    def render(wanted: str) -> bytes:
        return trace_json(found) if wanted == "json" else render_trace(found, width=80, color=False).encode()

    write_outputs(outputs, render)
    if not (quiet and outputs):
        if form == "text":
            print_text(render_trace(found, width=width(), color=wants_color()))
        else:
            print_bytes(render(form))
    return trace_status(found)

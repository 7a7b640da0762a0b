"""``asbuilt inspect``: the as-built record of a repository."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from asbuilt.cli.exit_status import FAIL_ON, inspection_status
from asbuilt.cli.moments import Moment
from asbuilt.cli.outputs import Output, write_outputs
from asbuilt.cli.progress import progress
from asbuilt.cli.streams import print_bytes, print_text, wants_color, width

if TYPE_CHECKING:
    from asbuilt.model.inspection import Inspection

FORMATS = ("text", "json", "html", "markdown")


@click.command("inspect", short_help="Who or what wrote every line, who reviewed it, and what to do first.")
@click.argument("path", default=".", type=click.Path())
@click.option("--rev", default="HEAD", show_default=True, metavar="REV", help="Inspect this commit, branch or tag.")
@click.option("--since", type=Moment(), metavar="DATE", help="Judge only changes from this ISO date on (UTC).")
@click.option(
    "--offline",
    is_flag=True,
    default=True,
    help="Use no network. The default, and the only mode: `asbuilt sync` is what reads a forge.",
)
@click.option(
    "--ledger",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="What a forge recorded; else $ASBUILT_LEDGER, else .asbuilt/ledger, if there is one.",
)
@click.option(
    "--vex",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help="What is stated of weaknesses of dependencies (OpenVEX, CycloneDX); may be given several times.",
)
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="On stdout.")
@click.option(
    "--output",
    "outputs",
    type=Output(FORMATS),
    multiple=True,
    metavar="FMT=PATH",
    help="Write a report to a file too, whole or not at all; may be given several times.",
)
@click.option(
    "--fail-on",
    type=click.Choice(FAIL_ON),
    default="deviation",
    show_default=True,
    help="deviation: exit 1 on a deviation, else 3 when anything could not be checked. "
    "unknown: exit 1 on either. never: exit 3 when anything could not be checked; deviations do not count.",
)
@click.option("--exit-zero", is_flag=True, help="Exit 0 once the report is written, whatever it says.")
@click.option("-q", "--quiet", is_flag=True, help="No progress; with --output, nothing on stdout either.")
@click.option("-v", "--verbose", is_flag=True, help="One plain line on stderr for each stage.")
def command(
    *,
    path: str,
    rev: str,
    since: int | None,
    ledger: Path | None,
    vex: tuple[Path, ...],
    form: str,
    outputs: tuple[tuple[str, Path], ...],
    fail_on: str,
    quiet: bool,
    verbose: bool,
    exit_zero: bool,
    offline: bool,  # noqa: ARG001 - accepted for what follows; there is no other mode
) -> int:
    """Show the as-built record of the repository at PATH: a true picture from its history.

    Where a ledger holds facts of this repository, its reviews, checks and merges are those that the forge recorded.

    It needs no account, no network and no configuration, and reads no clock: the same commit gives the same bytes.
    The last lines are the verdict and the next step.

    Exit codes: 0 clean, 1 deviations, 2 usage or configuration, 3 something could not be read or checked.
    """
    from asbuilt.app.inspect import inspect
    from asbuilt.app.ledger_place import known_ledger

    with progress(quiet=quiet, verbose=verbose) as listener:
        found = inspect(path, rev=rev, since=since, ledger=known_ledger(ledger), vex=vex, on=listener)
    write_outputs(outputs, lambda wanted: render(found, wanted, columns=80, color=False))
    if not (quiet and outputs):
        if form == "text":
            print_text(render(found, form, columns=width(), color=wants_color()).decode())
        else:
            print_bytes(render(found, form, columns=width(), color=False))
    return 0 if exit_zero else inspection_status(found, fail_on)


def render(found: "Inspection", form: str, *, columns: int, color: bool) -> bytes:
    """The inspection in one format, UTF-8."""
    import importlib

    module, function = {
        "text": ("terminal", "render_inspection"),
        "json": ("json", "inspection_json"),
        "html": ("html", "render_inspection_html"),
        "markdown": ("markdown", "render_inspection_markdown"),
    }[form]
    options: dict[str, Any] = {"width": columns, "color": color} if form == "text" else {}
    report = getattr(importlib.import_module(f"asbuilt.reports.{module}"), function)(found, **options)
    return report if isinstance(report, bytes) else str(report).encode("utf-8", "backslashreplace")

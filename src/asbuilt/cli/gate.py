"""``asbuilt gate``: whether a change may land."""

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from asbuilt.cli.moments import Moment
from asbuilt.cli.outputs import Output, write_outputs
from asbuilt.cli.streams import print_bytes

if TYPE_CHECKING:
    from asbuilt.model.gate import Gate

FORMATS = ("text", "json")


@click.command("gate", short_help="Whether a change may land, by the controls that an audit tests.")
@click.argument("path", default=".", type=click.Path())
@click.option("--base", metavar="REV", help="The branch that it is to land on.")
@click.option("--head", metavar="REV", help="The change; HEAD when only --base is given.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="On stdout.")
@click.option(
    "--output",
    "outputs",
    type=Output(FORMATS),
    multiple=True,
    metavar="FMT=PATH",
    help="Write a report to a file too, whole or not at all; may be given several times.",
)
@click.option("--as-of", type=Moment(), metavar="DATE", help="Judge as of this ISO moment (UTC); now by default.")
def command(
    *,
    path: str,
    base: str | None,
    head: str | None,
    form: str,
    outputs: tuple[tuple[str, Path], ...],
    as_of: int | None,
) -> int:
    """Say whether the change from base to head may land, by the same controls that an audit tests.

    The policy is the base branch's own ([gate] in its asbuilt.toml); nothing of the change is run or believed. What
    could not be seen is no pass.

    Exit codes: 0 may land, 1 a required control does not hold, 2 usage or configuration, 3 something could not be
    seen.
    """
    from asbuilt.app.gate import Asked, gate

    if base is None:
        raise click.UsageError("Name the branch that the change is to land on: --base REV.")
    found = gate(Asked(path, base, head or "HEAD", int(time.time()) if as_of is None else as_of))
    write_outputs(outputs, lambda wanted: render(found, wanted))
    print_bytes(render(found, form))
    return status(found)


def render(found: "Gate", form: str) -> bytes:
    """The answer in one format, UTF-8."""
    if form == "json":
        from asbuilt.reports.gate_json import gate_json

        return gate_json(found)
    from asbuilt.reports.gate_text import gate_text

    return gate_text(found).encode("utf-8", "backslashreplace")


def status(found: "Gate") -> int:
    """The exit code: 0 may land, or overridden by a named person; 1 refused; 3 could not be seen."""
    from asbuilt.app.exit_codes import CANNOT_READ, CLEAN, DEVIATIONS
    from asbuilt.model.gate import Answer

    if found.override is not None:
        return CLEAN
    return {Answer.MAY_LAND: CLEAN, Answer.REFUSED: DEVIATIONS, Answer.NOT_SEEN: CANNOT_READ}[found.answer]

"""``asbuilt vex``: what people decided of weaknesses, as OpenVEX or CycloneDX."""

from pathlib import Path

import click

from asbuilt.cli.outputs import Output, write_outputs

FORMATS = ("openvex", "cyclonedx")


@click.command("vex", short_help="What people decided of weaknesses, as OpenVEX or CycloneDX to hand on.")
@click.option("--product", required=True, metavar="NAME|PURL", help="What the statements are about.")
@click.option("--author", metavar="NAME", help="Who hands them out; else the company of asbuilt.toml.")
@click.option(
    "--ledger",
    "folder",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Else $ASBUILT_LEDGER, else .asbuilt/ledger.",
)
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="openvex", show_default=True, help="On stdout."
)
@click.option(
    "--spec-version", type=click.Choice(("1.6", "1.7")), default="1.6", show_default=True, help="Of CycloneDX."
)
@click.option(
    "--output", "outputs", type=Output(FORMATS), multiple=True, metavar="FMT=PATH", help="Write a file instead."
)
def command(
    *,
    product: str,
    author: str | None,
    folder: Path | None,
    form: str,
    spec_version: str,
    outputs: tuple[tuple[str, Path], ...],
) -> int:
    """Write the decisions of the ledger (finding_decisions) as VEX.

    A decision without a reason, by nobody who is known, or that has run out states nothing: it is left out and
    named on standard error. Exit codes: 0; 3 when a decision was left out.
    """
    import time

    from asbuilt.app.company import read_company
    from asbuilt.app.ledger_place import ledger_folder
    from asbuilt.app.vex import make_vex
    from asbuilt.cli.exit_status import vex_status
    from asbuilt.cli.streams import print_bytes
    from asbuilt.reports.vex_cyclonedx import vex_cyclonedx
    from asbuilt.reports.vex_openvex import vex_openvex

    named = author or read_company(None, Path()).config.audit.company or product
    told = make_vex(ledger_folder(folder), product=product, author=named, now=int(time.time()))

    def render(wanted: str) -> bytes:
        return vex_openvex(told) if wanted == "openvex" else vex_cyclonedx(told, spec_version)

    if outputs:
        write_outputs(outputs, render)
    else:
        print_bytes(render(form))
    for sentence in told.left_out:
        click.echo(f"left out: {sentence}", err=True)
    return vex_status(told)

"""``asbuilt sbom``: what a product is built from, with the file and line that names each component."""

import sys
from pathlib import Path

import click

from asbuilt.cli.outputs import Output, write_outputs

FORMATS = ("table", "json", "cyclonedx", "spdx")


@click.command("sbom", short_help="What the product is built from: every component with its file and line.")
@click.argument("path", default=".", type=click.Path())
@click.option("--rev", metavar="REV", help="Of this commit; else of the work tree as it stands.")
@click.option("--who", is_flag=True, help="With the commit that brought each, who wrote it and who approved it.")
@click.option(
    "--ledger",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Of --who: who approved; else $ASBUILT_LEDGER, else .asbuilt/ledger, if there is one.",
)
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="table", show_default=True, help="What to print."
)
@click.option(
    "--spec-version",
    type=click.Choice(("1.6", "1.7")),
    default="1.6",
    show_default=True,
    help="The version of CycloneDX to write.",
)
@click.option(
    "--output",
    "outputs",
    type=Output(FORMATS),
    multiple=True,
    metavar="FMT=PATH",
    help="Write this format to a file, whole or not at all; then nothing is printed. Repeat it for more.",
)
def command(
    *,
    path: str,
    rev: str | None,
    who: bool,
    ledger: Path | None,
    form: str,
    spec_version: str,
    outputs: tuple[tuple[str, Path], ...],
) -> int:
    """List the components of PATH out of its lock files and manifests; nothing of it is executed.

    Components that are declared and not locked are listed as such. Exit code 3: something could not be read; it is
    named. See docs/reference/sbom.md.
    """
    from asbuilt.app.ledger_place import known_ledger
    from asbuilt.app.sbom import make_bill
    from asbuilt.cli.exit_status import bill_status
    from asbuilt.reports.sbom_cyclonedx import sbom_cyclonedx
    from asbuilt.reports.sbom_spdx import sbom_spdx
    from asbuilt.reports.sbom_text import sbom_json, sbom_text

    bill = make_bill(path, rev=rev, who=who, ledger=known_ledger(ledger) if who else None)

    def render(wanted: str) -> bytes:
        if wanted == "cyclonedx":
            return sbom_cyclonedx(bill, spec_version)
        if wanted == "spdx":
            return sbom_spdx(bill)
        return sbom_json(bill) if wanted == "json" else sbom_text(bill).encode()

    if outputs:
        write_outputs(outputs, render)
    else:
        sys.stdout.write(render(form).decode())
    return bill_status(bill)

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
    help="For --who and --record; else $ASBUILT_LEDGER, else .asbuilt/ledger.",
)
@click.option("--artifact", metavar="FILE|DIGEST", help="What was built from it: the list then names its digest.")
@click.option("--release", metavar="NAME", help="Of --artifact: the release that it is shipped as.")
@click.option("--record", "recorded", is_flag=True, help="Keep the list in the ledger, bound to the artefact.")
@click.option("--name", metavar="OWNER/NAME", help="Of --record: the repository, where no remote tells it.")
@click.option("--by", metavar="PERSON", help="Of --record: who answers for it; else the command itself.")
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
    artifact: str | None,
    release: str | None,
    recorded: bool,
    name: str | None,
    by: str | None,
    form: str,
    spec_version: str,
    outputs: tuple[tuple[str, Path], ...],
) -> int:
    """List the components of PATH out of its lock files and manifests; nothing of it is executed.

    Components that are declared and not locked are listed as such. Exit code 3: something could not be read; it is
    named. See docs/reference/sbom.md.
    """
    from asbuilt.app.ledger_place import known_ledger
    from asbuilt.app.sbom import make_bill, name_artifact
    from asbuilt.cli.exit_status import bill_status
    from asbuilt.model.errors import UsageError
    from asbuilt.reports.sbom_cyclonedx import sbom_cyclonedx
    from asbuilt.reports.sbom_spdx import sbom_spdx
    from asbuilt.reports.sbom_text import sbom_json, sbom_text

    documents = [own for own in FORMATS[2:] if own == form or own in dict(outputs)]
    if recorded and (artifact is None or not documents):
        raise UsageError(
            "--record keeps a document that names an artefact.",
            fix="asbuilt sbom --format cyclonedx --artifact FILE --record",
        )
    if not recorded and (name or by):
        raise UsageError("--name and --by speak of --record.", fix="Give --record too, or leave them out.")
    if release is not None and artifact is None:
        raise UsageError("A release is named without its artefact.", fix="--artifact FILE, or its digest.")
    bound = None if artifact is None else name_artifact(artifact, release)
    bill = make_bill(path, rev=rev, who=who, ledger=known_ledger(ledger) if who else None, artifact=bound)

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
    if recorded:
        from asbuilt.cli.sbom_record import keep

        keep([(f"sbom.{own}.json", render(own)) for own in documents], path, name, release, by=by, ledger=ledger)
    return bill_status(bill)

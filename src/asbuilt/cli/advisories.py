"""``asbuilt advisories``: import what is publicly known of weak packages, and hold components against it."""

from pathlib import Path

import click

FORMATS = ("text", "json")
_STORE = click.option(
    "--store",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The store; else $ASBUILT_ADVISORIES, else in the cache.",
)
_FORMAT = click.option(
    "--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="How."
)


@click.group("advisories", short_help="What is known against the components: import, status, check.")
def command() -> None:
    """Keep a copy of public advisories (OSV) on this machine, and hold components against it.

    Nothing is asked over the network but an address that `import` is given.
    """


@command.command("import")
@click.argument("sources", nargs=-1, metavar="[FILE|FOLDER|URL...]")
@click.option("--add", is_flag=True, help="Keep what the store holds; else it holds only what is named.")
@click.option(
    "--covers",
    multiple=True,
    metavar="ECOSYSTEM",
    help="The sources hold every advisory of it; an ECOSYSTEM/all.zip says so by its folder.",
)
@click.option("--kev", type=click.Path(path_type=Path), metavar="FILE", help="CISA's KEV, as JSON or CSV.")
@click.option("--epss", type=click.Path(path_type=Path), metavar="FILE", help="FIRST's EPSS, as CSV or CSV.gz.")
@_STORE
@_FORMAT
def import_(
    *,
    sources: tuple[str, ...],
    add: bool,
    covers: tuple[str, ...],
    kev: Path | None,
    epss: Path | None,
    store: Path | None,
    form: str,
) -> int:
    """Make a store of OSV records: a JSON file, a folder of them, an all.zip, a folder of ECOSYSTEM/all.zip.

    KEV and EPSS stay until newer ones come; alone they leave the records as they are.

    Exit codes: 0; 3 when a record could not be read, or a source; the old store stays if a source could not.
    """
    from asbuilt.app.advisories import import_advisories
    from asbuilt.cli.advisories_text import show_status

    return show_status(import_advisories(sources, store=store, covers=covers, add=add, kev=kev, epss=epss), form)


@command.command("status")
@_STORE
@_FORMAT
def status(store: Path | None, form: str) -> int:
    """Say what the store holds and how old it is; exit 3 when a record is missing in it."""
    from asbuilt.app.advisories import advisories_status
    from asbuilt.cli.advisories_text import show_status

    return show_status(advisories_status(store), form)


@command.command("check")
@click.argument("path", default=".", type=click.Path(path_type=Path), metavar="[FOLDER|SBOM.json]")
@_STORE
@click.option(
    "--sample", is_flag=True, help="Use the few advisories that come along, to try it: it finds next to none."
)
@click.option(
    "--vex", type=click.Path(path_type=Path), multiple=True, metavar="FILE", help="OpenVEX or CycloneDX statements."
)
@click.option(
    "--ledger", type=click.Path(path_type=Path), metavar="FOLDER", help="A ledger whose decisions are stated too."
)
@click.option(
    "--max-age",
    type=click.IntRange(0),
    metavar="DAYS",
    help="Older: nothing is clean; else what asbuilt.toml says, else 7.",
)
@_FORMAT
def check(
    *,
    path: Path,
    store: Path | None,
    sample: bool,
    vex: tuple[Path, ...],
    ledger: Path | None,
    max_age: int | None,
    form: str,
) -> int:
    """Hold the components of a folder or an SBOM (CycloneDX, SPDX) against the store.

    Each is matched, clean as of a date, or not checked, and why. Exit codes: 0 all clean as of the date; 1 matched;
    3 something was not checked.
    """
    from asbuilt.app.advisories import check_advisories
    from asbuilt.cli.advisories_text import checked_lines
    from asbuilt.cli.documents import print_json
    from asbuilt.cli.exit_status import advisories_status
    from asbuilt.cli.streams import print_text

    found = check_advisories(path, store=store, sample=sample, vex=vex, ledger=ledger, old_after=max_age)
    if form == "json":
        print_json(found)
    else:
        print_text("\n".join(checked_lines(found)))
    return advisories_status(found)

"""``asbuilt registry check``: what speaks against the dependencies of a repository, by nine rules."""

from pathlib import Path

import click


@click.command("check")
@click.argument("path", default=".", type=click.Path(path_type=Path, exists=True), metavar="[REPOSITORY]")
@click.option("--rev", default="HEAD", help="Branch, tag or commit; else HEAD.")
@click.option("--store", type=click.Path(path_type=Path), metavar="FILE", help="The store of registry facts.")
@click.option("--advisories", type=click.Path(path_type=Path), metavar="FILE", help="The store of advisories.")
@click.option("--no-index", is_flag=True, help="Read and keep nothing in the user's cache.")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", help="How.")
def check(*, path: Path, rev: str, store: Path | None, advisories: Path | None, no_index: bool, form: str) -> int:
    """Say which dependencies look invented, look alike, or were taken back; nothing is asked over the network.

    Exit codes: 0; 1 when one weighs block or high; 3 when a rule could not be tested.
    """
    from asbuilt.app.suspecting import suspect_dependencies
    from asbuilt.cli.documents import print_json
    from asbuilt.cli.exit_status import suspicions_status
    from asbuilt.cli.progress import progress
    from asbuilt.cli.registry_suspicions import suspicion_lines
    from asbuilt.cli.streams import print_text

    with progress(quiet=form == "json", verbose=False) as listener:
        found = suspect_dependencies(
            path, rev=rev, store=store, advisories=advisories, keep_index=not no_index, on=listener
        )
    print_json(found) if form == "json" else print_text("\n".join(suspicion_lines(found)))
    return suspicions_status(found)

"""``asbuilt registry``: ask the user's own package indexes what they know of the packages of a product."""

from pathlib import Path

import click

from asbuilt.cli.registry_check import check

FORMATS = ("text", "json")
_STORE = click.option(
    "--store", type=click.Path(path_type=Path), metavar="FILE", help="Else $ASBUILT_REGISTRY, else in the cache."
)
_FORMAT = click.option("--format", "form", type=click.Choice(FORMATS), default="text", help="How.")


@click.group("registry", short_help="What package indexes say of the packages: fetch, check, status, show.")
def command() -> None:
    """Keep what package indexes say: existence, dates, yanked, deprecated, owners, licence.

    Only `fetch` asks over the network: the indexes that you have configured for your own tools, or name.
    """


command.add_command(check)


@command.command("fetch")
@click.option(
    "--for",
    "path",
    default=".",
    type=click.Path(path_type=Path, exists=True),
    metavar="REPOSITORY|SBOM.json",
    help="Whose packages; else the repository here.",
)
@click.option("--rev", help="Branch, tag or commit; else the work tree.")
@click.option(
    "--index",
    "indexes",
    multiple=True,
    metavar="ECOSYSTEM=ADDRESS",
    help="Ask this index instead of the configured ones; may be repeated.",
)
@click.option(
    "--allow-private-host",
    "hosts",
    multiple=True,
    metavar="HOST",
    help="An index that asbuilt.toml names and that may lie inside a private network.",
)
@click.option("--manifests", multiple=True, metavar="HOST=ADDRESS", help="Where repositories at HOST are read.")
@click.option("--max-age", default=7, type=click.IntRange(0), help="Days until asked again (7).", metavar="DAYS")
@_STORE
@_FORMAT
def fetch(
    *,
    path: Path,
    rev: str | None,
    indexes: tuple[str, ...],
    hosts: tuple[str, ...],
    manifests: tuple[str, ...],
    max_age: int,
    store: Path | None,
    form: str,
) -> int:
    """Ask about every package that a repository or an SBOM names; their names are sent to the indexes.

    Exit codes: 0; 1 when a package does not exist; 3 when one was not seen or asked, or an index failed its probe.
    """
    from asbuilt.app.registry import fetch_registry
    from asbuilt.cli.documents import print_json
    from asbuilt.cli.exit_status import registry_status
    from asbuilt.cli.progress import progress
    from asbuilt.cli.registry_text import fetched_lines
    from asbuilt.cli.streams import print_text

    with progress(quiet=form == "json", verbose=False) as listener:
        done = fetch_registry(
            path,
            rev=rev,
            store=store,
            indexes=indexes,
            private_hosts=frozenset(hosts),
            manifests=manifests,
            max_age=max_age,
            listener=listener,
        )
    print_json(done) if form == "json" else print_text("\n".join(fetched_lines(done)))
    return registry_status(done)


@command.command("status")
@_STORE
@_FORMAT
def status(store: Path | None, form: str) -> None:
    """Say what the store holds, how old it is, and what each index is not believed in."""
    from asbuilt.app.registry import registry_status
    from asbuilt.cli.documents import print_json
    from asbuilt.cli.registry_text import status_lines
    from asbuilt.cli.streams import print_text

    held = registry_status(store)
    print_json(held) if form == "json" else print_text("\n".join(status_lines(held)))


@command.command("show")
@click.argument("purl", metavar="PURL")
@_STORE
@_FORMAT
def show(purl: str, store: Path | None, form: str) -> None:
    """Say what is known of one package (pkg:npm/left-pad), or of one version of it (pkg:pypi/requests@2.31.0)."""
    from asbuilt.app.registry import registry_facts
    from asbuilt.cli.documents import print_json
    from asbuilt.cli.registry_text import facts_lines
    from asbuilt.cli.streams import print_text

    facts = registry_facts(purl, store)
    print_json(facts) if form == "json" else print_text("\n".join(facts_lines(facts, purl)))

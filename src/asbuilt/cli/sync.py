"""``asbuilt sync``: what a forge knows into the ledger."""

from pathlib import Path

import click

from asbuilt.cli.ledger_options import ledger_option
from asbuilt.cli.progress import progress
from asbuilt.cli.sync_text import print_done


@click.group("sync", short_help="Read a forge into the ledger: requests, reviews, checks, rules, deployments.")
def command() -> None:
    """Read what a forge knows into the ledger: the pages as they came, then the rows that they tell.

    The token is read from the environment or a file, and written nowhere. Doing it again reads what is new; what
    was broken off goes on from where it was.
    """


@command.command("github", short_help="A repository of GitHub.")
@click.argument("subject", metavar="OWNER/REPO")
@click.option("--api-url", metavar="URL", help="The interface of an enterprise's own host; else github.com's.")
@click.option(
    "--token-file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Holds the token, readable by you alone; else ASBUILT_GITHUB_TOKEN, GITHUB_TOKEN or GH_TOKEN.",
)
@click.option(
    "--allow-private-host",
    "private_hosts",
    multiple=True,
    metavar="HOST",
    help="This host may lie inside a private network.",
)
@click.option(
    "--max-wait",
    type=click.IntRange(min=0),
    default=900,
    show_default=True,
    metavar="SECONDS",
    help="Wait at most so long for a limit; then stop, and go on another time.",
)
@click.option("-q", "--quiet", is_flag=True, help="No progress on stderr.")
@click.option("-v", "--verbose", is_flag=True, help="One line a stage on stderr.")
@ledger_option
def github(
    *,
    subject: str,
    api_url: str | None,
    token_file: Path | None,
    private_hosts: tuple[str, ...],
    max_wait: int,
    quiet: bool,
    verbose: bool,
    folder: Path,
) -> int:
    """Read a repository of GitHub."""
    from asbuilt.app.sync_github import Asked, sync_github
    from asbuilt.cli.exit_status import sync_status

    asked = Asked(
        api_url=api_url,
        token_file=token_file,
        private_hosts=frozenset(private_hosts),
        max_wait=max_wait,
    )
    with progress(quiet=quiet, verbose=verbose) as listener:
        done = sync_github(subject, folder, asked, on=listener)
    print_done(done)
    return sync_status(done.sources)

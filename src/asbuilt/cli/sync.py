"""``asbuilt sync``: what a forge knows into the ledger."""

from pathlib import Path

import click

from asbuilt.cli.ledger_options import ledger_option
from asbuilt.cli.progress import progress
from asbuilt.cli.sync_gitlab import gitlab
from asbuilt.cli.sync_options import How, read_forge, reading_options
from asbuilt.cli.sync_text import print_imported, print_plan


@click.group("sync", short_help="Read a forge into the ledger: requests, reviews, checks, rules, deployments.")
def command() -> None:
    """Read what a forge knows into the ledger: the pages as they came, then the rows that they tell.

    The token is read from the environment or a file, and written nowhere. Doing it again reads what is new; what
    was broken off goes on from where it was. Exit code 3 says that something could not be seen.
    """


@command.command("github", short_help="A repository of GitHub, or an organisation with its repositories.")
@click.argument("subject", metavar="OWNER/REPO|ORG")
@click.option(
    "--profile",
    "profiles",
    type=click.Choice(("app-events", "ruleset-history")),
    multiple=True,
    help="Read this too; it takes many requests, or a right that the rest does not need (see --plan).",
)
@reading_options("github.com", "ASBUILT_GITHUB_TOKEN, GITHUB_TOKEN or GH_TOKEN")
def github(*, subject: str, how: How, profiles: tuple[str, ...]) -> int:
    """Read a repository of GitHub, or an organisation: its own settings, and each of its repositories.

    \b
    asbuilt sync github acme/shop --plan            the rights that it needs, least first
    asbuilt sync github acme/shop                   into .asbuilt/ledger
    asbuilt sync github acme/shop --git .           and the history of this clone
    asbuilt sync github acme --token-file ~/.token  an organisation
    """  # noqa: D301 - click reads the backspace as "leave these lines as they are"
    from asbuilt.app.sync_github import is_organization, sync_github
    from asbuilt.app.sync_plan import plan_github

    if how.plan:
        print_plan(subject, plan_github(organization=is_organization(subject)))
        return 0
    return read_forge(how, subject, sync_github, frozenset(profiles))


command.add_command(gitlab)


@command.command("export", short_help="A folder or git repository of GitHub's JSON: no network.")
@click.argument("path", type=click.Path(path_type=Path), metavar="PATH")
@click.option("--repo", "repository", required=True, metavar="OWNER/NAME", help="The repository that it is of.")
@click.option(
    "--git", type=click.Path(path_type=Path), metavar="PATH", help="Record the history of this clone besides."
)
@click.option("-q", "--quiet", is_flag=True, help="No progress on stderr.")
@click.option("-v", "--verbose", is_flag=True, help="One line a stage on stderr.")
@ledger_option
def export(*, path: Path, repository: str, git: Path | None, quiet: bool, verbose: bool, folder: Path) -> int:
    """Read an export of a repository's requests and issues, in the layout of the public metadata backups.

    \b
    asbuilt sync export backup/ --repo acme/shop --git .
    """  # noqa: D301 - click reads the backspace as "leave these lines as they are"
    from asbuilt.app.sync_export import sync_export
    from asbuilt.cli.exit_status import import_status

    with progress(quiet=quiet, verbose=verbose) as listener:
        done = sync_export(path, repository=repository, ledger=folder, git=git, on=listener)
    print_imported(done)
    return import_status(done)

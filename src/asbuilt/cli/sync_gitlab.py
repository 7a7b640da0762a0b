"""``asbuilt sync gitlab``: a project of GitLab into the ledger."""

from pathlib import Path

import click

from asbuilt.cli.progress import progress
from asbuilt.cli.sync_options import reading_options
from asbuilt.cli.sync_text import print_done, print_plan


@click.command("gitlab", short_help="A project of GitLab, of gitlab.com or a host of one's own.")
@click.argument("subject", metavar="GROUP/PROJECT")
@click.option("--plan", is_flag=True, help="Only list the rights that the token needs and what for; ask nothing.")
@click.option("--api-url", metavar="URL", help="The interface of a host of one's own; else gitlab.com's.")
@click.option(
    "--token-file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Holds the token, readable by you alone; else ASBUILT_GITLAB_TOKEN or GITLAB_TOKEN.",
)
@reading_options
def gitlab(
    *,
    subject: str,
    plan: bool,
    api_url: str | None,
    token_file: Path | None,
    since: int | None,
    git: Path | None,
    private_hosts: tuple[str, ...],
    max_wait: int,
    quiet: bool,
    verbose: bool,
    folder: Path,
) -> int:
    """Read a project of GitLab.

    \b
    asbuilt sync gitlab acme/shop --plan       the rights that it needs, least first
    asbuilt sync gitlab acme/shop --git .      into .asbuilt/ledger, and the history of this clone
    asbuilt sync gitlab acme/shop --api-url https://gitlab.example.com/api/v4
    """  # noqa: D301 - click reads the backspace as "leave these lines as they are"
    from asbuilt.app.sync_github import Asked, clone_here
    from asbuilt.app.sync_gitlab import check_project, plan_gitlab, sync_gitlab
    from asbuilt.cli.exit_status import sync_status

    if plan:
        print_plan(check_project(subject), plan_gitlab())
        return 0
    asked = Asked(
        api_url=api_url,
        token_file=token_file,
        private_hosts=frozenset(private_hosts),
        max_wait=max_wait,
        since=since,
        git=git,
    )
    with progress(quiet=quiet, verbose=verbose) as listener:
        done = sync_gitlab(subject, folder, asked, on=listener)
    print_done(done, clone=None if git is not None else clone_here(subject))
    return sync_status(done.sources)

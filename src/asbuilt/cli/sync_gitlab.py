"""``asbuilt sync gitlab``: a project of GitLab into the ledger."""

import click

from asbuilt.cli.sync_options import How, read_forge, reading_options
from asbuilt.cli.sync_text import print_plan


@click.command("gitlab", short_help="A project of GitLab, of gitlab.com or a host of one's own.")
@click.argument("subject", metavar="GROUP/PROJECT")
@reading_options("gitlab.com", "ASBUILT_GITLAB_TOKEN or GITLAB_TOKEN")
def gitlab(*, subject: str, how: How) -> int:
    """Read a project of GitLab.

    \b
    asbuilt sync gitlab acme/shop --plan       the rights that it needs, least first
    asbuilt sync gitlab acme/shop --git .      into .asbuilt/ledger, and the history of this clone
    asbuilt sync gitlab acme/shop --api-url https://gitlab.example.com/api/v4
    """  # noqa: D301 - click reads the backspace as "leave these lines as they are"
    from asbuilt.app.sync_gitlab import check_project, plan_gitlab, sync_gitlab

    if how.plan:
        print_plan(check_project(subject), plan_gitlab())
        return 0
    return read_forge(how, subject, sync_gitlab)

"""The options that reading any forge takes, and what is done with them."""

from collections.abc import Callable
from functools import reduce, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from asbuilt.cli.ledger_options import ledger_option
from asbuilt.cli.moments import Moment
from asbuilt.cli.progress import progress
from asbuilt.cli.sync_text import print_done

if TYPE_CHECKING:
    from asbuilt.app.sync_asking import Done

Command = Callable[..., int]


class How(NamedTuple):
    """What the options say."""

    plan: bool
    api_url: str | None
    token_file: Path | None
    since: int | None
    git: Path | None
    private_hosts: tuple[str, ...]
    max_wait: int
    quiet: bool
    verbose: bool
    folder: Path


_OPTIONS = (
    click.option(
        "--plan", is_flag=True, help="Only list the rights that the token needs and what for; ask nothing."
    ),
    click.option("--since", type=Moment(), metavar="DATE", help="The first time, read nothing touched before."),
    click.option(
        "--git", type=click.Path(path_type=Path), metavar="PATH", help="Record the history of this clone besides."
    ),
    click.option(
        "--allow-private-host",
        "private_hosts",
        multiple=True,
        metavar="HOST",
        help="This host may lie inside a private network; may be repeated.",
    ),
    click.option(
        "--max-wait",
        type=click.IntRange(min=0),
        default=900,
        show_default=True,
        metavar="SECONDS",
        help="Wait at most so long for a limit; then stop, and go on another time.",
    ),
    click.option("-q", "--quiet", is_flag=True, help="No progress on stderr."),
    click.option("-v", "--verbose", is_flag=True, help="One line a stage on stderr."),
    ledger_option,
)


def reading_options(host: str, variables: str) -> Callable[[Command], Command]:
    """The options as one argument, ``how``.

    Args:
        host: the public host, as the help names it.
        variables: those of the environment that may hold a token, as the help names them.
    """
    own = (
        click.option("--api-url", metavar="URL", help=f"The interface of a host of one's own; else {host}'s."),
        click.option(
            "--token-file",
            type=click.Path(path_type=Path),
            metavar="FILE",
            help=f"Holds the token, readable by you alone; else {variables}.",
        ),
    )

    def taking(command: Command) -> Command:
        @wraps(command)
        def with_how(**told: Any) -> int:
            how = How(**{name: told.pop(name) for name in How._fields})
            return command(how=how, **told)

        options = (_OPTIONS[0], *own, *_OPTIONS[1:])
        return reduce(lambda made, option: option(made), reversed(options), with_how)

    return taking


def read_forge(how: How, subject: str, sync: Callable[..., "Done"], profiles: frozenset[str] = frozenset()) -> int:
    """Read it, show what came of it; the exit status."""
    from asbuilt.app.sync_asking import Asked, clone_here
    from asbuilt.cli.exit_status import sync_status

    asked = Asked(
        api_url=how.api_url,
        token_file=how.token_file,
        private_hosts=frozenset(how.private_hosts),
        max_wait=how.max_wait,
        since=how.since,
        profiles=profiles,
        git=how.git,
    )
    with progress(quiet=how.quiet, verbose=how.verbose) as listener:
        done = sync(subject, how.folder, asked, on=listener)
    print_done(done, clone=None if how.git is not None else clone_here(subject))
    return sync_status(done.sources)

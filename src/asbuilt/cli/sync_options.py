"""The options that reading any forge takes."""

from collections.abc import Callable
from functools import reduce
from pathlib import Path
from typing import Any, TypeVar

import click

from asbuilt.cli.ledger_options import ledger_option
from asbuilt.cli.moments import Moment

Command = TypeVar("Command", bound=Callable[..., Any])

_OPTIONS = (
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


def reading_options(command: Command) -> Command:
    """Since when, which clone, which hosts, how long to wait, how loud, into which ledger."""
    return reduce(lambda made, option: option(made), reversed(_OPTIONS), command)

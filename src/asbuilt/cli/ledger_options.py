"""What the commands of ``asbuilt ledger`` have in common."""

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

Command = TypeVar("Command", bound="Callable[..., object]")

FORMATS = ("text", "json")


def ledger_option(command: Command) -> Command:
    """``--ledger FOLDER``; the command gets ``folder``."""
    return click.option(
        "--ledger",
        "folder",
        type=click.Path(path_type=Path),
        callback=_place,
        metavar="FOLDER",
        help="The ledger; default: ASBUILT_LEDGER, else .asbuilt/ledger.",
    )(command)


def format_option(command: Command) -> Command:
    """``--format text|json``; the command gets ``form``."""
    return click.option(
        "--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="On stdout."
    )(command)


def quiet_option(command: Command) -> Command:
    """``-q``; the command gets ``quiet``."""
    return click.option("-q", "--quiet", is_flag=True, help="No progress on stderr.")(command)


def now() -> int:
    """The clock (Unix seconds): read here and handed down, so that nothing below depends on it."""
    import time

    return int(time.time())


def user() -> str:
    """Who runs this: ASBUILT_BY, else as the system calls them."""
    import getpass
    import os

    try:
        return os.environ.get("ASBUILT_BY") or getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return f"uid {os.getuid()}"


def _place(_: click.Context, __: click.Parameter, named: Path | None) -> Path:
    from asbuilt.app.ledger_place import ledger_folder

    return ledger_folder(named)

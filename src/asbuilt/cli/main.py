"""The entry point: commands found lazily, errors turned into sentences and exit codes."""

import importlib
import os
import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

import click

from asbuilt.app.exit_codes import INTERRUPTED, PIPE_CLOSED, TERMINATED
from asbuilt.cli import failures, streams
from asbuilt.model.errors import AsBuiltError

# In the order in which a newcomer needs them. The module of that name holds the click command ``command``.
COMMANDS = (
    "inspect",
    "trace",
    "changes",
    "lines",
    "sbom",
    "deps",
    "record",
    "scan",
    "sync",
    "advisories",
    "vex",
    "registry",
    "audit",
    "gate",
    "ledger",
    "verify",
    "attest",
    "webhook",
    "controls",
    "explain",
    "signatures",
    "doctor",
    "completion",
)

COMPLETE_VARIABLE = "_ASBUILT_COMPLETE"


class LazyGroup(click.Group):
    """A group that imports a command's module when that command is named, or all of them for help."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The commands, in the order of ``COMMANDS``."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        """The command of that name, or None."""
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"asbuilt.cli.{cmd_name}").command
        return command if isinstance(command, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the words name; a mistyped one gets the nearest that exists."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            close = get_close_matches(args[0], COMMANDS, 1)
            hint = f" Did you mean {close[0]!r}?" if close else ""
            ctx.fail(f"There is no command {args[0]!r}.{hint}")
        return super().resolve_command(ctx, args)


def _show_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if not wanted or ctx.resilient_parsing:
        return
    from asbuilt.app.versions import versions

    own, python, git = versions()
    click.echo(f"asbuilt {own} (Python {python}, git {git})")
    ctx.exit()


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Show the versions of asbuilt, Python and git, and leave.",
)
@click.option("--debug", is_flag=True, help="Show the traceback of a failure too.")
def group(debug: bool) -> None:
    """The as-built record of a software product, from its git history.

    Who or what wrote every line, who answered for it, and what it passed on its way.

    Exit codes: 0 clean, 1 deviations, 2 usage or configuration, 3 something could not be read or checked,
    4 integrity failure (`asbuilt explain exit-3`).
    """
    failures.show_tracebacks = debug


def run() -> int:
    """Run the command line; the exit code is returned (``docs/reference/exit-codes.md``)."""
    streams.make_safe()
    sys.excepthook = failures.show_internal
    signal.signal(signal.SIGTERM, _terminated)
    try:
        status = _invoke(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:  # the reader left (`asbuilt lines | head`); not worth a word
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        status = PIPE_CLOSED
    except (KeyboardInterrupt, click.Abort):
        status = INTERRUPTED
    except click.exceptions.Exit as done:
        status = done.exit_code
    except click.ClickException as error:
        status = failures.show_usage(error)
    except AsBuiltError as error:
        status = failures.show(error)
    except OSError as error:
        status = failures.show_refusal(error)
    return status


def _invoke(words: list[str]) -> int:
    instruction = os.environ.get(COMPLETE_VARIABLE)
    if instruction:
        from click.shell_completion import shell_complete

        return shell_complete(group, {}, "asbuilt", COMPLETE_VARIABLE, instruction)
    invoke: Callable[[click.Context], object] = group.invoke
    with group.make_context("asbuilt", words) as context:
        status = invoke(context)
    return status if isinstance(status, int) else 0


def _terminated(_: int, __: FrameType | None) -> NoReturn:
    raise SystemExit(TERMINATED)  # so that the private git directory is removed on the way out

"""Failures as sentences on standard error: what, why, fix."""

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from asbuilt.app.exit_codes import CANNOT_READ, INTERNAL, USAGE
from asbuilt.model.errors import AsBuiltError
from asbuilt.model.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

show_tracebacks = False  # `asbuilt --debug` sets it


def show(error: AsBuiltError) -> int:
    """Print an error of ours; its exit code is returned."""
    _print(error.what, why=error.why, fix=error.fix, where=error.where)
    return error.exit_code


def show_usage(error: click.ClickException) -> int:
    """Print what click could not make sense of."""
    context = getattr(error, "ctx", None)
    path = context.command_path if isinstance(context, click.Context) else "asbuilt"
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
        return USAGE
    _print(error.format_message(), fix=f"`{path} --help` lists what it takes.")
    return USAGE


def show_refusal(error: OSError) -> int:
    """Print what the operating system refused."""
    name = f" {str(error.filename)!r}" if error.filename is not None else ""
    _print(
        f"The system refused{name}: {error.strerror or error}.",
        fix="Grant access or free space, then run it again.",
    )
    return CANNOT_READ


def show_internal(kind: type[BaseException], error: BaseException, trace: "TracebackType | None") -> None:
    """The last resort (``sys.excepthook``): a mistake of ours, in one sentence, with an exit code of its own."""
    if show_tracebacks:
        import traceback

        traceback.print_exception(kind, error, trace)
    _print(
        f"AsBuilt itself failed: {kind.__name__}: {error}",
        why="This is a mistake in AsBuilt, not in your repository; nothing was checked.",
        fix="Run it as `asbuilt --debug ...` and report the traceback.",
    )
    raise SystemExit(INTERNAL)


def _print(what: str, *, why: str = "", fix: str = "", where: str = "") -> None:
    if show_tracebacks and sys.exc_info()[0] is not None:
        import traceback

        traceback.print_exc()
    head = f"{visible(where)}: {visible(what)}" if where else visible(what)
    lines = [f"asbuilt: {head}", *(f"  why: {visible(why)}" for _ in range(bool(why)))]
    lines += [f"  fix: {visible(fix)}" for _ in range(bool(fix))]
    click.echo("\n".join(lines), err=True)


@contextmanager
def problems_shown() -> "Iterator[None]":
    """Print each problem of refused evidence on stderr, one line each."""
    from asbuilt.model.evidence import EvidenceError

    try:
        yield
    except EvidenceError as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
        raise

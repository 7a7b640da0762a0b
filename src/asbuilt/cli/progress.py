"""Progress on standard error: a bar on a terminal, one plain line a stage with --verbose, otherwise nothing."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from asbuilt.model.progress import Listener, silent

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


@contextmanager
def progress(*, quiet: bool, verbose: bool) -> Iterator[Listener]:
    """A listener that shows how far a use case is."""
    if quiet:
        yield silent
    elif verbose:
        yield Lines()
    elif sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        with bar() as listener:
            yield listener
    else:
        yield silent


class Lines:
    """One plain line when a stage begins."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def __call__(self, stage: str, _: int, total: int | None) -> None:
        """Print the stage the first time it is heard of."""
        if stage not in self._seen:
            self._seen.add(stage)
            click.echo(f"{stage} ({total:,})" if total else stage, err=True)


class Bar:
    """A bar for the stage that is under way."""

    def __init__(self, shown: "Progress") -> None:
        self._shown = shown
        self._stage = ""
        self._task: TaskID | None = None

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """Move the bar; a new stage takes the place of the last."""
        if stage != self._stage or self._task is None:
            if self._task is not None:
                self._shown.remove_task(self._task)
            self._stage = stage
            self._task = self._shown.add_task(stage, total=total, of="")
        of = "" if total is None else f" of {total:,}"
        self._shown.update(self._task, completed=done, total=total, of=of)


@contextmanager
def bar() -> Iterator[Listener]:
    """The bar, with how many of how many, the time it has taken and the time left; it leaves no trace when done."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=None),
        TextColumn("{task.completed:,.0f}{task.fields[of]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        yield Bar(shown)

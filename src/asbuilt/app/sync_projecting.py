"""Pages become rows in a process of their own, as they come, while others are still asked for or written down.

A page stands alone: it does not matter where it is projected, nor when. A small reading pays for no process:
it is started when some megabytes have come. Where none can be had, the same is done here.
"""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import Final, NamedTuple, Self

from asbuilt.app.sync_rows import Encoded, encode_row
from asbuilt.facts.forge import project_page
from asbuilt.facts.schemas import TABLES
from asbuilt.sources.steps import Page, Step

ENOUGH: Final = 2 << 20  # bytes of pages after which a process of its own pays


class Subject(NamedTuple):
    """What a source is about: the forge, and the repository or organisation by its name there."""

    forge: str
    repository: str | None = None
    organization: str | None = None


class Told(NamedTuple):
    """One row: its table, what its record holds, and the part of the table that it is of (None: not known)."""

    table: str
    encoded: Encoded
    part: str | None


class Projected(NamedTuple):
    """The rows of a page, and a sentence for each thing on it that became none."""

    rows: list[Told]
    refused: list[str]


def project(subject: Subject, name: str, key: str, body: bytes, observed: int) -> Projected:
    """The rows of one page, as their records hold them."""
    found = project_page(
        subject.forge,
        name,
        key,
        body,
        repository=subject.repository,
        organization=subject.organization,
        observed=observed,
    )
    rows: list[Told] = []
    refused = list(found.refused)
    for row in found.rows:
        encoded = encode_row(row.table, row.told, observed)
        if isinstance(encoded, str):
            refused.append(encoded)
            continue
        part = row.told.get(TABLES[row.table].part or "")
        rows.append(Told(row.table, encoded, part if isinstance(part, str) else None))
    return Projected(rows, refused)


def _leave_interrupts() -> None:
    """Whoever is at the terminal stops the reading, which then ends this process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


class Projecting:
    """Projects the pages of one source. Use it as a context manager.

    Args:
        subject: what the source is about.
        enough: bytes of pages after which a process of its own is started.
    """

    def __init__(self, subject: Subject, enough: int = ENOUGH) -> None:
        self._subject, self._enough, self._came = subject, enough, 0
        self._alone = (os.cpu_count() or 1) < 2
        self._pool: ProcessPoolExecutor | None = None
        self._under_way: dict[int, Future[Projected]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.stop()

    @property
    def workers(self) -> int:
        """Processes of its own."""
        return 0 if self._pool is None else 1

    def stop(self) -> None:
        """Have no process of its own any more; what it was not done with is projected here."""
        self._alone = True
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def ahead(self, steps: Iterator[Step]) -> Iterator[Step]:
        """The same steps; large readings hand each page over as it comes."""
        for step in steps:
            if isinstance(step, Page) and step.status != 304:
                self._came += len(step.body)
                if self._came > self._enough and not self._alone:
                    self._hand_over(step)
            yield step

    def _hand_over(self, page: Page) -> None:
        try:
            if self._pool is None:
                # A new process, and no copy of this one: here are threads.
                self._pool = ProcessPoolExecutor(1, get_context("spawn"), _leave_interrupts)
            self._under_way[id(page)] = self._pool.submit(
                project, self._subject, page.name, page.key, page.body, page.observed
            )
        except (BrokenExecutor, OSError, RuntimeError):
            self._alone = True

    def rows(self, page: Page, body: bytes) -> Projected:
        """What a page comes to; ``body`` is what it was when it came last, where it was not sent again."""
        waiting = self._under_way.pop(id(page), None)
        # What it has not begun yet is done here meanwhile.
        if waiting is not None and not waiting.cancel():
            try:
                return waiting.result()
            except (BrokenExecutor, CancelledError):
                self._alone = True
        return project(self._subject, page.name, page.key, body, page.observed)

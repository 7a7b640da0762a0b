"""Reading a source into the ledger: the pages as they came first, then the rows that they tell.

1. Steps of the source are gathered: some hundred pages, some megabytes, or a second's worth.
2. Each page is a raw record. They are appended before anything is made of them.
3. Each page is projected to rows; each row is a record that names the page it was read from, by its leaf hash.
4. Each listing leaves a row of ``extracts`` for each table that it tells of; each gap is a record.
5. They are appended; a row that went back to an earlier word is said again.
6. Where to go on is written down, as far as everything before it is in the ledger.

So a reading that is broken off anywhere, and done again, ends with the same facts.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

import msgspec

from asbuilt.app.sync_ahead import Halt, read_ahead
from asbuilt.app.sync_keeping import Keeping
from asbuilt.app.sync_projecting import Projecting, Subject
from asbuilt.app.sync_state import read_state
from asbuilt.app.sync_writing import Writing
from asbuilt.ledger.ledger import open_ledger
from asbuilt.model.inspection import Gap
from asbuilt.model.progress import Listener, silent
from asbuilt.sources.steps import Expected, Page, Source, Step

MOST_PAGES = 200  # in one append
MOST_BYTES = 2 << 20  # of pages in one append
LONGEST = 1.0  # seconds between two appends while pages come


class Count(msgspec.Struct):
    """Rows of one table: recorded for the first time, and known already."""

    new: int = 0
    known: int = 0


class Synced(msgspec.Struct):
    """What came of reading a source.

    ``pages`` were read, of which ``unchanged`` the forge did not send again; ``new_pages`` were not in the ledger.
    ``rows`` are counted by table; ``gaps`` say what could not be seen.
    """

    source: str
    pages: int = 0
    unchanged: int = 0
    new_pages: int = 0
    rows: dict[str, Count] = {}
    gaps: list[Gap] = []


def sync(
    source: Source,
    subject: Subject,
    folder: Path,
    *,
    on: Listener = silent,
    halt: Halt | None = None,
    clock: Callable[[], float] = time.time,
    ticks: Callable[[], float] = time.monotonic,
) -> Synced:
    """Read what is new of a source into the ledger in ``folder``.

    Raises:
        SourceError: nothing at all can be read, or the disk refuses it; what was recorded stays.
        UsageError, LedgerError: see ``ledger.ledger``.
    """
    done = Synced(source.name)
    with open_ledger(folder) as ledger:
        kept = read_state(folder, source.name)
        # Closed in any case: the thread that reads must not wait for somebody who has gone.
        with (
            Projecting(subject) as projecting,
            Keeping(ledger.put_attachment) as keeping,
            closing(read_ahead(keeping.ahead(projecting.ahead(source.pull(kept.state))), halt or Halt())) as steps,
        ):
            writing = Writing(ledger, subject, kept, clock, projecting=projecting, keeping=keeping)
            for group in grouped(steps, ticks):
                written = writing.write(group)
                count(done, group, written.rows, written.new_pages, written.gaps)
                show(done, group, on)
    return done


def grouped(steps: Iterator[Step], ticks: Callable[[], float]) -> Iterator[list[Step]]:
    """(1) Steps, some at a time; what came before a failure is handed over before the failure is."""
    group: list[Step] = []
    pages, size, since = 0, 0, ticks()
    try:
        for step in steps:
            group.append(step)
            if isinstance(step, Page):
                pages, size = pages + 1, size + len(step.body)
            if pages >= MOST_PAGES or size >= MOST_BYTES or ticks() - since >= LONGEST:
                yield group
                group, pages, size, since = [], 0, 0, ticks()
    except GeneratorExit:
        raise
    except BaseException:
        if group:
            yield group
        raise
    if group:
        yield group


def count(
    done: Synced, group: list[Step], rows: Mapping[str, tuple[int, int]], new_pages: int, gaps: list[Gap]
) -> None:
    """Add up what came of a group."""
    found = [step for step in group if isinstance(step, Page)]
    done.pages += len(found)
    done.unchanged += sum(page.status == 304 for page in found)
    done.new_pages += new_pages
    done.gaps += gaps
    for table, (new, known) in rows.items():
        total = done.rows.setdefault(table, Count())
        total.new += new
        total.known += known


def show(done: Synced, group: list[Step], on: Listener) -> None:
    """Tell how far it is."""
    expected = [step for step in group if isinstance(step, Expected)]
    for step in expected[-1:]:
        on(f"Reading {done.source}: {step.what}", step.done, step.total)

"""Ledgers to test with."""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from asbuilt.ledger.appending import recent_marks
from asbuilt.ledger.ledger import Ledger, create_ledger
from asbuilt.model.record import Record

ORIGIN = "example.com/asbuilt"
NOW = 1_767_225_600


def record(
    number: int, *, payload: bytes | None = None, event: str | None = None, kind: str = "fact/incidents"
) -> Record:
    """A record that its number tells from every other."""
    return Record(
        source="tests",
        event=f"E-{number}" if event is None else event,
        kind=kind,
        payload=b'{"number":"%d"}' % number if payload is None else payload,
        observed=NOW,
        recorded=NOW + 1,
        by="alice",
        how="cli",
    )


def records(start: int, end: int) -> list[Record]:
    """Those with the numbers from ``start`` up to ``end``."""
    return [record(number) for number in range(start, end)]


def new_ledger(folder: Path, store: str | None = None) -> Ledger:
    """An empty one."""
    return create_ledger(folder, origin=ORIGIN, now=NOW, store=store)


def filled(folder: Path, batches: Iterable[int], store: str | None = None) -> Ledger:
    """A ledger of records 0, 1, 2 … that came in batches of these sizes."""
    ledger = new_ledger(folder, store)
    for size in batches:
        start = ledger.size
        ledger.append(records(start, start + size))
    return ledger


def index_everything(ledger: Ledger) -> None:
    """Move all recent marks into the index, as an append does when there are many."""
    with ledger.store.writing() as head:
        marks = [
            (mark, at)
            for start, marks in recent_marks(ledger.store, head.indexed)
            for at, mark in enumerate(marks, start)
        ]
        ledger.store.add_marks(sorted(marks))
        ledger.store.put_head(msgspec.structs.replace(head, indexed=head.size))

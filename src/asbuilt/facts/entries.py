"""Ledger entries read many at once: headers into columns, apart by kind.

The common case is fast, and the strict reader has the last word: where one of a batch is no entry, each of them is
asked for alone (``decode_entry``), and those that are none are named.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final, Self

import msgspec
import numpy as np

from asbuilt.model.errors import LedgerError
from asbuilt.model.record import Header, decode_entry, decode_header

# Entries read at once: as many, or as many as weigh so much.
_AT_ONCE: Final = 10_000
_WEIGHT: Final = 32_000_000  # bytes
_STEP: Final = 500
_LENGTH: Final = len("2026-01-31T00:00:00Z")
_DIGITS: Final = (0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18)
_MARKS: Final = tuple(zip((4, 7, 10, 13, 16, 19), b"--T::Z", strict=True))
_EPOCH: Final = "1970-01-01T00:00:00Z"


class Told(msgspec.Struct, frozen=True):
    """Entries of one kind, by column; ``positions`` are their indices in the ledger, moments Unix seconds.

    ``occurred`` is a masked array where a source does not say when.
    """

    positions: Any
    entries: Sequence[bytes]
    payloads: Sequence[bytes]
    events: Sequence[str]
    sources: Sequence[str]
    medias: Sequence[str]
    occurred: Any
    observed: Any
    recorded: Any

    def without(self, left_out: Collection[int]) -> Self:
        """The same without those at some places."""
        keep = np.ones(len(self.entries), dtype=np.bool_)
        keep[list(left_out)] = False
        places = np.flatnonzero(keep)
        columns: Iterator[Any] = (getattr(self, field) for field in self.__struct_fields__)
        return type(self)(*(_at(own, places) for own in columns))


def _at(column: Any, places: Any) -> Any:
    return column[places] if isinstance(column, np.ndarray) else [column[place] for place in places]


class NoEntry(msgspec.Struct, frozen=True):
    """Bytes in the ledger that are no entry, and why."""

    position: int
    entry: bytes
    why: str


def in_batches(entries: Iterable[bytes]) -> Iterator[list[bytes]]:
    """Entries, many at once, and never so many that they are heavy."""
    iterator = iter(entries)
    batch: list[bytes] = []
    weight = 0
    while piece := list(islice(iterator, _STEP)):
        batch += piece
        weight += sum(map(len, piece))
        if len(batch) >= _AT_ONCE or weight >= _WEIGHT:
            yield batch
            batch, weight = [], 0
    if batch:
        yield batch


def read_entries(entries: Sequence[bytes], start: int) -> tuple[dict[str, Told], list[NoEntry]]:
    """The entries from index ``start`` of the ledger by kind, and what is no entry."""
    positions = np.arange(start, start + len(entries), dtype=np.int64)
    try:
        return _by_kind(entries, positions), []
    except (msgspec.MsgspecError, ValueError):  # ValueError: a moment that is none; bytes that are no UTF-8
        refused = list(_no_entries(entries, start))
    bad = {own.position - start for own in refused}
    good = [place for place in range(len(entries)) if place not in bad]
    return _by_kind([entries[place] for place in good], positions[good]), refused


def _no_entries(entries: Sequence[bytes], start: int) -> Iterator[NoEntry]:
    for position, entry in enumerate(entries, start):
        try:
            decode_entry(entry)
        except LedgerError as error:
            yield NoEntry(position, entry, f"{error.what} {error.why}")


def _by_kind(entries: Sequence[bytes], positions: Any) -> dict[str, Told]:
    ends = [entry.find(b"\n") for entry in entries]
    if -1 in ends:  # a header alone is an entry whose payload is empty
        ends = [len(entry) if end < 0 else end for entry, end in zip(entries, ends, strict=True)]
    headers = [decode_header(entry[:end]) for entry, end in zip(entries, ends, strict=True)]
    places: dict[str, list[int]] = {}
    for place, header in enumerate(headers):
        if (own := places.get(header.kind)) is None:
            own = places[header.kind] = []
        own.append(place)
    observed = seconds_of([header.observed for header in headers])
    recorded = seconds_of([header.recorded for header in headers])
    occurred = seconds_of([header.occurred for header in headers])

    def told(chosen: list[int]) -> Told:
        own: list[Header] = [headers[place] for place in chosen]
        at = np.array(chosen)
        return Told(
            positions=positions[at],
            entries=[entries[place] for place in chosen],
            payloads=[entries[place][ends[place] + 1 :] for place in chosen],
            events=[header.event for header in own],
            sources=[header.source for header in own],
            medias=[header.media for header in own],
            occurred=occurred[at],
            observed=observed[at],
            recorded=recorded[at],
        )

    return {kind: told(chosen) for kind, chosen in places.items()}


def seconds_of(texts: Sequence[str | None]) -> Any:
    """Unix seconds of moments written ``2026-01-31T00:00:00Z``, as an array; masked where one is None.

    Raises:
        ValueError: one is not written so, or is none.
    """
    if None in texts:
        missing = [text is None for text in texts]
        return np.ma.array(_seconds_of([_EPOCH if text is None else text for text in texts]), mask=missing)
    return _seconds_of(texts)


def _seconds_of(texts: Sequence[Any]) -> Any:
    if any(length != _LENGTH for length in set(map(len, texts))):
        raise ValueError("A moment is of another length.")
    signs = np.frombuffer("".join(texts).encode("ascii"), dtype=np.uint8).reshape(-1, _LENGTH).T.copy()
    digits = signs[list(_DIGITS)] - ord("0")
    if digits.max(initial=0) > 9 or any((signs[place] != mark).any() for place, mark in _MARKS):
        raise ValueError("A moment is written in another way.")
    parts = digits.astype(np.int64).reshape(7, 2, -1)
    century, year, month, day, hour, minute, second = parts[:, 0] * 10 + parts[:, 1]
    year += century * 100
    months = ((year - 1970) * 12 + month - 1).view("datetime64[M]")
    first = months.astype("datetime64[D]")
    length = ((months + 1).astype("datetime64[D]") - first).view(np.int64)
    told = (year, 1, 9999), (month, 1, 12), (day, 1, length), (hour, 0, 23), (minute, 0, 59), (second, 0, 59)
    if any((own < least).any() or (own > most).any() for own, least, most in told):
        raise ValueError("There is no such moment.")
    return (((first.view(np.int64) + day - 1) * 24 + hour) * 60 + minute) * 60 + second

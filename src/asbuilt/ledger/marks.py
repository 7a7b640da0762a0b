"""Marks: a number for each record by which it is found again, first by its event, then by what it says.

A mark is 64 bits: a checksum of source and event, then one of kind and payload. Equal records have equal marks;
other records may have them too, by chance or by intent: whoever finds a mark compares the record itself.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from struct import pack, unpack
from zlib import crc32

from asbuilt.model.record import Record

MARK_BYTES = 8
_HALF = 1 << 63  # so that a mark fits into the signed integers of databases, in the same order


def mark_of(source: str, event: str, kind: str, payload: bytes) -> int:
    """The mark of a record: a signed number of 64 bits."""
    return (crc32(event.encode(), _begun(source)) << 32 | crc32(payload, _begun(kind))) - _HALF


def marks_for(records: Iterable[Record]) -> list[int]:
    """The mark of each record; quicker than one by one, as neighbours mostly share source and kind."""
    marks: list[int] = []
    source = kind = None
    of_source = of_kind = 0
    for record in records:
        if record.source is not source:
            source = record.source
            of_source = _begun(source)
        if record.kind is not kind:
            kind = record.kind
            of_kind = _begun(kind)
        marks.append((crc32(record.event.encode(), of_source) << 32 | crc32(record.payload, of_kind)) - _HALF)
    return marks


def marks_of(source: str, event: str) -> tuple[int, int]:
    """The first and the last mark that records of an event can have."""
    named = crc32(event.encode(), _begun(source))
    return (named << 32) - _HALF, ((named << 32) | 0xFFFFFFFF) - _HALF


@lru_cache(1024)
def _begun(text: str) -> int:
    """The checksum of what many records have in common, to be gone on with."""
    return crc32(text.encode() + b"\0")


def pack_marks(marks: Sequence[int]) -> bytes:
    """Marks behind one another, eight bytes each, big-endian."""
    return pack(f">{len(marks)}q", *marks)


def unpack_marks(packed: bytes) -> tuple[int, ...]:
    """What was packed; bytes that make no whole mark are left out."""
    count = len(packed) // MARK_BYTES
    return unpack(f">{count}q", packed[: count * MARK_BYTES])


def same_record(one: Record, other: Record) -> bool:
    """Whether both are one record, told twice."""
    told, again = ((own.source, own.event, own.kind, own.media, own.payload) for own in (one, other))
    return told == again

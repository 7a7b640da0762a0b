"""Marks: 16 bytes by which a record is found again, first by its event, then by what it says.

The first eight are of the source and the event, the last eight begin the record's identity (``identity_of``). Eight
bytes may meet by chance or by intent: whoever finds a mark compares the record itself.
"""

from collections.abc import Iterable
from hashlib import sha256
from struct import Struct, unpack

from asbuilt.model.record import Record

MARK_BYTES = 16
PAIR = Struct(">qq")  # as two signed integers: so the databases keep them


def mark_of(source: str, event: str, kind: str, payload: bytes) -> bytes:
    """The mark of a record."""
    first, second, third = source.encode(), event.encode(), kind.encode()
    told = b"%b%b%b%b" % (len(first).to_bytes(8, "big"), first, len(second).to_bytes(8, "big"), second)
    digest = sha256(told)
    begun = digest.digest()
    digest.update(b"%b%b%b%b" % (len(third).to_bytes(8, "big"), third, len(payload).to_bytes(8, "big"), payload))
    return begun[:8] + digest.digest()[:8]


def event_of(source: str, event: str) -> int:
    """The first half of the marks of an event's records, as the databases keep it."""
    return int(PAIR.unpack(mark_of(source, event, "", b""))[0])


def split_marks(marks: bytes) -> list[bytes]:
    """Each mark of many that stand behind one another."""
    return [marks[at : at + MARK_BYTES] for at in range(0, len(marks), MARK_BYTES)]


def marks_at(start: int, marks: bytes) -> Iterable[tuple[int, int, int]]:
    """Event, identity and position of the marks of entries from ``start`` on."""
    numbers = unpack(f">{len(marks) // 8}q", marks)
    return zip(numbers[::2], numbers[1::2], range(start, start + len(numbers) // 2), strict=True)


def same_record(one: Record, other: Record) -> bool:
    """Whether both are one record, told twice."""
    return (one.source, one.event, one.kind, one.payload) == (other.source, other.event, other.kind, other.payload)

"""Rows that say again what was said before another word: they are recorded anew, marked as said again.

1. The entries from the first known row on are read once; the known rows themselves are passed over.
2. Other words on what a known row tells are kept aside: they are few, however many rows are known.
3. A known row is said again where the newest of all words on it is another one.

Memory grows by eight bytes a known row.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from zlib import crc32

import msgspec

from asbuilt.ledger.ledger import Appended, Ledger
from asbuilt.model.commit import moment
from asbuilt.model.record import FACT, RESTATED, Record, decode_entry

_BITS = 23  # of the sieve of what is known: a megabyte
_Own = tuple[str, str, str]
_Word = tuple[int, int, bytes]  # where an entry stands, when it was observed, the digest of what it says


def restated(ledger: Ledger, records: Sequence[Record], placed: Sequence[Appended]) -> list[Record]:
    """As ``said_again``, of records and their places at hand."""
    return said_again(ledger, records, [each.index if each.is_new else ~each.index for each in placed])


def said_again(ledger: Ledger, records: Iterable[Record], places: Sequence[int]) -> list[Record]:
    """The rows that were known already, and of which another word was newest: to be recorded as said again.

    Args:
        ledger: where the records stand.
        records: what was appended; it is read more than once.
        places: of each its index, turned over (``~index``) where it was known; see ``Ledger.append_all``.
    """
    known = array("q", sorted(~place for place in places if place < 0))
    if not known:
        return []
    sieve, several = bytearray(1 << _BITS - 3), bytearray(1 << _BITS - 3)
    for own, _, _ in _known(records, places):
        place, bit = divmod(_number(own), 8)
        several[place] |= sieve[place] & 1 << bit
        sieve[place] |= 1 << bit
    # (2) Other words: of these records themselves, where several are of one row, and of all other entries (1).
    others: dict[_Own, list[_Word]] = {}
    for own, record, index in _known(records, places):
        place, bit = divmod(_number(own), 8)
        if several[place] & 1 << bit:
            others.setdefault(own, []).append((index, _observed(ledger, index), sha256(record.payload).digest()))
    for index, entry in enumerate(ledger.entries(known[0]), known[0]):
        at = bisect_left(known, index)
        if at < len(known) and known[at] == index:
            continue
        other = decode_entry(entry)
        own = (other.source, other.event, other.kind)
        place, bit = divmod(_number(own), 8)
        if sieve[place] & 1 << bit:
            others.setdefault(own, []).append((index, other.observed, sha256(other.payload).digest()))
    # (3) Which was newest.
    back: dict[_Own, Record] = {}
    for own, record, index in _known(records, places):
        if own not in others:
            continue
        said = sha256(record.payload).digest()
        others[own].append((index, _observed(ledger, index), said))
        _, observed, newest = max(others[own], key=lambda word: (word[1], word[0]))
        if newest != said and observed <= record.observed:
            back[own] = record
    return [
        msgspec.structs.replace(record, media=f"{record.media}{RESTATED}{moment(record.observed).isoformat()}")
        for record in back.values()
    ]


def _known(records: Iterable[Record], places: Sequence[int]) -> Iterator[tuple[_Own, Record, int]]:
    for record, place in zip(records, places, strict=True):
        if place < 0 and record.kind.startswith(FACT):
            yield (record.source, record.event, record.kind), record, ~place


def _observed(ledger: Ledger, index: int) -> int:
    return decode_entry(ledger.entry(index)).observed


def _number(own: _Own) -> int:
    return crc32("\0".join(own).encode("utf-8", "replace")) & (1 << _BITS) - 1

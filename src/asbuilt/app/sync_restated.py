"""Rows that went back to an earlier word: a request that was closed and is open again says what it said before.

The ledger keeps one record of the same words; without being said again, the later word would stand.
"""

from collections.abc import Sequence

import msgspec

from asbuilt.app.said_again import restated
from asbuilt.ledger.ledger import Appended, Ledger
from asbuilt.model.commit import moment
from asbuilt.model.record import FACT, RESTATED, Record, decode_entry

_SEARCH = 20  # entries that are read through in the time of looking for one event


def restated_rows(ledger: Ledger, records: Sequence[Record], placed: Sequence[Appended]) -> list[Record]:
    """The rows that were known already, and of which another word was newest: to be recorded as said again.

    The same answer as ``said_again.restated``, which reads the ledger through; where few rows are known, only their
    own records are looked at.
    """
    known = [
        record
        for record, place in zip(records, placed, strict=True)
        if not place.is_new and record.kind.startswith(FACT)
    ]
    if not known:
        return []
    first = min(place.index for place in placed if not place.is_new)
    if len(known) * _SEARCH > ledger.size - first:
        return restated(ledger, records, placed)
    back: dict[tuple[str, str], Record] = {}
    for record in known:
        newest: Record | None = None
        for index in ledger.find(record.source, record.event):
            other = decode_entry(ledger.entry(index))
            if other.kind == record.kind and (newest is None or other.observed >= newest.observed):
                newest = other
        if newest is not None and newest.payload != record.payload and newest.observed <= record.observed:
            since = f"{record.media}{RESTATED}{moment(record.observed).isoformat()}"
            back[record.kind, record.event] = msgspec.structs.replace(record, media=since)
    return list(back.values())

r"""Records: what one source told us, byte for byte, and the ledger entry that keeps it.

An entry is one line of header and, after a newline, the payload exactly as it came::

    {"by":"alice","event":"E-17","how":"csv","kind":"fact/incidents","media":"application/json",…}\n<payload bytes>

The header is JSON in canonical form (RFC 8785): all of its values are text or null. The payload is never read and
written again; of a fact that we author it is canonical JSON too.
"""

import re
from datetime import date, datetime
from functools import lru_cache

import msgspec

from asbuilt.model.errors import LedgerError

FACT = "fact/"  # kind of a record that tells a row of the recorded table named after it
JSON = "application/json"
# Of a payload that names, by its digest, a page of a source that is too large for an entry.
ATTACHED = "application/vnd.asbuilt.attachment+json"
# Behind the media type of words that were said before, then others came, and now they hold again: since when.
RESTATED = ";restated="


class Record(msgspec.Struct, frozen=True):
    """What one source told us.

    ``source`` and ``event`` name the event for good: the same two with the same kind and payload are the same
    record, whenever they come again. ``kind`` says what the payload is: ``fact/TABLE``, ``gap``, ``key``,
    ``raw/FORMAT``. Times are Unix seconds, UTC: ``occurred`` is when it happened (None: the source does not say),
    ``observed`` when the source was read, ``recorded`` when it entered the ledger. ``by`` is the person or the
    collector, ``how`` the way it came (cli, csv, jsonl, folder, git, api).
    """

    source: str
    event: str
    kind: str
    payload: bytes
    observed: int
    recorded: int
    by: str
    how: str
    occurred: int | None = None
    media: str = JSON


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """The header of an entry as it is written; its fields in the order of RFC 8785: by name."""

    by: str
    event: str
    how: str
    kind: str
    media: str
    observed: str
    occurred: str | None
    recorded: str
    source: str


_json = msgspec.json.Encoder().encode
_DECODER = msgspec.json.Decoder(Header)
# A header from its line; raises msgspec.MsgspecError, or ValueError for bytes that are no UTF-8. Moments stay text.
decode_header = _DECODER.decode
_FORM = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}Z")


def encode_entry(record: Record) -> bytes:
    """The bytes that the ledger keeps and hashes."""
    begin, middle, end = _feed(record.by, record.how, record.kind, record.media, record.source)
    event = _json(record.event)
    observed, occurred, recorded = _moment(record.observed), _moment(record.occurred), _moment(record.recorded)
    return b"".join(
        (begin, event, middle, observed, b',"occurred":', occurred, b',"recorded":', recorded, end, record.payload)
    )


# What the headers of one feed's records have in common is put into JSON once: half the time of a header each.
@lru_cache(64)
def _feed(by: str, how: str, kind: str, media: str, source: str) -> tuple[bytes, bytes, bytes]:
    return (
        b'{"by":%b,"event":' % _json(by),
        b',"how":%b,"kind":%b,"media":%b,"observed":' % (_json(how), _json(kind), _json(media)),
        b',"source":%b}\n' % _json(source),
    )


def decode_entry(entry: bytes) -> Record:
    """The record of an entry.

    Raises:
        LedgerError: the bytes are no entry.
    """
    header, _, payload = entry.partition(b"\n")
    try:
        told = _DECODER.decode(header)
        return Record(
            source=told.source,
            event=told.event,
            kind=told.kind,
            payload=payload,
            observed=_read(told.observed),
            recorded=_read(told.recorded),
            by=told.by,
            how=told.how,
            occurred=None if told.occurred is None else _read(told.occurred),
            media=told.media,
        )
    except (msgspec.MsgspecError, ValueError) as error:
        raise LedgerError(
            "A ledger entry cannot be read.",
            why=f"{error}.",
            fix="Run `asbuilt ledger verify`; it names the first entry that was changed.",
        ) from error


# Many records bear the same moments: those of one reading, and of one appending.
@lru_cache(8192)
def _moment(seconds: int | None) -> bytes:
    if seconds is None:
        return b"null"
    day, rest = divmod(seconds, 86_400)
    return b'"%b%b%b"' % (_day(day), _MINUTES[rest // 60], _SECONDS[rest % 60])


# What a day's moments have in common, put together from three parts: a fifth of the time of formatting each.
_MINUTES = tuple(b"%02d:%02d:" % divmod(minute, 60) for minute in range(1440))
_SECONDS = tuple(b"%02dZ" % second for second in range(60))


@lru_cache(1024)
def _day(number: int) -> bytes:
    # Not strftime: it does not write a year before 1000 with four digits everywhere.
    return f"{date.fromordinal(number + _FIRST_DAY).isoformat()}T".encode()


_FIRST_DAY = date(1970, 1, 1).toordinal()


@lru_cache(8192)
def _read(text: str) -> int:
    if not _FORM.fullmatch(text):
        raise ValueError(f"{text!r} is no time written as YYYY-MM-DDTHH:MM:SSZ")
    return int(datetime.fromisoformat(text).timestamp())

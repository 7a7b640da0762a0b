"""Records as they are handed to ``asbuilt ledger append``: JSON Lines, or one raw file.

A line is an object with ``source``, ``event``, ``kind``, and one of ``payload`` (any JSON value, kept in the
canonical form of RFC 8785), ``text`` or ``base64`` (kept as the bytes they are); ``occurred`` and ``observed``
(RFC 3339), ``media`` and ``by`` may stand there too.
"""

import base64
import binascii
import json
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import IO, Any, NoReturn

import msgspec
import rfc8785

from asbuilt.model.errors import UsageError
from asbuilt.model.record import JSON, Record
from asbuilt.model.text import visible

LONGEST_LINE = 1 << 20
RESERVED = ("key",)  # kinds that the ledger writes itself


class _Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    source: str
    event: str
    kind: str
    payload: Any = msgspec.UNSET
    text: str | None = None
    base64: str | None = None
    occurred: str | None = None
    observed: str | None = None
    media: str | None = None
    by: str | None = None


def read_lines(lines: Iterable[bytes], *, name: str, now: int, by: str) -> Iterator[Record]:
    """The records of JSON Lines, in order.

    Args:
        lines: the lines; empty ones are passed over.
        name: the file, for messages.
        now: Unix seconds: when they are recorded, and observed where a line does not say.
        by: who records, where a line does not say.

    Raises:
        UsageError: a line is none; ``where`` is the file and the line.
    """
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield _record(line, now=now, by=by)
            except UsageError as error:
                raise UsageError(error.what, why=error.why, fix=error.fix, where=f"{name}:{number}") from error


@contextmanager
def checked_lines(file: IO[bytes], *, name: str, now: int, by: str) -> Iterator[Iterator[Record]]:
    """The records of a file of JSON Lines: every line is read and found right before the first is given.

    A stream is kept in a temporary file for the second reading, so memory stays flat.

    Raises:
        UsageError: see ``read_lines``.
    """
    with tempfile.TemporaryFile() as copy:
        while piece := file.read(1 << 20):
            copy.write(piece)
        copy.seek(0)
        for _ in read_lines(_bounded(copy), name=name, now=now, by=by):
            pass
        copy.seek(0)
        yield read_lines(_bounded(copy), name=name, now=now, by=by)


def _bounded(file: IO[bytes]) -> Iterator[bytes]:
    """The lines of a file; of one that is too long, enough to be refused."""
    while line := file.readline(LONGEST_LINE + 1):
        yield line


def read_raw(file: IO[bytes]) -> bytes:
    """The bytes of a file that becomes one record.

    Raises:
        UsageError: it is larger than any entry may be.
    """
    data = file.read(LONGEST_LINE + 1)
    if len(data) > LONGEST_LINE:
        raise UsageError(
            "The file is larger than an entry of the ledger may be.",
            fix="Keep the document as an attachment, and its digest in the record.",
        )
    return data


def raw_record(
    payload: bytes,
    *,
    source: str,
    event: str,
    kind: str,
    media: str,
    occurred: int | None,
    observed: int | None,
    now: int,
    by: str,
) -> Record:
    """A record of bytes as they came from a source.

    Raises:
        UsageError: a name is empty, the kind is reserved, or a time lies in the future.
    """
    record = Record(
        source=source,
        event=event,
        kind=kind,
        payload=payload,
        occurred=occurred,
        observed=now if observed is None else observed,
        recorded=now,
        by=by,
        how="cli",
        media=media,
    )
    _check(record)
    return record


def _record(line: bytes, *, now: int, by: str) -> Record:
    if len(line) > LONGEST_LINE:
        raise UsageError(
            f"The line has {len(line):,} bytes; at most {LONGEST_LINE:,} are read.",
            fix="Keep the document as an attachment, and its digest in the record.",
        )
    try:
        told = msgspec.convert(json.loads(line, object_pairs_hook=_once, parse_constant=_no_number), _Line)
    except (ValueError, RecursionError, msgspec.ValidationError) as error:
        raise UsageError(
            "The line is no record.",
            why=visible(f"{error}.", 300),
            fix='Write {"source": …, "event": …, "kind": …, "payload": …} on one line.',
        ) from error
    payload, media = _payload(told)
    record = Record(
        source=told.source,
        event=told.event,
        kind=told.kind,
        payload=payload,
        occurred=_moment(told.occurred),
        observed=_moment(told.observed) or now,
        recorded=now,
        by=told.by or by,
        how="jsonl",
        media=told.media or media,
    )
    _check(record)
    return record


def _payload(told: _Line) -> tuple[bytes, str]:
    given = [told.payload is not msgspec.UNSET, told.text is not None, told.base64 is not None]
    if sum(given) != 1:
        raise UsageError(
            "A record has exactly one of payload, text and base64.", fix="Write `payload` for a JSON value."
        )
    if told.text is not None:
        return told.text.encode(), "text/plain; charset=utf-8"
    if told.base64 is not None:
        try:
            return base64.b64decode(told.base64, validate=True), "application/octet-stream"
        except (binascii.Error, ValueError) as error:
            raise UsageError("`base64` is none.", why=f"{error}.") from error
    try:
        return rfc8785.dumps(told.payload), JSON
    except (rfc8785.CanonicalizationError, RecursionError) as error:
        raise UsageError(
            "The payload has no canonical form (RFC 8785).",
            why=visible(f"{error}.", 200),
            fix="Write a number beyond 2**53 as text, or give the bytes as `text` or `base64`.",
        ) from error


def _moment(text: str | None) -> int | None:
    if text is None:
        return None
    try:
        moment: datetime | None = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise UsageError(
            f"{visible(text, 60)!r} is no moment.", fix="Write it with its time zone: 2026-01-31T12:00:00Z."
        )
    return int(moment.astimezone(UTC).timestamp())


def _check(record: Record) -> None:
    empty = [name for name in ("source", "event", "kind", "by") if not getattr(record, name).strip()]
    if empty:
        raise UsageError(f"`{empty[0]}` is empty.", fix="A record is found by its source and event: name them.")
    if record.kind in RESERVED:
        raise UsageError(
            f"Records of kind {record.kind!r} are written by the ledger itself.",
            fix="`asbuilt ledger rotate` replaces the signing key.",
        )
    for name in ("occurred", "observed"):
        at = getattr(record, name)
        if at is not None and at > record.recorded:
            raise UsageError(
                f"`{name}` lies in the future.",
                why=f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%S} UTC has not come yet.",
                fix="Check the date, its time zone, and this machine's clock.",
            )


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"{next(name for name in names if names.count(name) > 1)!r} stands there twice")
    return found


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no JSON")

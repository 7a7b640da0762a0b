"""Keeping a ledger: what the commands of ``asbuilt ledger`` do."""

import base64
import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import islice
from pathlib import Path

import msgspec

from asbuilt.app.ledger_place import keep_out_of_git
from asbuilt.ledger.checkpoints import (
    Checkpoint,
    latest_checkpoint,
    parse_checkpoint,
    sign_checkpoint,
    signing,
)
from asbuilt.ledger.keys import written_time
from asbuilt.ledger.ledger import Ledger, create_ledger, open_ledger
from asbuilt.ledger.merkle import leaf_hash
from asbuilt.ledger.notes import VerifierKey
from asbuilt.ledger.rotation import Rotation, published_key, rotate
from asbuilt.ledger.tlog_proof import Proved, tlog_proof, verify_tlog_proof
from asbuilt.model.errors import UsageError
from asbuilt.model.record import Record, decode_entry

BATCH = 1000  # records in one transaction
SPAN = re.compile(r"(\d{1,18})(?:-(\d{1,18})?)?", re.ASCII)
# The first digits of an entry's leaf hash, as reports cite a record: more than an index ever has.
HASH = re.compile(r"[0-9a-f]{12,64}", re.ASCII)


class Made(msgspec.Struct, frozen=True):
    """A ledger that was made: where, under which name, and the key to hand to whoever verifies."""

    folder: str
    origin: str
    key: str
    fingerprint: str


class Kept(msgspec.Struct, frozen=True):
    """What an append did: how many records were new, how many were there already, how many entries there are."""

    new: int
    known: int
    size: int


class Entry(msgspec.Struct, frozen=True):
    """One entry as it is shown; the payload as text where it is text, else in base64."""

    index: int
    leaf: str
    source: str
    event: str
    kind: str
    media: str
    occurred: str | None
    observed: str
    recorded: str
    by: str
    how: str
    bytes: int
    payload_sha256: str
    text: str | None
    base64: str | None


def init(folder: Path, *, origin: str, now: int, store: str | None = None) -> Made:
    """Make an empty ledger and its signing key.

    Raises:
        UsageError, SourceError: see ``ledger.create_ledger``.
    """
    with create_ledger(folder, origin=origin, now=now, store=store) as ledger:
        key = published_key(ledger.folder)
    keep_out_of_git(folder)
    return Made(str(folder), origin, key.text, key.fingerprint)


def append(folder: Path, records: Iterable[Record]) -> Kept:
    """Append records, ``BATCH`` to a transaction; what is there already is not kept twice.

    Raises:
        UsageError, SourceError, LedgerError: see ``Ledger.append``. What earlier transactions kept stays, and the
            same call may be made again.
    """
    new = known = 0
    rest = iter(records)
    with open_ledger(folder) as ledger:
        while batch := list(islice(rest, BATCH)):
            placed = ledger.append(batch)
            new += sum(each.is_new for each in placed)
            known += sum(not each.is_new for each in placed)
        return Kept(new, known, ledger.size)


def read_span(text: str, size: int) -> range:
    """The entries that ``17``, ``17-20`` (both ends) or ``17-`` names.

    Raises:
        UsageError: it names none, or one that is not there.
    """
    match = SPAN.fullmatch(text)
    if match is None:
        raise UsageError(f"{text!r} names no entries.", fix="Write 17, 17-20 or 17-; they are counted from 0.")
    first = int(match[1])
    last = first if "-" not in text else int(match[2]) if match[2] else size - 1
    if not first <= last < size:
        raise UsageError(f"There are no entries {text} in a ledger of {size}.", fix="Entries are counted from 0.")
    return range(first, last + 1)


def asked_span(ledger: Ledger, text: str) -> range:
    """The entries that ``read_span`` names, or the one whose leaf hash begins with these 12 or more hex digits.

    Raises:
        UsageError: there is none, or there are several.
    """
    if HASH.fullmatch(text) is None:
        return read_span(text, ledger.size)
    found = ledger.find_hash(text)
    if len(found) != 1:
        many = "several entries" if found else "no entry"
        raise UsageError(
            f"The leaf hash of {many} begins with {text}.", fix="Name its index, or more digits of its hash."
        )
    return range(found[0], found[0] + 1)


def show(
    folder: Path,
    *,
    span: str | None = None,
    source: str | None = None,
    event: str | None = None,
    kind: str | None = None,
    limit: int = 0,
) -> Iterator[Entry]:
    """The entries that are asked for, in order; the last ``limit`` of them where nothing else is said (0: all).

    Raises:
        UsageError: there is no ledger, or no such entry.
        LedgerError: an entry is damaged.
    """
    with open_ledger(folder, read_only=True) as ledger:
        for index, entry in _asked(ledger, span, source, event, limit):
            shown = shown_entry(index, entry)
            if kind in {None, shown.kind} and source in {None, shown.source} and event in {None, shown.event}:
                yield shown


def raw_entry(folder: Path, index: str) -> bytes:
    """The bytes of one entry, exactly as they are kept.

    Raises:
        UsageError: there is no ledger, or no such entry.
    """
    with open_ledger(folder, read_only=True) as ledger:
        return ledger.entry(asked_span(ledger, index)[0])


def shown_entry(index: int, entry: bytes) -> Entry:
    """An entry as it is shown."""
    record = decode_entry(entry)
    try:
        text: str | None = record.payload.decode("utf-8")
    except UnicodeDecodeError:
        text = None
    return Entry(
        index=index,
        leaf=leaf_hash(entry).hex(),
        source=record.source,
        event=record.event,
        kind=record.kind,
        media=record.media,
        occurred=None if record.occurred is None else written_time(record.occurred),
        observed=written_time(record.observed),
        recorded=written_time(record.recorded),
        by=record.by,
        how=record.how,
        bytes=len(record.payload),
        payload_sha256=sha256(record.payload).hexdigest(),
        text=text,
        base64=base64.b64encode(record.payload).decode() if text is None else None,
    )


def _asked(
    ledger: Ledger, span: str | None, source: str | None, event: str | None, limit: int
) -> Iterator[tuple[int, bytes]]:
    if span is None and source is not None and event is not None:
        yield from ((index, ledger.entry(index)) for index in ledger.find(source, event))
        return
    size = ledger.size
    asked = asked_span(ledger, span) if span is not None else range(size)
    if span is None and source is None and event is None and limit:
        asked = asked[-limit:]
    yield from zip(asked, ledger.entries(asked.start, asked.stop), strict=True)


def checkpoint(folder: Path, *, now: int) -> bytes:
    """Sign the present head and give the checkpoint.

    Raises:
        UsageError, LedgerError: see ``checkpoints.sign_checkpoint``.
    """
    with open_ledger(folder) as ledger:
        return sign_checkpoint(ledger, now)


def newest_checkpoint(folder: Path) -> bytes:
    """The checkpoint that was signed last.

    Raises:
        UsageError: there is none yet.
    """
    with open_ledger(folder, read_only=True) as ledger:
        return signed_last(ledger).encode()


def signed_last(ledger: Ledger) -> Checkpoint:
    """The checkpoint that was signed last.

    Raises:
        UsageError: there is none yet.
    """
    found = latest_checkpoint(ledger)
    if found is None:
        raise UsageError(
            "The ledger has no checkpoint yet.",
            fix="Sign one: `asbuilt ledger checkpoint`.",
            where=str(ledger.folder),
        )
    return parse_checkpoint(found)


def prove(folder: Path, index: str) -> bytes:
    """The proof that an entry is sealed by the checkpoint that was signed last (C2SP tlog-proof@v1).

    Raises:
        UsageError: there is no such entry, or no checkpoint seals it yet.
    """
    with open_ledger(folder, read_only=True) as ledger:
        newest = signed_last(ledger)
        asked = asked_span(ledger, index)[0]
        if asked >= newest.size:
            raise UsageError(
                f"No checkpoint seals entry {asked} yet: the last one has {newest.size} entries.",
                fix="Sign one: `asbuilt ledger checkpoint`.",
            )
        return tlog_proof(ledger, asked, newest.encode())


def check_proof(proof: Path, entry: Path, *, key: VerifierKey) -> Proved:
    """Verify a proof against the bytes of an entry; no ledger is needed, only the key.

    Raises:
        LedgerError: the proof does not hold.
        OSError: a file cannot be read.
    """
    leaf = leaf_hash(entry.read_bytes())
    return verify_tlog_proof(proof.read_bytes(), leaf, origin=key.name, keys=[key])


def rotate_key(folder: Path, *, now: int, by: str) -> Rotation:
    """Replace the signing key; the rotation is recorded, and sealed at once by the new key.

    Raises:
        UsageError, LedgerError: see ``rotation.rotate``.
    """
    with open_ledger(folder) as ledger:
        with signing(folder):
            made = rotate(ledger, now, by)
        sign_checkpoint(ledger, now)
        return made

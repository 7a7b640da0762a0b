"""From ledger entries to columns: each payload read strictly against its table's schema.

A payload must be one JSON object with the told columns of its table and nothing else, each value of its column's
type; moments carry their zone. What does not fit is refused with the reason, never bent into shape.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from operator import attrgetter
from typing import Annotated, Any, Final

import msgspec
import numpy as np

from asbuilt.facts.entries import Told
from asbuilt.facts.schemas import PROVENANCE, Table
from asbuilt.model.record import JSON, RESTATED, Record

DUCKDB_TYPES: Final = {
    "text": "VARCHAR",
    "bool": "BOOLEAN",
    "int": "BIGINT",
    "timestamp": "TIMESTAMP",  # UTC
    "text[]": "VARCHAR[]",
}
_READ_AS: Final[dict[str, Any]] = {
    "text": str,
    "bool": bool,
    "int": Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)],
    "timestamp": Annotated[datetime, msgspec.Meta(tz=True)],
    "text[]": list[str],
}
# How a column of the arrays that are handed over becomes a column of the table.
_FROM_ARRAY: Final = {
    "timestamp": "make_timestamp({0})",
    "text[]": """from_json({0}, '["VARCHAR"]')""",
}
# What a decoder raises; ValueError: bytes that are no UTF-8.
_NOT_READ: Final = (msgspec.MsgspecError, ValueError, RecursionError)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_SECOND: Final = 1_000_000
# The columns that a kept table has beside those of its schema: where in the ledger, and what settles a draw.
OWN_COLUMNS: Final = (("position", "BIGINT"), ("payload_digest", "UBIGINT"))
# Columns by which single rows are looked up among millions: beside each of them its hash is kept, COLUMN_hash.
# ``request`` is no column: it stands for the two that name a request, repository and number.
_HASHED: Final = {
    "changes_seen": ("change_id", "head_commit", "request"),
    "reviews": ("commit", "request"),
    "checks": ("commit",),
    "requests": ("merge_commit", "head_commit", "request"),
    "request_commits": ("commit", "request"),
    "request_events": ("review_id", "request"),
    "coverings": ("change_id",),
    "pushes": ("after_commit",),
    "rule_suites": ("after_commit",),
    "deployments": ("commit",),
}


def payload_decoder(table: Table) -> msgspec.json.Decoder[Any]:
    """A decoder that takes a payload of this table and refuses every other."""
    told = table.told
    # Fields are numbered, so that a column may have any name.
    fields = [
        (f"c{number}", _READ_AS[column.type] | None, None)
        if column.nullable
        else (f"c{number}", _READ_AS[column.type])
        for number, column in enumerate(told)
    ]
    kind = msgspec.defstruct(
        "Payload",
        fields,
        rename={f"c{number}": column.name for number, column in enumerate(told)},
        forbid_unknown_fields=True,
        kw_only=True,  # so that a required column may follow one that may be absent
        gc=False,
    )
    return msgspec.json.Decoder(kind)


class Incoming:
    """Rows of one table on their way from the ledger, handed over to the database in batches.

    What waits is kept by column, in flat lists: the garbage collector has nothing to look through.
    """

    __slots__ = ("_arrays", "_decode", "_lists", "_told", "table")

    def __init__(self, table: Table) -> None:
        self.table = table
        self._decode = payload_decoder(table).decode
        self._empty()

    def __len__(self) -> int:
        return len(self._told)

    def take(self, position: int, entry: bytes, record: Record) -> str | None:
        """Take one record in; the reason when it does not fit."""
        told = Told(
            positions=np.array([position], dtype=np.int64),
            entries=[entry],
            payloads=[record.payload],
            events=[record.event],
            sources=[record.source],
            medias=[record.media],
            occurred=_integers([record.occurred]),
            observed=_integers([record.observed]),
            recorded=_integers([record.recorded]),
        )
        return self.take_all(told).get(0)

    def take_all(self, told: Told) -> dict[int, str]:
        """Take records of this table in; the place among them of each that does not fit, and why."""
        rows, refused = self._read(told)
        if refused:
            told = told.without(refused)
        self._told += rows
        lists, arrays = self._lists, self._arrays
        lists["record_id"] += told.events
        lists["recorded_from"] += told.sources
        lists["record"] += [sha256(b"\0" + entry).hexdigest() for entry in told.entries]
        digests = b"".join([sha256(payload).digest() for payload in told.payloads])
        arrays["payload_digest"].append(np.frombuffer(digests, dtype=">u8").reshape(-1, 4)[:, 0])
        arrays["position"].append(told.positions)
        arrays["occurred_at"].append(told.occurred * _SECOND)
        arrays["observed_at"].append(told.observed * _SECOND)
        arrays["recorded_at"].append(told.recorded * _SECOND)
        return refused

    def hand_over(self) -> tuple[dict[str, Any], str]:
        """The rows as arrays by column, and the select list that reads them; nothing is left here."""
        arrays: dict[str, Any] = {}
        for number, column in enumerate(self.table.told):
            arrays[column.name] = _ARRAYS[column.type](list(map(attrgetter(f"c{number}"), self._told)))
        arrays |= {name: _objects(values) for name, values in self._lists.items()}
        arrays |= {name: _joined(pieces) for name, pieces in self._arrays.items()}
        self._empty()
        reads = [
            f"{_FROM_ARRAY.get(column.type, '{0}').format(_quoted(column.name))} AS {_quoted(column.name)}"
            for column in self.table.columns
        ]
        return arrays, ", ".join([*reads, *(name for name, _ in OWN_COLUMNS)])

    def _read(self, told: Told) -> tuple[list[Any], dict[int, str]]:
        """What fits, and why the others do not."""
        decode = self._decode
        if all(map(_is_json, set(told.medias))):
            try:
                return list(map(decode, told.payloads)), {}
            except _NOT_READ:
                pass  # which ones is found out below
        rows: list[Any] = []
        refused: dict[int, str] = {}
        for place, (media, payload) in enumerate(zip(told.medias, told.payloads, strict=True)):
            if not _is_json(media):
                refused[place] = f"its payload is {media}, not {JSON}"
                continue
            try:
                rows.append(decode(payload))
            except _NOT_READ as error:
                refused[place] = str(error) or type(error).__name__
        return rows, refused

    def _empty(self) -> None:
        self._told: list[Any] = []
        self._lists: dict[str, list[str]] = {column.name: [] for column in PROVENANCE if column.type != "timestamp"}
        self._arrays: dict[str, list[Any]] = {
            column.name: [] for column in PROVENANCE if column.type == "timestamp"
        } | {name: [] for name, _ in OWN_COLUMNS}


def _is_json(media: str) -> bool:
    return media.partition(RESTATED)[0] == JSON


def declared_columns(table: Table) -> str:
    """The columns of a table as ``CREATE TABLE`` declares them."""
    return ", ".join(
        f"{_quoted(column.name)} {DUCKDB_TYPES[column.type]}{'' if column.nullable else ' NOT NULL'}"
        for column in table.columns
    )


def hashed_columns(name: str) -> tuple[str, ...]:
    """The columns of a kept table beside which their hash is kept.

    Eight bytes are compared ten times as fast as ids of forty letters. Two ids may have one hash: whoever looks up
    by it compares the ids of what is found, or can do with too many rows. A NULL has a hash like any value.
    """
    return ("record_id", *_HASHED.get(name, ()))


def hash_of(column: str) -> str:
    """What is kept as COLUMN_hash, as SQL."""
    return "hash(repository, number)" if column == "request" else f"hash({column})"


def _quoted(name: str) -> str:
    return f'"{name}"'


def _objects(values: Sequence[str | None]) -> Any:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def _integers(values: Sequence[int | None]) -> Any:
    try:
        return np.array(values, dtype=np.int64)
    except TypeError:  # a None among them
        missing = [value is None for value in values]
        return np.ma.array([value or 0 for value in values], mask=missing, dtype=np.int64)


def _joined(pieces: Sequence[Any]) -> Any:
    if any(isinstance(piece, np.ma.MaskedArray) for piece in pieces):
        return np.ma.concatenate(pieces)  # type: ignore[no-untyped-call]
    return np.concatenate(pieces)


def _moments(values: Sequence[datetime | None]) -> Any:
    """Microseconds; those of whole seconds, the common ones, without arithmetic on objects."""
    some = [_EPOCH if value is None else value for value in values]
    if any(map(attrgetter("microsecond"), some)):
        array = np.array([(value - _EPOCH) // _MICROSECOND for value in some], dtype=np.int64)
    else:
        array = np.fromiter(map(datetime.timestamp, some), dtype=np.float64, count=len(some)).astype(np.int64)
        array *= _SECOND
    return np.ma.array(array, mask=[value is None for value in values]) if None in values else array


def _flags(values: Sequence[bool | None]) -> Any:
    if None in values:
        return np.ma.array(
            [bool(value) for value in values], mask=[value is None for value in values], dtype=np.bool_
        )
    return np.array(values, dtype=np.bool_)


def _lists(values: Sequence[list[str] | None]) -> Any:
    encode = msgspec.json.encode
    return _objects([None if value is None else encode(value).decode() for value in values])


_ARRAYS: Final[dict[str, Callable[[Sequence[Any]], Any]]] = {
    "text": _objects,
    "bool": _flags,
    "int": _integers,
    "timestamp": _moments,
    "text[]": _lists,
}

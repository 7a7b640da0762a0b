"""From ledger entries to columns: each payload read strictly against its table's schema.

A payload must be one JSON object with the told columns of its table and nothing else, each value of its column's
type; moments carry their zone. What does not fit is refused with the reason, never bent into shape.
"""

import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Annotated, Any, Final

import msgspec
import numpy as np

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
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_SECOND: Final = 1_000_000
# The columns that a kept table has beside those of its schema: where in the ledger, and what settles a draw.
OWN_COLUMNS: Final = (("position", "BIGINT"), ("payload_digest", "UBIGINT"))


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

    __slots__ = ("_decode", "_own", "_take_own", "_told", "table")

    def __init__(self, table: Table) -> None:
        self.table = table
        self._decode = payload_decoder(table).decode
        self._empty()

    def __len__(self) -> int:
        return len(self._told)

    def take(self, position: int, entry: bytes, record: Record) -> str | None:
        """Take one record in; the reason when it does not fit."""
        if record.media.partition(RESTATED)[0] != JSON:
            return f"its payload is {record.media}, not {JSON}"
        try:
            told = self._decode(record.payload)
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:  # ValueError: bytes that are no UTF-8
            return str(error) or type(error).__name__
        self._told.append(told)
        event, source, occurred, observed, recorded, leaf, place, digest = self._take_own
        event(record.event)
        source(record.source)
        occurred(record.occurred)
        observed(record.observed)
        recorded(record.recorded)
        leaf(hashlib.sha256(b"\0" + entry).hexdigest())
        place(position)
        digest(int.from_bytes(hashlib.sha256(record.payload).digest()[:8], "big"))
        return None

    def hand_over(self) -> tuple[dict[str, Any], str]:
        """The rows as arrays by column, and the select list that reads them; nothing is left here."""
        arrays: dict[str, Any] = {}
        for number, column in enumerate(self.table.told):
            arrays[column.name] = _ARRAYS[column.type](list(map(attrgetter(f"c{number}"), self._told)))
        for column, values in zip(PROVENANCE, self._own, strict=False):
            arrays[column.name] = _seconds(values) if column.type == "timestamp" else _objects(values)
        arrays["position"] = np.array(self._own[-2], dtype=np.int64)
        arrays["payload_digest"] = np.array(self._own[-1], dtype=np.uint64)
        self._empty()
        reads = [
            f"{_FROM_ARRAY.get(column.type, '{0}').format(_quoted(column.name))} AS {_quoted(column.name)}"
            for column in self.table.columns
        ]
        return arrays, ", ".join([*reads, *(name for name, _ in OWN_COLUMNS)])

    def _empty(self) -> None:
        self._told: list[Any] = []
        self._own: tuple[list[Any], ...] = tuple([] for _ in (*PROVENANCE, *OWN_COLUMNS))
        self._take_own = tuple(values.append for values in self._own)


def declared_columns(table: Table) -> str:
    """The columns of a table as ``CREATE TABLE`` declares them."""
    return ", ".join(
        f"{_quoted(column.name)} {DUCKDB_TYPES[column.type]}{'' if column.nullable else ' NOT NULL'}"
        for column in table.columns
    )


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


def _seconds(values: Sequence[int | None]) -> Any:
    return _integers(values) * _SECOND


def _moments(values: Sequence[datetime | None]) -> Any:
    if any(value is not None and value.microsecond for value in values):
        return _integers([None if value is None else (value - _EPOCH) // _MICROSECOND for value in values])
    return _seconds([None if value is None else int(value.timestamp()) for value in values])


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

"""From a projected row to what its record holds: quick for the plain row, all others as ``check_rows`` does.

The two ways give the same bytes; the quick one knows only what needs no second look.
"""

import re
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple

from asbuilt.facts.recording.rows import AHEAD, JOINT, LARGEST_PAYLOAD, RawRow, check_rows, encode_payload
from asbuilt.facts.recording.values import LARGEST, LONGEST, MOST_ITEMS, moment_text
from asbuilt.facts.schemas import TABLES, Table
from asbuilt.model.evidence import EvidenceError, Problems

_PLAIN = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")
_MOMENT = re.compile(r"(?:19|[2-9][0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_LONGEST_ID = 500


class Encoded(NamedTuple):
    """The event's id, the payload in canonical JSON, and when it happened (Unix seconds)."""

    event: str
    payload: bytes
    occurred: int | None


class _Shape(NamedTuple):
    table: Table
    kinds: dict[str, str]
    required: frozenset[str]
    identity: tuple[str, ...]
    ahead: frozenset[str]


@cache
def _shape(name: str) -> _Shape:
    table = TABLES[name]
    return _Shape(
        table,
        {column.name: column.type for column in table.told},
        frozenset(column.name for column in table.told if not column.nullable),
        table.identity,
        frozenset(
            column.name for column in table.told if AHEAD.fullmatch(column.name) and column.name != table.occurred
        ),
    )


class _Plan(NamedTuple):
    """What is left to look at in rows that tell the same columns with values of the same types."""

    past: tuple[str, ...]  # times that must have come
    ahead: tuple[str, ...]  # times that may be still to come
    numbers: tuple[str, ...]
    lists: tuple[str, ...]
    identity: tuple[str, ...]
    state: bool
    occurred: str  # empty: the row tells no such time


_TYPES: dict[str, type] = {"text": str, "timestamp": str, "int": int, "bool": bool, "text[]": list}


@lru_cache(1024)
def _plan(name: str, columns: tuple[str, ...], types: tuple[type, ...]) -> _Plan | None:
    """Rows of one table are alike: what holds for all of a kind is found out once. None: look with care."""
    shape = _shape(name)
    kinds = [shape.kinds.get(column, "") for column in columns]
    if not shape.required <= set(columns) or any(
        _TYPES.get(kind) is not own or column.startswith("held_")
        for column, kind, own in zip(columns, kinds, types, strict=True)
    ):
        return None
    moments = [column for column, kind in zip(columns, kinds, strict=True) if kind == "timestamp"]
    occurred = shape.table.occurred or ""
    return _Plan(
        tuple(column for column in moments if column not in shape.ahead),
        tuple(column for column in moments if column in shape.ahead),
        tuple(column for column, kind in zip(columns, kinds, strict=True) if kind == "int"),
        tuple(column for column, kind in zip(columns, kinds, strict=True) if kind == "text[]"),
        shape.identity,
        shape.table.state,
        occurred if occurred in moments else "",
    )


def encode_row(name: str, told: dict[str, object], observed: int) -> Encoded | str:
    """What the record of a row holds; a sentence where the row cannot be recorded."""
    values: dict[str, Any] = told
    if None in told.values():
        values = {column: value for column, value in told.items() if value is not None}
    plan = _plan(name, tuple(values), tuple(map(type, values.values())))
    if plan is not None:
        now = _text(observed)
        event = _event(plan, values, now)
        if event is not None and _are_plain(plan, values, now):
            payload = encode_payload(values)
            if _is_plain(payload) or _are_texts(values):
                seconds = _seconds(values[plan.occurred]) if plan.occurred else None
                if len(payload) <= LARGEST_PAYLOAD:
                    return Encoded(event, payload, seconds)
    return _with_care(TABLES[name], values, observed)


def _are_plain(plan: _Plan, values: dict[str, Any], now: str) -> bool:
    """Whether times, numbers and lists are what their columns hold, with nothing to mend."""
    for column in plan.past:
        value = values[column]
        if value > now or _seconds(value) is None:
            return False
    for column in plan.ahead:
        if _seconds(values[column]) is None:
            return False
    for column in plan.numbers:
        if not -LARGEST <= values[column] <= LARGEST:
            return False
    for column in plan.lists:
        value = values[column]
        if len(value) > MOST_ITEMS or not all(type(item) is str for item in value):
            return False
    return True


def _is_plain(payload: bytes) -> bool:
    """Whether no text in a payload can need a second look: plain characters, none empty, no space at an end.

    What stands between texts in canonical JSON holds no space, so that a space beside a quote is one inside.
    """
    return (
        len(payload) <= LONGEST
        and payload.isascii()
        and b"\\" not in payload
        and b'""' not in payload
        and b'" ' not in payload
        and b' "' not in payload
        and b"\x7f" not in payload
    )


def _are_texts(values: dict[str, Any]) -> bool:
    """The same, text by text: a text may hold a quote."""
    for value in values.values():
        for text in value if type(value) is list else (value,):
            if type(text) is str and not (len(text) <= LONGEST and _PLAIN.fullmatch(text)):
                return False
    return True


def _event(plan: _Plan, values: dict[str, Any], now: str) -> str | None:
    single = len(plan.identity) == 1
    parts = []
    for name in plan.identity:
        value = values.get(name)
        if value is None and plan.state and name == "held_from":
            value = now
        if type(value) is str:
            if len(value) > _LONGEST_ID or (not single and JOINT in value):
                return None
            parts.append(value)
        elif type(value) is int:
            parts.append(str(value))
        else:
            return None
    return JOINT.join(parts)


def _with_care(table: Table, values: dict[str, Any], observed: int) -> Encoded | str:
    problems = Problems()
    checked = check_rows(
        table, [RawRow(0, values)], name=table.name, observed=observed, problems=problems, typed=True
    )
    try:
        problems.refuse()
    except EvidenceError as error:
        return str(error.problems[0])
    row = checked.rows[0]
    return Encoded(row.event, row.payload, row.occurred)


_text = lru_cache(4096)(moment_text)


@lru_cache(1 << 12)
def _seconds(text: str) -> int | None:
    """Unix seconds of a moment as payloads write it; None of anything else."""
    if not _MOMENT.fullmatch(text):
        return None
    try:
        return int(datetime.fromisoformat(text).timestamp())
    except ValueError:
        return None

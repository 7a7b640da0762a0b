"""Payloads are read strictly: what does not fit is refused with the reason, never bent into shape."""

import json
from typing import Any

import pytest

from asbuilt.facts.payloads import Incoming, declared_columns, payload_decoder
from asbuilt.facts.schemas.table import column, maybe, recorded
from asbuilt.model.record import Record, encode_entry

THINGS = recorded(
    "things",
    "Things.",
    (
        column("thing", "text", "Its id."),
        maybe("commit", "text", "A column whose name is a word of SQL. NULL: none."),
        column("flag", "bool", "A flag."),
        maybe("amount", "int", "How many. NULL: not known."),
        maybe("at", "timestamp", "When. NULL: not known."),
        maybe("names", "text[]", "Names. NULL: not known."),
    ),
    identity=("thing",),
)


def record(payload: bytes, **more: Any) -> Record:
    return Record(
        **{
            "source": "s", "event": "t", "kind": "fact/things", "payload": payload, "observed": 10, "recorded": 20,
            "by": "b", "how": "test", **more,
        }
    )  # fmt: skip


def why(payload: Any, **more: Any) -> str | None:
    told = record(payload if isinstance(payload, bytes) else json.dumps(payload).encode(), **more)
    return Incoming(THINGS).take(0, encode_entry(told), told)


def test_what_fits_is_taken() -> None:
    assert why({"thing": "a", "flag": True}) is None
    assert why({"thing": "", "flag": False, "amount": None, "at": "2026-01-31T01:00:00+01:00", "names": []}) is None


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        ({"flag": True}, "missing required field `thing`"),
        ({"thing": "a", "flag": True, "more": 1}, "unknown field `more`"),
        ({"thing": None, "flag": True}, "Expected `str`, got `null`"),
        ({"thing": "a", "flag": 1}, "Expected `bool`, got `int`"),
        ({"thing": "a", "flag": "true"}, "Expected `bool`, got `str`"),
        ({"thing": 5, "flag": True}, "Expected `str`, got `int`"),
        ({"thing": "a", "flag": True, "amount": "5"}, "Expected `int | null`, got `str`"),
        ({"thing": "a", "flag": True, "amount": 5.5}, "got `float`"),
        ({"thing": "a", "flag": True, "amount": 2**63}, "<= 9223372036854775807"),
        ({"thing": "a", "flag": True, "at": "2026-01-31"}, "Invalid RFC3339"),
        ({"thing": "a", "flag": True, "at": "2026-01-31T00:00:00"}, "timezone"),
        ({"thing": "a", "flag": True, "at": "2026-02-31T00:00:00Z"}, "Invalid RFC3339"),
        ({"thing": "a", "flag": True, "at": 5}, "got `int`"),
        ({"thing": "a", "flag": True, "names": ["a", None]}, "Expected `str`, got `null`"),
        ({"thing": "a", "flag": True, "names": "a"}, "got `str`"),
        ([], "Expected `object`, got `array`"),
        (b"", "truncated"),
        (b'{"thing": "a", "flag": true} {}', "trailing characters"),
        (b'{"thing": "\xff", "flag": true}', "utf-8"),
        (b'{"thing": "\\ud800", "flag": true}', "surrogate"),
        (b"[" * 100_000, "array"),
    ],
)
def test_what_does_not_fit_is_refused(payload: Any, reason: str) -> None:
    assert reason.lower() in (why(payload) or "").lower()


def test_what_is_no_json_is_refused() -> None:
    assert why({"thing": "a", "flag": True}, media="text/csv") == "its payload is text/csv, not application/json"


def test_a_column_may_have_any_name() -> None:
    assert payload_decoder(THINGS).decode(b'{"thing":"a","flag":true,"commit":"c"}') is not None
    assert '"commit" VARCHAR,' in declared_columns(THINGS)
    assert '"flag" BOOLEAN NOT NULL' in declared_columns(THINGS)


def test_rows_are_handed_over_once() -> None:
    incoming = Incoming(THINGS)
    told = record(b'{"flag":true,"thing":"a","at":"2026-01-31T01:00:00.5+01:00","names":["x"]}', occurred=5)
    assert incoming.take(7, encode_entry(told), told) is None
    assert len(incoming) == 1
    arrays, _ = incoming.hand_over()
    assert len(incoming) == 0
    assert {name: values.tolist() for name, values in arrays.items() if name not in {"record", "payload_digest"}} == {
        "thing": ["a"], "commit": [None], "flag": [True], "amount": [None], "at": [1_769_817_600_500_000],
        "names": ['["x"]'], "record_id": ["t"], "recorded_from": ["s"], "occurred_at": [5_000_000],
        "observed_at": [10_000_000], "recorded_at": [20_000_000], "position": [7],
    }  # fmt: skip

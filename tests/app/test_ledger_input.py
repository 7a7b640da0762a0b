"""Records as they are handed in: what is kept of them, and what is refused with its line."""

import io
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.app.ledger_input import LONGEST_LINE, checked_lines, raw_record, read_lines, read_raw
from asbuilt.model.errors import UsageError
from asbuilt.model.record import Record
from tests.ledger.sealing import NOW

GOOD = {"source": "hr", "event": "E-1", "kind": "raw/x", "payload": {"b": 1, "a": [1.5, "é"]}}


def read(*lines: object) -> list[Record]:
    data = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    return list(read_lines(data, name="in.jsonl", now=NOW, by="ana"))


def test_a_payload_is_kept_in_canonical_form() -> None:
    (record,) = read(GOOD)
    assert record.payload == '{"a":[1.5,"é"],"b":1}'.encode()
    assert (record.media, record.observed, record.recorded, record.by) == ("application/json", NOW, NOW, "ana")
    assert record.occurred is None


def test_text_and_bytes_are_kept_as_they_are_and_times_have_zones() -> None:
    bare = {name: GOOD[name] for name in ("source", "event", "kind")}
    text, raw = read(
        bare | {"text": "é\n", "occurred": "2025-12-31T23:00:00+02:00", "by": "ben", "media": "text/csv"},
        bare | {"base64": "/wA=", "observed": "2025-12-31T00:00:00Z"},
    )
    assert (text.payload, text.media, text.by) == ("é\n".encode(), "text/csv", "ben")
    assert text.occurred == int(datetime(2025, 12, 31, 21, tzinfo=UTC).timestamp())
    assert (raw.payload, raw.media) == (b"\xff\x00", "application/octet-stream")
    assert raw.observed == int(datetime(2025, 12, 31, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"nonsense", "no record"),
        (b"[]", "no record"),
        (b'{"source": "a", "source": "b"}', "twice"),
        (b'{"source":"a","event":"b","kind":"c","payload":{"x":1,"x":2}}', "twice"),
        (b'{"source":"a","event":"b","kind":"c","payload":NaN}', "NaN"),
        (b"[" * 100_000, "no record"),
        (b"\xff", "no record"),
        (GOOD | {"colour": "red"}, "colour"),
        (GOOD | {"source": 5}, "Expected `str`"),
        (GOOD | {"source": " "}, "`source` is empty"),
        (GOOD | {"by": ""}, None),
        (GOOD | {"kind": "key"}, "written by the ledger itself"),
        (GOOD | {"text": "x"}, "exactly one"),
        ({"source": "a", "event": "b", "kind": "c"}, "exactly one"),
        ({"source": "a", "event": "b", "kind": "c", "base64": "!"}, "`base64` is none"),
        (GOOD | {"payload": 2**60}, "canonical form"),
        (json.dumps(GOOD).encode()[:-1] + b',"payload":1}', "twice"),
        (GOOD | {"occurred": "2026-01-01"}, "no moment"),
        (GOOD | {"occurred": "yesterday"}, "no moment"),
        (GOOD | {"observed": "2026-01-01T00:00:01Z"}, "in the future"),
        (GOOD | {"occurred": "2030-01-01T00:00:00Z"}, "in the future"),
        (b" " + b"x" * LONGEST_LINE, "bytes; at most"),
    ],
)
def test_a_line_that_is_wrong_is_refused_with_its_place(line: object, said: str | None) -> None:
    if said is None:  # an empty `by` is as good as none
        assert read(line)[0].by == "ana"
        return
    with pytest.raises(UsageError) as caught:
        read(GOOD, b"", line)
    assert caught.value.where == "in.jsonl:3"
    assert said in f"{caught.value.what} {caught.value.why}"


@given(st.binary(max_size=80))
def test_any_line_is_a_record_or_refused(line: bytes) -> None:
    refused = ""
    try:
        records = list(read_lines([line], name="in", now=NOW, by="ana"))
    except UsageError as error:
        refused = error.where
    assert refused == "in:1" or not records


def test_nothing_is_given_before_every_line_was_found_right() -> None:
    lines = b"".join(json.dumps(GOOD | {"event": f"E-{number}"}).encode() + b"\n" for number in range(50))
    with checked_lines(io.BytesIO(lines), name="in", now=NOW, by="ana") as records:
        assert [record.event for record in records] == [f"E-{number}" for number in range(50)]
    with (
        pytest.raises(UsageError, match="no record"),
        checked_lines(io.BytesIO(lines + b"x"), name="in", now=NOW, by="ana"),
    ):
        raise AssertionError("the block must not be entered")


def test_a_raw_file_is_one_record() -> None:
    data = read_raw(io.BytesIO(b"\x00raw"))
    asked = {"source": "s", "event": "e", "kind": "raw/x", "media": "image/png", "occurred": None, "by": "ana"}
    record = raw_record(data, observed=NOW - 5, now=NOW, **asked)  # type: ignore[arg-type]
    assert (record.payload, record.observed, record.recorded, record.how) == (b"\x00raw", NOW - 5, NOW, "cli")
    with pytest.raises(UsageError, match="in the future"):
        raw_record(data, observed=NOW + 5, now=NOW, **asked)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="`event` is empty"):
        raw_record(data, observed=None, now=NOW, **(asked | {"event": ""}))  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="larger than an entry"):
        read_raw(io.BytesIO(bytes(LONGEST_LINE + 1)))

"""Entries are canonical, and give back the very record."""

import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.model.errors import LedgerError
from asbuilt.model.record import Record, decode_entry, encode_entry

FIRST, LAST = -62_135_596_800, 253_402_300_799  # the years 1 to 9999
TEXT = st.text()
MOMENT = st.integers(FIRST, LAST)
RECORDS = st.builds(
    Record,
    source=TEXT,
    event=TEXT,
    kind=TEXT,
    payload=st.binary(max_size=200),
    observed=MOMENT,
    recorded=MOMENT,
    by=TEXT,
    how=TEXT,
    occurred=st.none() | MOMENT,
    media=TEXT,
)
RECORD = Record(
    source="csv:incidents",
    event="E-17",
    kind="fact/incidents",
    payload=b'{"id":"E-17"}',
    observed=1_767_225_600,
    recorded=1_767_225_661,
    by="alice",
    how="csv",
)


def test_an_entry_as_it_stands() -> None:
    assert encode_entry(RECORD) == (
        b'{"by":"alice","event":"E-17","how":"csv","kind":"fact/incidents","media":"application/json",'
        b'"observed":"2026-01-01T00:00:00Z","occurred":null,"recorded":"2026-01-01T00:01:01Z",'
        b'"source":"csv:incidents"}\n{"id":"E-17"}'
    )


@given(RECORDS)
def test_an_entry_gives_back_its_record(record: Record) -> None:
    assert decode_entry(encode_entry(record)) == record


@given(RECORDS)
def test_the_header_is_canonical_json(record: Record) -> None:
    header, _, payload = encode_entry(record).partition(b"\n")
    assert rfc8785.dumps(json.loads(header)) == header
    assert payload == record.payload


@pytest.mark.parametrize(
    "entry",
    [
        b"",
        b"{}",
        b"no json\n",
        encode_entry(RECORD).replace(b'"by"', b'"my"'),
        encode_entry(RECORD).replace(b"null", b"7"),
        encode_entry(RECORD).replace(b"00:00Z", b"00:00"),
        encode_entry(RECORD).replace(b"00:00Z", b"00:00+00:00"),
        encode_entry(RECORD).replace(b"2026-01-01T00:00:00Z", b"2026-01-01 00:00:00Z"),
        encode_entry(RECORD).replace(b"2026-01-01T00:00:00Z", b"2026-02-30T00:00:00Z"),
        encode_entry(RECORD).replace(b"2026-01-01T00:00:00Z", b"yesterday"),
        encode_entry(RECORD).replace(b"alice", b"\xff"),
    ],
)
def test_what_is_no_entry_is_refused(entry: bytes) -> None:
    with pytest.raises(LedgerError, match="cannot be read"):
        decode_entry(entry)

"""Entries read many at once say what each says alone, and what is no entry is named."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.facts.entries import in_batches, read_entries, seconds_of
from asbuilt.model.errors import LedgerError
from asbuilt.model.record import Record, decode_entry, encode_entry

FIRST, LAST = -62_135_596_800, 253_402_300_799  # the years 1 to 9999
MOMENTS = st.integers(FIRST, LAST)
RECORDS = st.builds(
    Record, source=st.text(max_size=3), event=st.text(), kind=st.sampled_from(["fact/a", "fact/b", ""]),
    payload=st.binary(max_size=9), observed=MOMENTS, recorded=MOMENTS, by=st.text(max_size=3), how=st.text(max_size=3),
    occurred=st.none() | MOMENTS, media=st.sampled_from(["application/json", "text/csv"]),
)  # fmt: skip
ALONE = encode_entry(Record("s", "e", "fact/b", b"", 5, 6, "b", "h"))[:-1]  # no newline behind the header
GOOD = encode_entry(Record("s", "e", "fact/a", b"{}", 1_767_225_600, 1_767_225_600, "b", "h"))
WRONG = [
    b"",
    b"{}",
    b"no json\n",
    b"{}{}\n",
    GOOD.replace(b'"by"', b'"my"'),
    GOOD.replace(b"null", b"7"),
    GOOD.replace(b"null", b'""'),
    GOOD.replace(b"00:00Z", b"00:00"),
    GOOD.replace(b"2026-01-01T00:00:00Z", b"2026-01-01T00:00:0Z\xc2\xb2"),
    GOOD.replace(b"2026-01-01T00:00:00Z", b"2026-01-01T00:00:0\xd9\xa3Z"),
    GOOD.replace(b"2026-01-01T00:00:00Z", b"yesterday"),
    GOOD.replace(b'"s"', b'"\xff"'),
]


@given(
    st.lists(st.builds(encode_entry, RECORDS) | st.sampled_from([*WRONG, ALONE]), max_size=12), st.integers(0, 9)
)
def test_many_at_once_say_what_each_says_alone(entries: list[bytes], start: int) -> None:
    wanted, none = {}, {}
    for position, entry in enumerate(entries, start):
        try:
            wanted[position] = decode_entry(entry)
        except LedgerError as error:
            none[position] = (entry, f"{error.what} {error.why}")
    by_kind, refused = read_entries(entries, start)
    assert {own.position: (own.entry, own.why) for own in refused} == none
    found = {}
    for kind, told in by_kind.items():
        rows = zip(
            told.positions.tolist(), told.entries, told.payloads, told.events, told.sources, told.medias,
            told.occurred.tolist(), told.observed.tolist(), told.recorded.tolist(), strict=True,
        )  # fmt: skip
        for position, entry, payload, event, source, media, occurred, observed, recorded in rows:
            assert entry == entries[position - start]
            alone = wanted[position]
            found[position] = Record(
                source, event, kind, payload, observed, recorded, alone.by, alone.how, occurred, media
            )
    assert found == wanted


@given(st.lists(MOMENTS))
def test_moments_are_read(moments: list[int]) -> None:
    texts = [f"{datetime.fromtimestamp(moment, UTC).isoformat()[:19]}Z" for moment in moments]
    assert seconds_of(texts).tolist() == moments
    assert seconds_of([*texts, None]).tolist() == [*moments, None]


@pytest.mark.parametrize(
    "texts",
    [
        ["2026-02-29T00:00:00Z"], ["2100-02-29T00:00:00Z"], ["2026-00-01T00:00:00Z"], ["2026-13-01T00:00:00Z"],
        ["2026-01-00T00:00:00Z"], ["2026-04-31T00:00:00Z"], ["2026-01-01T24:00:00Z"], ["2026-01-01T00:60:00Z"],
        ["2026-01-01T00:00:60Z"], ["0000-01-01T00:00:00Z"], ["2026-01-01 00:00:00Z"], ["2026-01-01T00:00:00z"],
        ["2026-01-01T00:00:00", "Z2026-01-01T00:00:00Z"], ["-026-01-01T00:00:00Z"], ["2026/01/01T00:00:00Z"], [""],
    ],
)  # fmt: skip
def test_what_is_no_moment_is_refused(texts: list[str]) -> None:
    with pytest.raises(ValueError, match="moment"):
        seconds_of(texts)
    with pytest.raises(ValueError, match="moment"):
        seconds_of(["2026-01-01T00:00:00Z", None, *texts])


def test_some_are_left_out() -> None:
    told = read_entries([GOOD, GOOD, GOOD], 5)[0]["fact/a"].without([1])
    assert (told.positions.tolist(), len(told.payloads), told.occurred.tolist()) == ([5, 7], 2, [None, None])
    assert isinstance(told.occurred, np.ma.MaskedArray)


def test_a_batch_is_bounded_by_number_and_by_weight() -> None:
    assert [len(batch) for batch in in_batches([b"x"] * 25_001)] == [10_000, 10_000, 5_001]
    heavy = b"x" * 100_000
    assert [len(batch) for batch in in_batches([heavy] * 1_200)] == [500, 500, 200]
    assert list(in_batches([])) == []

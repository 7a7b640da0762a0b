"""Values of JSON: of the right kind, or None; never an error."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.facts.forge import values
from asbuilt.model.text import visible

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_nothing_raises_and_nothing_changes_its_kind(value: object) -> None:
    assert isinstance(values.fields(value), dict)
    assert isinstance(values.items(value), list)
    assert isinstance(values.nodes(value), list)
    assert isinstance(values.is_whole(value), bool)
    values.dig(value, "a", "b")
    told = values.text(value, 20)
    assert told is None or (0 < len(told) <= 20 and visible(told) == told)
    number = values.whole(value)
    assert number is None or (type(number) is int and 0 <= number < 2**53)
    assert values.flag(value) in {None, True, False}
    for found in (values.commit_id(value), values.own_id(value), values.moment(value)):
        assert found is None or isinstance(found, str)


@given(st.datetimes(datetime(1900, 1, 2), datetime(9998, 1, 1)), st.integers(-1439, 1439))  # noqa: DTZ001 - the zone is added
def test_a_moment_of_any_zone_is_the_same_moment_in_utc(plain: datetime, minutes: int) -> None:
    moment = plain.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    utc = moment.astimezone(UTC)
    assert values.moment(moment.isoformat()) == (
        f"{utc:%Y-%m-%dT%H:%M:%S}Z".rjust(20, "0") if utc.year >= 1900 else None
    )


@pytest.mark.parametrize(
    ("told", "moment"),
    [
        ("2026-03-02T12:00:00Z", "2026-03-02T12:00:00Z"),
        ("2026-03-02t12:00:00.123456789z", "2026-03-02T12:00:00Z"),
        ("2026-03-02 12:00:00+0200", "2026-03-02T10:00:00Z"),
        ("2026-03-02T12:00:00", None),
        ("2026-03-02", None),
        ("2026-02-30T12:00:00Z", None),
        ("2026-03-02T24:00:00Z", None),
        ("2026-03-02T12:00:60Z", None),
        ("2026-03-02T12:00:00+25:00", None),
        ("0001-01-01T00:00:00+10:00", None),
        ("9999-12-31T23:59:59-10:00", None),
        ("1899-12-31T23:59:59Z", None),
        ("２０26-03-02T12:00:00Z", None),
        (1_700_000_000, None),
    ],
)
def test_moments(told: object, moment: str | None) -> None:
    assert values.moment(told) == moment


def test_commits_ids_and_numbers() -> None:
    assert values.commit_id("AB" * 20) == "ab" * 20
    assert values.commit_id("ab" * 32) == "ab" * 32
    assert values.commit_id("0" * 40) is values.commit_id("ab" * 19) is values.commit_id("xy" * 20) is None
    assert values.own_id(2**63) == "9223372036854775808"
    assert values.own_id(2**64) is values.own_id(0) is values.own_id(True) is values.own_id("a\n") is None
    assert values.whole(True) is values.whole(-1) is values.whole(2**53) is values.whole(1.0) is None


def test_texts_are_shown_safely_and_cut() -> None:
    assert values.text("\x1b[31m::set-output name=x::y\u202e") == "\\x1b[31m::set-output name=x::y\\u202e"
    assert values.text("  a  ") == "a"
    assert values.text("\ud800") == "\\ud800"
    assert values.text("x" * 10_000_000, 10) == "xxxxxxxxx…"
    assert values.text("") is values.text("   ") is values.text(3) is None
    assert values.texts(iter(["a", None, "a", "b"])) == ["a", "b"]


def test_a_connection_is_whole_when_its_count_says_so_or_else_its_page() -> None:
    assert values.is_whole({"totalCount": 1, "nodes": [1]})
    assert not values.is_whole({"totalCount": 2, "nodes": [1], "pageInfo": {"hasNextPage": False}})
    assert values.is_whole({"nodes": [1], "pageInfo": {"hasNextPage": False}})
    assert not values.is_whole({"nodes": [1], "pageInfo": {"hasNextPage": "false"}})
    assert not values.is_whole({"nodes": [1]})


def test_a_time_that_was_still_to_come_is_none() -> None:
    assert values.not_ahead(0, "1970-01-01T00:00:00Z") == "1970-01-01T00:00:00Z"
    assert values.not_ahead(0, "1970-01-01T00:00:01Z") is values.not_ahead(0, None) is None

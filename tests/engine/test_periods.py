"""Calendar periods: they follow each other without a hole, and bear the names that people use."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.catalogue.controls import PERIODS
from asbuilt.engine.periods import day_of, midnight, next_start, period_name, period_start, rolling_days

DAYS = st.dates(date(1, 2, 1), date(9990, 1, 1))


@given(DAYS, st.sampled_from(PERIODS))
def test_a_day_lies_in_one_period(day: date, every: str) -> None:
    start = period_start(every, day)
    after = next_start(every, start)
    assert start <= day < after
    assert period_start(every, start) == start == period_start(every, after - timedelta(days=1))
    assert period_start(every, after) == after
    assert period_name(every, start) != period_name(every, after)


@pytest.mark.parametrize(
    ("every", "day", "start", "name"),
    [
        ("day", "2026-03-05", "2026-03-05", "2026-03-05"),
        ("week", "2026-03-05", "2026-03-02", "2026-W10"),
        ("week", "2027-01-01", "2026-12-28", "2026-W53"),
        ("month", "2026-03-05", "2026-03-01", "2026-03"),
        ("quarter", "2026-12-31", "2026-10-01", "2026-Q4"),
        ("half-year", "2026-06-30", "2026-01-01", "2026-H1"),
        ("half-year", "2026-07-01", "2026-07-01", "2026-H2"),
        ("year", "2026-07-01", "2026-01-01", "2026"),
    ],
)
def test_periods_of_the_calendar(every: str, day: str, start: str, name: str) -> None:
    found = period_start(every, date.fromisoformat(day))
    assert (found.isoformat(), period_name(every, found)) == (start, name)


def test_moments_are_utc() -> None:
    last = int(datetime(2026, 3, 5, 23, 59, 59, tzinfo=UTC).timestamp())
    assert day_of(last) == date(2026, 3, 5)
    assert midnight(date(2026, 3, 6)) == last + 1


def test_a_rolling_cadence_is_told_from_a_period() -> None:
    assert [rolling_days(own) for own in ("365 days", "quarter")] == [365, None]


def test_the_calendar_has_an_end() -> None:
    with pytest.raises(OverflowError):
        next_start("year", date(9999, 1, 1))

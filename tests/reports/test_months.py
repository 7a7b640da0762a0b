from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from asbuilt.model.inspection import Month
from asbuilt.reports.months import bin_months, ceiling, ticks

months = st.dictionaries(st.tuples(st.integers(1, 9999), st.integers(1, 12)), st.integers(1, 500), max_size=80).map(
    lambda found: [Month(f"{year:04d}-{month:02d}", {"unknown": n}) for (year, month), n in sorted(found.items())]
)


@given(months)
def test_bins_are_few_and_every_commit_is_in_one_or_counted_as_left_out(given_months: list[Month]) -> None:
    bins, left_out = bin_months(given_months)
    assert len(bins) <= 48
    total = sum(sum(month.commits.values()) for month in given_months)
    assert sum(bin_.total for bin_ in bins) + left_out == total
    assert left_out <= total // 200


def test_a_month_without_commits_keeps_its_place() -> None:
    bins, _ = bin_months([Month("2025-11", {"unknown": 1}), Month("2026-02", {"unknown": 2})])
    assert [(bin_.label, bin_.total) for bin_ in bins] == [
        ("2025-11", 1),
        ("2025-12", 0),
        ("2026-01", 0),
        ("2026-02", 2),
    ]


def test_one_wrong_clock_does_not_squeeze_the_rest() -> None:
    real = [Month(f"2026-{month:02d}", {"unknown": 100}) for month in range(1, 13)]
    bins, left_out = bin_months([Month("1970-01", {"unknown": 1}), *real])
    assert left_out == 1
    assert [bin_.label for bin_ in bins] == [month.month for month in real]


def test_long_times_become_quarters_then_years() -> None:
    assert bin_months([Month("2020-01", {"unknown": 1}), Month("2025-12", {"unknown": 1})])[0][0].months == 3
    assert bin_months([Month("2000-01", {"unknown": 1}), Month("2025-12", {"unknown": 1})])[0][0].months == 12


@given(st.integers(0, 10**9))
def test_the_top_of_an_axis_is_even_and_not_far_above(value: int) -> None:
    top = ceiling(value)
    assert top >= value
    assert top % 2 == 0
    assert top <= max(2 * value, 2)


@given(months)
def test_labels_stand_apart(given_months: list[Month]) -> None:
    places = [place for place, _, _ in ticks(bin_months(given_months)[0])]
    assert all(later - earlier > 0.15 for earlier, later in pairwise(places))

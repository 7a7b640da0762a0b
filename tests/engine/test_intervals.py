"""Stretches of time, against a reading second by second."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from asbuilt.engine.intervals import clipped, common, length, missing, ranked, union

END = 30
PAIRS = st.tuples(st.integers(0, END), st.integers(0, END))
INTERVALS = st.lists(PAIRS, max_size=6)
RANKED = st.lists(st.tuples(st.integers(0, END), st.integers(0, END), st.integers(0, 2)), max_size=6)


def seconds(intervals: list[tuple[int, int]]) -> set[int]:
    return {second for start, end in intervals for second in range(start, end)}


@given(INTERVALS, INTERVALS)
def test_union_and_what_is_common(these: list[tuple[int, int]], those: list[tuple[int, int]]) -> None:
    assert seconds(union(these)) == seconds(these)
    assert length(union(these)) == len(seconds(these))
    assert seconds(common(union(these), union(those))) == seconds(these) & seconds(those)


@given(INTERVALS, PAIRS)
def test_what_is_missing(intervals: list[tuple[int, int]], within: tuple[int, int]) -> None:
    found = missing(intervals, within)
    assert seconds(found) == seconds([within]) - seconds(intervals)
    assert length(found) == len(seconds(found))


@given(RANKED, PAIRS)
def test_the_lowest_rank_wins(intervals: list[tuple[int, int, int]], window: tuple[int, int]) -> None:
    found = ranked(intervals)
    again = {
        second: min(rank for start, end, rank in intervals if start <= second < end)
        for second in seconds([own[:2] for own in intervals])
    }
    assert {second: rank for start, end, rank in found for second in range(start, end)} == again
    assert sum(end - start for start, end, _ in found) == len(again)
    # The fewest: neighbours differ.
    assert all(a[1] < b[0] or a[2] != b[2] for a, b in pairwise(found))
    inside = clipped(found, *window)
    assert seconds([own[:2] for own in inside]) == again.keys() & set(range(*window))

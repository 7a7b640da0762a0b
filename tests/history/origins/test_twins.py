"""Lines that come together part again as they were."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from asbuilt.history.origins.twins import FIRST_TWIN, Twins

RUNS = st.lists(st.tuples(st.integers(0, 12), st.integers(1, 6)), min_size=1, max_size=6)


def numbered(shapes: list[tuple[int, int]], start: int) -> list[tuple[int, int, int]]:
    """Runs with numbers of their own, cut so that no two overlap."""
    runs, free, gid = [], 0, start
    for wish, count in sorted(shapes):
        at = max(wish, free)
        runs.append((at, count, gid))
        free, gid = at + count, gid + count + 1
    return runs


def lines(runs: list[tuple[int, int, int]]) -> set[tuple[int, int]]:
    return {(gid + step, at + step) for at, count, gid in runs for step in range(count)}


@given(RUNS, RUNS, RUNS)
def test_joined_runs_do_not_overlap_and_part_into_all_that_came(one, two, three) -> None:
    first, second, third = numbered(one, 0), numbered(two, 1000), numbered(three, 2000)
    twins = Twins()
    joined = twins.join(twins.join(first, second), third)
    for (at, count, _), (after, _, _) in pairwise(joined):
        assert at + count <= after
    assert lines(twins.part(joined)) == lines(first) | lines(second) | lines(third)


def test_runs_that_continue_are_one_and_need_no_twin() -> None:
    twins = Twins()
    assert twins.join([(0, 2, 10)], [(2, 3, 12)]) == [(0, 5, 10)]
    assert twins.join([(0, 1, 1)], [(0, 1, 2)])[0][2] >= FIRST_TWIN

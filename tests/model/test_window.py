"""Windows are half-open."""

from hypothesis import given
from hypothesis import strategies as st

from asbuilt.model.window import Window

SECONDS = st.integers(-100, 100)


@given(SECONDS, SECONDS, SECONDS, SECONDS)
def test_adjacent_windows_share_nothing_and_leave_nothing_out(low: int, middle: int, high: int, at: int) -> None:
    low, middle, high = sorted((low, middle, high))
    held = [Window(low, middle).holds(at), Window(middle, high).holds(at)]
    assert sum(held) == Window(low, high).holds(at)


@given(SECONDS)
def test_a_side_left_open_holds_everything_there(at: int) -> None:
    assert Window().holds(at)
    assert Window(start=at).holds(at)
    assert not Window(end=at).holds(at)

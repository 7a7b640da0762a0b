"""What was added always passes, little else does; a small sieve says when a larger one is better."""

from hypothesis import given, settings
from hypothesis import strategies as st

from asbuilt.ledger.small_sieve import ROOM, SmallSieve, in_order

MARKS = st.lists(st.integers(-(1 << 63), (1 << 63) - 1), min_size=1)


@given(MARKS, MARKS)
@settings(max_examples=30)
def test_what_was_added_passes(one: list[int], other: list[int]) -> None:
    sieve = SmallSieve()
    assert sieve.passing(one) == []
    sieve.add(one)
    assert sieve.passing(one) == one
    sieve.add(other)
    assert sieve.passing([*one, *other]) == [*one, *other]


def test_little_else_passes_until_it_is_crowded() -> None:
    sieve = SmallSieve()
    sieve.add([number << 32 for number in range(ROOM // 2)])
    sieve.add(range(ROOM // 2))
    assert not sieve.is_crowded
    others = [number << 32 | number for number in range(1, 20_000)]
    assert len(sieve.passing(others)) < 2_000
    sieve.add([-1])
    assert sieve.is_crowded


@given(st.lists(st.integers(-(1 << 63), (1 << 63) - 1) | st.integers(-3, 3)))
def test_marks_come_in_the_order_of_the_index(marks: list[int]) -> None:
    first: dict[int, int] = {}
    twins = [(mark, at) for at, mark in enumerate(marks, 7) if first.setdefault(mark, at) != at]
    found = [pair for some in in_order(first, twins) for pair in some]
    assert found == sorted((mark, at) for at, mark in enumerate(marks, 7))


def test_many_marks_come_some_thousands_at_a_time() -> None:
    pieces = list(in_order({mark: 7 - mark for mark in range(20_000, 0, -1)}, []))
    assert [len(each) for each in pieces] == [8192, 8192, 3616]
    assert [pair for some in pieces for pair in some] == [(mark, 7 - mark) for mark in range(1, 20_001)]

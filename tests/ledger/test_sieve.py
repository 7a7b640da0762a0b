"""What was added always passes; little else does."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asbuilt.ledger.sieve import BITS, SMALL, Sieve, in_order

MARKS = st.lists(st.integers(-(1 << 63), (1 << 63) - 1), min_size=1)


@given(MARKS, MARKS)
@settings(max_examples=30)
def test_what_was_added_passes(one: list[int], other: list[int]) -> None:
    sieve = Sieve(SMALL)
    assert sieve.passing(one) == []
    sieve.add(one)
    assert sieve.passing(one) == one
    sieve.add(other)
    assert sieve.passing([*one, *other]) == [*one, *other]


def test_little_else_passes() -> None:
    sieve = Sieve()
    sieve.add([number << 32 for number in range(100_000)])
    sieve.add(range(100_000))
    others = [number << 32 | number for number in range(1, 100_000)]
    assert len(sieve.passing(others)) < 1000


@given(st.lists(st.integers(-(1 << 63), (1 << 63) - 1) | st.integers(-3, 3)))
def test_marks_come_in_the_order_of_the_index(marks: list[int]) -> None:
    first: dict[int, int] = {}
    twins = [(mark, at) for at, mark in enumerate(marks, 7) if first.setdefault(mark, at) != at]
    found = [pair for some in in_order(first, twins) for pair in some]
    assert found == sorted([mark, at] for at, mark in enumerate(marks, 7))


def test_many_marks_come_some_thousands_at_a_time() -> None:
    pieces = list(in_order({mark: 7 - mark for mark in range(20_000, 0, -1)}, []))
    assert [len(each) for each in pieces] == [8192, 8192, 3616]
    assert [pair for some in pieces for pair in some] == [[mark, 7 - mark] for mark in range(1, 20_001)]


@pytest.mark.parametrize(("bits", "is_crowded"), [(SMALL, True), (BITS, False)])
def test_a_small_one_says_when_it_is_crowded(bits: int, is_crowded: bool) -> None:
    sieve = Sieve(bits)
    sieve.add(range(1 << SMALL - 4))
    assert not sieve.is_crowded
    sieve.add([-1])
    assert sieve.is_crowded is is_crowded

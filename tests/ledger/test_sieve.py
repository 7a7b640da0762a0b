"""What was added always passes; little else does."""

from hypothesis import given, settings
from hypothesis import strategies as st

from asbuilt.ledger.sieve import Sieve

MARKS = st.lists(st.integers(-(1 << 63), (1 << 63) - 1), min_size=1)


@given(MARKS, MARKS)
@settings(max_examples=30)
def test_what_was_added_passes(one: list[int], other: list[int]) -> None:
    sieve = Sieve()
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
    assert not sieve.is_crowded

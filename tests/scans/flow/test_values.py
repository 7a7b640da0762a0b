"""What is known of values put together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.scans.flow.values import (
    FIXED,
    HOLE,
    OUTSIDE,
    UNKNOWN,
    VARIES,
    Value,
    computed,
    constant,
    contents,
    either,
    holding,
    joined,
    mixed,
    truth,
)

VALUES = st.sampled_from([FIXED, VARIES, OUTSIDE, constant("a"), constant(3), joined([constant("a"), VARIES])])


@given(st.lists(VALUES, max_size=4))
def test_a_whole_varies_and_is_from_outside_as_its_parts_are(parts: list[Value]) -> None:
    for whole in (joined(parts), mixed(parts)):
        assert whole.varies == any(each.varies for each in parts)
        assert whole.outside == any(each.outside for each in parts)


@given(VALUES, VALUES)
def test_one_of_two_is_as_bad_as_the_worse(one: Value, other: Value) -> None:
    found = either(one, other)
    assert (found.varies, found.outside, found.built) == (
        one.varies or other.varies,
        one.outside or other.outside,
        one.built or other.built,
    )


def test_a_joined_text_is_constant_or_built() -> None:
    assert joined([constant("a"), constant(1)]).known == "a1"
    assert joined([constant("a"), VARIES]).built
    assert joined([constant("a"), VARIES]).text == f"a{HOLE}"
    assert not joined([VARIES, OUTSIDE]).built


def test_functions_that_all_went_through_are_kept() -> None:
    clean, half = (
        Value(varies=True, through=frozenset({"quote", "b"})),
        Value(varies=True, through=frozenset({"quote"})),
    )
    assert joined([constant("a"), clean, half]).through == {"quote"}
    assert mixed([clean, VARIES]).through == frozenset()
    assert either(clean, FIXED).through == {"quote", "b"}
    assert contents(clean).through == clean.through


def test_a_container_holds_what_it_holds() -> None:
    held = holding({"a": constant("x"), "b": OUTSIDE})
    assert held.outside
    assert held.items is not None
    assert contents(held).outside
    assert either(held, holding({"a": constant("x")})).items == {"a": constant("x"), "b": OUTSIDE}


@pytest.mark.parametrize(
    ("sign", "one", "other", "expected"),
    [
        ("+", 1, 2, 3), ("+", "a", "b", "ab"), ("*", 7, 18, 126), (">", 232, 200, True), ("in", "a", "abc", True),
        ("not in", "d", "abc", True), ("===", 1, 1, True), ("/", 1, 0, UNKNOWN), ("*", "a", 10**9, UNKNOWN),
        ("+", 1, "a", UNKNOWN), ("**", 9, 9, UNKNOWN), ("*", 10**18, 10**18, UNKNOWN), ("in", 1, 2, UNKNOWN),
    ],
)  # fmt: skip
def test_constants_are_computed_within_bounds(sign: str, one: object, other: object, expected: object) -> None:
    assert computed(sign, Value(known=one), Value(known=other)) == expected  # type: ignore[arg-type]


def test_the_truth_of_a_constant_is_known() -> None:
    assert (truth(constant("")), truth(constant(1)), truth(VARIES)) == (False, True, None)

"""Ranges of versions: several intervals, both ends, limits, and what cannot be ordered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.supply.advisories.osv import Event
from asbuilt.supply.advisories.ranges import decide, shown

TWO: tuple[Event, ...] = (
    ("introduced", "3.0.0"), ("fixed", "3.2.0"), ("introduced", "0"), ("fixed", "1.5.0"),
)  # fmt: skip
LAST: tuple[Event, ...] = (("last_affected", "2.0.0"), ("introduced", "2.0.0"))


@pytest.mark.parametrize(
    ("events", "version", "said", "fixed"),
    [
        (TWO, "1.4.9", "inside", "1.5.0"),
        (TWO, "1.5.0", "outside", "3.2.0"),
        (TWO, "2.9.0", "outside", "3.2.0"),
        (TWO, "3.0.0-rc.1", "outside", "3.2.0"),
        (TWO, "3.0.0", "inside", "3.2.0"),
        (TWO, "3.2.0", "outside", None),
        (LAST, "1.9.9", "outside", None),
        (LAST, "2.0.0", "inside", None),
        (LAST, "2.0.1", "outside", None),
        ((("introduced", "0"), ("limit", "2.0.0")), "1.0.0", "inside", None),
        ((("introduced", "0"), ("limit", "2.0.0")), "2.0.0", "outside", None),
        ((("introduced", "0"), ("limit", "*")), "9.0.0", "inside", None),
        ((("introduced", "1.0.0"),), "7.0.0", "inside", None),
        ((("introduced", "2.0.0"), ("fixed", "2.0.0")), "3.0.0", "outside", None),
        ((("introduced", "0"),), "any tag", "inside", None),
    ],
)
def test_a_version_is_inside_or_outside(
    events: tuple[Event, ...], version: str, said: str, fixed: str | None
) -> None:
    found = decide("npm", version, events)
    assert (found.said, found.fixed_in) == (said, fixed)


@pytest.mark.parametrize(
    ("ecosystem", "version", "events"),
    [
        ("PyPI", "1.0", (("introduced", "0"), ("fixed", "0.2.0-n653"))),
        ("PyPI", "master", (("introduced", "0"), ("fixed", "2.0"))),
        ("Haiku", "1.0", (("introduced", "0"), ("fixed", "2.0"))),
        ("npm", "1.0.0", (("introduced", "0"), ("unclear", ""))),
        ("npm", "1.0.0", ()),
    ],
)
def test_what_cannot_be_ordered_is_unclear_and_says_why(
    ecosystem: str, version: str, events: tuple[Event, ...]
) -> None:
    found = decide(ecosystem, version, events)
    assert found.said == "unclear"
    assert found.why


@given(st.lists(st.integers(0, 30), min_size=2, max_size=8, unique=True), st.integers(0, 30), st.randoms())
def test_any_order_of_the_events_says_what_the_intervals_say(bounds: list[int], version: int, random) -> None:
    bounds = sorted(bounds)[: len(bounds) // 2 * 2]
    pairs = list(zip(bounds[::2], bounds[1::2], strict=True))
    events: list[Event] = [("introduced", f"{start}.0.1") for start, _ in pairs]
    events += [("fixed", f"{end}.0.1") for _, end in pairs]
    random.shuffle(events)
    expected = any(start <= version < end for start, end in pairs)
    assert (decide("npm", f"{version}.0.1", tuple(events)).said == "inside") is expected


def test_events_are_shown_in_words() -> None:
    assert shown(TWO[:2]) == "introduced 3.0.0, fixed 3.2.0"


@given(
    st.sampled_from(["npm", "PyPI", "Packagist", "Maven"]),
    st.sampled_from(["0", "1.0.0", "1.0.0-rc.1", "1.5.0", "2.0.0", "x", "*", "dev-main", ""]),
    st.sampled_from(["0", "1.0.0", "1.0.0-rc.1", "1.5.0", "2.0.0", "x", "*", "dev-main", ""]),
    st.sampled_from(["0", "1.0.0", "1.0.0-rc.1", "1.5.0", "2.0.0", "x", "dev-main", ""]),
)
def test_the_short_way_says_what_the_long_way_says(ecosystem: str, start: str, end: str, version: str) -> None:
    plain = (("introduced", start), ("fixed", end))
    twice = (*plain, *plain)  # the same twice says the same, and goes the long way
    assert decide(ecosystem, version, plain) == decide(ecosystem, version, twice)

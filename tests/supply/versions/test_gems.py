"""Versions of Ruby gems."""

from itertools import pairwise

import pytest

from asbuilt.supply.versions.gems import gem_key
from asbuilt.supply.versions.unordered import UnorderedError

LADDER = (
    "0.9",
    "1.0.a.1",
    "1.0.a.2",
    "1.0.b1",
    "1.0.rc1",
    "1.0",
    "1.0.0.1",
    "1.0.1",
    "1.9",
    "1.10",
    "2.0.pre",
    "2.0",
)


@pytest.mark.parametrize(("lower", "higher"), list(pairwise(LADDER)))
def test_a_word_makes_a_pre_release(lower: str, higher: str) -> None:
    assert gem_key(lower) < gem_key(higher)


@pytest.mark.parametrize(("one", "other"), [("1", "1.0.0"), ("1.0.a", "1.a"), ("1.0-1", "1.0.pre.1")])
def test_what_only_looks_otherwise_is_equal(one: str, other: str) -> None:
    assert gem_key(one) == gem_key(other)


@pytest.mark.parametrize("text", ["", "junk", "1..2", "1 2", "${v}"])
def test_what_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(UnorderedError):
        gem_key(text)

"""Versions of Composer packages: four numbers, words in PHP's order, and branches, which are no versions."""

from itertools import pairwise

import pytest

from asbuilt.supply.versions.composer import composer_key
from asbuilt.supply.versions.unordered import UnorderedError

LADDER = ("1.0-dev", "1.0-alpha1", "1.0-beta1", "1.0-beta2", "1.0RC1", "1.0", "1.0pl1", "1.1", "6.3.0.0", "6.3.0.1")


@pytest.mark.parametrize(("lower", "higher"), list(pairwise(LADDER)))
def test_words_and_all_four_numbers_count(lower: str, higher: str) -> None:
    assert composer_key(lower) < composer_key(higher)


@pytest.mark.parametrize(
    ("one", "other"),
    [("v1.0", "V1.0"), ("1.0-RC1", "1.0rc1"), ("1.25.0-beta2.1", "1.25.0-b.2.1"), ("1.0+x", "1.0")],
)
def test_what_only_looks_otherwise_is_equal(one: str, other: str) -> None:
    assert composer_key(one) == composer_key(other)


@pytest.mark.parametrize("text", ["dev-main", "2.x-dev", "1.*", "", "self.version", "1.2.#"])
def test_a_branch_has_no_place_in_the_order(text: str) -> None:
    with pytest.raises(UnorderedError):
        composer_key(text)

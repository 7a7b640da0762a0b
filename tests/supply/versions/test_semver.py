"""Semantic versions: the specification's own ladder, what it leaves out, and what is no version."""

from itertools import pairwise

import pytest

from asbuilt.supply.versions.semver import nuget_key, semver_key
from asbuilt.supply.versions.unordered import UnorderedError

# semver.org 2.0.0, section 11, and npm's looser writing
LADDER = (
    "0.9", "1.0.0-2", "1.0.0-10", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2",
    "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1", "1.10.0", "2",
)  # fmt: skip


@pytest.mark.parametrize(("lower", "higher"), list(pairwise(LADDER)))
def test_the_ladder_of_the_specification_holds(lower: str, higher: str) -> None:
    assert semver_key(lower) < semver_key(higher)


@pytest.mark.parametrize(
    ("one", "other"), [("v1.2.3", "1.2.3"), ("2.0.0+incompatible", "2.0.0"), ("1.0+a", "1.0.0+b"), ("1", "1.0.0")]
)
def test_what_only_looks_otherwise_is_equal(one: str, other: str) -> None:
    assert semver_key(one) == semver_key(other)


@pytest.mark.parametrize("text", ["", "1.2.3.4", "latest", "1.2.3foo", "1..2", "1.2.3-", "^1.2.3", "١.٢.٣"])
def test_what_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(UnorderedError):
        semver_key(text)


def test_nuget_has_a_fourth_number_and_knows_no_case() -> None:
    assert nuget_key("1.2.3") == nuget_key("1.2.3.0") < nuget_key("1.2.3.4")
    assert nuget_key("1.0.0-RC.1") == nuget_key("1.0.0-rc.1") < nuget_key("1.0.0")

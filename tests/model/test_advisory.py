"""Advisories and matches."""

import pytest

from asbuilt.model.advisory import Advisory, Level, Match


def match(*advisories: Advisory) -> Match:
    return Match("pkg:npm/x@1", advisories, (), (), "affected")


@pytest.mark.parametrize(
    ("levels", "worst"),
    [(("low", "critical", None), "critical"), ((None, "medium"), "medium"), ((None,), None), ((), None)],
)
def test_the_level_of_a_match_is_the_worst_that_is_told(
    levels: tuple[Level | None, ...], worst: str | None
) -> None:
    assert match(*(Advisory("A", 0, level=level) for level in levels)).level == worst


def test_a_harmful_package_is_told_by_its_identifier() -> None:
    assert match(Advisory("GHSA-1", 0), Advisory("MAL-2026-1", 0)).malicious
    assert not match(Advisory("GHSA-MAL-1", 0)).malicious

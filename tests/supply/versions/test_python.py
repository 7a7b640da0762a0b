"""Versions of Python packages."""

import pytest

from asbuilt.supply.versions.python import python_key
from asbuilt.supply.versions.unordered import UnorderedError


def test_pre_post_and_development_releases_have_their_places() -> None:
    ladder = ["1.0.dev1", "1.0a1", "1.0b2", "1.0rc1", "1.0", "1.0.post1", "1!0.1"]
    mixed = [ladder[at] for at in (3, 0, 6, 2, 5, 1, 4)]
    assert sorted(mixed, key=python_key) == ladder


def test_trailing_zeros_count_for_nothing() -> None:
    assert python_key("1.0") == python_key("1.0.0")


@pytest.mark.parametrize("text", ["0.2.0-n653", "0.1-bulbasaur", "", "master"])
def test_what_pep_440_does_not_know_is_refused(text: str) -> None:
    with pytest.raises(UnorderedError, match="PEP 440"):
        python_key(text)

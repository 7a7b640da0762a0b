"""What readers take an answer apart with."""

import pytest

from asbuilt.model.registry_facts import DATES, VersionFacts
from asbuilt.supply.registry.answers import facts_of, items, mapping, moment, repository_of, text
from tests.supply.registry.written import asked


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("2020-01-01T00:00:00Z", 1_577_836_800),
        ("2020-01-01T01:00:00+01:00", 1_577_836_800),
        ("2020-01-01T00:00:00", 1_577_836_800),  # without a zone: UTC
        ("2020-01-01T00:00:00.123456Z", 1_577_836_800),
        ("1970-01-01T00:00:00Z", None),  # a mirror's zero is no date
        ("yesterday", None),
        ("2020-01-01" * 10, None),
        (1_577_836_800, None),
        (None, None),
    ],
)
def test_moments(written: object, seconds: int | None) -> None:
    assert moment(written) == seconds


def test_values_of_another_type_are_as_if_they_were_not_there() -> None:
    assert (text(3), mapping([1]), items({"a": 1})) == ("", {}, ())
    assert len(text("x" * 10_000)) == 300


def test_one_undated_version_makes_the_first_release_no_later_than() -> None:
    versions = {"1": VersionFacts(released_at=1_600_000_000), "2": VersionFacts(released_at=1_700_000_000)}
    whole = facts_of(asked("npm", "a"), versions, unknown={})
    assert (whole.first_released_at, whole.latest_released_at, whole.unknown) == (1_600_000_000, 1_700_000_000, {})
    partly = facts_of(asked("npm", "a"), {**versions, "0": VersionFacts()}, unknown={})
    assert partly.first_released_at == 1_600_000_000
    assert "every version" in partly.why(DATES)
    assert facts_of(asked("npm", "a"), {"0": VersionFacts()}, unknown={}).first_released_at is None


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ("git+ssh://git@github.com/isaacs/pipeline.git", "https://github.com/isaacs/pipeline"),
        ("ssh://git@github.com:acme/thing.git", "https://github.com/acme/thing"),
        ("git@gitlab.com:acme/thing.git", "https://gitlab.com/acme/thing"),
        ("git://github.com/acme/thing.git", "https://github.com/acme/thing"),
        ("github:acme/thing", "https://github.com/acme/thing"),
        ("https://www.github.com/acme/thing/tree/main", "https://github.com/acme/thing/tree/main"),
        ("https://acme.example/thing", None),
        ("https://github.com/acme", None),
        ("https://[", None),
        (3, None),
    ],
)
def test_a_repository_by_every_way_in_which_it_is_written(told: object, address: str | None) -> None:
    assert repository_of(told) == address

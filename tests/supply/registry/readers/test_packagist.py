"""Composer's minified list of versions."""

import pytest

from asbuilt.model.registry_facts import DATES
from asbuilt.supply.registry.readers import packagist
from tests.supply.registry.written import read

NEWEST = {
    "name": "acme/log",
    "version": "2.0.0",
    "time": "2020-01-01T00:00:00+00:00",
    "license": ["MIT"],
    "source": {"url": "https://github.com/acme/log.git"},
}


def test_versions_repository_and_licence_and_no_dates() -> None:
    facts = read("Packagist", "Acme/Log", {"packages": {"acme/log": [NEWEST, {"version": "1.0.0"}]}})
    assert (list(facts.versions), facts.latest, facts.licence) == (["2.0.0", "1.0.0"], "2.0.0", "MIT")
    assert facts.repository_url == "https://github.com/acme/log"
    assert (facts.first_released_at, "commits" in facts.why(DATES)) == (None, True)


@pytest.mark.parametrize(
    ("abandoned", "why"), [(True, "abandoned"), ("acme/new", "abandoned, acme/new instead"), (False, ""), ("", "")]
)
def test_what_is_abandoned_is_deprecated(abandoned: object, why: str) -> None:
    facts = read("Packagist", "acme/log", {"packages": {"acme/log": [{**NEWEST, "abandoned": abandoned}]}})
    assert (facts.standing, facts.standing_why) == ("deprecated" if why else None, why)


def test_a_list_of_another_package_is_not_seen() -> None:
    assert read("Packagist", "acme/log", {"packages": {"acme/other": []}}).exists is None


def test_the_address_is_in_small_letters() -> None:
    assert packagist.asks("https://p.example", "Acme/Log") == ("https://p.example/p2/acme/log.json",)

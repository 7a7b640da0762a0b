"""The versions of a gem, and the gem beside them."""

import pytest

from asbuilt.model.registry_facts import REPOSITORY
from asbuilt.supply.registry.answers import Answer
from asbuilt.supply.registry.readers import rubygems
from tests.supply.registry.written import read

VERSIONS = [
    {"number": "4.0.0", "created_at": "2013-06-25T14:33:31.000Z", "platform": "ruby", "licenses": ["MIT"]},
    {"number": "4.0.0", "created_at": "2013-06-26T14:33:31.000Z", "platform": "java", "licenses": ["MIT"]},
]
GEM = {"source_code_uri": "https://github.com/rails/rails/tree/v4", "homepage_uri": None}


def test_a_version_was_released_with_its_first_platform() -> None:
    facts = read("RubyGems", "rails", VERSIONS, GEM)
    assert (facts.releases, facts.latest, facts.licence) == (1, "4.0.0", "MIT")
    assert rubygems.PROBES[0].holds(facts)
    assert facts.repository_url == "https://github.com/rails/rails/tree/v4"


@pytest.mark.parametrize("beside", [Answer(404), Answer(200, b"{"), Answer(None)])
def test_versions_alone_are_enough_to_exist(beside: Answer) -> None:
    facts = read("RubyGems", "rails", VERSIONS, beside)
    assert facts.exists is True
    assert facts.why(REPOSITORY)


def test_what_is_no_list_is_not_seen() -> None:
    assert read("RubyGems", "rails", {"number": "1"}).exists is None
    assert read("RubyGems", "rails", [3]).exists is None

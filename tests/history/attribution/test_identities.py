"""Identities: people are told from tools, bots and forges, and never by a first name."""

import pytest

from asbuilt.catalogue.signatures import load_signatures
from asbuilt.history.attribution.identities import Identities
from asbuilt.model.commit import Person

IDENTITIES = Identities(load_signatures())


@pytest.mark.parametrize(
    "person",
    [
        Person("Devin J. Pohly", "djpohly@gmail.com"),
        Person("Claude Dioudonnat", "1234+claude@users.noreply.github.com"),
        Person("Ana Alves (aider)", "ana@example.com"),
        Person("Ana Alves", ""),
        Person("", "ana@example.com"),
    ],
)
def test_people_are_people(person: Person) -> None:
    assert IDENTITIES.is_person(person)


@pytest.mark.parametrize(
    "person",
    [
        Person("Claude", "noreply@anthropic.com"),
        Person("Devin AI", "158243242+devin-ai-integration[bot]@users.noreply.github.com"),
        Person("dependabot[bot]", "49699333+dependabot[bot]@users.noreply.github.com"),
        Person("some-new-app[bot]", "1+some-new-app[bot]@users.noreply.github.com"),
        Person("GitHub", "noreply@github.com"),
        Person("Copilot Autofix powered by AI", "x@example.com"),
        Person("", ""),
    ],
)
def test_tools_bots_and_forges_are_none(person: Person) -> None:
    assert not IDENTITIES.is_person(person)

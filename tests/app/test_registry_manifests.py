"""Asking claimed repositories for their manifests."""

import msgspec
import pytest

from asbuilt.app.registry_manifests import manifest_addresses, read_manifests
from asbuilt.model.errors import UsageError
from asbuilt.model.registry_facts import MANIFEST, PackageFacts
from tests.app.registries import Network

PLACE = {"github.com": "https://raw.example/{repository}/HEAD/{file}"}
FACTS = PackageFacts(
    ecosystem="npm",
    name="thing",
    index="https://npm.example",
    asked_at=1,
    exists=True,
    releases=1,
    owners=3,
    repository_url="https://github.com/lodash/lodash",
)


def told(own: PackageFacts, network: Network) -> PackageFacts:
    (found,) = read_manifests([own], PLACE, network.way())
    return found


def test_a_repository_that_names_another_package_is_told_with_its_name() -> None:
    network = Network(raw={"/lodash/lodash/HEAD/package.json": {"name": "lodash"}})
    found = told(FACTS, network)
    assert (found.repository_names_it, found.repository_names) == (False, ("lodash",))
    assert "authorization" not in network.seen[0].headers


@pytest.mark.parametrize(
    "changed",
    [
        {"releases": 9},  # of several people and releases: it decides nothing
        {"repository_url": "https://gitlab.com/a/b"},  # nobody said how
        {"repository_url": None},
        {"exists": False},
        {"ecosystem": "Go"},
    ],
)
def test_what_decides_nothing_or_has_no_place_is_not_asked(changed: dict[str, object]) -> None:
    network = Network(raw={})
    own = msgspec.structs.replace(FACTS, **changed)
    assert (told(own, network), network.seen) == (own, [])


def test_what_cannot_be_had_is_not_known() -> None:
    found = told(FACTS, Network(raw={"/lodash/lodash/HEAD/package.json": 500}))
    assert (found.repository_names_it, "got no answer" in found.why(MANIFEST)) == (None, True)


@pytest.mark.parametrize(
    "named",
    [
        "nonsense",
        "github.com=https://raw.example/{file}",
        "=https://x.example/{repository}/{file}",
        "a=https://{repository}/{file}",
    ],
)
def test_an_address_without_its_places_is_refused(named: str) -> None:
    with pytest.raises(UsageError, match="says not where"):
        manifest_addresses([named])


def test_an_address_that_may_not_be_asked_is_refused() -> None:
    with pytest.raises(UsageError, match="not encrypted"):
        read_manifests([FACTS], {"github.com": "http://raw.example/{repository}/{file}"}, Network().way())
    assert manifest_addresses([f"GitHub.com={PLACE['github.com']}"]) == PLACE

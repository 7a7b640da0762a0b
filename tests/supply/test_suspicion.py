"""The nine rules: each fires on its case, is silent on the good one, and says so where it cannot tell."""

from typing import Any

import msgspec
import pytest

from asbuilt.model.component import Component
from asbuilt.model.registry_facts import (
    DATES,
    EXISTS,
    MANIFEST,
    OWNERS,
    SCRIPTS,
    YANKED,
    PackageFacts,
    Suspicion,
    VersionFacts,
)
from asbuilt.supply.suspicion import DAY, Harm, Known, suspicions

NOW = 1_790_000_000
OLD = NOW - 900 * DAY
GOOD = VersionFacts(released_at=OLD, yanked=False, deprecated=False, install_scripts=False)


class Few(Known):
    """Well-known names of the tests' own: the shipped ones change."""

    def well_known(self, ecosystem: str) -> frozenset[str]:
        return {"npm": frozenset({"express"}), "PyPI": frozenset({"requests"})}.get(ecosystem, frozenset())


KNOWN = Few({"npm": frozenset({"mongodb"})})
MIRROR = "https://registry.example"


def component(name: str = "plain", version: str | None = "1.0.0", ecosystem: str = "npm", **more: Any) -> Component:
    return Component(ecosystem=ecosystem, name=name, version=version, path="lock", purl=f"pkg:{name}", **more)


def facts(name: str = "plain", **more: Any) -> PackageFacts:
    """A package that nothing speaks against, but for what is told otherwise."""
    versions = more.pop("versions", {"1.0.0": GOOD, "1.1.0": GOOD, "1.2.0": GOOD})
    told = {
        "first_released_at": OLD,
        "releases": len(versions),
        "latest": "1.2.0",
        "owners": 3,
        "repository_url": "https://github.com/a/b",
        "exists": True,
    }
    return PackageFacts(
        ecosystem="npm", name=name, index=MIRROR, asked_at=NOW, versions=versions, **{**told, **more}
    )


def found(
    told: PackageFacts | None, own: Component | None = None, at: int | None = NOW, **more: Any
) -> dict[int, str]:
    """Weights by rule."""
    return {each.rule: each.weight for each in suspicions(told, own or component(), at, KNOWN, **more)}


def evidence(told: PackageFacts | None, rule: int, own: Component | None = None) -> str:
    return next(each.evidence for each in suspicions(told, own or component(), NOW, KNOWN) if each.rule == rule)


def test_nothing_speaks_against_an_old_package_of_several_people() -> None:
    assert suspicions(facts(), component(), NOW, KNOWN) == ()


def test_what_comes_from_no_registry_is_not_suspected() -> None:
    assert suspicions(None, component(source="git"), NOW, KNOWN) == ()


def test_nobody_asked_is_unknown_and_never_nothing() -> None:
    assert found(None) == {1: "unknown", 2: "unknown", 3: "unknown", 4: "unknown"}
    unseen = facts(exists=None, unknown={EXISTS: "the index answers 503"})
    assert found(unseen) == {1: "unknown", 2: "unknown", 3: "unknown", 4: "unknown"}
    assert "503" in evidence(unseen, 1)


def test_an_absent_name_is_blocked_and_not_called_anything_else() -> None:
    gone = PackageFacts(ecosystem="npm", name="plain", index=MIRROR, asked_at=NOW, exists=False)
    assert found(gone) == {1: "block"}
    assert MIRROR in evidence(gone, 1)
    assert "2026-09-2" in evidence(gone, 1)


def test_a_private_name_that_is_free_elsewhere_is_watched() -> None:
    assert found(facts(absent_at=("https://public.example",))) == {1: "low"}


@pytest.mark.parametrize(
    ("first", "unknown", "weight"),
    [
        (NOW - 30 * DAY, {}, None),
        (NOW - 30 * DAY + 1, {}, "high"),
        (NOW + DAY, {}, "high"),  # released after the commit: nobody can have meant this package
        (NOW - DAY, {DATES: "not every version is dated"}, "unknown"),
        (OLD, {DATES: "not every version is dated"}, None),  # no later than that: old enough
        (None, {DATES: "the index failed its probe"}, "unknown"),
    ],
)
def test_the_first_release_against_the_commit(
    first: int | None, unknown: dict[str, str], weight: str | None
) -> None:
    assert found(facts(first_released_at=first, unknown=unknown)).get(2) == weight


def test_an_unknown_moment_of_the_commit_is_unknown() -> None:
    assert found(facts(), at=None) == {2: "unknown"}


def test_a_pinned_version_that_is_not_there_or_taken_back() -> None:
    assert found(facts(), component(version="9.9.1")) == {3: "block"}
    assert found(facts(), component(version="v1.0.0")) == {}  # the same, written otherwise
    assert found(facts(), component(version=None)) == {}
    yanked = msgspec.structs.replace(GOOD, yanked=True, yanked_why="broken")
    told = facts(versions={"1.0.0": yanked, "1.1.0": GOOD, "1.2.0": GOOD})
    assert found(told) == {3: "high"}
    assert "broken" in evidence(told, 3)
    unsaid = msgspec.structs.replace(GOOD, yanked=None)
    told = facts(versions={"1.0.0": unsaid, "1": GOOD, "2": GOOD}, unknown={YANKED: "failed its probe"})
    assert found(told) == {3: "unknown"}
    assert found(facts(standing="quarantined")) == {3: "block"}


@pytest.mark.parametrize(
    ("told", "weight"),
    [
        ({"versions": {"1.0.0": GOOD}, "owners": 1}, "medium"),
        ({"owners": 1, "repository_url": None}, "medium"),
        ({"owners": 1}, None),  # many good packages have one owner
        ({"owners": 1, "repository_names_it": False, "repository_names": ("lodash",)}, "medium"),
        ({"owners": 1, "repository_names_it": True}, None),
        ({"owners": 1, "unknown": {MANIFEST: "no answer came"}}, "unknown"),
        ({"owners": None, "repository_url": None, "unknown": {OWNERS: "not told"}}, "unknown"),
    ],
)
def test_a_tiny_package_has_two_of_three_signs(told: dict[str, Any], weight: str | None) -> None:
    assert found(facts(**told)).get(4) == weight


def test_a_name_that_is_known_elsewhere() -> None:
    requests = component("requests")
    assert found(facts("requests"), requests) == {}  # old and large here: a package of its own
    assert found(facts("requests", first_released_at=NOW - DAY), requests)[5] == "high"
    assert found(None, requests)[5] == "unknown"
    for ecosystem, name in (("PyPI", "syft"), ("PyPI", "trufflehog"), ("npm", "gitleaks"), ("npm", "trufflehog")):
        assert found(facts(name), component(name, ecosystem=ecosystem)) == {5: "medium"}


def test_a_resembling_name_counts_when_it_is_young_or_tiny() -> None:
    name = component("express-mongodb-connector")
    assert found(facts(name.name), name) == {}
    assert found(facts(name.name, first_released_at=NOW - DAY), name) == {2: "high", 6: "high"}
    tiny = facts(name.name, owners=1, repository_url=None)
    assert found(tiny, name) == {4: "medium", 6: "medium"}
    assert "express and mongodb" in evidence(tiny, 6, name)
    assert found(None, name)[6] == "unknown"


def test_an_outbidding_version_a_script_and_a_harmful_package() -> None:
    nines = VersionFacts(released_at=OLD, yanked=False, install_scripts=False)
    name = component("jetbrains-nes-gitleaks-bin", "999.9.9")
    only = facts(name.name, versions={"999.9.9": nines})
    assert found(only, name)[7] == "block"
    assert found(None, name)[7] == "high"
    assert found(None, name)[6] == "unknown"  # it holds the name of a program
    assert found(None, component(version="99.0.0"))[7] == "unknown"
    assert found(facts(versions={"99.0.0": GOOD, "1.0.0": GOOD, "2": GOOD}), component(version="99.0.0")) == {}
    scripted = msgspec.structs.replace(GOOD, install_scripts=True)
    assert found(facts(versions={"1.0.0": scripted}))[7] == "block"
    unsaid = msgspec.structs.replace(GOOD, install_scripts=None)
    assert found(facts(versions={"1.0.0": unsaid}, unknown={SCRIPTS: "not told"}))[7] == "unknown"
    assert found(facts(), harm=Harm(("MAL-2026-1",))) == {7: "block"}
    assert found(facts(), harm=Harm(undecided=("MAL-2026-1",))) == {7: "unknown"}


def test_imports_that_disagree_are_low_and_high_beside_a_young_package() -> None:
    assert found(facts(), usage="imported, not declared") == {8: "low"}
    young = facts(first_released_at=NOW - DAY)
    assert found(young, usage="declared, never imported") == {2: "high", 8: "high"}


def test_a_placeholder_tells_of_an_abuse() -> None:
    assert found(facts(versions={"0.0.1-security": GOOD, "1.0.0": GOOD, "2": GOOD}))[9] == "high"
    assert found(None, component(version="0.0.1-security.0"))[9] == "high"


def test_suspicions_come_in_the_order_of_the_rules() -> None:
    told = suspicions(None, component("gitleaks", "999.0.0"), NOW, KNOWN)
    assert [each.rule for each in told] == sorted(each.rule for each in told)
    assert all(isinstance(each, Suspicion) and each.evidence.endswith(".") for each in told)


def test_a_name_of_ones_own_is_known_to_what_came_after_it_and_never_to_itself() -> None:
    own = Known({"npm": {"acme-billing": NOW - DAY, "acme-biling": NOW}})
    assert own.resembles("npm", "acme-biling", NOW) is not None
    assert own.resembles("npm", "acme-biling", NOW - DAY) is None  # both came at once: neither vouches
    assert own.resembles("npm", "acme-billing", NOW) is None
    assert Known({"npm": frozenset({"acme-billing"})}).resembles("npm", "acme-biling", NOW) is not None
    assert own.elsewhere("PyPI", "acme-billing", NOW) == "the package of that name in npm"
    assert own.elsewhere("PyPI", "acme-billing", NOW - DAY) is None


def test_two_names_in_one_may_be_one_of_ones_own_and_a_well_known_one() -> None:
    own = Known({"npm": {"acme-billing": NOW - DAY}})
    found_ = own.resembles("npm", "react-acme-billing", NOW)
    assert found_ is not None
    assert found_.names == ("react", "acme-billing")

"""Components against a store: matched, clean as of a date, or not checked and why."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.model.advisory import Advisory, Checked, Evidence
from asbuilt.model.component import Component
from asbuilt.supply.advisories.archives import Place
from asbuilt.supply.advisories.building import build_store
from asbuilt.supply.advisories.matching import _Hit, _merge, check_components
from asbuilt.supply.advisories.store import DAY, open_store
from tests.supply.advisories.written import NOW, affected, before, component, record, write_zip

ALL = ("npm", "PyPI", "Go", "Packagist", "Maven")


def check(
    folder: Path,
    records: Iterable[Mapping[str, Any]],
    *components: Component,
    now: int = NOW,
    covers: tuple[str, ...] = ALL,
) -> tuple[Checked, ...]:
    file = write_zip(folder / "some.zip", records)
    build_store(folder / "store", [Place(file, "some.zip", covers)], now=now)
    with open_store(folder / "store") as store:
        return check_components(store, components, now=now)


def test_a_match_says_on_what_it_stands_and_what_mends_it(tmp_path: Path) -> None:
    told = record("GHSA-1", affected("npm", "a", before("1.2.0")), database_specific={"severity": "HIGH"})
    bad, good = check(tmp_path, [told], component("npm", "a", "1.1.9"), component("npm", "a", "1.2.0"))
    (match,) = bad.matches
    assert (bad.coverage, match.certainty, match.level, match.fixed_in) == (
        "matched",
        "affected",
        "high",
        ("1.2.0",),
    )
    assert [(each.kind, each.text) for each in match.evidence] == [("range", "introduced 0, fixed 1.2.0")]
    assert (good.coverage, good.matches, good.as_of) == ("clean", (), bad.as_of)


def test_a_listed_version_is_affected_whatever_the_ranges_say(tmp_path: Path) -> None:
    told = record("PYSEC-1", affected("PyPI", "Some.Thing", before("1.0"), versions=["2.0", "odd-version"]))
    listed, odd = check(
        tmp_path, [told], component("PyPI", "some_thing", "2.0.0"), component("PyPI", "some-thing", "odd-version")
    )
    assert [each.kind for each in listed.matches[0].evidence] == ["versions"]
    assert odd.coverage == "matched"  # its own range cannot place it; the list names it


def test_names_of_one_weakness_are_merged_through_what_they_share(tmp_path: Path) -> None:
    what = affected("npm", "a", before("2.0.0"))
    told = [
        record("GHSA-1", what, aliases=["CVE-1"]),
        record("OTHER-1", what, aliases=["CVE-2"]),
        record("PYSEC-1", what, aliases=["CVE-1", "CVE-2"]),
        record("GHSA-9", what),
    ]
    (found,) = check(tmp_path, told, component("npm", "a", "1.0.0"))
    assert [[each.id for each in match.advisories] for match in found.matches] == [
        ["GHSA-1", "OTHER-1", "PYSEC-1"],
        ["GHSA-9"],
    ]
    assert found.matches[0].names == ("CVE-1", "CVE-2", "GHSA-1", "OTHER-1", "PYSEC-1")


def test_what_cannot_be_ordered_is_not_checked_and_never_clean(tmp_path: Path) -> None:
    told = record("GHSA-1", affected("Packagist", "v/p", before("2.0.0")))
    (found,) = check(tmp_path, [told], component("Packagist", "V/p", "dev-main"))
    assert (found.coverage, found.matches[0].certainty) == ("not_checked", "unknown")
    assert "branch" in found.why


def test_a_withdrawn_advisory_matches_nothing(tmp_path: Path) -> None:
    told = [
        record("GHSA-1", affected("npm", "a", before("2.0.0")), withdrawn="2026-09-19T00:00:00Z"),
        record("GHSA-2", affected("npm", "b", before("2.0.0"))),
    ]
    (found,) = check(tmp_path, told, component("npm", "a", "1.0.0"))
    assert found.coverage == "clean"


def test_a_harmful_package_is_told_as_such(tmp_path: Path) -> None:
    told = record("MAL-2026-1", affected("npm", "evil", [{"introduced": "0"}]))
    (found,) = check(tmp_path, [told], component("npm", "evil", "1.0.0"))
    assert found.matches[0].malicious


def test_spring_and_go_spellings_are_the_same_version(tmp_path: Path) -> None:
    told = [
        record("A", affected("Maven", "org.x:y", before("4.1.0"))),
        record("B", affected("Go", "example.com/m", before("2.0.0"), kind="SEMVER")),
    ]
    found = check(
        tmp_path,
        told,
        component("Maven", "org.x:y", "4.1.0.RELEASE"),
        component("Go", "example.com/m", "v2.0.0+incompatible"),
    )
    assert [each.coverage for each in found] == ["clean", "clean"]


TOLD = record("GHSA-1", affected("npm", "a", before("1.0.0")), affected("Go", "x", before("1.0.0")))


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (component("npm", "b", None, declared="^1"), "no version"),
        (component("npm", "b", ""), "no version"),
        (component("Docker", "b", "1"), "holds no advisory of Docker"),
        (component("npm", "a", "0.1.0", source="git"), "git repository"),
        (component("npm", "a", "0.1.0", source="file"), "file of its own"),
        (component("npm", "a", "0.1.0", source="url"), "address"),
        (component("npm", "a", "0.1.0", source="workspace"), "part of this product"),
        (component("npm", "a", "0.1.0", source=None), "not told where"),
        (component("Go", "y", "1.0.0"), "does not hold every advisory of Go"),
    ],
)
def test_what_was_not_asked_is_not_checked_and_says_why(tmp_path: Path, asked: Component, why: str) -> None:
    (found,) = check(tmp_path, [TOLD], asked, covers=("npm",))
    assert found.coverage == "not_checked"
    assert why in found.why


def test_an_old_store_calls_nothing_clean_and_still_matches(tmp_path: Path) -> None:
    asked = component("npm", "a", "0.1.0"), component("npm", "b", "1.0.0")
    matched, other = check(tmp_path, [TOLD], *asked, now=NOW + 30 * DAY)
    assert matched.coverage == "matched"
    assert (other.coverage, "too old" in other.why) == ("not_checked", True)


@given(
    st.lists(st.sets(st.sampled_from([f"CVE-{number}" for number in range(8)]), max_size=3), min_size=1, max_size=9)
)
def test_merging_gives_the_connected_groups(aliases: list[set[str]]) -> None:
    hits = [
        _Hit(Advisory(f"A-{at}", 0, aliases=tuple(sorted(own))), [Evidence(f"A-{at}", "range", "")], [])
        for at, own in enumerate(aliases)
    ]
    found = {frozenset(each.id for each in match.advisories) for match in _merge("pkg:npm/a@1", hits)}
    # The plain way: join whatever shares a name until nothing does.
    groups = [({f"A-{at}"}, set(own)) for at, own in enumerate(aliases)]
    while pair := next(
        ((one, two) for one in groups for two in groups if one is not two and one[1] & two[1]), None
    ):
        groups = [each for each in groups if each not in pair]
        groups.append((pair[0][0] | pair[1][0], pair[0][1] | pair[1][1]))
    assert found == {frozenset(ids) for ids, _ in groups}

"""Registry facts in lines, hostile names made visible."""

import msgspec

from asbuilt.app.registry import Fetched, NotAsked
from asbuilt.cli.registry_text import facts_lines, fetched_lines, status_lines
from asbuilt.model.registry_facts import DATES, DEPRECATED, EXISTS, PackageFacts, VersionFacts
from asbuilt.supply.registry.store import EcosystemFacts, ProbedIndex, RegistryStatus

DOUBTED = ProbedIndex("npm", "https://r.example", 0, {DATES: "it lies"})
BELIEVED = ProbedIndex("PyPI", "https://p.example", 0, {})


def test_a_fetch_says_what_does_not_exist_what_was_not_seen_and_whom_not_to_believe() -> None:
    done = Fetched(
        packages=40,
        asked=30,
        present=5,
        absent=tuple(f"npm:gone\x1b{number}" for number in range(21)),
        unknown=tuple((f"npm:u{number}", "the index answers 503") for number in range(4)),
        not_asked=(NotAsked("Go", 7, "no reader of its registry"),),
        indexes=(DOUBTED, BELIEVED),
        status=None,
    )
    lines = fetched_lines(done)
    assert lines[0] == "21 do not exist in any configured index:"
    assert "  npm:gone\\x1b0" in lines
    assert "  … and 1 more (--format json)" in lines
    assert "4 could not be seen: the index answers 503" in lines
    assert "  npm:u0, npm:u1, npm:u2, …" in lines
    assert "  dates: it lies" in lines
    assert "PyPI at https://p.example, probed on 1970-01-01: told the truth about what is known." in lines
    assert "Not asked: 7 of Go: no reader of its registry." in lines
    assert lines[-1].endswith("30 asked about now (5 exist, 21 do not, 4 not seen), 3 known already.")


def test_a_store_is_told_by_ecosystem() -> None:
    lines = status_lines(RegistryStatus("store", (EcosystemFacts("npm", 3, 1, 1, 1, 0, 86_400),), (DOUBTED,)))
    assert lines[1] == "  npm                3  1 exist, 1 do not, 1 not seen; asked 1970-01-01 to 1970-01-02"


def facts(**more: object) -> PackageFacts:
    told = {"ecosystem": "npm", "name": "a", "index": "https://r.example", "asked_at": 0, "exists": True, **more}
    return PackageFacts(**told)  # type: ignore[arg-type]


def test_a_package_is_told_with_its_version_and_what_is_not_known() -> None:
    version = VersionFacts(released_at=86_400, yanked=True, yanked_why="bad", deprecated=True, install_scripts=True)
    own = facts(
        versions={"1.0.0": version}, releases=1, first_released_at=0, owners=2, unknown={DEPRECATED: "it lies"}
    )
    lines = facts_lines(own, "pkg:npm/%40x/a@1.0.0?y=z")
    assert "  version 1.0.0: released 1970-01-02, yanked bad, deprecated, runs scripts when installed" in lines
    assert "  first release   1970-01-01" in lines
    assert "  not known: deprecation: it lies" in lines
    assert "  version 2: the index has none of that name" in facts_lines(own, "pkg:npm/a@2")
    assert "no date known" in facts_lines(facts(versions={"1": VersionFacts()}), "pkg:npm/a@1")[-1]


def test_what_is_absent_or_not_seen_says_so_and_nothing_else() -> None:
    assert facts_lines(facts(exists=False), "pkg:npm/a")[1:] == ["  It does not exist there."]
    unseen = facts(exists=None, unknown={EXISTS: "it timed out"})
    assert facts_lines(unseen, "pkg:npm/a")[1:] == ["  Whether it exists is not known: it timed out."]


def test_what_a_claimed_repository_names_and_when_its_commits_were_made() -> None:
    told = PackageFacts(
        ecosystem="Go",
        name="a",
        index="https://r.example",
        asked_at=1_790_000_000,
        exists=True,
        first_committed_at=1_588_748_889,
        repository_names_it=False,
        repository_names=("lodash",),
        unknown={"first_committed_at": "the index failed its probe"},
    )
    lines = facts_lines(told, "pkg:golang/a")
    assert "  first commit    2020-05-06" in lines
    assert "  its manifests   name lodash, and not it" in lines
    assert "  not known: times of commits: the index failed its probe" in lines
    named = facts_lines(msgspec.structs.replace(told, repository_names_it=True), "pkg:golang/a")
    assert "  its manifests   name lodash" in named

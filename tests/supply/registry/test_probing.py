"""An index that lies about what everybody knows is not believed in that, and in nothing else."""

from asbuilt.model.registry_facts import DATES, DEPRECATED, EXISTS, PackageFacts, VersionFacts
from asbuilt.supply.registry.answers import Probe, not_seen
from asbuilt.supply.registry.probing import believed, probe_index
from tests.supply.registry.written import asked, read

PROBE = Probe(
    "known", (DATES,), "known 1 was published in 2020", lambda facts: facts.first_released_at == 1_577_836_800
)
OTHER = Probe("known", (DEPRECATED,), "known is deprecated", lambda _: True)


def told(date: str) -> PackageFacts:
    version = {"deprecated": "gone", "scripts": {}}
    return read(
        "npm",
        "known",
        {"name": "known", "versions": {"1.0.0": version, "2.0.0": {}}, "time": {"1.0.0": date, "2.0.0": date}},
    )


def test_the_truth_leaves_everything_believed() -> None:
    assert probe_index([PROBE, OTHER], {"known": told("2020-01-01T00:00:00Z")}) == {}


def test_a_wrong_date_makes_dates_unknown_and_says_what_is_true() -> None:
    doubted = probe_index([PROBE, OTHER], {"known": told("2024-02-23T22:24:08Z")})
    assert set(doubted) == {DATES}
    assert "failed its probe: known 1 was published in 2020" in doubted[DATES]


def test_an_index_that_cannot_be_tested_is_not_believed() -> None:
    gone = PackageFacts(ecosystem="npm", name="known", index="x", asked_at=0, exists=False)
    assert "has no package known" in probe_index([PROBE], {"known": gone})[DATES]
    unseen = not_seen(asked("npm", "known"), "it answers 503")
    assert "503" in probe_index([PROBE], {"known": unseen})[DATES]
    assert "not asked" in probe_index([PROBE], {})[DATES]


def test_what_is_not_believed_becomes_unknown_and_existence_stays() -> None:
    facts = believed(told("2024-02-23T22:24:08Z"), {DATES: "lies", DEPRECATED: "lies too"})
    assert (facts.exists, facts.first_released_at, facts.latest_released_at) == (True, None, None)
    assert (facts.why(DATES), facts.why(DEPRECATED)) == ("lies", "lies too")
    assert all(own.released_at is None for own in facts.versions.values())


def test_silence_is_not_believed_and_a_plain_word_is() -> None:
    facts = believed(told("2020-01-01T00:00:00Z"), {DEPRECATED: "lies"})
    assert [own.deprecated for own in facts.versions.values()] == [True, None]
    assert facts.versions["1.0.0"] == VersionFacts(
        released_at=1_577_836_800, yanked=False, deprecated=True, deprecated_why="gone", install_scripts=False
    )


def test_nothing_is_taken_from_what_was_not_seen() -> None:
    unseen = not_seen(asked("npm", "a"), "why")
    assert believed(unseen, {DATES: "lies"}).unknown == {EXISTS: "why"}

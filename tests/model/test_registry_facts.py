"""What an index said of a package, and why something of it is not known."""

import msgspec

from asbuilt.model.registry_facts import DATES, EXISTS, PackageFacts, VersionFacts

SEEN = PackageFacts(
    ecosystem="npm",
    name="left-pad",
    index="https://registry.example",
    asked_at=1_790_000_000,
    exists=True,
    versions={"1.3.0": VersionFacts(released_at=1_500_000_000, deprecated=True, deprecated_why="use padStart")},
    unknown={DATES: "the index failed its probe"},
)


def test_what_is_not_known_says_why_and_what_is_known_says_nothing() -> None:
    assert SEEN.why(DATES) == "the index failed its probe"
    assert SEEN.why(EXISTS) == ""


def test_facts_come_back_from_bytes_as_they_were() -> None:
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(SEEN), type=PackageFacts) == SEEN


def test_what_is_not_told_is_none() -> None:
    bare = VersionFacts()
    assert (bare.released_at, bare.yanked, bare.deprecated, bare.install_scripts) == (None, None, None, None)

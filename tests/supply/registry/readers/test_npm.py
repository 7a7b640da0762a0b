"""The packument: in full, abbreviated, from a mirror that leaves things out, and hostile."""

from typing import Any

import pytest

from asbuilt.model.registry_facts import DATES, EXISTS, LICENCE, OWNERS, SCRIPTS
from asbuilt.supply.registry.readers import npm
from tests.supply.registry.written import answer, read

FULL: dict[str, Any] = {
    "name": "lodash",
    "dist-tags": {"latest": "4.17.21"},
    "time": {
        "created": "2012-04-23T16:37:11.912Z",
        "1.0.0": "2012-04-23T16:37:11Z",
        "4.17.21": "2021-02-20T15:42:16.891Z",
    },
    "versions": {
        "1.0.0": {"deprecated": "too old", "scripts": {"postinstall": "node x"}},
        "4.17.21": {"scripts": {"test": "x"}, "deprecated": ""},
    },
    "maintainers": [{"name": "ana"}, {"name": "bo"}],
    "license": "MIT",
    "repository": {"type": "git", "url": "git+https://github.com/lodash/lodash.git"},
}


def test_a_packument_gives_all_the_facts() -> None:
    facts = read("npm", "lodash", FULL)
    assert (facts.exists, facts.releases, facts.latest, facts.owners, facts.licence) == (
        True,
        2,
        "4.17.21",
        2,
        "MIT",
    )
    assert facts.repository_url == "https://github.com/lodash/lodash"
    old, new = facts.versions["1.0.0"], facts.versions["4.17.21"]
    assert (old.deprecated, old.deprecated_why, old.install_scripts, old.yanked) == (True, "too old", True, False)
    assert (new.deprecated, new.install_scripts) == (False, False)  # an empty text takes a deprecation back
    assert facts.first_released_at == 1_335_199_031
    assert facts.unknown == {}
    assert npm.PROBES[1].holds(facts)


def test_the_newest_version_deprecated_is_the_package_deprecated() -> None:
    told = {**FULL, "versions": {"4.17.21": {"deprecated": "gone"}}}
    facts = read("npm", "lodash", told)
    assert (facts.standing, facts.standing_why) == ("deprecated", "gone")


def test_an_abbreviated_document_tells_less_and_says_so() -> None:
    told = {
        "name": "lodash",
        "dist-tags": {},
        "versions": {"1.0.0": {"hasInstallScript": True}, "2.0.0": {}},
        "modified": "x",
    }
    facts = read("npm", "lodash", told)
    assert {DATES, OWNERS, LICENCE} <= set(facts.unknown)
    assert facts.versions["1.0.0"].install_scripts is True
    assert facts.versions["2.0.0"].install_scripts is None


def test_a_mirror_that_leaves_scripts_and_owners_out_is_not_believed_to_say_there_are_none() -> None:
    facts = read("npm", "a", {"name": "a", "versions": {"1.0.0": {}}, "time": {"1.0.0": "2020-01-01T00:00:00Z"}})
    assert {SCRIPTS, OWNERS} <= set(facts.unknown)


@pytest.mark.parametrize(
    ("written", "licence"),
    [("MIT", "MIT"), ({"type": "ISC"}, "ISC"), ([{"type": "MIT"}], "MIT"), ("SEE LICENSE IN x", None), (3, None)],
)
def test_licences_as_they_have_been_written(written: Any, licence: str | None) -> None:
    assert read("npm", "lodash", {**FULL, "license": written}).licence == licence


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("lodash/lodash", "https://github.com/lodash/lodash"),
        ("github:a/b", "https://github.com/a/b"),
        ("git@github.com:a/b.git", "https://github.com/a/b"),
        ({"url": "git://github.com/a/b.git"}, "https://github.com/a/b"),
        ("https://evil.example/github.com/a/b", None),
        ("https://github.com.evil.example/a/b", None),
        ("http://[", None),
    ],
)
def test_repositories_are_addresses_at_a_forge(written: Any, address: str | None) -> None:
    assert read("npm", "lodash", {**FULL, "repository": written}).repository_url == address


def test_what_was_unpublished_is_there_with_no_version() -> None:
    facts = read("npm", "a", {"name": "a", "time": {"unpublished": {"time": "2020-01-01T00:00:00Z"}}})
    assert (facts.exists, facts.releases, facts.standing_why) == (True, 0, "it was unpublished")


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'{"name": "other"}', b"[" * 100_000, {"name": 3}, b"\xff"]
)
def test_what_is_no_packument_is_not_seen(body: Any) -> None:
    facts = read("npm", "a", answer(body))
    assert facts.exists is None
    assert facts.why(EXISTS)


@pytest.mark.parametrize("part", ["dist-tags", "time", "versions", "maintainers", "license", "repository"])
@pytest.mark.parametrize("junk", [3, "x", [], {}, None, [None], {"a": None}, True])
def test_junk_in_any_place_is_as_if_it_were_not_there(part: str, junk: Any) -> None:
    assert read("npm", "lodash", {**FULL, part: junk}).exists is True


def test_a_scope_is_one_step_of_the_address() -> None:
    assert npm.asks("https://r.example", "@types/node") == ("https://r.example/@types%2Fnode",)
    assert npm.asks("https://r.example", "../a?b") == ("https://r.example/..%2Fa%3Fb",)

"""crates.io's API and a sparse index."""

import json

import msgspec
import pytest

from asbuilt.model.registry_facts import DATES
from asbuilt.supply.registry.answers import Answer, Asked
from asbuilt.supply.registry.readers import crates
from tests.supply.registry.written import NOW, answer, asked

API = "https://crates.example/api/v1/crates"
TOLD = {
    "crate": {"id": "serde", "max_version": "1.0.1", "repository": "https://github.com/serde-rs/serde"},
    "versions": [
        {
            "num": "1.0.1",
            "created_at": "2017-04-21T00:00:00Z",
            "yanked": True,
            "yank_message": "bad",
            "license": "MIT OR Apache-2.0",
        },
        {"num": "1.0.0", "created_at": "2017-04-20T16:00:00Z", "yanked": False},
    ],
}


def test_the_api_tells_dates_and_yanked() -> None:
    facts = crates.read([answer(TOLD)], Asked("crates.io", "serde", API, NOW))
    assert (facts.releases, facts.latest, facts.licence) == (2, "1.0.1", "MIT OR Apache-2.0")
    assert facts.repository_url == "https://github.com/serde-rs/serde"
    assert (facts.versions["1.0.1"].yanked, facts.versions["1.0.1"].yanked_why) == (True, "bad")
    assert crates.PROBES[0].holds(facts)
    assert not crates.PROBES[0].holds(msgspec.structs.replace(facts, versions={}))


def test_a_sparse_index_tells_versions_and_no_dates() -> None:
    lines = "\n".join(
        json.dumps({"name": "serde", "vers": vers, "yanked": vers == "1.0.1"}) for vers in ("1.0.0", "1.0.1")
    )
    facts = crates.read([answer(lines.encode())], asked("crates.io", "serde"))
    assert {version: own.yanked for version, own in facts.versions.items()} == {"1.0.0": False, "1.0.1": True}
    assert facts.why(DATES)


@pytest.mark.parametrize("body", [b"", b"{}", b'{"name": "other"}', b"<html>", b'{"name": "serde"}\n{'])
def test_what_is_about_no_crate_is_not_seen(body: bytes) -> None:
    assert crates.read([Answer(200, body)], asked("crates.io", "serde")).exists is None
    assert crates.read([Answer(200, body)], Asked("crates.io", "serde", API, NOW)).exists is None


@pytest.mark.parametrize(
    ("name", "place"),
    [("a", "1/a"), ("ab", "2/ab"), ("Abc", "3/a/abc"), ("serde", "se/rd/serde"), ("../x", "..%2Fx")],
)
def test_places_in_a_sparse_index(name: str, place: str) -> None:
    assert crates.asks("https://i.example", name) == (f"https://i.example/{place}",)
    assert crates.asks(API, name)[0].startswith(f"{API}/")

"""What Hex says: its API, and the signed messages of a repository."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.model.registry_facts import DATES, OWNERS, PackageFacts
from asbuilt.supply.registry.answers import Answer, Asked
from asbuilt.supply.registry.readers import hex as reader
from tests.supply.registry.written import NOW, answer

API = "https://registry.example/api"
MIRROR = "https://mirror.example"
TOLD = {
    "name": "thing",
    "latest_stable_version": "1.1.0",
    "releases": [
        {"version": "1.1.0", "inserted_at": "2016-01-01T00:00:00Z"},
        {"version": "1.0.0", "inserted_at": "2015-08-28T16:20:00.000000Z"},
    ],
    "retirements": {"1.0.0": {"reason": "security", "message": "leaks"}},
    "owners": [{"username": "a"}, {"username": "b"}],
    "meta": {"licenses": ["MIT"], "links": {"GitHub": "https://github.com/acme/thing"}},
}


def api(told: object, status: int = 200) -> PackageFacts:
    return reader.read([answer(told, status)], Asked("Hex", "thing", API, NOW))


def mirror(body: bytes) -> PackageFacts:
    return reader.read([Answer(200, body)], Asked("Hex", "thing", MIRROR, NOW))


def varint(number: int) -> bytes:
    found = b""
    while number > 127:
        found += bytes([number & 127 | 128])
        number >>= 7
    return found + bytes([number])


def field(number: int, value: bytes | int) -> bytes:
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def package(*releases: bytes, name: str = "thing") -> bytes:
    payload = b"".join(field(1, own) for own in releases) + field(2, name.encode()) + field(3, b"acme")
    return gzip.compress(field(1, payload) + field(2, b"signature"))


def test_the_api_tells_dates_owners_and_what_was_retired() -> None:
    facts = api(TOLD)
    assert (facts.exists, facts.releases, facts.latest, facts.owners) == (True, 2, "1.1.0", 2)
    assert (facts.licence, facts.repository_url) == ("MIT", "https://github.com/acme/thing")
    assert facts.versions["1.0.0"].yanked is True
    assert facts.versions["1.0.0"].yanked_why == "security: leaks"
    assert facts.versions["1.1.0"].yanked is False
    assert facts.why(DATES) == ""
    assert reader.PROBES[0].holds(facts)


def test_the_addresses_of_an_api_and_of_a_repository() -> None:
    assert reader.asks(API, "Thing") == (f"{API}/packages/thing",)
    assert reader.asks(MIRROR, "thing") == (f"{MIRROR}/packages/thing",)


def test_a_repository_tells_versions_and_what_was_retired_and_no_more() -> None:
    retired = field(1, 2) + field(2, b"leaks")
    facts = mirror(package(field(1, b"1.0.0") + field(4, retired), field(1, b"1.1.0") + field(2, b"x" * 32)))
    assert (facts.exists, set(facts.versions)) == (True, {"1.0.0", "1.1.0"})
    assert facts.versions["1.0.0"].yanked_why == "security: leaks"
    assert facts.versions["1.1.0"].yanked is False
    assert facts.why(DATES)
    assert facts.why(OWNERS)


def test_a_release_retired_for_a_reason_that_nobody_knows_is_retired() -> None:
    facts = mirror(package(field(1, b"1.0.0") + field(4, field(1, 99))))
    assert facts.versions["1.0.0"].yanked is True


@pytest.mark.parametrize(
    "body",
    [
        b"<html>",
        b"\x1f\x8bbroken",
        gzip.compress(b"\x0a\xff"),
        gzip.compress(b"\x80" * 20),
        gzip.compress(b"\x0b"),
        gzip.compress(bytes(64 << 20)),
        package(field(1, b"1.0.0"), name="other"),
        b"",
    ],
)
def test_a_document_that_is_none_or_too_large_or_of_another_is_not_seen(body: bytes) -> None:
    assert mirror(body).exists is None


@given(st.binary(max_size=200))
def test_no_message_ends_a_reading(body: bytes) -> None:
    assert mirror(body).exists in {None, True}


def test_absent_and_without_owners() -> None:
    assert api({}, 404).exists is False
    assert api({"name": "other"}).exists is None
    assert api([]).exists is None
    bare = api({"name": "thing", "releases": [{"version": "1.0.0"}, 3]})
    assert (bare.exists, bare.releases, bool(bare.why(OWNERS)), bool(bare.why(DATES))) == (True, 1, True, True)

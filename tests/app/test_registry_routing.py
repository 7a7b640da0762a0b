"""Which index is asked about which package."""

import pytest

from asbuilt.app.registry_index import Index
from asbuilt.app.registry_routing import is_asked_of, is_private

PUBLIC = Index("npm", "https://npm.example", "x")
SCOPED = Index("npm", "https://inner.example", "x", scope="@acme")


@pytest.mark.parametrize(
    ("name", "own", "told"),
    [
        ("plain", PUBLIC, True),
        ("@other/plain", PUBLIC, True),
        ("@acme/plain", PUBLIC, False),
        ("@acme/plain", SCOPED, True),
        ("plain", SCOPED, False),
    ],
)
def test_a_scope_is_asked_of_its_registry_alone(name: str, own: Index, told: bool) -> None:
    assert is_asked_of(name, own, [PUBLIC, SCOPED]) is told


def test_the_longest_pattern_decides() -> None:
    every = Index("NuGet", "https://a.example", "x", patterns=("*",))
    acme = Index("NuGet", "https://b.example", "x", patterns=("Acme.*", "Other"))
    one = Index("NuGet", "https://c.example", "x", patterns=("acme.one",))
    both = [every, acme, one]
    assert [is_asked_of("Acme.Thing", own, both) for own in both] == [False, True, False]
    assert [is_asked_of("Acme.One", own, both) for own in both] == [False, False, True]
    assert [is_asked_of("Newtonsoft.Json", own, both) for own in both] == [True, False, False]
    assert not is_asked_of("Newtonsoft.Json", acme, [acme])


@pytest.mark.parametrize(
    ("name", "pattern", "told"),
    [
        ("corp.example/a/b", "corp.example", True),
        ("corp.example/a/b", "*.example/a", True),
        ("corp.example/a", "corp.example/a/b", False),
        ("github.com/acme/x", "github.com/acme", True),
        ("github.com/acmecorp/x", "github.com/acme", False),
    ],
)
def test_what_is_private_is_sent_to_no_proxy(name: str, pattern: str, told: bool) -> None:
    assert is_private(name, pattern) is told
    assert is_asked_of(name, Index("Go", "https://p.example", "x", private=(pattern,)), []) is not told

"""A component is kept once; package URLs say where it comes from."""

import pytest
from packageurl import PackageURL

from asbuilt.supply.gathering import LONGEST, MOST_UNREAD, Gathering, purl_of, sri


@pytest.mark.parametrize(
    ("ecosystem", "name", "version", "purl"),
    [
        ("npm", "@s/a", "1.0.0", "pkg:npm/%40s/a@1.0.0"),
        ("PyPI", "My_Package", "1.0", "pkg:pypi/my-package@1.0"),
        ("Go", "github.com/o/r/v2", "v2.0.0", "pkg:golang/github.com/o/r/v2@v2.0.0"),
        ("Maven", "g.h:a", "1", "pkg:maven/g.h/a@1"),
        ("GitHub Actions", "o/r/sub/path", "v1", "pkg:github/o/r@v1#sub/path"),
        ("Docker", "ghcr.io/o/i", "1", "pkg:docker/ghcr.io/o/i@1"),
        ("Packagist", "v/a", None, "pkg:composer/v/a"),
    ],
)
def test_package_urls_are_read_back(ecosystem: str, name: str, version: str | None, purl: str) -> None:
    assert purl_of(ecosystem, name, version, "registry", None) == purl
    assert PackageURL.from_string(purl).version == version


def test_where_it_comes_from_is_part_of_the_package_url() -> None:
    own = purl_of("npm", "a", "1", "git", "https://example.com/a.git")
    assert PackageURL.from_string(own).qualifiers == {"vcs_url": "git+https://example.com/a.git"}


def test_a_component_named_twice_is_kept_once_with_its_first_line_and_strongest_need() -> None:
    found = Gathering("npm", "x")
    found.add("a", "1", line=3, scope="development", direct=False, hashes=("sha1:a",))
    found.add("a", "1", line=9, scope="runtime", direct=True, hashes=("sha512:b",))
    (own,) = found.reading().components
    assert (own.line, own.scope, own.direct, own.hashes) == (3, "runtime", True, ("sha1:a", "sha512:b"))


@pytest.mark.parametrize("name", [None, 1, "", "/", "a\0b", "x" * (LONGEST + 1), ["a"]])
def test_a_name_that_is_none_is_kept_as_unread(name: object) -> None:
    found = Gathering("npm", "x")
    found.add(name, "1", line=4)
    assert found.reading().components == ()
    assert found.reading().unread[0].line == 4


def test_sentences_are_bounded_and_shown_safely() -> None:
    found = Gathering("npm", "x")
    for _ in range(MOST_UNREAD + 5):
        found.refuse("bad \x1b[31m")
    unread = found.reading().unread
    assert len(unread) == MOST_UNREAD
    assert "\x1b" not in unread[0].why


def test_integrity_becomes_digests() -> None:
    assert sri("sha512-AA== sha1-BB") == ("sha512:AA==", "sha1:BB")
    assert sri(None) == ()

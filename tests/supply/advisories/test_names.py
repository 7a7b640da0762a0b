"""Names and versions as they are looked up."""

import pytest

from asbuilt.supply.advisories.names import plain_ecosystem, plain_name, plain_version


@pytest.mark.parametrize(
    ("ecosystem", "name", "plain"),
    [
        ("PyPI", "Zope.Interface", "zope-interface"),
        ("PyPI", "a__b-.c", "a-b-c"),
        ("npm", "JSONStream", "JSONStream"),
        ("Packagist", "Symfony/Http-Kernel", "symfony/http-kernel"),
        ("NuGet", "Newtonsoft.Json", "newtonsoft.json"),
        ("Maven", "org.A:b", "org.A:b"),
        ("GitHub Actions", "GitHub/CodeQL-action/init", "github/codeql-action"),
    ],
)
def test_a_name_has_one_spelling(ecosystem: str, name: str, plain: str) -> None:
    assert plain_name(ecosystem, name) == plain


def test_a_suffix_matters_only_where_versions_differ_by_it() -> None:
    assert plain_ecosystem("Maven:https://repo.example/x") == "Maven"
    assert plain_ecosystem("Debian:11") == "Debian:11"


@pytest.mark.parametrize(
    ("ecosystem", "version", "plain"),
    [("PyPI", "1.0.0", "1"), ("Go", "v1.2.0", "1.2.0"), ("npm", "version", "version"), ("PyPI", "odd!", "odd!")],
)
def test_a_version_is_looked_up_in_one_spelling(ecosystem: str, version: str, plain: str) -> None:
    assert plain_version(ecosystem, version) == plain

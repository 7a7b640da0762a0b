"""The order of versions, ecosystem by ecosystem. What cannot be ordered says so: it is never guessed."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from asbuilt.supply.versions.composer import composer_key
from asbuilt.supply.versions.gems import gem_key
from asbuilt.supply.versions.maven import maven_key
from asbuilt.supply.versions.python import python_key
from asbuilt.supply.versions.semver import nuget_key, semver_key
from asbuilt.supply.versions.unordered import LONGEST, UnorderedError

__all__ = ["ORDERS", "UnorderedError", "order_key"]

# OSV's name of an ecosystem -> the sort key of a version in it.
ORDERS: Final[dict[str, Callable[[str], Any]]] = {
    "Bitnami": semver_key,
    "GitHub Actions": semver_key,
    "Go": semver_key,
    "Hex": semver_key,
    "Julia": semver_key,
    "Maven": maven_key,
    "NuGet": nuget_key,
    "Packagist": composer_key,
    "Pub": semver_key,
    "PyPI": python_key,
    "RubyGems": gem_key,
    "SwiftURL": semver_key,
    "crates.io": semver_key,
    "npm": semver_key,
}


@lru_cache(maxsize=1 << 16)
def order_key(ecosystem: str, version: str) -> Any:
    """A key that sorts versions of one ecosystem; keys of two ecosystems are not comparable.

    Raises:
        UnorderedError: the version, or the ecosystem, has no order that we know.
    """
    if len(version) > LONGEST:
        raise UnorderedError(version[:40], "it is too long for a version")
    order = ORDERS.get(ecosystem)
    if order is None:
        raise UnorderedError(version, f"the order of versions in {ecosystem} is not known")
    return order(version)

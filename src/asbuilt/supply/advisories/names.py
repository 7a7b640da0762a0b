"""How an ecosystem writes names and versions, so that an advisory and a lock file mean the same package."""

import re
from typing import Final

from packaging.utils import canonicalize_version

from asbuilt.supply.versions import ORDERS

_LOWER: Final = frozenset(
    {"NuGet", "Packagist", "GitHub Actions", "Hex"}
)  # no two names there differ in case alone
_WITH_V: Final = frozenset({"GitHub Actions", "Go", "Packagist", "npm"})  # "v1.2.3" and "1.2.3" are the same


def plain_ecosystem(ecosystem: str) -> str:
    """The ecosystem without its suffix (``Maven:https://…``), where all of it has one order of versions."""
    plain = ecosystem.partition(":")[0]
    return plain if plain in ORDERS else ecosystem


def plain_name(ecosystem: str, name: str) -> str:
    """The one spelling of a package's name: PEP 503 for PyPI, lower case where case does not count."""
    if ecosystem == "PyPI":
        return re.sub(r"[-_.]+", "-", name).lower()
    if ecosystem == "GitHub Actions":  # an action within a repository has the repository's versions
        name = "/".join(name.split("/")[:2])
    return name.lower() if ecosystem in _LOWER else name


def plain_version(ecosystem: str, version: str) -> str:
    """A version as it is looked up in lists: without trailing zeros for PyPI, without ``v`` for others."""
    if ecosystem == "PyPI":
        return canonicalize_version(version)
    if ecosystem in _WITH_V and version[:1] in {"v", "V"} and version[1:2].isdigit():
        return version[1:]
    return version

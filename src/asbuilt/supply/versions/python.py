"""Versions of Python packages (PEP 440)."""

from typing import Any

from packaging.version import InvalidVersion, Version

from asbuilt.supply.versions.unordered import UnorderedError


def python_key(version: str) -> Any:
    """The key of a version.

    Raises:
        UnorderedError: it is not written as PEP 440 says: versions older than it have no agreed order.
    """
    try:
        return Version(version)
    except InvalidVersion as error:
        raise UnorderedError(version, "it is not written as PEP 440 says") from error

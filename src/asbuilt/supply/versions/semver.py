"""Semantic versions, as npm, Go, Cargo, Hex and others write them, and NuGet's fourth number.

Source: semver.org 2.0.0, sections 9 to 11; NuGet "Package versioning" (case-insensitive, up to four numbers).
Written by ourselves because what is at hand orders by build metadata too, which section 10 forbids: Go's
``+incompatible``.
"""

import re
from typing import Any

from asbuilt.supply.versions.unordered import UnorderedError

_VERSION = re.compile(
    r"[vV=]?(\d+(?:\.\d+){0,3})"  # a missing number is zero: "1.0"
    r"(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?"
    r"(?:\+[0-9A-Za-z.\-]*)?",
    re.ASCII,
)
_RELEASE = ((2,),)  # behind every pre-release


def semver_key(version: str) -> Any:
    """The key of a semantic version; build metadata counts for nothing.

    Raises:
        UnorderedError: it is none, or has more than three numbers.
    """
    return _key(version, 3)


def nuget_key(version: str) -> Any:
    """The key of a NuGet version: four numbers, labels without regard to case.

    Raises:
        UnorderedError: it is none.
    """
    return _key(version.lower(), 4)


def _key(version: str, most: int) -> tuple[tuple[int, ...], tuple[Any, ...]]:
    found = _VERSION.fullmatch(version.strip())
    if found is None:
        raise UnorderedError(version, "it is no semantic version")
    numbers = [int(part) for part in found[1].split(".")]
    if len(numbers) > most:
        raise UnorderedError(version, f"it has more than {most} numbers")
    numbers += [0] * (most - len(numbers))
    if found[2] is None:
        return tuple(numbers), _RELEASE
    # Numbers come before words; of two with the same beginning the shorter comes first.
    return tuple(numbers), tuple((0, int(part)) if part.isdigit() else (1, part) for part in found[2].split("."))

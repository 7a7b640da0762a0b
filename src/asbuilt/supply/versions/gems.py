"""Versions of Ruby gems. Source: the documentation of ``Gem::Version``: a word makes a pre-release."""

import re
from functools import cmp_to_key
from itertools import zip_longest
from typing import Any

from asbuilt.supply.versions.unordered import UnorderedError

# As Gem::Version::VERSION_PATTERN, and words without a dot before them, which old gems have ("1beta").
_VERSION = re.compile(r"[0-9][0-9A-Za-z]*(?:\.[0-9A-Za-z]+)*(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?", re.ASCII)
_SEGMENT = re.compile(r"[0-9]+|[a-z]+", re.IGNORECASE | re.ASCII)
_Segments = tuple[int | str, ...]


def gem_key(version: str) -> Any:
    """The key of a version.

    Raises:
        UnorderedError: it is none.
    """
    text = version.strip()
    if not _VERSION.fullmatch(text):
        raise UnorderedError(version, "it is no version of a gem")
    parts: list[int | str] = [
        int(part) if part.isdigit() else part for part in _SEGMENT.findall(text.replace("-", ".pre."))
    ]
    first_word = next((index for index, part in enumerate(parts) if isinstance(part, str)), len(parts))
    return _by_segment((*_without_zeros(parts[:first_word]), *_without_zeros(parts[first_word:])))


def _without_zeros(parts: list[int | str]) -> list[int | str]:
    end = len(parts)
    while end and parts[end - 1] == 0:
        end -= 1
    return parts[:end]


def _compare(left: _Segments, right: _Segments) -> int:
    for one, other in zip_longest(left, right, fillvalue=0):
        if one == other:
            continue
        if isinstance(one, int) and isinstance(other, int):
            return -1 if one < other else 1
        if isinstance(one, str) and isinstance(other, str):
            return -1 if one < other else 1
        return -1 if isinstance(one, str) else 1
    return 0


_by_segment = cmp_to_key(_compare)

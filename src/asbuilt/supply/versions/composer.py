"""Versions of Composer packages, in the order of PHP's ``version_compare``, which Composer's comparator asks.

Source: php.net, ``version_compare``: separators become dots, a dot stands between digits and words, and word by
word any other word < dev < alpha < beta < RC < a number < pl. Written by ourselves because what is at hand drops
the fourth number.
"""

import re
from functools import cmp_to_key
from typing import Any

from asbuilt.supply.versions.unordered import UnorderedError

# The first that the word begins with counts; a number beside a word, and the end of a version, weigh 5.
_WORDS = (("dev", 1), ("a", 2), ("b", 3), ("RC", 4), ("rc", 4), ("p", 6))
_NUMBER, _OTHER = 5, 1
_BRANCH = re.compile(r"dev-|.*(?:^|[.\-])[xX*](?:[.\-]|$)", re.ASCII)
_VERSION = re.compile(r"[0-9][0-9A-Za-z.\-_+~@]*", re.ASCII)
_Parts = tuple[int | str, ...]


def composer_key(version: str) -> Any:
    """The key of a version.

    Raises:
        UnorderedError: it names a branch (``dev-main``, ``2.x-dev``), of which no order tells what is in it; or it
            has no number at all.
    """
    text = version.strip()
    text = text[1:] if text[:1] in {"v", "V"} else text
    if _BRANCH.match(text):
        raise UnorderedError(version, "it names a branch, whose content changes")
    if not _VERSION.fullmatch(text):
        raise UnorderedError(version, "it is no number with words behind it")
    text = text.split("+", 1)[0]  # build metadata, which Composer drops
    text = re.sub(r"[-_]", ".", text)
    text = re.sub(r"([^\d.])(\d)", r"\1.\2", text)
    text = re.sub(r"(\d)([^\d.])", r"\1.\2", text)
    return _by_part(tuple(int(part) if part.isdigit() else part for part in text.split(".") if part))


def _weight(part: int | str) -> int:
    if isinstance(part, int):
        return _NUMBER
    return next((weight for word, weight in _WORDS if part.startswith(word)), _OTHER)


def _compare(left: _Parts, right: _Parts) -> int:
    for one, other in zip(left, right, strict=False):
        if isinstance(one, int) and isinstance(other, int):
            first, second = one, other
        else:
            first, second = _weight(one), _weight(other)
        if first != second:
            return -1 if first < second else 1
    if len(left) == len(right):
        return 0
    # What goes on with a number is later; with a word, earlier or later than the end as the word says.
    longer, sign = (left, 1) if len(left) > len(right) else (right, -1)
    following = longer[min(len(left), len(right))]
    if isinstance(following, int):
        return sign
    weight = _weight(following)
    return sign * ((weight > _NUMBER) - (weight < _NUMBER))


_by_part = cmp_to_key(_compare)

"""Versions of Maven artifacts.

Source: maven.apache.org/pom.html, "Version Order Specification"; and, as Maven's own ComparableVersion does though
the page does not say it, ``release`` counts as nothing: Spring's ``4.1.0.RELEASE`` is ``4.1.0``.
"""

import re
from functools import cmp_to_key
from itertools import zip_longest
from typing import Any, NamedTuple

from asbuilt.supply.versions.unordered import UnorderedError

_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.\-_+~]*", re.ASCII)
_ORDER = {word: at for at, word in enumerate(("alpha", "beta", "milestone", "rc", "snapshot", "", "sp"))}
_SHORT = {"a": "alpha", "b": "beta", "m": "milestone"}  # directly before a number
_SAME = {"cr": "rc", "ga": "", "final": "", "release": ""}


class _Token(NamedTuple):
    separator: str
    value: int | str
    padding: bool = False


def maven_key(version: str) -> Any:
    """The key of a version.

    Raises:
        UnorderedError: it is none: an unresolved ``${property}``, a range, or nothing.
    """
    text = version.strip()
    if not _VERSION.fullmatch(text):
        raise UnorderedError(version, "it is no version of an artifact")
    return _by_token(tuple(_trimmed(_tokens(text.lower()))))


def _tokens(text: str) -> list[_Token]:
    # (1) Split at dots, at hyphens, and between digits and words, which counts as a hyphen.
    found: list[_Token] = []
    for chunk in re.finditer(r"(^|[.-])([^.-]*)", text):
        pieces = re.findall(r"\d+|\D+", chunk[2]) or ["0"]  # what is empty is zero
        for at, piece in enumerate(pieces):
            separator = chunk[1] if at == 0 else "-"
            value: int | str = int(piece) if piece.isdigit() else _SAME.get(piece, piece)
            if isinstance(value, str) and at + 1 < len(pieces):
                value = _SHORT.get(value, value)
            found.append(_Token(separator, value))
    return found


def _trimmed(tokens: list[_Token]) -> list[_Token]:
    # (2) What counts as nothing is dropped from the end, and before each hyphen.
    at = len(tokens) - 1
    while at > 0:
        if tokens[at].value in {0, ""}:
            del tokens[at]
            at -= 1
            continue
        while at >= 0 and tokens[at].separator != "-":
            at -= 1
        at -= 1
    return tokens


def _padding(beside: _Token) -> _Token:
    # (3) The shorter one goes on with nothing: 0 after a dot, "" after a hyphen ("sp" alone comes after "").
    if beside.separator == "." and beside.value != "sp":
        return _Token(".", 0, padding=True)
    return _Token(beside.separator, "", padding=True)


def _compare(left: tuple[_Token, ...], right: tuple[_Token, ...]) -> int:
    for one, other in zip_longest(left, right):
        first = one or _padding(other)
        second = other or _padding(one)
        if first[:2] == second[:2]:
            continue
        if first.separator != second.separator:
            return -1 if _kind(first) < _kind(second) else 1
        return _by_value(first, second)
    return 0


def _kind(token: _Token) -> int:
    # (4) ".word" < "-word" < "-number" < ".number"
    if isinstance(token.value, int):
        return 3 if token.separator == "." else 2
    return 1 if token.separator == "-" else 0


def _by_value(first: _Token, second: _Token) -> int:
    one, other = first.value, second.value
    # (5) Numbers by value; a number after a word; known words in their order, before all others, which go by
    # letter.
    if isinstance(one, int) and isinstance(other, int):
        return -1 if one < other else 1
    if isinstance(one, int) and not first.padding:
        return 1
    if isinstance(other, int) and not second.padding:
        return -1
    words = ("0" if one == 0 else str(one), "0" if other == 0 else str(other))
    left, right = (_ORDER.get(word, len(_ORDER)) for word in words)
    if left == right == len(_ORDER):
        return (words[0] > words[1]) - (words[0] < words[1])
    return (left > right) - (left < right)


_by_token = cmp_to_key(_compare)

"""Licences as SPDX expressions (SPDX specification 2.3, annex D); what is unknown stays None, never guessed."""

import importlib
import re
from functools import cache, lru_cache
from typing import Final

from asbuilt.catalogue.licences import folded_words, licence_aliases

LONGEST: Final = 500
_WORD: Final = re.compile(r"\s*([()]|[A-Za-z0-9.+-]+)")


@lru_cache(1 << 12)
def spdx_expression(text: str) -> str | None:
    """The SPDX expression that a text is or, by the catalogue, means; None when it is not known."""
    if len(text) > LONGEST:
        return None
    alias = licence_aliases().get(folded_words(text))
    if alias is not None:
        return alias
    words = _words(text.strip())
    return _Expression(words).whole() if words else None


class _Expression:
    """A reading of one expression, from left to right: ``or`` binds least, then ``and``, then ``with``."""

    def __init__(self, words: list[str]) -> None:
        self._words = words
        self._at = 0

    def whole(self) -> str | None:
        found = self._either(0)
        return found if self._at == len(self._words) else None

    def _next(self) -> str:
        return self._words[self._at].upper() if self._at < len(self._words) else ""

    def _either(self, depth: int) -> str | None:
        return self._joined("OR", depth)

    def _joined(self, word: str, depth: int) -> str | None:
        parts: list[str] = []
        while True:
            own = self._joined("AND", depth) if word == "OR" else self._one(depth)
            if own is None:
                return None
            parts.append(own)
            if self._next() != word:
                return f" {word} ".join(parts)
            self._at += 1

    def _one(self, depth: int) -> str | None:
        if self._next() == "(" and depth < 16:
            self._at += 1
            inner = self._either(depth + 1)
            if inner is None or self._next() != ")":
                return None
            self._at += 1
            return f"({inner})" if " " in inner else inner
        own = _licences().get(self._next().lower())
        self._at += 1
        if own is None or self._next() != "WITH":
            return own
        self._at += 1
        exception = _exceptions().get(self._next().lower())
        self._at += 1
        return f"{own} WITH {exception}" if exception else None


def _words(text: str) -> list[str]:
    found, at = [], 0
    while at < len(text):
        match = _WORD.match(text, at)
        if match is None:
            return []
        found.append(match[1])
        at = match.end()
    return found


@cache
def _licences() -> dict[str, str]:
    return _keys(are_exceptions=False)


@cache
def _exceptions() -> dict[str, str]:
    return _keys(are_exceptions=True)


def _keys(*, are_exceptions: bool) -> dict[str, str]:
    """The current SPDX identifier for each that is or was one, by its small letters."""
    found: dict[str, str] = {}
    for own in importlib.import_module("license_expression").get_license_index():  # it takes a while to load
        key = own.get("spdx_license_key") or ""
        if key and not key.startswith("LicenseRef-") and bool(own.get("is_exception")) == are_exceptions:
            for each in (*own.get("other_spdx_license_keys", ()), key):
                if not each.startswith("LicenseRef-"):
                    found[each.lower()] = key
    return found

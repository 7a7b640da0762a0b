"""Secrets in any text: patterns of RE2, whose time is linear in the text whatever it holds, and what is none.

1. Only texts that hold one of a rule's words are searched.
2. A strict rule leaves alone what looks like a placeholder, a name, a word or a path, and what stands under a
   name that speaks of none.
3. A value needs the entropy that its rule asks for.
4. What its issuer means everybody to see is no secret; what makes one doubtful is told with it.
"""

import math
from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from posixpath import basename
from typing import Any, Final, NamedTuple

import re2

from asbuilt.scans.issued import doubt, is_public, role_of
from asbuilt.scans.rulebook import Rule

LONGEST_LINE: Final = 4_000  # bytes; a strict rule looks at no longer one, which no person wrote
_PLACEHOLDER: Final = re2.compile(
    r"(?i)"
    r"example|sample|dummy|fake|mock|place-?_?holder|change-?_?(?:me|this|it)|replace|insert|your[-_ .]|my[-_]"
    r"|redacted|\*{3}|\.{3}|xxx|<[^>]*>|\$\{|\$\(|\{\{|\{[a-z_.]+\}|%\(|%s|<%|#\{|test|todo|undefined|null|none|default"
    r"|~~|^\$\w{1,12}\$|^\{\w{2,8}\}|0{5}|1234567|abcdef|qwerty|process\.env|env\(|os\.environ|getenv|localhost"
    r"|foobar|lorem|secret[-_]?key|s3cr3t",
)
_WORDS: Final = re2.compile(
    r"[A-Za-z]+(?:[-_. /:][A-Za-z]+)*[-_.:]?\d{0,2}|@?[a-z0-9_.-]*/[a-z0-9_./:-]*|https?://.*|\d+(?:\.\d+)*|[a-z.]+@.*"
    r"|\d?[A-Za-z]{2,}\d?(?:[-_.]\d?[A-Za-z]{2,}\d?)+|[a-z_]+(?::[^|]*)?(?:\|[a-z_]+(?::[^|]*)?)+"
    r"|(?:gpt|claude|gemini|llama|mistral|text-embedding|o\d)-.*"
)
# Names that hold one of a rule's words and speak of no secret.
_NO_SECRET: Final = re2.compile(
    r"(?i)tokeni[sz]|tokens?_?(?:encoding|per|count|limit|type|name|address|url|uri|endpoint|prefix|pattern)|_?address"
    r"|key_?(?:id|name|word|code|board|path|prefix|pattern)|public_?key|publishable|(?:password|token|secret|key)_?(?:hint|label|title"
    r"|message|description|placeholder|help|regex|format|selector|policy|field|input|url|path|file|length|rules?|version)"
)
_NAMES: Final = re2.compile(r"(?:[a-z]{2,}|[A-Z][a-z]{2,}|[A-Z]{2,})(?:[-_.]?(?:[A-Z]?[a-z]{2,}|[A-Z]{2,}|\d))*")
# From here on letters are those of languages: what holds one was written to be read, mostly in translations.
_OF_LANGUAGE: Final = "\u0250"


_MEMORY: Final = 64 << 20  # bytes that all patterns of a rule as one may take


class Secret(NamedTuple):
    """One secret: where it stands in the bytes of a text, and why it may be none (the end of a sentence)."""

    start: int
    end: int
    doubt: str | None = None


def search(rule: Rule, path: str, data: bytes) -> Iterator[Secret]:
    """The secrets of one rule in the UTF-8 of a text."""
    told = rule.text
    if told is None or (told.files and not any(fnmatchcase(basename(path), glob) for glob in told.files)):
        return
    if len(told.patterns) > 1 and _any_of(rule.id, told.patterns).search(data) is None:
        return
    for pattern in _compiled(rule.id, told.patterns):
        for match in pattern.finditer(data):
            start, end = match.span(1)
            value = data[start:end].decode("utf-8", "replace")
            if told.strict and (is_harmless(value) or _line_length(data, start) > LONGEST_LINE):
                continue
            if told.strict and _NO_SECRET.search(data[match.start() : start].decode("utf-8", "replace")):
                continue
            if told.role is not None and role_of(value) != told.role:
                continue
            if entropy(value) >= told.bits and not value.endswith("EXAMPLE") and not is_public(value):
                yield Secret(start, end, doubt(value, data, start, end))


@cache
def _compiled(rule: str, patterns: tuple[str, ...]) -> tuple[Any, ...]:
    del rule  # one entry for each rule
    return tuple(re2.compile(pattern.encode()) for pattern in patterns)


@cache
def _any_of(rule: str, patterns: tuple[str, ...]) -> Any:
    """All patterns as one, which is looked for once instead of each by itself."""
    del rule
    options = re2.Options()
    options.max_mem = _MEMORY
    return re2.compile("|".join(each.replace("(?P<secret>", "(?:") for each in patterns).encode(), options)


def is_harmless(value: str) -> bool:
    """Whether a value looks like a placeholder, a name, words, a path or a version, and not like a secret."""
    return (
        _PLACEHOLDER.search(value[:200]) is not None
        or _WORDS.fullmatch(value[:200]) is not None
        or _NAMES.fullmatch(value[:200]) is not None
        or not any(each.isdigit() for each in value)
        or len(set(value)) < 5
        or any(each >= _OF_LANGUAGE for each in value)
    )


def entropy(value: str) -> float:
    """Shannon's entropy of the characters, in bits for each."""
    counts = Counter(value)
    return -sum(count / len(value) * math.log2(count / len(value)) for count in counts.values())


def _line_length(data: bytes, at: int) -> int:
    start = data.rfind(b"\n", max(0, at - LONGEST_LINE - 1), at)
    end = data.find(b"\n", at, at + LONGEST_LINE + 1)
    return (end if end >= 0 else min(len(data), at + LONGEST_LINE + 1)) - (
        start if start >= 0 else max(0, at - LONGEST_LINE - 1)
    )

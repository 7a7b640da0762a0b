"""The packages that a JavaScript or TypeScript file imports, out of its tokens; linear in its length.

Read are ``import … from "x"``, ``import "x"``, ``export … from "x"``, ``import("x")``, ``require("x")`` and
``require.resolve("x")``. Comments, texts and templates are passed over as what they are.
"""

import re
from collections.abc import Iterator
from typing import Final

from asbuilt.supply.imports.python import LARGEST, Import

_TOKEN: Final = re.compile(
    r"(?P<space>\s++)|(?P<line>//[^\n]*+)|(?P<block>/\*)|(?P<template>`)|(?P<word>[A-Za-z_$][\w$]*+)|(?P<other>.)",
    re.DOTALL,
)
# What is closed on its own line, by the character that opens it.
_CLOSED: Final = {
    '"': re.compile(r'"(?:[^"\\\n]|\\.)*+"', re.DOTALL),
    "'": re.compile(r"'(?:[^'\\\n]|\\.)*+'", re.DOTALL),
    "/": re.compile(r"/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*+\])++/[a-z]*+"),
}
_TEMPLATE: Final = re.compile(r"`(?:[^`\\]|\\.)*+`", re.DOTALL)
# After these a slash begins a regular expression; after a value it divides.
_BEFORE_REGEX: Final = frozenset("(,=:[!&|?{};+-*%<>~^") | {"return", "typeof", "case", "in", "of", "=>", ""}
_NOTHING: Final = frozenset({"space", "line", "block"})
_CALLS: Final = frozenset({"require", "import"})
_BEFORE: Final = frozenset({"from", "import"})  # a text right after these is what is imported


def javascript_imports(data: bytes) -> tuple[Import, ...] | None:
    """What a file imports, in its order, without what is relative; None when it is too large or no text."""
    if len(data) > LARGEST:
        return None
    try:
        words = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return tuple(_imports(words))


def package_of(module: str) -> str | None:
    """The package that a specifier names; None when it names none: relative, absolute, an address, an alias."""
    name, _, rest = module.partition("/")
    if name.startswith("@"):
        name = f"{name}/{rest.partition('/')[0]}"
    return name if _NAME.fullmatch(name) else None


_NAME: Final = re.compile(r"(?:@[a-z0-9~-][\w.~-]*/)?[a-z0-9][\w.-]*", re.IGNORECASE)


def _imports(words: str) -> Iterator[Import]:
    line, optional, depth = 1, -1, 0
    before: list[str] = ["", "", "", ""]  # the last parts
    for part, counted, start in _parts(words):
        line += words.count("\n", counted, start)
        if part[0] in "\"'" and package_of(part[1:-1]):
            called = before[-1] == "(" and (before[-2] in _CALLS or before[-4:-1] == ["require", ".", "resolve"])
            if before[-1] in _BEFORE or called:
                yield Import(part[1:-1], line, 0 <= optional < depth)
        if part == "{":
            optional = depth if optional < 0 and before[-1] == "try" else optional
            depth += 1
        elif part == "}":
            depth -= 1
            optional = -1 if depth <= optional else optional
        before = [*before[1:], part]


def _parts(words: str) -> Iterator[tuple[str, int, int]]:
    """The parts of a text that are neither space nor comment; the end of the one before, and the beginning."""
    at, counted, last = 0, 0, ""
    open_until: dict[str, int] = {}  # up to where it is known that what a character opens is never closed
    while (found := _TOKEN.match(words, at)) is not None:
        kind, part, end = found.lastgroup, found[0], found.end()
        if kind == "block":
            end = words.find("*/", at + 2) + 2
            if end == 1:
                return
        elif kind == "template":
            whole = _TEMPLATE.match(words, at)
            if whole is None:
                return
            end = whole.end()
        elif part in _CLOSED and (part != "/" or last in _BEFORE_REGEX) and at >= open_until.get(part, 0):
            whole = _CLOSED[part].match(words, at)
            if whole is None:
                open_until[part] = words.find("\n", at) % (len(words) + 1)
            else:
                part, end = whole[0], whole.end()
        if kind not in _NOTHING:
            yield part, counted, at
            counted, last = at, part
        at = end

"""Which calls rules watch, and whether what one is given is what its rule forbids."""

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any, Final

import re2

from asbuilt.model.scan import Severity
from asbuilt.scans.flow.following import Called
from asbuilt.scans.flow.values import CHECKED, OWN_ADDRESS, Value
from asbuilt.scans.rulebook import Flow, Rule

_ALL: Final = -1
# Functions whose result is still what they were given: readers of a request, and what trims or decodes a text.
_READERS: Final = frozenset({
    "get", "getlist", "getAll", "get_all", "pop", "json", "formData", "form", "text", "body", "get_json",
    "String", "str", "toString", "decodeURIComponent", "decodeURI", "unquote", "unquote_plus", "strip",
    "lstrip", "rstrip", "trim", "lower", "upper", "URL", "parse", "loads", "get_argument", "header", "cast",
    "replace", "dict", "fromEntries", "values", "keys", "items", "to_dict", "b64encode", "b64decode",
    "urlsafe_b64decode", "atob", "encode", "decode", "URLSearchParams", "getParameter", "split", "rsplit",
    "partition", "format", "join", "concat", "slice", "unescape", "next", "sub", "title", "removeprefix",
    "removesuffix", "resolve", "normalize", "abspath", "realpath", "from", "File", "list", CHECKED, OWN_ADDRESS,
})  # fmt: skip


class Watch:
    """Rules about calls, by the last part of the names that they watch."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)
        self._by_last: dict[str, list[tuple[Rule, Flow]]] = {}
        for rule in rules:
            if rule.flow is not None:
                for last in {name.rpartition(".")[2] for name in rule.flow.calls}:
                    self._by_last.setdefault(last, []).append((rule, rule.flow))

    def judge(self, called: Called) -> Iterator[tuple[Rule, Severity]]:
        """The rules that a call breaks, with how bad that is."""
        names = [name for name in (called.written, called.full) if name]
        lasts = {name.rpartition(".")[2] for name in names}
        for last in lasts:
            for rule, flow in self._by_last.get(last, ()):
                if not any(fnmatchcase(name, wanted) for name in names for wanted in flow.calls):
                    continue
                if not _applies(flow, called):
                    continue
                given = _given(flow, called)
                if flow.first:
                    given = (held for each in given for held in _members(flow, each))
                if flow.head:
                    heads = ((each.items or {}).get(0, each) for each in given)
                    given = (each for each in heads if each.items is None)
                found = [each for each in given if _forbidden(flow, each)]
                if found:
                    proven = any(each.outside and not each.through - _READERS for each in found)
                    yield rule, rule.severity if proven else flow.unproven or rule.severity


def _applies(flow: Flow, called: Called) -> bool:
    for name, wanted in flow.when.items():
        value = called.named.get(name)
        if value is None or value.known != wanted:
            return False
    return True


def _given(flow: Flow, called: Called) -> Iterator[Value]:
    if _ALL in flow.arguments:
        yield from called.arguments
    for place in flow.arguments:
        if 0 <= place < len(called.arguments):
            yield called.arguments[place]
    for name in flow.names:
        if name in called.named:
            yield called.named[name]


def _members(flow: Flow, value: Value) -> tuple[Value, ...]:
    """What a list holds, if its first member is one that the rule names."""
    items = value.items or {}
    begins = items[0].text in flow.first if 0 in items else False
    return tuple(items.values()) if begins else ()


def _forbidden(flow: Flow, value: Value) -> bool:
    if flow.finds == "constant":
        known = [each.known for each in (value, *(value.items or {}).values())]
        return any(isinstance(own, str) and _pattern(flow.holds or "").search(own) for own in known)
    if not value.through.isdisjoint(flow.clean) or CHECKED in value.through:
        return False
    if flow.direct and (OWN_ADDRESS in value.through or value.through - _READERS or _is_request(value)):
        return False
    if flow.finds == "either" and value.outside and not value.built:
        return True
    held = flow.holds is None or _pattern(flow.holds).search(value.text) is not None
    return held and (value.outside if flow.finds == "outside" else value.built)


def _is_request(value: Value) -> bool:
    """Whether a value is a request as a whole, which is handed on."""
    return value.name.rpartition(".")[2] in {"request", "req"}


@lru_cache(200)
def _pattern(told: str) -> Any:
    return re2.compile(told)

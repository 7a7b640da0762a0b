"""A SARIF log without its secrets, in parts: what is large is never held whole.

1. Of an object whose members are named here (the log, a run) the last of several members of one name counts.
2. Of a result about a secret only members that are known to be harmless stay; of a file, none of its contents.
3. All else is searched for the values that were seen, and for well-known kinds of secrets; names of members too.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

import msgspec

from asbuilt.scans.content import Content, Part, dig, items
from asbuilt.scans.pieces import Pieces
from asbuilt.scans.secrecy import REDACTED, Redaction, keep_only

Marks = list[int]  # the places of a run's results about secrets, in order
_HARMLESS: Final = frozenset({
    "ruleId", "ruleIndex", "level", "kind", "locations", "baselineState", "suppressions", "guid", "rank", "taxa",
})  # fmt: skip
_REGION: Final = frozenset({"startLine", "endLine", "startColumn", "endColumn"})
_encode = msgspec.json.Encoder().encode


def rewritten(content: Content, marked: Mapping[int, Marks], redaction: Redaction) -> Iterator[bytes]:
    """The log, as JSON in parts; ``marked`` are the results about secrets, by the place of their run."""
    return _Rewriting(content, marked, redaction).log()


class _Rewriting:
    """One log while it is written anew."""

    def __init__(self, content: Content, marked: Mapping[int, Marks], redaction: Redaction) -> None:
        self._content, self._marked, self._redaction = content, marked, redaction

    def log(self) -> Iterator[bytes]:
        return self._named(self._content.pieces or msgspec.Raw(self._content.data), {"runs": self._runs})

    def _runs(self, part: Part) -> Iterator[bytes]:
        runs = self._content.elements(part)
        return self._plain(part) if runs is None else self._list(self._run(*each) for each in enumerate(runs))

    def _run(self, place: int, part: Part) -> Iterator[bytes]:
        def results(told: Part) -> Iterator[bytes]:
            found = self._content.elements(told)
            marks = iter(self._marked.get(place, ()))
            return self._plain(told) if found is None else self._list(self._results(found, marks))

        def artifacts(told: Part) -> Iterator[bytes]:
            found = self._content.elements(told)
            return self._plain(told) if found is None else self._list(map(self._artifact, found))

        return self._named(part, {"results": results, "artifacts": artifacts})

    def _results(self, parts: Iterable[Part], marks: Iterator[int]) -> Iterator[Iterator[bytes]]:
        """(2) Each result; those about secrets by what is harmless of them."""
        wanted = next(marks, None)
        for number, part in enumerate(parts):
            if number != wanted:
                yield self._plain(part)
                continue
            wanted = next(marks, None)
            result = self._content.value(part)
            keep_only(result, _HARMLESS)
            for location in items(dig(result, "locations")):
                keep_only(location, {"physicalLocation"})
                keep_only(dig(location, "physicalLocation"), {"artifactLocation", "region"})
                keep_only(dig(location, "physicalLocation", "region"), _REGION)
            yield self._value(result)

    def _artifact(self, part: Part) -> Iterator[bytes]:
        artifact = self._content.value(part)
        if isinstance(artifact, dict) and "contents" in artifact:
            artifact["contents"] = REDACTED
        return self._value(artifact)

    def _named(self, part: Part, writers: Mapping[str, Callable[[Part], Iterator[bytes]]]) -> Iterator[bytes]:
        """(1) An object, some of whose members are written in their own way."""
        if isinstance(part, Pieces):
            if part.is_list:
                return self._plain(part)
            last = {name: place for place, (name, _) in enumerate(self._content.each(part.members()))}
            kept = frozenset(last.values())
            told: Iterable[tuple[str, Part]] = (
                member for place, member in enumerate(self._content.each(part.members())) if place in kept
            )
        else:
            members = self._content.members(part)
            if members is None:
                return self._plain(part)
            told = members.items()
        return self._object((name, writers.get(name, self._plain)(value)) for name, value in told)

    def _plain(self, part: Part) -> Iterator[bytes]:
        """(3) Anything else."""
        if isinstance(part, msgspec.Raw):
            return self._value(self._content.value(part))
        if part.is_list:
            return self._list(map(self._plain, self._content.each(part.elements())))
        return self._object((name, self._plain(value)) for name, value in self._content.each(part.members()))

    def _value(self, value: Any) -> Iterator[bytes]:
        yield _encode(self._redaction.document(value))

    def _list(self, values: Iterable[Iterator[bytes]]) -> Iterator[bytes]:
        mark = b"["
        for value in values:
            yield mark
            yield from value
            mark = b","
        yield b"[]" if mark == b"[" else b"]"

    def _object(self, members: Iterable[tuple[str, Iterator[bytes]]]) -> Iterator[bytes]:
        mark = b"{"
        for name, value in members:
            yield mark + _encode(self._redaction.text(name)) + b":"
            yield from value
            mark = b","
        yield b"{}" if mark == b"{" else b"}"

"""``mix.exs`` of Mix (Elixir): dependencies that are written out; what is computed is told, and not guessed.

Nothing of the code is executed. Read is the list that ``deps:`` of the project names, or the function it calls.
"""

from typing import Final, NamedTuple

from asbuilt.model.component import Origin, Scope
from asbuilt.supply.code_words import Gaps, Words, closing, literal, named, parts, symbols, words_of
from asbuilt.supply.formats import RefusedError, read_text
from asbuilt.supply.gathering import Beside, Gathering, Reading, gathered

READS: Final = ("mix.exs",)
BESIDE: Final = True
LOCKS: Final = ("mix.lock",)
MOST_LISTS: Final = 20  # of one file
_SOURCES: Final = {"git": "{}", "github": "https://github.com/{}.git"}
_FOR_BUILDING: Final = frozenset({"dev", "test", "docs", "lint", "bench"})


class _Entry(NamedTuple):
    """One dependency: its name and line, the range as written, and its options."""

    name: str
    line: int
    declared: str | None
    options: dict[str, Words]


def read(data: bytes, path: str, beside: Beside) -> Reading:
    """The dependencies that a project of Mix declares."""
    return gathered("Hex", path, lambda found: _fill(found, read_text(data), beside))


def _fill(found: Gathering, text: str, beside: Beside) -> None:
    words = [each for each in words_of(text, "hash") if each.kind != "break"]
    gaps = Gaps()
    if not any(each.text == "defmodule" for each in words):
        gaps.note("It is no project of Mix: it defines no module.", 1)
    functions: set[str] = set()
    places = [
        at
        for at, own in enumerate(words[:-2])
        if own.kind == "word" and own.text == "deps" and words[at + 1].text == ":"
    ]
    _bounded(len(places))
    for at in places:
        own = words[at]
        if words[at + 2].text == "[":
            _listed(found, gaps, words, at + 2)
        elif words[at + 2].kind == "word":
            functions.add(words[at + 2].text)
        else:
            gaps.note("The list of dependencies is computed.", own.line)
    for name in sorted(functions):
        bodies = [
            at for at, own in enumerate(words[1:], 1) if own.text == name and words[at - 1].text in {"def", "defp"}
        ]
        _bounded(len(bodies))
        for at in bodies:
            _function(found, gaps, words, at)
        if not bodies:
            gaps.note(f"The list of dependencies is computed: by {name!r:.100}.", 1)
    gaps.tell(found, LOCKS, beside)


def _bounded(count: int) -> None:
    if count > MOST_LISTS:
        raise RefusedError(f"It has more than {MOST_LISTS} lists of dependencies.")


def _function(found: Gathering, gaps: Gaps, words: Words, at: int) -> None:
    """The list that a function gives: ``do [...] end`` or ``, do: [...]``."""
    line = words[at].line
    start = at + 1
    if start < len(words) and words[start].text == "(":
        start = closing(words, start) + 1
    texts = [each.text for each in words[start : start + 4]]
    if texts[:2] == ["do", "["]:
        start += 1
    elif texts == [",", "do", ":", "["]:
        start += 3
    else:
        gaps.note(f"The list of dependencies of {words[at].text!r:.100} is computed.", line)
        return
    _listed(found, gaps, words, start)


def _listed(found: Gathering, gaps: Gaps, words: Words, start: int) -> None:
    end = closing(words, start)
    for part in parts(words[start + 1 : end]):
        entry = _entry(part)
        if entry is None:
            gaps.note(f"A dependency is computed: {_shown(part)}.", part[0].line)
        else:
            _add(found, gaps, entry)
    if [each.text for each in words[end + 1 : end + 3]] in (["+", "+"], ["|", ">"]):
        gaps.note("More dependencies are added to the list by code that is not executed.", words[end + 1].line)


def _entry(part: Words) -> _Entry | None:
    """``{:name, "range", option: value}``; None when it is something else."""
    if part[0].text != "{" or closing(part, 0) != len(part) - 1:
        return None
    given = parts(part[1:-1])
    names = symbols(given[0]) if given and given[0][0].text == ":" else None
    if names is None:
        return None
    declared: str | None = "*"
    options: dict[str, Words] = {}
    rest = [each for each in given[1:] if each[0].text != "["]
    for listed in given[1:]:
        if listed[0].text == "[":
            rest += parts(listed[1 : closing(listed, 0)])
    for each in rest:
        pair = named(each)
        if pair is not None:
            options[pair[0]] = pair[1]
        else:
            declared = literal(each)
    return _Entry(names[0], part[0].line, declared, options)


def _add(found: Gathering, gaps: Gaps, entry: _Entry) -> None:
    if entry.declared is None:
        gaps.note(f"The version of {entry.name!r:.100} is computed.", entry.line)
    kind = next((each for each in _SOURCES if each in entry.options), None)
    address = literal(entry.options[kind]) if kind else None
    if kind and address is None:
        gaps.note(f"Where {entry.name!r:.100} comes from is computed.", entry.line)
    mark = next((told for key in ("ref", "tag", "branch") if (told := literal(entry.options.get(key, ())))), None)
    url = _SOURCES[kind].format(address) if kind and address else None
    source: Origin = (
        "git"
        if kind
        else "workspace"
        if "in_umbrella" in entry.options
        else "file"
        if "path" in entry.options
        else "registry"
    )
    package = symbols(entry.options.get("hex", ()))
    found.add(
        package[0] if package else entry.name,
        None,
        line=entry.line,
        declared=mark if mark and entry.declared == "*" else entry.declared,
        direct=True,
        scope=_scope(gaps, entry),
        source=source,
        origin_url=f"{url}@{mark}" if url and mark else url,
    )


def _scope(gaps: Gaps, entry: _Entry) -> Scope | None:
    if "only" in entry.options:
        names = symbols(entry.options["only"])
        if names is None:
            gaps.note(f"What {entry.name!r:.100} is for is computed.", entry.line)
            return None
        return "development" if _FOR_BUILDING.issuperset(names) else "runtime"
    optional = entry.options.get("optional", ())
    return "optional" if [each.text for each in optional] == ["true"] else "runtime"


def _shown(words: Words) -> str:
    return repr(" ".join(each.text for each in words[:12]))[:100]

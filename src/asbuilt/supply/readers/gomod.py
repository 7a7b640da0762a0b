"""``go.mod``: what is required, after ``replace`` (Go Modules Reference). ``go.sum`` lists more than is built."""

import re
from typing import Final, NamedTuple

from asbuilt.supply.formats import RefusedError, read_text
from asbuilt.supply.gathering import Gathering, Reading, gathered

READS: Final = ("go.mod",)
_WORD = re.compile(r'"(?:[^"\\]|\\.)*"|`[^`]*`|=>|[()]|[^\s()"`]+')
_VERBS: Final = frozenset(
    {"module", "go", "toolchain", "require", "replace", "exclude", "retract", "tool", "godebug", "ignore"}
)


class _Told(NamedTuple):
    """What the directives say: versions required, replacements, and the releases of Go; each with its line."""

    required: dict[tuple[str, str], tuple[int, bool]]
    replaced: dict[tuple[str, str], tuple[str, str, int]]
    releases: dict[str, tuple[str, int]]


def read(data: bytes, path: str) -> Reading:
    """The modules that a Go module requires."""
    return gathered("Go", path, lambda found: _fill(found, read_text(data)))


def _fill(found: Gathering, text: str) -> None:
    told = _Told({}, {}, {})
    block = ""
    for number, row in enumerate(text.split("\n"), 1):
        bare, _, comment = row.partition("//")
        words = [each.strip('"`') for each in _WORD.findall(bare)]
        if not words:
            continue
        if words == [")"]:
            block = ""
            continue
        verb = block or words.pop(0)
        if verb not in _VERBS:
            raise RefusedError(f"It is no go.mod: {verb!r:.80} is no directive.", number)
        if words == ["("]:
            block = verb
        elif not _take(told, verb, words, number, is_direct="indirect" not in comment):
            found.refuse(f"A line is no {verb}: {row.strip()!r:.120}.", number)
    _language(found, told.releases, bool(told.required))
    for (name, version), (line, direct) in told.required.items():
        own = told.replaced.get((name, version)) or told.replaced.get((name, ""))
        if own is None:
            found.add(name, version, line=line, direct=direct)
        elif own[1]:
            found.add(own[0], own[1], line=own[2], direct=direct)
        else:
            found.add(name, None, line=own[2], declared=own[0], source="file", direct=direct)


def _take(told: _Told, verb: str, words: list[str], number: int, *, is_direct: bool) -> bool:
    """Keep one directive; whether it is one."""
    if verb == "require":
        if len(words) < 2:
            return False
        told.required[words[0], words[1]] = (number, is_direct)
    elif verb == "replace":
        at = words.index("=>") if "=>" in words else 0
        old, new = words[:at], words[at + 1 :]
        if not old or not new:
            return False
        told.replaced[old[0], old[1] if len(old) > 1 else ""] = (new[0], new[1] if len(new) > 1 else "", number)
    elif verb in {"go", "toolchain"} and words:
        told.releases[verb] = (words[0].removeprefix("go"), number)
    return True


def _language(found: Gathering, told: dict[str, tuple[str, int]], has_requirements: bool) -> None:
    """The standard library is declared, not locked: the file says the oldest release that may build it."""
    if "toolchain" in told or "go" in told:
        version, line = told.get("toolchain") or told["go"]
        found.add("stdlib", None, line=line, declared=f">={version}", direct=True)
    numbers = re.match(r"(\d{1,4})\.(\d{1,4})", told["go"][0], re.ASCII) if "go" in told else None
    if has_requirements and (numbers is None or (int(numbers[1]), int(numbers[2])) < (1, 17)):
        found.refuse(
            "It does not list what is needed indirectly: files for Go before 1.17 leave that out.",
            told["go"][1] if "go" in told else None,
            "Run `go mod tidy -go=1.17` or newer.",
        )

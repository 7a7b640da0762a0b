"""Module proxies of Go: the versions of a module, its newest and oldest one, what its ``go.mod`` takes back.

Source: the Go Modules Reference, "GOPROXY protocol", "Module paths, Deprecation", "retract directive".

1. ``@v/list`` says whether the module is there, and its versions; a module without any has only a newest commit.
2. ``@latest`` names the newest, whose ``go.mod`` tells what is deprecated and what was retracted.
3. The times that a proxy tells are those of commits, which their authors choose: bounds of a release, no dates.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

import msgspec

from asbuilt.model.registry_facts import (
    COMMITTED,
    DATES,
    DEPRECATED,
    LICENCE,
    OWNERS,
    YANKED,
    PackageFacts,
    Standing,
    VersionFacts,
)
from asbuilt.supply.formats import RefusedError, read_text
from asbuilt.supply.registry.answers import (
    DAY,
    MOST_VERSIONS,
    Answer,
    Asked,
    Probe,
    document,
    facts_of,
    is_deprecated,
    moment,
    reads,
    repository_of,
    text,
)
from asbuilt.supply.versions import UnorderedError, order_key

ECOSYSTEM: Final = "Go"
ACCEPT: Final = "*/*"
_VERSION: Final = re.compile(r"v\d+\.\d+\.\d+[0-9A-Za-z.+-]*")
_COMMENT: Final = re.compile(r"//\s?(.*)")
_RANGE: Final = re.compile(r"\[\s*(v[^\s,\]]+)\s*,\s*(v[^\s,\]]+)\s*\]|(v[^\s\[\],]+)")
_MOST_LINES: Final = 20_000
_WHY_OF: Final = "the newest go.mod could not be read"


class _Retracted(msgspec.Struct, frozen=True):
    low: str
    high: str
    why: str


def asks(base: str, name: str) -> tuple[str, ...]:
    """The addresses of a module's versions, and of its newest one."""
    # (1), (2)
    place = f"{base}/{_escaped(name)}"
    return (f"{place}/@v/list", f"{place}/@latest")


def asks_more(base: str, name: str, answers: Sequence[Answer]) -> tuple[str, ...]:
    """The ``go.mod`` of the newest version, and when the commit of the oldest was made."""
    if len(answers) != 2:
        return ()
    listed = _listed(answers[0])
    newest = _newest(listed, _latest(answers[1])[0])
    if newest is None:
        return ()
    oldest = min(listed, key=_order, default=newest)
    place = f"{base}/{_escaped(name)}/@v"
    return (f"{place}/{_escaped(newest)}.mod", f"{place}/{_escaped(oldest)}.info")


@reads
def read(answers: Sequence[Answer], asked: Asked) -> PackageFacts:
    """What the list, the newest version, and what was asked of them say."""
    listed = _listed(answers[0])
    told, committed = _latest(answers[1]) if len(answers) > 1 else (None, None)
    newest = _newest(listed, told)
    if newest is None:
        raise RefusedError("it lists no version, and knows no newest one")
    deprecated, retracted, why = _taken_back(answers[2] if len(answers) > 2 else None)
    _, first = _latest(answers[3]) if len(answers) > 3 else (None, None)
    unknown: dict[str, str] = {
        DATES: "the proxy tells when commits were made, which is not when they were published",
        OWNERS: "a proxy does not know who owns a module",
        LICENCE: "a proxy does not tell it",
    }
    if why:
        unknown |= {DEPRECATED: why, YANKED: why}
    versions = {
        version: VersionFacts(
            yanked=None if why else taken is not None,
            yanked_why="" if taken is None else taken.why,
            deprecated=None if why else bool(deprecated),
            deprecated_why=deprecated,
        )
        for version in listed or (newest,)
        for taken in (_retraction(version, retracted),)
    }
    standing: tuple[Standing | None, str] = ("deprecated", deprecated) if deprecated else (None, "")
    times = [own for own in (first, committed) if own is not None]
    return facts_of(
        asked,
        versions,
        latest=newest,
        standing=standing,
        repository_url=repository_of(f"https://{asked.name}"),
        first_committed_at=min(times, default=None),
        unknown=unknown,
    )


def _escaped(path: str) -> str:
    """A module path or version as proxies want it: ``!`` and a small letter for each capital one."""
    return quote(re.sub("[A-Z]", lambda found: f"!{found[0].lower()}", path), safe="/!@.-_~+")


def _listed(answer: Answer) -> list[str]:
    """The versions of a list; what is none is passed over, a page of text is refused."""
    lines = read_text(answer.body).split("\n")[:MOST_VERSIONS]
    told = [words[0] for words in (line.split() for line in lines) if words]
    found = [own[:100] for own in told if _VERSION.fullmatch(own)]
    if told and not found:
        raise RefusedError("it is no list of versions")
    return list(dict.fromkeys(found))


def _latest(answer: Answer) -> tuple[str | None, int | None]:
    """The version that a document of a proxy names, and when its commit was made."""
    if answer.status != 200:
        return None, None
    try:
        told = document(answer)
    except RefusedError:
        return None, None
    return text(told.get("Version"))[:100] or None, moment(told.get("Time"))


def _newest(listed: Sequence[str], told: str | None) -> str | None:
    """The newest release, whose ``go.mod`` speaks for all; those before modules (``+incompatible``) have none."""
    kept = [own for own in listed if not own.endswith("+incompatible")]
    releases = [own for own in kept if "-" not in own]
    return max(releases or kept, key=_order, default=told or max(listed, key=_order, default=None))


def _order(version: str) -> Any:
    try:
        return (1, order_key("Go", version))
    except UnorderedError:
        return (0, ())


def _taken_back(answer: Answer | None) -> tuple[str, tuple[_Retracted, ...], str]:
    """What a ``go.mod`` deprecates and retracts; a reason instead where it could not be read."""
    if answer is None or answer.status != 200:
        return "", (), answer.why or _WHY_OF if answer is not None else _WHY_OF
    try:
        lines = read_text(answer.body).splitlines()[:_MOST_LINES]
    except RefusedError as error:
        return "", (), f"{_WHY_OF}: {error}"
    if not any(line.split("//")[0].split()[:1] == ["module"] for line in lines):
        return "", (), f"{_WHY_OF}: it names no module"
    return _deprecation(lines), tuple(_retractions(lines)), ""


def _deprecation(lines: Sequence[str]) -> str:
    """The words behind ``// Deprecated:`` in the comments right before ``module``, or behind it in its line."""
    before: list[str] = []
    for line in lines:
        code, _, comment = line.partition("//")
        if code.split()[:1] == ["module"]:
            before += [comment.strip()] if comment else []
            break
        before = [*before, comment.strip()] if not code.strip() and comment else []
    for at, own in enumerate(before):
        if own.startswith("Deprecated:"):
            return text(" ".join([own.removeprefix("Deprecated:").strip(), *before[at + 1 :]])) or "deprecated"
    return ""


def _retractions(lines: Iterable[str]) -> Iterable[_Retracted]:
    """Every version and range of ``retract``, in a line or a block, with the reason beside or above it."""
    is_block, above = False, ""
    for line in lines:
        code, _, comment = line.partition("//")
        code, comment = code.strip(), comment.strip()
        if not code:
            above = comment
            continue
        if not is_block:
            word, _, rest = code.partition(" ")
            if word.rstrip("([") != "retract":
                above = ""
                continue
            code = code.removeprefix("retract").strip() if rest or code != word else ""
            is_block = code.startswith("(")
            code = code.removeprefix("(").strip()
        if is_block and code.endswith(")"):
            is_block, code = False, code.removesuffix(")").strip()
        for low, high, one in _RANGE.findall(code):
            yield _Retracted(low or one, high or one, text(comment or above))
        above = ""


def _retraction(version: str, retracted: Iterable[_Retracted]) -> _Retracted | None:
    at = _order(version)
    return next((own for own in retracted if _order(own.low) <= at <= _order(own.high)), None)


def _tells_retracted(facts: PackageFacts) -> bool:
    told: Mapping[str, VersionFacts] = facts.versions
    return any(own.yanked for version, own in told.items() if version.startswith("v2.0."))


def _is_committed(facts: PackageFacts) -> bool:
    told = facts.first_committed_at
    return told is not None and told // DAY < 17_532  # 2018-01-01: before there was any proxy


PROBES: Final = (
    Probe("github.com/golang/protobuf", (DEPRECATED,), "github.com/golang/protobuf is deprecated", is_deprecated),
    Probe("github.com/mattn/go-sqlite3", (YANKED,), "go-sqlite3 took back its versions v2.0", _tells_retracted),
    Probe("github.com/mattn/go-sqlite3", (COMMITTED,), "go-sqlite3 is older than 2018", _is_committed),
)

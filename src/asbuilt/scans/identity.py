"""The identity of a finding: ours, the same when lines move or other code changes, never shared by two findings.

1. A dependency's: its package, the advisory by whichever of its names, and the file that names the package.
2. A secret's: the keyed hash of the secret in its file; where it is not given, its lines or its place in order.
3. Any other's: tool family, rule, path, and the keyed hash of the flagged lines alone (neighbours may change).
4. Where the lines are not given, a fingerprint of the tool counts that is known to be one, and is no sentinel.
5. Where nothing else tells, the rule in its file, and in all cases which of several equal ones it is, by line.

Absolute lines are never part of it (SARIF 2.1.0, appendix B).
"""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from asbuilt.model.scan import ScanResult

_FAMILY = re.compile(r"[^a-z0-9]+")
_SENTINEL = re.compile(
    r"0+|f+|(?:requires[ _-]?login|unknown|none|null|n/?a|undefined|todo|-)(?::\d+)?|0+:\d+|", re.IGNORECASE
)
# Names of fingerprints that are made of the code and not of the line's number, by who makes them.
_KNOWN: Final = (
    "partialFingerprints/primaryLocationLineHash",  # CodeQL, and GitHub for others; `hash:n` counts equal lines
    "fingerprints/matchBasedId/v1",  # Semgrep
    "fingerprint",  # Semgrep's own JSON
    "fingerprints/0", "fingerprints/1", "fingerprints/identity",  # Snyk Code
    "partialFingerprints/contextRegionHash/v1",
)  # fmt: skip
_FEWEST: Final = 3  # results with one and the same fingerprint, and none with another: it is no fingerprint


def identities(results: Sequence[ScanResult]) -> list[str]:
    """The identity of each of the results of one run, in their order: 32 hex digits, no two the same."""
    usable = _usable_fingerprints(results)
    groups: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, result in enumerate(results):
        groups[_parts(result, usable)].append(number)
    found = [""] * len(results)
    for parts, numbers in groups.items():
        # (5) Equal ones are told apart by their order in the file.
        ordered = sorted(
            numbers, key=lambda number: (results[number].line or 0, results[number].end_line or 0, number)
        )
        for occurrence, number in enumerate(ordered):
            joined = "\x00".join((*parts, str(occurrence)))
            found[number] = hashlib.sha256(joined.encode("utf-8", "replace")).hexdigest()[:32]
    return found


def tool_family(tool: str) -> str:
    """The tool's name without edition and spelling: ``Semgrep OSS`` and ``semgrep`` are one tool."""
    words = [
        word
        for word in _FAMILY.split(tool.casefold())
        if word not in {"oss", "ce", "pro", "cli", "code", "scanner"}
    ]
    return "".join(words) or _FAMILY.sub("", tool.casefold()) or tool


def is_sentinel(value: str) -> bool:
    """Whether a fingerprint is a word that stands where a fingerprint would."""
    return _SENTINEL.fullmatch(value.strip()) is not None


def _parts(result: ScanResult, usable: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    family, path = tool_family(result.tool), result.path or ""
    # (1) A dependency.
    if result.package is not None:
        return ("package", family, result.package, _advisory(result), path)
    # (2) A secret.
    if result.is_secret and result.secret is not None:
        return ("secret", family, result.rule, path, result.secret)
    # (3) The flagged lines.
    if result.snippet is not None:
        return ("lines", family, result.rule, path, result.snippet)
    # (4) A fingerprint of the tool.
    for name, value in result.fingerprints:
        if value in usable.get(f"{family} {name}", ()):
            return ("fingerprint", family, result.rule, path, name, value)
    # (5) The rule in its file; a result about no file, by what it says.
    return ("order", family, result.rule, path, result.message if not path else "")


def _advisory(result: ScanResult) -> str:
    """One name of an advisory: the CVE where there is one, else the first of all its names."""
    names = {result.rule, *result.aliases}
    return min((name for name in names if name.startswith("CVE-")), default=min(names))


def _usable_fingerprints(results: Iterable[ScanResult]) -> dict[str, frozenset[str]]:
    """(4) Known names of fingerprints, with those values that are no sentinels and not the same for all."""
    values: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for result in results:
        for name, value in result.fingerprints:
            if name.rpartition("/v")[0] in _KNOWN or name in _KNOWN:
                values[f"{tool_family(result.tool)} {name}"][value] += 1
    return {
        name: frozenset(value for value in counts if not is_sentinel(value))
        for name, counts in values.items()
        if len(counts) > 1 or counts.total() < _FEWEST
    }

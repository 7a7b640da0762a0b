"""The identity of a finding: ours, the same when lines move or other code changes, never shared by two findings.

1. A dependency's: its package, the advisory by whichever of its names, and the file that names the package.
2. A secret's: its keyed hash, wherever it stands; where it is not given, its lines in its file, or its place there.
3. Any other's: tool family, rule, path, and the keyed hash of the flagged lines alone (neighbours may change).
4. Where the lines are not given, a fingerprint of the tool counts that is known to be one, and is no sentinel.
5. Where nothing else tells, the rule in its file, and in all cases which of several equal ones it is, by line.

Absolute lines are never part of it (SARIF 2.1.0, appendix B).
"""

import hashlib
import re
from array import array
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from functools import lru_cache
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
_BITS: Final = 23  # of the sieve for equal ones: two of a megabyte each
_FEWEST: Final = 3  # results with one and the same fingerprint, and none with another: it is no fingerprint


def identities(results: Sequence[ScanResult]) -> list[str]:
    """The identity of each of the results of one run, in their order: 32 hex digits, no two the same."""
    return [own for own, _ in identified(results)]


def identified(results: Sequence[ScanResult]) -> Iterator[tuple[str, ScanResult]]:
    """Each result behind its identity; they are read three times, and 20 bytes are held for each of them."""
    usable = _usable_fingerprints(results)
    occurrences = _occurrences(results, usable)
    for number, result in enumerate(results):
        yield _digest((*_parts(result, usable), str(occurrences[number]))), result


def secret_identity(result: ScanResult) -> str | None:
    """(2) One for all places of a secret: it is revoked once. None: its value is not known, or it is none."""
    if not result.is_secret or result.secret is None:
        return None
    return _digest((*_parts(result, ()), "0"))


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\x00".join(parts).encode("utf-8", "replace")).hexdigest()[:32]


def _occurrences(results: Sequence[ScanResult], usable: Container[str]) -> Sequence[int]:
    """(5) Which of several equal ones each result is, by its line.

    Equals are told by half of a digest: two groups that share one by chance only count on in each other.
    """
    halves, seen, several = array("Q"), bytearray(1 << _BITS - 3), bytearray(1 << _BITS - 3)
    for result in results:
        joined = "\x00".join(_parts(result, usable)).encode("utf-8", "replace")
        half = int.from_bytes(hashlib.blake2b(joined, digest_size=8).digest(), "big")
        halves.append(half)
        place, bit = half >> 67 - _BITS, 1 << (half >> 64 - _BITS & 7)
        if seen[place] & bit:
            several[place] |= bit
        seen[place] |= bit
    # Half of a digest, line, last line and number in one whole number: half the memory of four.
    packed = sorted(
        half << 96 | (result.line or 0) << 64 | (result.end_line or 0) << 32 | number
        for number, (half, result) in enumerate(zip(halves, results, strict=True))
        if several[half >> 67 - _BITS] & 1 << (half >> 64 - _BITS & 7)
    )
    found = array("I", bytes(4 * len(halves)))
    before, count = -1, 0
    for one in packed:
        half = one >> 96
        before, count = half, count + 1 if half == before else 0
        found[one & 0xFFFFFFFF] = count
    return found


@lru_cache(256)
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


def _parts(result: ScanResult, usable: Container[str]) -> tuple[str, ...]:
    family, path = tool_family(result.tool), result.path or ""
    # (1) A dependency.
    if result.package is not None:
        return ("package", family, result.package, _advisory(result), path)
    # (2) A secret.
    if result.is_secret and result.secret is not None:
        return ("secret", family, result.rule, result.secret)
    # (3) The flagged lines.
    if result.snippet is not None:
        return ("lines", family, result.rule, path, result.snippet)
    # (4) A fingerprint of the tool.
    for name, value in result.fingerprints:
        if f"{family} {name}" in usable and not is_sentinel(value):
            return ("fingerprint", family, result.rule, path, name, value)
    # (5) The rule in its file; a result about no file, by what it says.
    return ("order", family, result.rule, path, result.message if not path else "")


def _advisory(result: ScanResult) -> str:
    """One name of an advisory: the CVE where there is one, else the first of all its names."""
    names = {result.rule, *result.aliases}
    return min((name for name in names if name.startswith("CVE-")), default=min(names))


def _usable_fingerprints(results: Iterable[ScanResult]) -> Container[str]:
    """(4) Known names of fingerprints whose values are not the same for all; each with the family that tells it."""
    first: dict[str, str] = {}
    counts: Counter[str] = Counter()
    differing: set[str] = set()
    for result in results:
        for name, value in result.fingerprints:
            if name in _KNOWN or name.rpartition("/v")[0] in _KNOWN:
                own = f"{tool_family(result.tool)} {name}"
                counts[own] += 1
                if first.setdefault(own, value) != value:
                    differing.add(own)
    return {own for own in counts if own in differing or counts[own] < _FEWEST}

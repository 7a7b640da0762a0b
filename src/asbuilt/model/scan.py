"""What a scanner told: one result, and the run that it comes from.

Nothing here is a judgement of ours: severities and suppressions are the tool's own words. The text of a secret, and
of the lines around it, is never part of it.
"""

from collections.abc import Sequence
from typing import Literal

import msgspec

Severity = Literal["critical", "high", "medium", "low", "info"]
ScanKind = Literal["static-analysis", "dependency-scan", "secret-scan", "tests", "other"]


class Suppressed(msgspec.Struct, frozen=True):
    """That the tool, or a person through it, set a result aside: how, who and why, as far as it is told.

    ``kind`` is ``in-source``, ``external``, ``baseline`` or ``dismissed``.
    """

    kind: str
    by: str | None = None
    reason: str | None = None


class ScanResult(msgspec.Struct, frozen=True, kw_only=True, gc=False, array_like=True, omit_defaults=True):
    """One result of a scanner.

    Lines count from 1; ``path`` is as the tool names it, with forward slashes and without the root of the checkout.
    ``snippet`` is a keyed hash of the flagged lines, ``secret`` one of the secret itself (hex; None: not given).
    ``is_masked``: it is of a secret whose value the tool does not show, so that another one may look the same.
    ``package`` to ``fixed_in`` are of a dependency; ``aliases`` are other names of the same advisory.
    ``own_id`` is the id that the source itself gives the result and keeps, ``state`` its word on it
    (``open``, ``fixed``, ``dismissed``, ``absent``). Moments are Unix seconds.
    """

    tool: str
    rule: str
    message: str
    tool_version: str | None = None
    severity: Severity | None = None
    path: str | None = None
    line: int | None = None
    end_line: int | None = None
    snippet: str | None = None
    is_secret: bool = False
    secret: str | None = None
    is_masked: bool = False
    package: str | None = None
    purl: str | None = None
    version: str | None = None
    fixed_in: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    cwe: tuple[str, ...] = ()
    fingerprints: tuple[tuple[str, str], ...] = ()
    suppressed: Suppressed | None = None
    url: str | None = None
    commit: str | None = None
    own_id: str | None = None
    state: str = "open"
    opened: int | None = None
    closed: int | None = None


class ScanRun(msgspec.Struct, frozen=True, kw_only=True):
    """One run of a scanner, or one list of its alerts.

    ``started`` and ``ended`` are Unix seconds. ``succeeded`` is whether it ran to its end (None: the report does
    not say). ``results`` may lie in a file, and be read from it each time. ``rules`` and ``files`` are what it
    looked for and in (None: not told); ``any_rule`` says that it looked for everything that its database knows.
    ``unread`` says, a sentence each, what the tool, or this reader, could not read. ``unchecked`` are the packages
    (``PyPI:name``) among that. ``is_listing``: a list of alerts, which is no run.
    ``names_all_with`` is the option with which the tool names files without findings too, where it does not always.
    """

    tool: str
    kind: ScanKind
    version: str | None = None
    started: int | None = None
    ended: int | None = None
    commit: str | None = None
    succeeded: bool | None = None
    rules: frozenset[str] | None = None
    any_rule: bool = False
    files: frozenset[str] | None = None
    results: Sequence[ScanResult] = ()
    unread: tuple[str, ...] = ()
    unchecked: frozenset[str] = frozenset()
    is_listing: bool = False
    names_all_with: str | None = None

    def looked_at(self, rule: str, path: str | None, package: str | None = None) -> bool:
        """Whether it ran to its end, with this rule, on this file: only then does silence mean that it is gone.

        A scanner of dependencies that names no files looked at all that its target depends on, but for the packages
        that it says it did not check.
        """
        if self.succeeded is not True or self.is_listing:
            return False
        if self.files is None and self.kind == "dependency-scan" and self.any_rule:
            return package not in self.unchecked if package is not None else not self.unchecked
        if path is None or self.files is None:
            return False
        return path in self.files and (self.any_rule or (self.rules is not None and rule in self.rules))


class ScanReading(msgspec.Struct, frozen=True, kw_only=True):
    """What a file of results holds.

    ``kept`` are the bytes that may be kept: those that came, or (``redacted``) a copy without the secrets.
    """

    format: str
    runs: tuple[ScanRun, ...]
    kept: bytes
    redacted: bool = False

"""What a scan of code tells: each finding with its lines, and what was looked at and what was not.

A finding is a place that asks for a person's judgement. No finding says nothing of what was not looked for.
"""

from typing import Literal

import msgspec

from asbuilt.model.component import Unread
from asbuilt.model.route import OtherFramework
from asbuilt.model.scan import ScanKind, Severity

SCHEMA = "https://asbuilt.dev/schemas/scan/1"
Standing = Literal["ran", "in part", "failed", "not run"]


class Acceptance(msgspec.Struct, frozen=True):
    """A comment in the code that accepts a rule's finding: which rule, on which line it stands, and why."""

    rule: str
    line: int
    reason: str


class CodeFinding(msgspec.Struct, frozen=True, kw_only=True):
    """One place in the code that a rule flags.

    Lines and columns count from 1 (columns in characters; None: not told). ``snippet`` holds the flagged lines,
    without indentation and without secrets. ``is_secret``: what was found is a secret; its text is nowhere here.
    ``accepted``: by a comment in the code. ``is_new``: it is not in the code that this is compared with (None: it
    was not compared).
    """

    scanner: str
    rule: str
    severity: Severity | None
    message: str
    path: str
    line: int
    end_line: int
    column: int | None = None
    end_column: int | None = None
    snippet: str | None = None
    cwe: tuple[str, ...] = ()
    is_secret: bool = False
    accepted: Acceptance | None = None
    is_new: bool | None = None


class RuleNote(msgspec.Struct, frozen=True):
    """What a rule is about: a title, why it matters, how to mend it, what it cannot see."""

    id: str
    title: str
    severity: Severity | None = None
    cwe: tuple[str, ...] = ()
    why: str | None = None
    remedy: str | None = None
    blind_spot: str | None = None


class LanguageCover(msgspec.Struct, frozen=True):
    """How much of one language was looked at, with how many rules."""

    language: str
    files: int
    lines: int
    rules: int


class Scanned(msgspec.Struct, frozen=True, kw_only=True):
    """What one scanner told of some files.

    ``read`` are the paths whose code it looked at, ``searched`` those that it searched for secrets; ``covered``
    counts them by language; ``unread`` names files that it would have looked at and could not. ``loose``: comments
    that accept something in vain, each with why.
    """

    findings: tuple[CodeFinding, ...]
    covered: tuple[LanguageCover, ...] = ()
    read: tuple[str, ...] = ()
    searched: tuple[str, ...] = ()
    unread: tuple[Unread, ...] = ()
    loose: tuple[Unread, ...] = ()


class ScannerReport(msgspec.Struct, frozen=True, kw_only=True):
    """One scanner of a scan: whether it ran, on what, with which rules, and what it could not read.

    ``looks_for`` says in words what it finds; ``why`` why it did not run, or not whole. ``files`` are the paths
    that it says it looked at (None: it does not say). ``left_out`` are settings of the repository that it was kept
    from. ``others``: frameworks in use whose routes are not read.
    """

    name: str
    kind: ScanKind
    standing: Standing
    looks_for: str
    version: str | None = None
    why: str | None = None
    covered: tuple[LanguageCover, ...] = ()
    files: tuple[str, ...] | None = None
    rules: tuple[RuleNote, ...] = ()
    unread: tuple[Unread, ...] = ()
    left_out: tuple[str, ...] = ()
    others: tuple[OtherFramework, ...] = ()


class Scan(msgspec.Struct, frozen=True, kw_only=True):
    """One scan of a tree: which tree, which scanners, what they found.

    ``commit`` is the revision, or the one below the work tree (None: it is no repository). ``against`` is the
    commit that findings are compared with. ``uncovered`` counts files by kind that no rule of ours is for,
    ``no_text`` those that hold no text, ``excluded`` those that were left out, by what leaves them out. ``loose``
    are comments that accept something in vain.
    """

    schema: str
    program: str
    commit: str | None
    is_work_tree: bool
    scanners: tuple[ScannerReport, ...]
    findings: tuple[CodeFinding, ...]
    against: str | None = None
    uncovered: tuple[tuple[str, int], ...] = ()
    no_text: int = 0
    excluded: tuple[tuple[str, int], ...] = ()
    loose: tuple[Unread, ...] = ()

    @property
    def open(self) -> tuple[CodeFinding, ...]:
        """Findings that nobody accepted and that are not old."""
        return tuple(own for own in self.findings if own.accepted is None and own.is_new is not False)

"""What the gate says of one change that wants to land."""

from enum import StrEnum
from typing import Any, Literal

import msgspec

from asbuilt.model.inspection import Gap

SCHEMA = "https://asbuilt.dev/schemas/gate/1"


class Standing(StrEnum):
    """What one control comes to on the change; only ``MET`` and ``NOT_ASKED`` let it pass."""

    MET = "met"
    DEVIATION = "deviation"
    UNKNOWN = "unknown"  # could not be seen: refused, as a deviation is
    NOT_ASKED = "not asked"  # the change is not of the control's population


class Answer(StrEnum):
    """Whether the change may land."""

    MAY_LAND = "may land"
    REFUSED = "refused"  # a required control does not hold
    NOT_SEEN = "could not be seen"  # no required control is known to be broken, but one could not be seen


class Test(msgspec.Struct, frozen=True):
    """One control on the change.

    ``required`` says whether it decides (else it is reported only); ``because`` holds the columns that decided,
    ``message`` says it in a sentence, ``remedy`` what would mend it or make it visible, and who can.
    """

    __test__ = False  # no test of pytest's

    control: str
    title: str
    standing: Standing
    required: bool
    message: str
    remedy: str
    criteria: tuple[str, ...] = ()
    because: dict[str, Any] = {}


class Notice(msgspec.Struct, frozen=True):
    """Something in the change that a reviewer must look at: guarded paths, dependency files; it decides nothing."""

    kind: str
    message: str
    paths: tuple[str, ...]
    count: int


class Brought(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that the change brings in, held against the base's rules.

    A dependency, a finding in its lines, or a file that could not be looked at. ``name`` is ``npm left-pad 1.3.0``,
    the rule, or the path; ``path`` and ``line`` (from 1; None: not known) are where. ``what`` says how it comes:
    ``new``, another ``version`` of what was there, a ``finding``, or ``unread``. ``blocks`` says
    whether it keeps the change from landing; ``reasons`` are what stands in the way or is not known. ``level`` is
    the severity of a finding.
    """

    kind: Literal["dependency", "finding", "file"]
    what: Literal["new", "version", "finding", "unread"]
    name: str
    standing: Standing
    blocks: bool
    message: str
    remedy: str
    path: str
    line: int | None = None
    level: str | None = None
    reasons: tuple[str, ...] = ()


class Looked(msgspec.Struct, frozen=True, kw_only=True):
    """How much of what the change brings was looked at.

    ``files`` are changed files whose text was searched by ``rules`` of our own, ``languages`` those whose code was
    read; ``known`` counts findings that the base has too. ``dependency_files`` are changed files that may name
    packages; ``new``, ``versions`` and ``removed`` count these. ``advisories_as_of`` dates the advisories that they
    were held against (None: none were), ``registry`` says whether there were facts of a registry.
    """

    files: int = 0
    rules: int = 0
    languages: tuple[str, ...] = ()
    known: int = 0
    dependency_files: int = 0
    new: int = 0
    versions: int = 0
    removed: int = 0
    advisories_as_of: str | None = None
    registry: bool = False


class Policy(msgspec.Struct, frozen=True):
    """Whose rules were applied: the file (None: there is none, the defaults hold) in the tree of ``commit``."""

    commit: str
    source: str | None
    require: tuple[str, ...]
    report: tuple[str, ...]


class Override(msgspec.Struct, frozen=True):
    """A named person lets the change pass against the answer, which stays. ``record`` is the ledger's entry."""

    by: str
    reason: str
    at: str
    refused_for: tuple[str, ...]
    record: str


class Proposed(msgspec.Struct, frozen=True):
    """The change that wants to land.

    ``commits`` counts those that it brings, ``tree`` is what would land, ``paths`` counts the files that differ.
    ``head`` and ``base`` are commits; of a staged change ``head`` is None. ``request`` is the pull or merge
    request's number, where there is one. ``approvers`` are those whose approval counts, ``rejected`` the approvals
    that do not, with the test that each fails (``login: test``), ``signals`` signs of a review that was none;
    ``participants`` everybody who had a part in it.
    """

    repository: str
    base: str
    head: str | None
    tree: str
    commits: int
    paths: int
    author: str
    attribution: str
    tools: tuple[str, ...] = ()
    request: int | None = None
    conflicts: bool = False
    approvers: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()
    participants: tuple[str, ...] = ()


class Gate(msgspec.Struct, frozen=True):
    """The gate's whole answer; ``seen_in`` lists what it was read from, ``not_seen`` what it could not see.

    ``brought`` is what the change brings in, what blocks first; ``looked`` how much of it was looked at.
    """

    schema: str
    version: str
    answer: Answer
    verdict: str
    next_step: str
    judged_at: str
    change: Proposed
    policy: Policy
    tests: tuple[Test, ...]
    notices: tuple[Notice, ...]
    seen_in: tuple[str, ...]
    not_seen: tuple[Gap, ...]
    brought: tuple[Brought, ...] = ()
    looked: Looked = Looked()
    override: Override | None = None

    @property
    def blocking(self) -> tuple[Test, ...]:
        """The required controls that keep the change from landing, deviations first."""
        kept = [test for test in self.tests if test.required]
        return tuple(
            test
            for standing in (Standing.DEVIATION, Standing.UNKNOWN)
            for test in kept
            if test.standing is standing
        )

    @property
    def refusing(self) -> tuple[Brought, ...]:
        """What the change brings in that keeps it from landing."""
        return tuple(one for one in self.brought if one.blocks)

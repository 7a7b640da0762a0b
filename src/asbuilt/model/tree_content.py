"""What stands in a tree beside its lines: its dependencies and the findings in its code, by who brought them.

Counts by attribution have every class of ``model.attribution.Authorship``. Nothing counted here says that the rest
is free of anything: what was not looked at stands beside it.
"""

from typing import Literal

import msgspec

from asbuilt.model.route import OtherFramework

Approved = Literal["proved", "stated", "missing", "unknown"]


class BroughtComponent(msgspec.Struct, frozen=True, kw_only=True):
    """One component of the tree and what brought it in this version; of what came before the history, no commit.

    ``version`` is the range where it is only declared. ``number`` is the pull or merge request that landed it.
    """

    ecosystem: str
    name: str
    version: str
    path: str
    line: int | None
    attribution: str
    tools: tuple[str, ...]
    commit: str | None
    number: int | None
    landed_at: int | None
    approval: Approved


class KnownWeakness(msgspec.Struct, frozen=True, kw_only=True):
    """One weakness of one component that an advisory tells of; ``level`` None: none is given.

    ``malicious``: the package is harmful on purpose. ``exploited_since`` is a date (None: not known to be).
    ``published`` is when it was made known (Unix seconds), ``open_days`` how long it has stood in the product since
    it was known, as of ``HeldAgainstAdvisories.counted_to``; None: not known. ``stated`` is what somebody states of
    it (VEX), in words; ``answered``: a statement with a reason says that it does not concern the product.
    """

    advisory: str
    level: str | None
    malicious: bool
    exploited_since: str | None
    fixed_in: tuple[str, ...]
    component: BroughtComponent
    published: int | None = None
    open_days: int | None = None
    stated: str = ""
    answered: bool = False


class WeaknessTimes(msgspec.Struct, frozen=True, kw_only=True):
    """Known weaknesses that versions of one class brought, over the whole history.

    ``open`` stand in the tree, ``fixed`` stood there when, or after, they were published and are gone; of ``timed``
    of those it is known how many days that took (from the publication, or from when the version came, whichever was
    later). Days are whole; None: there is none that is known.
    """

    open: int = 0
    fixed: int = 0
    timed: int = 0
    median_days: int | None = None
    worst_days: int | None = None
    oldest_open_days: int | None = None


class HeldAgainstAdvisories(msgspec.Struct, frozen=True, kw_only=True):
    """What the local store of advisories knows of the tree's components.

    ``as_of`` dates its newest record (Unix seconds), ``old`` says that it is too old for anything to be called
    clean, ``sample`` that it is a sample alone. ``coverage`` counts components: matched, clean, not_checked.
    ``by_level`` and ``by_attribution`` count weaknesses that are there for certain; ``undecided`` those of which it
    could not be decided. ``answered`` are certain ones that somebody states, with a reason, not to concern the
    product: they are in no other count. ``weaknesses`` are the worst first, answered ones at the end, cut to some
    hundreds. ``times`` tells of the whole history by who brought the version, every class; what is open is counted
    to ``counted_to`` (Unix seconds).
    """

    as_of: int
    old: bool
    sample: bool
    coverage: dict[str, int]
    by_level: dict[str, int]
    by_attribution: dict[str, int]
    undecided: int
    weaknesses: tuple[KnownWeakness, ...]
    answered: int = 0
    times: dict[str, WeaknessTimes] = {}
    counted_to: int | None = None


class TreeDependencies(msgspec.Struct, frozen=True, kw_only=True):
    """The components that a tree's lock files and manifests name, and who brought each in its version.

    ``files`` maps each such file to its components. ``by_approval`` and ``ai_by_approval`` count how the change
    that brought a component stands approved: of all, and of those that AI-written changes brought. ``from_ai`` are
    the latter, those that landed last first, cut to some hundreds. ``before`` counts those that stood there where
    the history that is here begins. ``unread`` counts what of the tree's own files could not be read,
    ``unread_before`` versions of long ago. ``advisories`` None: they were held against nothing.
    """

    total: int
    direct: int
    files: dict[str, int]
    by_ecosystem: dict[str, int]
    by_attribution: dict[str, int]
    by_approval: dict[str, int]
    ai_by_approval: dict[str, int]
    from_ai: tuple[BroughtComponent, ...]
    before: int
    unread: int
    unread_before: int = 0
    advisories: HeldAgainstAdvisories | None = None


class PlacedFinding(msgspec.Struct, frozen=True, kw_only=True):
    """A finding of our own rules on a line of the tree, with who wrote that line; no secret is shown.

    ``severity`` is ``info`` of what is told for information, such as most of what stands in tests.
    """

    rule: str
    severity: str
    message: str
    path: str
    line: int
    commit: str | None
    attribution: str
    tool: str | None


class TreeFindings(msgspec.Struct, frozen=True, kw_only=True):
    """What our own rules find in a tree, and how much of it they looked at.

    ``by_attribution`` counts by the attribution of the first flagged line, and within it by severity; ``by_rule``
    those that are more than for information. ``accepted`` are left out of every count: a comment in the code
    accepts them. ``languages`` maps each language that rules are for to its files, ``uncovered`` those that none is
    for; ``texts`` were searched for secrets. ``others`` are frameworks in use whose routes are not read.
    ``findings`` are the worst first, cut to some hundreds.
    """

    open: int
    info: int
    accepted: int
    by_attribution: dict[str, dict[str, int]]
    by_rule: dict[str, int]
    languages: dict[str, int]
    uncovered: dict[str, int]
    texts: int
    unread: int
    findings: tuple[PlacedFinding, ...]
    others: tuple[OtherFramework, ...] = ()

"""Advisories: what is publicly said against versions of a package, and what was found of it in components.

The format told about is OSV (ossf.github.io/osv-schema). Nothing here judges: a match says on what evidence it
stands.
"""

from typing import Literal

import msgspec

Level = Literal["critical", "high", "medium", "low"]
# affected: the version is named, or lies in a range; unknown: it could not be decided, and that is no "not
# affected".
Certainty = Literal["affected", "unknown"]
# How far a component was held against advisories. Never clean by absence: what was not asked is not checked.
Coverage = Literal["matched", "clean", "not_checked"]
VexStatus = Literal["not_affected", "affected", "fixed", "under_investigation"]
MALICIOUS = "MAL-"  # identifiers of packages that are harmful on purpose (github.com/ossf/malicious-packages)


class Severity(msgspec.Struct, frozen=True, gc=False):
    """A severity as it was given: ``kind`` is CVSS_V2, CVSS_V3, CVSS_V4 or another, ``score`` its vector."""

    kind: str
    score: str


class Advisory(msgspec.Struct, frozen=True, gc=False):
    """One advisory.

    Times are Unix seconds, UTC; ``withdrawn`` is set when it no longer stands. ``severity`` is kept as given;
    ``level`` is what the publisher says in a word, else what its CVSS 3 vector comes to, else None. ``kev_since``
    is the day since which it is known to be exploited, ``epss`` the probability of that (0 to 1): None where not
    given. ``informational`` is RustSec's word for one that is no weakness: ``unmaintained``, ``unsound``,
    ``notice``.
    """

    id: str
    modified: int
    aliases: tuple[str, ...] = ()
    published: int | None = None
    withdrawn: int | None = None
    summary: str = ""
    severity: tuple[Severity, ...] = ()
    level: Level | None = None
    kev_since: str | None = None
    epss: float | None = None
    informational: str | None = None

    @property
    def malicious(self) -> bool:
        """Whether it says that the package is harmful on purpose, which is another matter than a weakness."""
        return self.id.startswith(MALICIOUS)


class Evidence(msgspec.Struct, frozen=True, gc=False):
    """Why one advisory matches: ``versions`` (the version is listed) or ``range`` (``text`` shows its events)."""

    advisory: str
    kind: Literal["versions", "range"]
    text: str


class Vex(msgspec.Struct, frozen=True, gc=False):
    """What somebody states about a match: a statement, shown beside it and never instead of it.

    ``at`` is when, ``until`` until when it holds (Unix seconds; None: not told); ``expired`` ones count no more.
    """

    status: VexStatus
    by: str
    justification: str = ""
    statement: str = ""
    source: str = ""
    at: int | None = None
    until: int | None = None
    expired: bool = False


class Match(msgspec.Struct, frozen=True, gc=False):
    """One weakness of one component: the advisories that tell of it under several names, merged by their aliases.

    ``advisories`` are in order of id, ``names`` all their ids and aliases. ``fixed_in`` are the next fixed
    versions, as the advisories write them. ``why`` says what could not be decided when ``certainty`` is unknown.
    """

    purl: str
    advisories: tuple[Advisory, ...]
    names: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    certainty: Certainty
    fixed_in: tuple[str, ...] = ()
    why: str = ""
    vex: tuple[Vex, ...] = ()

    @property
    def malicious(self) -> bool:
        """Whether one of the advisories says that the package is harmful on purpose."""
        return any(advisory.malicious for advisory in self.advisories)

    @property
    def level(self) -> Level | None:
        """The worst level that one of the advisories gives; one that is known to be exploited is critical."""
        return "critical" if self.kev_since else self.told_level

    @property
    def told_level(self) -> Level | None:
        """The worst level that one of the advisories gives."""
        told = {advisory.level for advisory in self.advisories}
        return next((level for level in LEVELS if level in told), None)

    @property
    def kev_since(self) -> str | None:
        """The day since which it is known to be exploited (ISO)."""
        return min((own.kev_since for own in self.advisories if own.kev_since), default=None)

    @property
    def epss(self) -> float | None:
        """The highest probability of exploitation that is given."""
        return max((own.epss for own in self.advisories if own.epss is not None), default=None)

    @property
    def is_unmaintained(self) -> bool:
        """Whether all that is told is that nobody maintains the package."""
        return all(own.informational == "unmaintained" for own in self.advisories)


class Checked(msgspec.Struct, frozen=True, gc=False):
    """What became of one component: ``as_of`` dates the advisories it was held against (Unix seconds)."""

    ecosystem: str
    name: str
    version: str | None
    purl: str
    coverage: Coverage
    matches: tuple[Match, ...] = ()
    as_of: int | None = None
    why: str = ""


def urgency(match: Match) -> tuple[int, int, int, float, str]:
    """What is sorted by, the worst first: certain, harmful, by its level, and within a level by EPSS."""
    level = len(LEVELS) if match.level is None else LEVELS.index(match.level)
    name = match.advisories[0].id
    return int(match.certainty == "unknown"), int(not match.malicious), level, -(match.epss or 0.0), name


LEVELS: tuple[Level, ...] = ("critical", "high", "medium", "low")

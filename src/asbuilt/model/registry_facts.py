"""What a registry says about a package, and what of it makes one suspicious.

Nothing here is looked up: it is what one index answered at one moment. What it did not tell is None; ``unknown``
says why, so that nobody takes "could not see" for "is not so". Times are Unix seconds, UTC.
"""

from collections.abc import Mapping
from typing import Final, Literal

import msgspec

Weight = Literal["block", "high", "medium", "low", "unknown"]
# What an index says of the whole package (PEP 792); "deprecated" also where npm's newest version is.
Standing = Literal["active", "archived", "quarantined", "deprecated"]
WEIGHTS: Final[tuple[Weight, ...]] = ("block", "high", "medium", "low", "unknown")

# The names that ``PackageFacts.unknown`` may use: what could not be seen.
EXISTS: Final = "exists"
DATES: Final = "released_at"  # of every version, and so the first and the newest
COMMITTED: Final = "first_committed_at"
YANKED: Final = "yanked"
DEPRECATED: Final = "deprecated"
OWNERS: Final = "owners"
REPOSITORY: Final = "repository_url"
MANIFEST: Final = "repository_names_it"
LICENCE: Final = "licence"
SCRIPTS: Final = "install_scripts"


class VersionFacts(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One version: None is "not told". ``yanked_why`` and ``deprecated_why`` are the publisher's own words."""

    released_at: int | None = None
    yanked: bool | None = None
    yanked_why: str = ""
    deprecated: bool | None = None
    deprecated_why: str = ""
    install_scripts: bool | None = None


class PackageFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What one index said of one package.

    ``index`` is who answered, as shown (never with a credential), ``asked_at`` when. ``exists`` is None when it
    could not be seen, which is never "absent"; ``unknown`` then says why under ``EXISTS``. ``versions`` are by the
    index's own spelling; ``releases`` counts them. ``first_released_at`` and ``latest_released_at`` are None when
    dates are not known, which is so too where the index failed its probe; with ``DATES`` in ``unknown`` the first
    release is no later than is told; ``first_committed_at`` is when the commit of a version was made, as its
    author says, so that the first release is no earlier. ``owners`` counts people or organisations.
    ``repository_names_it`` is whether a manifest of the repository that it claims has its name, None where nobody
    looked; ``repository_names`` are those that it has. ``licence`` is an SPDX expression. ``absent_at`` are the
    other configured indexes that have no package of that name, ``also_at`` those that have one as well.
    """

    ecosystem: str
    name: str
    index: str
    asked_at: int
    exists: bool | None
    standing: Standing | None = None
    standing_why: str = ""
    first_released_at: int | None = None
    latest_released_at: int | None = None
    first_committed_at: int | None = None
    releases: int | None = None
    latest: str | None = None
    versions: Mapping[str, VersionFacts] = msgspec.field(default_factory=dict)
    owners: int | None = None
    repository_url: str | None = None
    repository_names_it: bool | None = None
    repository_names: tuple[str, ...] = ()
    licence: str | None = None
    unknown: Mapping[str, str] = msgspec.field(default_factory=dict)
    absent_at: tuple[str, ...] = ()
    also_at: tuple[str, ...] = ()

    def why(self, field: str) -> str:
        """Why a field is not known; empty when nothing is said."""
        return self.unknown.get(field, "")


class Suspicion(msgspec.Struct, frozen=True, gc=False):
    """One rule (1 to 9) that speaks against a package, how heavily, and the evidence in a sentence with its dates.

    The weight ``unknown`` says that the rule could not be tested, and why: it is no "nothing was found".
    """

    rule: int
    weight: Weight
    evidence: str

"""What a company says about the packages that its products may be built from, and what came of one of them.

Three-valued: what could not be seen is no "allowed". A package is excepted from a rule only by a recorded approval
of a person, with a reason and an end.
"""

from typing import Final, Literal

import msgspec

from asbuilt.model.advisory import Level
from asbuilt.model.registry_facts import Weight

# The rules, in the order in which they are told.
Rule = Literal[
    "malicious",
    "existence",
    "suspicion",
    "advisories",
    "yanked",
    "deprecated",
    "maintenance",
    "age",
    "licence",
    "approval",
]
# What no approval lifts: a package that is harmful on purpose, one that does not exist, and the approval itself.
NEVER_EXCEPTED: Final[frozenset[Rule]] = frozenset({"malicious", "existence", "approval"})
# Who must have agreed: whoever approves the change (judged with the change), or a person for each new package.
Approving = Literal["change", "package"]


class SupplyPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """The ``[supply]`` table of ``asbuilt.toml``; every field is its default where nothing is said.

    ``licences_allowed`` and ``licences_refused`` are SPDX identifiers, with an exception as ``ID WITH EXCEPTION``;
    nothing allowed is named: all that are not refused are. ``at_least_days_old`` counts from the release of a
    version to the moment judged; 0: not asked. ``unmaintained_after_days`` counts from the newest release of a
    package; None: not asked. ``advisories_refused_from`` is the lowest level of a weakness that refuses;
    ``advisories_older_than_days`` is from when on the store of advisories calls nothing clean.
    ``suspicions_refused_from`` is the lightest weight that refuses. ``approval`` says who must have agreed.
    """

    licences_allowed: tuple[str, ...] = ()
    licences_refused: tuple[str, ...] = ("AGPL-3.0-only", "AGPL-3.0-or-later", "SSPL-1.0")
    licence_required: bool = True
    at_least_days_old: int = 7
    unmaintained_after_days: int | None = None
    refuse_unmaintained: bool = True
    refuse_deprecated: bool = True
    advisories_refused_from: Level = "high"
    advisories_older_than_days: int = 7
    suspicions_refused_from: Weight = "high"
    approval: Approving = "change"


class Approval(msgspec.Struct, frozen=True, kw_only=True):
    """One recorded approval of a package (``dependency_approvals``).

    ``package`` is ``ecosystem:name`` (``npm:left-pad``), ``version`` None for any. Times are Unix seconds.
    ``excepts`` are the rules of the policy that it excepts the package from. ``by_another`` says whether a person
    at work then gave it, who has no part in the change: None is not known.
    """

    package: str
    approved_by: str
    approved_at: int
    version: str | None = None
    reason: str | None = None
    expires_at: int | None = None
    excepts: tuple[Rule, ...] = ()
    by_another: bool | None = None


class Reason(msgspec.Struct, frozen=True):
    """What one rule said: False refuses, None could not be decided, True was asked and is fulfilled.

    ``excepted_by`` names the person whose approval lifts a refusal: it is told, and no longer decides.
    """

    rule: Rule
    verdict: bool | None
    text: str
    excepted_by: str | None = None

    @property
    def decides(self) -> bool:
        """Whether it stands in the way: refused or not known, and not excepted."""
        return self.verdict is not True and self.excepted_by is None


class Judgement(msgspec.Struct, frozen=True):
    """What a policy says of one component: True allowed, False refused, None not decided; and every reason."""

    verdict: bool | None
    reasons: tuple[Reason, ...]

    @property
    def against(self) -> tuple[Reason, ...]:
        """The reasons that stand in the way."""
        return tuple(reason for reason in self.reasons if reason.decides)

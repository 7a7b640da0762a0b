"""Nine rules that speak against a package: invented by a model, made to look like another, or taken back.

Each gives its evidence and how heavily it weighs; none is a verdict. What could not be seen is ``unknown``,
with why.

1. It is absent from every configured index: block. Another configured index lacks it: low, to be watched.
2. Its first release came after the commit that introduced it, or less than 30 days before: high.
3. The version is absent, or the project in quarantine: block; the version is yanked: high.
4. It is tiny: two of at most two releases, one owner, no repository or one that names another: medium.
5. Another ecosystem, or no registry at all, has a well-known package of that name: high when young or tiny here.
6. It resembles a well-known name: high when young, medium when tiny, else nothing.
7. Its only release is 99.x; its only release runs scripts when installed; an advisory calls it harmful: block.
8. It is imported and not declared, or declared and never imported: low, high when young or tiny.
9. It is a placeholder that the registry put there after an abuse of the name: high.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final, Literal

import msgspec

from asbuilt.catalogue.well_known import program_names, well_known_names
from asbuilt.model.component import Component
from asbuilt.model.registry_facts import (
    DATES,
    EXISTS,
    MANIFEST,
    OWNERS,
    REPOSITORY,
    SCRIPTS,
    YANKED,
    PackageFacts,
    Suspicion,
    VersionFacts,
    Weight,
)
from asbuilt.supply.advisories.names import plain_name, plain_version
from asbuilt.supply.resemblance import Names, Resemblance, holds_name

DAY: Final = 86_400
YOUNG: Final = 30  # days
TINY: Final = 2  # releases
_NINES: Final = re.compile(r"v?9{2,}(?:\.|\Z)")
_HOLD: Final = re.compile(r"0\.0\.\d+-security(?:\.|\Z)")
_ALWAYS: Final = -(1 << 62)  # a moment before every commit
_LIBRARIES: Final = frozenset({"npm", "PyPI"})  # where a name of a program is somebody else's
Usage = Literal["imported, not declared", "declared, never imported"]


class Known:
    """Well-known names: those that are shipped, and those of the user's own lock files beside them.

    Args:
        own: names of the user's lock files, by ecosystem; with the moment at which each came (Unix seconds), a name
            is known only to what came after it, so that none vouches for itself.
    """

    def __init__(self, own: Mapping[str, Mapping[str, int] | frozenset[str]] | None = None) -> None:
        self._own = {
            ecosystem: dict(names) if isinstance(names, Mapping) else dict.fromkeys(names, _ALWAYS)
            for ecosystem, names in (own or {}).items()
        }
        self._names: dict[str, Names] = {}
        self._beside: dict[str, Names] = {}

    def well_known(self, ecosystem: str) -> frozenset[str]:
        """The names that are shipped for an ecosystem."""
        return well_known_names(ecosystem)

    def resembles(self, ecosystem: str, name: str, at: int | None = None) -> Resemblance | None:
        """Which known name a name resembles; ``at`` is when it came, None: after all of the user's own."""
        if name in self._shipped(ecosystem).names or self._came_before(ecosystem, name, at):
            return None
        found = self._shipped(ecosystem).resembles(name)
        if found is not None or ecosystem not in self._own:
            return found
        if ecosystem not in self._beside:
            self._beside[ecosystem] = Names(self._own[ecosystem], self.well_known(ecosystem))
        return self._beside[ecosystem].resembles(name, lambda other: self._came_before(ecosystem, other, at))

    def elsewhere(self, ecosystem: str, name: str, at: int | None = None) -> str | None:
        """Where else a name is well known; None: nowhere, or here too."""
        if ecosystem not in _LIBRARIES:
            return None
        if name in self._shipped(ecosystem).names or self._came_before(ecosystem, name, at):
            return None
        if name in program_names():
            return "the program of that name, which its makers do not give out there"
        other = min(_LIBRARIES - {ecosystem})
        is_there = name in self._shipped(other).names or self._came_before(other, name, at)
        return f"the package of that name in {other}" if is_there else None

    def _shipped(self, ecosystem: str) -> Names:
        if ecosystem not in self._names:
            self._names[ecosystem] = Names(self.well_known(ecosystem))
        return self._names[ecosystem]

    def _came_before(self, ecosystem: str, name: str, at: int | None) -> bool:
        came = self._own.get(ecosystem, {}).get(name)
        return came is not None and (at is None or came < at)


class Harm(msgspec.Struct, frozen=True):
    """Identifiers of advisories that call a package harmful on purpose: this version, or perhaps this version."""

    certain: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()


NO_HARM: Final = Harm()


def suspicions(
    facts: PackageFacts | None,
    component: Component,
    introduced_at: int | None,
    known: Known,
    *,
    harm: Harm = NO_HARM,
    usage: Usage | None = None,
) -> tuple[Suspicion, ...]:
    """What speaks against a component, in the order of the rules; empty: every rule was tested, and none does.

    Args:
        facts: what the registry says of it; None: it was not asked.
        component: what was introduced; what comes from no registry is suspected of nothing here.
        introduced_at: when the commit was made that introduced it, Unix seconds; None: not known.
        known: well-known names.
        harm: the advisories that call it harmful on purpose.
        usage: how its imports and its declaration disagree, of what an AI-written commit brought.
    """
    if component.source != "registry":
        return ()
    case = _Case(facts, component, introduced_at, known)
    found = [
        case.absent(),
        case.young(),
        case.pinned(),
        case.tiny(),
        case.elsewhere(),
        case.resembling(),
        case.harmful(harm),
        case.used(usage),
        case.held(),
    ]
    return tuple(own for own in found if own is not None)


class _Case:
    """One component and what is known of it; a method for each rule."""

    def __init__(
        self, facts: PackageFacts | None, component: Component, introduced_at: int | None, known: Known
    ) -> None:
        self._facts = facts if facts is not None and facts.exists else None
        self._told = facts
        self._component = component
        self._at = introduced_at
        self._known = known
        self._name = plain_name(component.ecosystem, component.name)
        if facts is None:
            self._why = "no registry was asked about it"
        elif facts.exists is None:
            self._why = facts.why(EXISTS) or "the index did not say"
        else:
            self._why = "it is absent"

    def absent(self) -> Suspicion | None:
        # (1)
        told = self._told
        if told is None or told.exists is None:
            return Suspicion(1, "unknown", f"Whether it exists is not known: {self._why}.")
        where = f"{told.index}, asked on {_day(told.asked_at)}"
        if not told.exists:
            more = f" and {len(told.absent_at)} more" if told.absent_at else ""
            return Suspicion(1, "block", f"It does not exist: no package of that name at {where}{more}.")
        if told.absent_at:
            free = ", ".join(told.absent_at)
            return Suspicion(1, "low", f"It is at {where}, and its name is free at {free}: watch for confusion.")
        return None

    def young(self) -> Suspicion | None:
        # (2)
        facts = self._facts
        if facts is None:
            return None if self._is_absent() else self._unknown(2, "How old it is is not known")
        first = facts.first_released_at
        if first is None and facts.first_committed_at is not None and self._at is not None:
            committed = facts.first_committed_at
            if (self._at - committed) // DAY < YOUNG:
                words = f"Its first version was committed on {_day(committed)}, and given out no earlier"
                return Suspicion(2, "high", f"{words}; it was introduced on {_day(self._at)}.")
        if first is None:
            return Suspicion(2, "unknown", f"How old it is is not known: {facts.why(DATES) or 'no date is told'}.")
        if self._at is None:
            return Suspicion(2, "unknown", "It is not known when it was introduced.")
        return self._aged(first, self._at, facts.why(DATES)) if (self._at - first) // DAY < YOUNG else None

    def _aged(self, first: int, introduced: int, doubt: str) -> Suspicion:
        when = f"Its first release was on {_day(first)}"
        if doubt:
            return Suspicion(2, "unknown", f"{when}, or earlier: {doubt}.")
        if introduced < first:
            return Suspicion(2, "high", f"{when}, after the commit of {_day(introduced)} that introduced it.")
        days = (introduced - first) // DAY
        return Suspicion(2, "high", f"{when}, {days} days before the commit of {_day(introduced)}.")

    def pinned(self) -> Suspicion | None:
        # (3)
        facts, version = self._facts, self._component.version
        if facts is None:
            return None if self._is_absent() else self._unknown(3, "Whether the version exists is not known")
        if facts.standing == "quarantined":
            return Suspicion(3, "block", f"The index holds it in quarantine{_said(facts.standing_why)}.")
        return None if version is None else self._of_version(facts, version)

    def _of_version(self, facts: PackageFacts, version: str) -> Suspicion | None:
        own = self._version(facts, version)
        if own is None:
            count = f"{facts.releases:,}" if facts.releases is not None else "no"
            return Suspicion(
                3, "block", f"{facts.index} has {count} versions of it, and {version} is none of them."
            )
        if own.yanked:
            return Suspicion(3, "high", f"Version {version} is yanked{_said(own.yanked_why)}.")
        if own.yanked is None:
            why = facts.why(YANKED) or "the index does not tell"
            return Suspicion(3, "unknown", f"Whether version {version} is yanked is not known: {why}.")
        return None

    def tiny(self) -> Suspicion | None:
        # (4)
        facts = self._facts
        if facts is None:
            return None if self._is_absent() else self._unknown(4, "How large it is is not known")
        signs: list[tuple[bool | None, str]] = [
            (
                None if facts.releases is None else facts.releases <= TINY,
                "one release" if facts.releases == 1 else f"{facts.releases} releases",
            ),
            (None if facts.owners is None else facts.owners <= 1, "one owner"),
            self._claimed(facts),
        ]
        told = [words for holds, words in signs if holds]
        open_ = [words for holds, words in signs if holds is None]
        if len(told) >= 2:
            return Suspicion(4, "medium", f"It is tiny: {', '.join(told)}.")
        if told and open_:
            reasons = (facts.why(field) for field in (OWNERS, REPOSITORY, MANIFEST))
            why = next((own for own in reasons if own), "the index does not tell")
            return Suspicion(4, "unknown", f"It may be tiny: {told[0]}; whether {', '.join(open_)}: {why}.")
        return None

    @staticmethod
    def _claimed(facts: PackageFacts) -> tuple[bool | None, str]:
        """Whether nothing stands behind it: no repository, or one whose manifest names another package."""
        if facts.repository_url is None:
            return None if REPOSITORY in facts.unknown else True, "no repository"
        if facts.repository_names_it is False:
            return True, f"its repository names {', '.join(facts.repository_names)} and not it"
        return None if MANIFEST in facts.unknown else False, "its repository names it"

    def elsewhere(self) -> Suspicion | None:
        # (5)
        where = self._known.elsewhere(self._component.ecosystem, self._name, self._at)
        if where is None or self._is_absent():
            return None
        words = f"Better known is {where}"
        weight, why = self._beside()
        if weight is None:
            is_program = self._name in program_names()
            return Suspicion(5, "medium", f"{words}; this one is another.") if is_program else None
        if weight == "unknown":
            return Suspicion(5, "unknown", f"{words}; {why[:1].lower()}{why[1:]}.")
        return Suspicion(5, "high", f"{words}; {why[:1].lower()}{why[1:]}")

    def resembling(self) -> Suspicion | None:
        # (6)
        weight, why = self._beside()
        if self._is_absent() or weight is None:
            return None
        found = self._known.resembles(self._component.ecosystem, self._name, self._at)
        words = None if found is None else f"Its name is {found.how} ({found.kind})"
        if words is None and self._component.ecosystem in _LIBRARIES:
            program = holds_name(self._name, program_names())
            words = f"Its name holds the program {program}" if program and program != self._name else None
        if words is None:
            return None
        return Suspicion(6, weight, f"{words}; {why[:1].lower()}{why[1:]}{'' if why.endswith('.') else '.'}")

    def _beside(self) -> tuple[Weight | None, str]:
        """What rules 2 and 4 say together: young is high, tiny is medium; None: neither."""
        young, tiny = self.young(), self.tiny()
        told = [own for own in (young, tiny) if own is not None]
        certain = next((own for own in told if own.weight != "unknown"), None)
        if certain is not None:
            return certain.weight, certain.evidence
        return ("unknown", told[0].evidence.rstrip(".")) if told else (None, "")

    def harmful(self, harm: Harm) -> Suspicion | None:
        # (7)
        if harm.certain:
            return Suspicion(7, "block", f"It is harmful on purpose: {', '.join(harm.certain)}.")
        if harm.undecided:
            told = ", ".join(harm.undecided)
            return Suspicion(7, "unknown", f"{told} calls versions of it harmful; whether this one is not known.")
        facts, version = self._facts, self._component.version or ""
        if facts is not None:
            return self._only_release(facts) if facts.releases == 1 else None
        if self._is_absent() or not _NINES.match(version):
            return None
        # Two nines are a version of some; three are of nobody.
        weight: Weight = "high" if version.lstrip("v").startswith("999") else "unknown"
        return Suspicion(7, weight, f"Version {version} outbids every real one; {self._why}.")

    def _only_release(self, facts: PackageFacts) -> Suspicion | None:
        ((only, own),) = facts.versions.items()
        if _NINES.match(only):
            return Suspicion(7, "block", f"Its only release is {only}, which outbids every real one.")
        if own.install_scripts is None and self._component.ecosystem == "npm":
            why = facts.why(SCRIPTS) or "the index does not tell"
            return Suspicion(7, "unknown", f"Whether its only release runs scripts when installed: {why}.")
        return Suspicion(7, "block", f"Its only release, {only}, runs scripts.") if own.install_scripts else None

    def used(self, usage: Usage | None) -> Suspicion | None:
        # (8)
        if usage is None:
            return None
        weight, why = self._beside()
        words = f"It is {usage}"
        certain = weight is not None and weight != "unknown"
        return (
            Suspicion(8, "high", f"{words}; {why[:1].lower()}{why[1:]}")
            if certain
            else Suspicion(8, "low", f"{words}.")
        )

    def held(self) -> Suspicion | None:
        # (9)
        told = [self._component.version or ""]
        if self._facts is not None:
            told += [self._facts.latest or "", *self._facts.versions]
        hold = next((own for own in told if _HOLD.match(own)), None)
        if hold is None:
            return None
        return Suspicion(9, "high", f"Version {hold} is the registry's placeholder: the name was abused before.")

    def _is_absent(self) -> bool:
        return self._told is not None and self._told.exists is False

    def _unknown(self, rule: int, what: str) -> Suspicion:
        return Suspicion(rule, "unknown", f"{what}: {self._why}.")

    def _version(self, facts: PackageFacts, version: str) -> VersionFacts | None:
        """The version as the index spells it: written otherwise, it is the same one."""
        found = facts.versions.get(version)
        if found is not None:
            return found
        ecosystem = self._component.ecosystem
        plain = plain_version(ecosystem, version)
        return next((own for each, own in facts.versions.items() if plain_version(ecosystem, each) == plain), None)


def _said(why: str) -> str:
    return f" ({why})" if why else ""


def _day(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d")

"""The rules that a company's policy asks of one package, one by one.

A rule says refused, fulfilled, or not known, and why; what was not asked of a registry is not known.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import Final

from asbuilt.model import registry_facts as told
from asbuilt.model.advisory import LEVELS, Checked, Match
from asbuilt.model.component import Component
from asbuilt.model.registry_facts import WEIGHTS, PackageFacts, Suspicion, VersionFacts, Weight
from asbuilt.model.supply_policy import Reason, Rule, SupplyPolicy
from asbuilt.supply.advisories.names import plain_ecosystem, plain_version
from asbuilt.supply.licence_policy import licence_accepted
from asbuilt.supply.licences import spdx_expression
from asbuilt.supply.vex_in import is_answered

DAY: Final = 86_400
# The heaviest that a rule of suspicion can weigh, where that is not "block": one that could not be tested matters
# up to there.
_HEAVIEST: Final[dict[int, Weight]] = {4: "medium"}


class Case:
    """What the rules look at: a component, what the company says, when it comes in, and what is known of it."""

    def __init__(
        self,
        component: Component,
        policy: SupplyPolicy,
        now: int,
        *,
        facts: PackageFacts | None,
        suspicions: Sequence[Suspicion] | None,
        checked: Checked | None,
    ) -> None:
        self.component, self.policy, self.now = component, policy, now
        self.facts, self.suspicions, self.checked = facts, suspicions, checked

    @cached_property
    def version(self) -> VersionFacts | None:
        """What the registry says of this version; None when it has no such version, or was not asked."""
        if self.facts is None or self.component.version is None:
            return None
        found = self.facts.versions.get(self.component.version)
        if found is None:
            ecosystem = plain_ecosystem(self.component.ecosystem)
            wanted = plain_version(ecosystem, self.component.version)
            spelt = (each for each in self.facts.versions if plain_version(ecosystem, each) == wanted)
            found = self.facts.versions.get(next(spelt, ""))
        return found


def _malicious(case: Case) -> Iterator[Reason]:
    for match in _certain(case.checked):
        if match.malicious:
            yield Reason("malicious", False, f"{match.advisories[0].id} says that it is harmful on purpose")


def _existence(case: Case) -> Iterator[Reason]:
    facts = case.facts
    if facts is None:
        yield Reason("existence", None, "no registry was asked: whether it exists, how old it is and how kept")
    elif facts.exists is None:
        why = facts.why(told.EXISTS) or "it did not say"
        yield Reason("existence", None, f"{facts.index} could not say whether it exists: {why}")
    elif not facts.exists:
        yield Reason("existence", False, f"{facts.index} has no package of that name ({_day(facts.asked_at)})")
    elif case.version is None and case.component.version is not None and facts.versions:
        text = f"{facts.index} has no version {case.component.version} of it ({_day(facts.asked_at)})"
        yield Reason("existence", False, text)
    else:
        yield Reason("existence", True, f"{facts.index} has it")


def _suspicion(case: Case) -> Iterator[Reason]:
    if case.suspicions is None:
        yield Reason("suspicion", None, "nobody looked whether its name or its history is suspicious")
        return
    threshold = WEIGHTS.index(case.policy.suspicions_refused_from)
    for each in case.suspicions:
        if each.weight == "unknown":
            heavy = WEIGHTS.index(_HEAVIEST.get(each.rule, "block")) <= threshold
            if heavy:
                yield Reason("suspicion", None, each.evidence)
        else:
            yield Reason("suspicion", WEIGHTS.index(each.weight) > threshold, each.evidence)


def _advisories(case: Case) -> Iterator[Reason]:
    checked = case.checked
    if checked is None:
        yield Reason("advisories", None, "it was not held against advisories")
        return
    threshold = LEVELS.index(case.policy.advisories_refused_from)
    undecided = 0
    for match in checked.matches:
        if match.certainty == "affected" and (match.malicious or match.is_unmaintained):
            continue
        name = match.advisories[0].id
        undecided += match.certainty == "unknown"
        if match.certainty == "unknown":
            yield Reason("advisories", None, f"{name}: {match.why}")
        elif is_answered(match):
            yield Reason("advisories", True, f"{name} is stated not to concern it")
        elif match.level is None:
            yield Reason("advisories", None, f"{name} holds for it, and no level is given")
        else:
            yield Reason(
                "advisories", LEVELS.index(match.level) > threshold, f"{name} ({match.level}) holds for it"
            )
    if checked.coverage == "not_checked" and not undecided:
        yield Reason("advisories", None, f"it was not held against advisories: {checked.why}")
    if checked.coverage == "clean":
        yield Reason("advisories", True, f"none is known as of {_day(checked.as_of or 0)}")


def _yanked(case: Case) -> Iterator[Reason]:
    if case.facts is None or case.version is None:
        return
    if case.version.yanked is None:
        yield _untold("yanked", case.facts, told.YANKED, "whether it was taken back")
    elif case.version.yanked:
        said = f": {case.version.yanked_why}" if case.version.yanked_why else ""
        yield Reason("yanked", False, f"{case.component.version} was taken back by its publisher{said}")


def _deprecated(case: Case) -> Iterator[Reason]:
    facts = case.facts
    if facts is None or not facts.exists or not case.policy.refuse_deprecated:
        return
    if facts.standing in {"archived", "quarantined", "deprecated"}:
        said = f": {facts.standing_why}" if facts.standing_why else ""
        yield Reason("deprecated", False, f"{facts.index} calls it {facts.standing}{said}")
    elif case.version is not None and case.version.deprecated:
        said = f": {case.version.deprecated_why}" if case.version.deprecated_why else ""
        yield Reason("deprecated", False, f"{case.component.version} is deprecated{said}")
    elif case.version is not None and case.version.deprecated is None and facts.why(told.DEPRECATED):
        yield _untold("deprecated", facts, told.DEPRECATED, "whether it is deprecated")


def _maintenance(case: Case) -> Iterator[Reason]:
    policy, facts = case.policy, case.facts
    for match in _certain(case.checked):
        if match.is_unmaintained:
            text = f"{match.advisories[0].id} says that nobody maintains it"
            yield Reason("maintenance", not policy.refuse_unmaintained, text)
    days = policy.unmaintained_after_days
    if days is None or facts is None or not facts.exists:
        return
    if facts.latest_released_at is None:
        yield _untold("maintenance", facts, told.DATES, "when its newest release came")
        return
    age = max(case.now - facts.latest_released_at, 0) // DAY
    text = f"its newest release is {age:,} days old ({_day(facts.latest_released_at)})"
    yield Reason("maintenance", age <= days, text)


def _age(case: Case) -> Iterator[Reason]:
    least, facts = case.policy.at_least_days_old, case.facts
    if not least or facts is None or not facts.exists:
        return
    released = None if case.version is None else case.version.released_at
    if released is None:
        yield _untold("age", facts, told.DATES, "when this version was released")
        return
    age = max(case.now - released, 0) // DAY
    yield Reason(
        "age", age >= least, f"{case.component.version} was released {age:,} days before ({_day(released)})"
    )


def _licence(case: Case) -> Iterator[Reason]:
    said = case.component.licence or (None if case.facts is None else case.facts.licence)
    if said is None:
        if not case.policy.licence_required:
            return
        if case.facts is None or case.facts.why(told.LICENCE) or not case.facts.exists:
            yield Reason("licence", None, "its licence is not known")
        else:
            yield Reason("licence", False, f"{case.facts.index} names no licence of it")
        return
    expression = spdx_expression(said)
    if expression is None:
        yield Reason("licence", None, f"its licence is no SPDX expression that is known: {said[:200]}")
        return
    accepted = licence_accepted(
        expression, allowed=case.policy.licences_allowed, refused=case.policy.licences_refused
    )
    yield Reason("licence", accepted, f"its licence is {expression}")


RULES: Final[tuple[Callable[[Case], Iterator[Reason]], ...]] = (
    _malicious,
    _existence,
    _suspicion,
    _advisories,
    _yanked,
    _deprecated,
    _maintenance,
    _age,
    _licence,
)


def _certain(checked: Checked | None) -> Iterator[Match]:
    yield from () if checked is None else (each for each in checked.matches if each.certainty == "affected")


def _untold(rule: Rule, facts: PackageFacts, field: str, what: str) -> Reason:
    why = facts.why(field)
    return Reason(rule, None, f"{facts.index} does not tell {what}" + (f": {why}" if why else ""))


def _day(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d")

"""Whether an index tells the truth about what everybody knows, and what becomes of its facts when it does not.

1. An index is asked about a few old packages first.
2. What it tells wrongly of them, or does not tell, it is not believed of any package.
3. Existence stands: it is what was asked.
"""

from collections.abc import Iterable, Mapping

import msgspec

from asbuilt.model.registry_facts import (
    COMMITTED,
    DATES,
    DEPRECATED,
    EXISTS,
    YANKED,
    PackageFacts,
    VersionFacts,
)
from asbuilt.supply.registry.answers import Probe


def probe_index(probes: Iterable[Probe], told: Mapping[str, PackageFacts]) -> dict[str, str]:
    """The fields that an index is not believed in, each with why; empty: it told the truth.

    Args:
        probes: what must hold.
        told: what the index said of the packages that the probes are about, by name.
    """
    found: dict[str, str] = {}
    for probe in probes:
        facts = told.get(probe.name)
        if facts is None or facts.exists is None:
            why = f"the index could not be tested: {facts.why(EXISTS) if facts else 'it was not asked'}"
        elif not facts.exists:
            why = f"the index could not be tested: it has no package {probe.name}"
        elif probe.holds(facts):
            continue
        else:
            why = f"the index failed its probe: {probe.truth}, and it does not say so"
        found |= dict.fromkeys(probe.fields, why)
    return found


def believed(facts: PackageFacts, doubted: Mapping[str, str]) -> PackageFacts:
    """The facts without what the index is not believed in; ``unknown`` says why instead."""
    if not doubted or not facts.exists:
        return facts
    versions = {version: _believed(own, doubted) for version, own in facts.versions.items()}
    facts = msgspec.structs.replace(facts, versions=versions, unknown={**facts.unknown, **doubted})
    if DATES in doubted:
        facts = msgspec.structs.replace(facts, first_released_at=None, latest_released_at=None)
    return msgspec.structs.replace(facts, first_committed_at=None) if COMMITTED in doubted else facts


def _believed(own: VersionFacts, doubted: Mapping[str, str]) -> VersionFacts:
    """A version that is said to be yanked or deprecated is that all the same: only silence is not believed."""
    changed: dict[str, None] = {}
    if DATES in doubted:
        changed["released_at"] = None
    if YANKED in doubted and not own.yanked:
        changed["yanked"] = None
    if DEPRECATED in doubted and not own.deprecated:
        changed["deprecated"] = None
    return msgspec.structs.replace(own, **changed) if changed else own

"""What an index and the advisories say of packages that changes brought in: columns of ``dependencies_added``.

Nothing is asked of the network: the stores that ``asbuilt registry fetch`` and ``asbuilt advisories import`` filled
are read, where they are there. What they do not tell stays out of the row, and so is NULL: nobody looked.

1. ``exists_in_registry``, ``published_at``: as the index told, of this version.
2. ``looks_like``: the well-known name that it resembles while it is young or tiny (rules 5 and 6 of
   ``supply.suspicion``); ``none`` where both rules were tested and neither speaks against it.
3. ``licence``: as the lock file says it, else the index.
4. ``blocking_findings``: weaknesses of this version from the policy's level on, and malice, that were published
   when it came. Of a version that could not be held against advisories there is no count.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Final

from asbuilt.app.advisories import store_file
from asbuilt.app.registry import registry_file
from asbuilt.facts.recording.values import moment_text
from asbuilt.model.advisory import LEVELS, Checked
from asbuilt.model.component import Component
from asbuilt.model.errors import SourceError, UsageError
from asbuilt.model.introduction import Introduction
from asbuilt.model.registry_facts import PackageFacts, VersionFacts
from asbuilt.model.supply_policy import SupplyPolicy
from asbuilt.supply.advisories.matching import check_components
from asbuilt.supply.advisories.names import plain_name, plain_version
from asbuilt.supply.advisories.store import open_store
from asbuilt.supply.licences import spdx_expression
from asbuilt.supply.registry.store import open_registry
from asbuilt.supply.suspicion import Known, suspicions

Columns = dict[str, object]
_RESEMBLING: Final = frozenset({5, 6})  # rules that say which name it may be mistaken for


def facts_columns(
    brought: Sequence[tuple[int, Introduction]], policy: SupplyPolicy, now: int
) -> tuple[list[Columns], tuple[str, ...]]:
    """The columns of each introduction, and sentences on what was not looked up.

    Args:
        brought: when each landed (Unix seconds), and what.
        policy: from which level on an advisory blocks, and when the store is too old to call anything clean.
        now: Unix seconds.
    """
    known = Known()
    components = [own.component for _, own in brought]
    notes: list[str] = []
    checked: Sequence[Checked | None] = [None] * len(brought)
    facts: dict[tuple[str, str], PackageFacts | None] = {}
    with ExitStack() as stack:
        try:
            store = stack.enter_context(open_store(store_file(None)))
            checked = check_components(store, components, now=now, old_after=policy.advisories_older_than_days)
        except (UsageError, SourceError) as error:
            notes.append(f"blocking_findings is not known: {error.what}")
        try:
            registry = stack.enter_context(open_registry(registry_file(None)))
            for own in components:
                name = _name(own)
                if name not in facts:
                    facts[name] = registry.facts(own.ecosystem, own.name)
        except (UsageError, SourceError, sqlite3.Error) as error:
            what = error.what if isinstance(error, UsageError | SourceError) else "the store is damaged."
            notes.append(f"exists_in_registry and published_at are not known: {what}")
    return [
        _columns(own, facts.get(_name(own.component)), _blocking(told, landed, policy), known)
        for (landed, own), told in zip(brought, checked, strict=True)
    ], tuple(notes)


def _name(own: Component) -> tuple[str, str]:
    return own.ecosystem, plain_name(own.ecosystem, own.name)


def _columns(
    own: Introduction,
    facts: PackageFacts | None,
    blocking: int | None,
    known: Known,
) -> Columns:
    component = own.component
    version = None if facts is None else _version(facts, component)
    told: dict[str, object | None] = {
        "exists_in_registry": _exists(facts, component, version),
        "published_at": None
        if version is None or version.released_at is None
        else moment_text(version.released_at),
        "looks_like": _looks_like(own, facts, known),
        "licence": spdx_expression(component.licence or "") or component.licence or (facts and facts.licence),
        "blocking_findings": blocking,
    }
    return {name: value for name, value in told.items() if value is not None}


def _version(facts: PackageFacts, component: Component) -> VersionFacts | None:
    if component.version is None:
        return None
    found = facts.versions.get(component.version)
    if found is not None:
        return found
    plain = plain_version(component.ecosystem, component.version)
    return next(
        (told for each, told in facts.versions.items() if plain_version(component.ecosystem, each) == plain), None
    )


def _exists(facts: PackageFacts | None, component: Component, version: VersionFacts | None) -> bool | None:
    if component.source != "registry" or facts is None or facts.exists is None:
        return None
    if facts.exists and component.version is not None and facts.versions and version is None:
        return False
    return facts.exists


def _looks_like(own: Introduction, facts: PackageFacts | None, known: Known) -> str | None:
    component = own.component
    if component.source != "registry":
        return None
    ecosystem, name = _name(component)
    told = [each for each in suspicions(facts, component, own.at, known) if each.rule in _RESEMBLING]
    if any(each.weight == "unknown" for each in told):
        return None
    if not told:
        return "none"
    resemblance = known.resembles(ecosystem, name, own.at)
    return " and ".join(resemblance.names) if resemblance is not None else known.elsewhere(ecosystem, name, own.at)


def _blocking(checked: Checked | None, landed: int, policy: SupplyPolicy) -> int | None:
    if checked is None or checked.coverage == "not_checked":
        return None
    worst = LEVELS[: LEVELS.index(policy.advisories_refused_from) + 1]
    count = 0
    for match in checked.matches:
        if match.certainty == "unknown":
            return None
        since = [each.published for each in match.advisories if each.published is not None]
        if (match.malicious or match.told_level in worst) and (not since or min(since) <= landed):
            count += 1
    return count

"""Components against a store of advisories: what is matched, what is clean as of when, and what was not checked.

1. Only what came from a registry, with a version, of an ecosystem that the store holds, can be looked up.
2. A version is affected when it is listed, or when a range holds it; what cannot be ordered is unknown.
3. Advisories of one weakness are merged: connected by their ids and aliases.
4. Without a match a component is clean only where the store holds every advisory of its ecosystem, and is not too
old.
"""

from collections.abc import Iterable
from typing import Final

import msgspec

from asbuilt.model.advisory import Advisory, Checked, Evidence, Match, urgency
from asbuilt.model.component import Component
from asbuilt.supply.advisories.names import plain_ecosystem, plain_name, plain_version
from asbuilt.supply.advisories.osv import Event
from asbuilt.supply.advisories.ranges import decide, shown
from asbuilt.supply.advisories.store import DAY, Ecosystem, Store

OLD_AFTER: Final = 7  # days
_NOT_OF_A_REGISTRY: Final = {
    "git": "it is taken from a git repository: advisories are about what a registry gives out",
    "file": "it is a file of its own: advisories are about what a registry gives out",
    "url": "it is taken from an address of its own: advisories are about what a registry gives out",
    "workspace": "it is a part of this product",
    None: "it is not told where it comes from",
}


class _Hit(msgspec.Struct, gc=False):
    """What is found of one advisory."""

    advisory: Advisory
    evidence: list[Evidence]
    fixed_in: list[str]
    why: str = ""


class _Checker:
    def __init__(self, store: Store, now: int, old_after: int) -> None:
        self._store, self._now, self._old_after = store, now, old_after
        self._held = store.ecosystems()
        self._ranges: dict[int, list[tuple[int, tuple[Event, ...]]]] = {}
        self._known: dict[tuple[str, str, str], tuple[_Hit, ...]] = {}

    def check(self, component: Component) -> Checked:
        ecosystem = plain_ecosystem(component.ecosystem)
        held = self._held.get(ecosystem)
        # (1)
        why = _cannot_ask(component, held)
        if why or held is None or component.version is None:
            return _told(component, "not_checked", why=why)
        # (2)
        hits = self._hits(ecosystem, plain_name(ecosystem, component.name), component.version)
        # (3)
        matches = tuple(_merge(component.purl, hits))
        if any(match.certainty == "affected" for match in matches):
            return msgspec.structs.replace(_told(component, "matched"), matches=matches, as_of=held.as_of)
        if matches:
            why = f"{len(matches):,} could not be decided: {matches[0].why}"
            found = _told(component, "not_checked", why=why)
            return msgspec.structs.replace(found, matches=matches, as_of=held.as_of)
        # (4)
        why = self._cannot_say(held)
        return msgspec.structs.replace(
            _told(component, "not_checked" if why else "clean", why=why), as_of=held.as_of
        )

    def _cannot_say(self, held: Ecosystem) -> str:
        if not held.whole:
            return f"the store does not hold every advisory of {held.ecosystem}: {held.why}"
        days = (self._now - held.as_of) // DAY
        if days > self._old_after:
            return f"the store is too old: what it knows of {held.ecosystem} is {days:,} days old"
        return ""

    def _hits(self, ecosystem: str, name: str, version: str) -> tuple[_Hit, ...]:
        asked = (ecosystem, name, version)
        if asked not in self._known:
            self._known[asked] = self._look_up(ecosystem, name, version)
        return self._known[asked]

    def _look_up(self, ecosystem: str, name: str, version: str) -> tuple[_Hit, ...]:
        package = self._store.package(ecosystem, name)
        if package is None:
            return ()
        listed = self._store.listed(package, plain_version(ecosystem, version))
        if package not in self._ranges:
            self._ranges[package] = self._store.ranges(package)
        decided = [(number, events, decide(ecosystem, version, events)) for number, events in self._ranges[package]]
        # dict: an advisory once, in the order in which it was met
        touched = dict.fromkeys([*listed, *(number for number, _, said in decided if said.said != "outside")])
        told = self._store.advisories(touched)
        hits = {number: _Hit(told[number], [], []) for number in touched}
        for number in listed:
            hits[number].evidence.append(Evidence(told[number].id, "versions", version))
        for number, events, said in decided:
            if number not in hits:
                continue
            if said.said == "inside":
                hits[number].evidence.append(Evidence(told[number].id, "range", shown(events)))
            if said.said == "unclear":
                hits[number].why = hits[number].why or said.why
            elif said.fixed_in is not None:
                hits[number].fixed_in.append(said.fixed_in)
        return tuple(hits.values())


def check_components(
    store: Store, components: Iterable[Component], *, now: int, old_after: int = OLD_AFTER
) -> tuple[Checked, ...]:
    """Every component held against a store, in the order given.

    Args:
        store: the advisories.
        components: what a product is built from.
        now: Unix seconds.
        old_after: days behind which what is known of an ecosystem is too old to call anything clean.
    """
    checker = _Checker(store, now, old_after)
    return tuple(checker.check(component) for component in components)


def _cannot_ask(component: Component, held: Ecosystem | None) -> str:
    if component.source != "registry":
        return _NOT_OF_A_REGISTRY[component.source]
    if not component.version:
        return "it has no version: it is declared, and not locked"
    if held is None:
        return f"the store holds no advisory of {component.ecosystem or 'its ecosystem'}"
    return ""


def _told(component: Component, coverage: str, *, why: str = "") -> Checked:
    return Checked(
        component.ecosystem,
        component.name,
        component.version,
        component.purl,
        "matched" if coverage == "matched" else "clean" if coverage == "clean" else "not_checked",
        why=why,
    )


def _merge(purl: str, hits: Iterable[_Hit]) -> Iterable[Match]:
    """One match for each connected group of ids and aliases, the most urgent first."""
    known = list(hits)
    leads: dict[str, str] = {}  # a name to another of its group; one that leads to itself stands for the group

    def leader(name: str) -> str:
        while (above := leads.setdefault(name, name)) != name:
            leads[name] = leads[above]
            name = above
        return name

    if len(known) > 1:
        for hit in known:
            for alias in hit.advisory.aliases:
                leads[leader(alias)] = leader(hit.advisory.id)
    groups: dict[str, list[_Hit]] = {}
    for hit in known:
        groups.setdefault(leader(hit.advisory.id), []).append(hit)
    found = [_match(purl, joined) for joined in groups.values()]
    return sorted(found, key=urgency) if len(found) > 1 else found


def _match(purl: str, hits: list[_Hit]) -> Match:
    if len(hits) > 1:
        hits = sorted(hits, key=lambda hit: hit.advisory.id)
    certain = any(hit.evidence for hit in hits)
    return Match(
        purl=purl,
        advisories=tuple(hit.advisory for hit in hits),
        names=tuple(sorted({name for hit in hits for name in (hit.advisory.id, *hit.advisory.aliases)})),
        evidence=tuple(each for hit in hits for each in hit.evidence),
        certainty="affected" if certain else "unknown",
        fixed_in=tuple(dict.fromkeys(each for hit in hits for each in hit.fixed_in)),
        why="" if certain else next(hit.why for hit in hits),
    )

"""What advisories know of a tree's dependencies, for an inspection: by who brought them, and for how long.

1. Every version that the tree names, or its history named, is held against the local store of advisories. No clock
   is read: the store is too old where it was so when it was imported, or where the commit came long after it.
2. What is stated of a match (VEX, decisions of a ledger) stands beside it; where a reason says that it does not
   concern the product, it is counted apart.
3. Count what stands by level and by who brought the component, and list the worst.
4. Follow each weakness through the history (``weakness_times``).
"""

import importlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from asbuilt.app.advisories import known_store
from asbuilt.app.component_history import BEFORE
from asbuilt.app.deps import Known
from asbuilt.app.evidence_folder import read_plain
from asbuilt.app.weakness_times import Event, Open, Package, days_between, spans_of, summed
from asbuilt.model.advisory import LEVELS, Checked, Match, urgency
from asbuilt.model.attribution import Authorship
from asbuilt.model.component import Component
from asbuilt.model.deps import Dependency
from asbuilt.model.errors import SourceError, UsageError
from asbuilt.model.inspection import Gap
from asbuilt.model.text import visible
from asbuilt.model.tree_content import BroughtComponent, HeldAgainstAdvisories, KnownWeakness, WeaknessTimes
from asbuilt.supply.advisories.matching import check_components
from asbuilt.supply.advisories.store import Status, open_store
from asbuilt.supply.introductions import Identity, identity, label
from asbuilt.supply.vex_in import apply_vex, is_answered, read_vex

MOST: Final = 300  # weaknesses that are listed
_NO_LEVEL: Final = "unrated"
_COVERAGE: Final = ("matched", "clean", "not_checked")
_CLASSES: Final = tuple(each.value for each in Authorship)


class Wanted(NamedTuple):
    """How to hold them.

    ``at`` is when the commit was made (Unix seconds), ``old_after`` the days behind which a store calls nothing
    clean; ``vex`` are files with statements, ``ledger`` the folder of a ledger with decisions.
    """

    at: int
    old_after: int
    vex: tuple[Path, ...] = ()
    ledger: Path | None = None


class Standing(NamedTuple):
    """One component of the tree, the row that says who brought it, and the same as reports show it."""

    component: Component
    row: Dependency
    brought: BroughtComponent


def hold_against_advisories(
    known: Known, standing: Sequence[Standing], wanted: Wanted
) -> tuple[HeldAgainstAdvisories | None, tuple[Gap, ...]]:
    """What the store of advisories knows of them; a gap where there is none.

    Raises:
        SourceError: a file of statements cannot be read; LedgerError: the ledger is damaged.
    """
    statements = [each for file in wanted.vex for each in read_vex(read_plain(file, follow=True), str(file)).taken]
    place = known_store()
    if place is None:
        return None, (_not_held(len(standing), "there is no store of advisories."),)
    history = _brought_once(known)
    try:
        with open_store(place) as store:
            status = store.status()
            now = max(status.imported, wanted.at)
            # (1)
            components = [own.component for own in standing]
            checked = check_components(store, components, now=now, old_after=wanted.old_after)
            earlier = check_components(store, history, now=now, old_after=wanted.old_after)
    except (UsageError, SourceError) as error:
        return None, (_not_held(len(standing), visible(error.what, 200)),)
    # (2)
    if wanted.ledger is not None:
        statements += importlib.import_module("asbuilt.app.vex").stated_in(wanted.ledger, now=now).taken
    checked, earlier = (apply_vex(each, statements, now=now).checked for each in (checked, earlier))
    # (4)
    of_version = {
        (identity(own), label(own)): told.matches
        for own, told in zip(history, earlier, strict=True)
        if told.matches
    }
    until = max(status.newest, wanted.at)
    times, opened = _times(known, of_version, until)
    # (3)
    held = _counts(status, checked, standing, opened, is_old=status.days_old(now) > wanted.old_after)
    held = msgspec.structs.replace(held, times=times, counted_to=until)
    return held, (_old(held),) if held.old else ()


def _brought_once(known: Known) -> list[Component]:
    """Each version that a commit of the history brought, once."""
    every = (own.component for own in known.components.introductions if own.kind != "removed")
    found = {(identity(own), label(own)): own for own in every}
    found |= {
        (identity(own.component), label(own.component)): own.component
        for own in known.components.standing
        if own.brought == BEFORE
    }
    return list(found.values())


def _times(
    known: Known, of_version: dict[tuple[Identity, str], tuple[Match, ...]], now: int
) -> tuple[dict[str, WeaknessTimes], Open]:
    """(4) How long the weaknesses of each class stood, and how long each of those that are open has."""

    def matches(component: Component) -> Iterable[Match]:
        found = of_version.get((identity(component), label(component)), ())
        return (own for own in found if not is_answered(own))

    spans = []
    opened: dict[tuple[Identity, str], int | None] = {}
    for name, package in _packages(known, {name for name, _ in of_version}).items():
        for span in spans_of(package, matches):
            spans.append(span)
            if span.is_open:
                opened |= dict.fromkeys(((name, each) for each in span.names), days_between(span.owed, now))
    return summed(spans, _CLASSES, now=now), Open(opened)


def _packages(known: Known, wanted: set[Identity]) -> dict[Identity, Package]:
    """The packages that had a weakness in some version, each with its history."""
    standing: dict[Identity, set[str]] = defaultdict(set)
    events: dict[Identity, list[Event]] = defaultdict(list)
    for own in known.components.standing:
        if (name := identity(own.component)) in wanted:
            standing[name].add(label(own.component))
            if own.brought == BEFORE:
                events[name].append(Event(own.component, None, Authorship.UNKNOWN.value))
    own_events = [
        (identity(each.component), each)
        for each in known.components.introductions
        if identity(each.component) in wanted
    ]
    wrote = known.history.attributions_of({each.commit for _, each in own_events})
    landed: dict[str, int | None] = {}
    for name, each in own_events:
        commit = each.landed or each.commit
        if commit not in landed:
            change = known.history.change_of(commit)
            landed[commit] = None if change is None else change.landed_at
        told = wrote.get(each.commit)
        at = landed[commit]
        events[name].append(
            Event(
                each.component,
                each.at if at is None else at,
                Authorship.UNKNOWN.value if told is None else told.authorship.value,
                each.previous,
                gone=each.kind == "removed",
            )
        )
    return {name: Package(events[name], frozenset(standing[name])) for name in sorted(wanted)}


def _counts(
    status: Status, checked: Sequence[Checked], standing: Sequence[Standing], opened: Open, *, is_old: bool
) -> HeldAgainstAdvisories:
    """(3) What stands; what somebody answered is in no count but its own."""
    matches: list[tuple[Match, Standing]] = []
    answered: list[tuple[Match, Standing]] = []
    undecided = 0
    for told, own in zip(checked, standing, strict=True):
        certain = [match for match in told.matches if match.certainty == "affected"]
        undecided += len(told.matches) - len(certain)
        for match in certain:
            (answered if is_answered(match) else matches).append((match, own))
    listed = [*sorted(matches, key=_worst_first), *sorted(answered, key=_worst_first)]
    return HeldAgainstAdvisories(
        as_of=status.newest,
        old=is_old,
        sample=status.sample,
        coverage=_counted(Counter(own.coverage for own in checked), _COVERAGE),
        by_level=_counted(Counter(match.level or _NO_LEVEL for match, _ in matches), (*LEVELS, _NO_LEVEL)),
        by_attribution=_counted(Counter(own.row.attribution for _, own in matches), _CLASSES),
        undecided=undecided,
        weaknesses=tuple(_weakness(match, own, opened) for match, own in listed[:MOST]),
        answered=len(answered),
    )


def _worst_first(found: tuple[Match, Standing]) -> tuple[object, ...]:
    return urgency(found[0]), found[1].row.purl


def _weakness(match: Match, own: Standing, opened: Open) -> KnownWeakness:
    return KnownWeakness(
        advisory=match.advisories[0].id,
        level=match.level,
        malicious=match.malicious,
        exploited_since=match.kev_since,
        fixed_in=match.fixed_in,
        component=own.brought,
        published=min((each.published for each in match.advisories if each.published is not None), default=None),
        open_days=opened.of(identity(own.component), match.names),
        stated=_stated(match),
        answered=is_answered(match),
    )


def _stated(match: Match) -> str:
    """What is stated of a match, as a sentence each; one that has run out is none."""
    told = []
    for vex in match.vex:
        if not vex.expired:
            until = "" if vex.until is None else f" until {datetime.fromtimestamp(vex.until, UTC):%Y-%m-%d}"
            reason = vex.statement or vex.justification.replace("_", " ")
            said = f"{vex.status.replace('_', ' ')}, says {vex.by or 'nobody that is named'}{until}"
            told.append(visible(f"{said}{f': {reason}' if reason else ''}", 300))
    return "; ".join(told[:3])


def _counted(counts: Counter[str], names: Sequence[str]) -> dict[str, int]:
    return {name: counts[name] for name in names}


def _not_held(count: int, why: str) -> Gap:
    return Gap(
        "GAP-ADVISORIES",
        f"{count:,} {'dependency was' if count == 1 else 'dependencies were'} not checked: {why}",
        "What is publicly known against a version stands in a local store of advisories; none was read.",
        "Import one: asbuilt advisories import all.zip",
        count=count,
    )


def _old(held: HeldAgainstAdvisories) -> Gap:
    unchecked = held.coverage["not_checked"]
    return Gap(
        "GAP-ADVISORIES",
        "The store of advisories is too old for anything to be called clean.",
        "It knows of nothing that was published since.",
        "Import newer ones: asbuilt advisories import all.zip",
        count=unchecked or 1,
    )

"""How long known weaknesses of dependencies stood in the product, by who brought the version that had them.

1. Of each package the versions that commits brought, in the order of the history, with when each landed.
2. A weakness stands from the first version that has it to the commit after which no version has it; from one
   version that has it to another that has it too it goes on, and is of whoever brought the first.
3. Its clock starts when it was published, where that was later: nobody could have known before. What was gone by
   then never counted.
4. What still stands is open. What stands no longer, though no commit that is told took it away (one of several
   versions at once), is fixed, and when is not known.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from statistics import median_low
from typing import Final, NamedTuple

import msgspec

from asbuilt.model.advisory import Match
from asbuilt.model.component import Component
from asbuilt.model.tree_content import WeaknessTimes
from asbuilt.supply.introductions import Identity, label

DAY: Final = 86_400


class Event(NamedTuple):
    """A version that came (``gone``: the package went) at ``at`` (Unix seconds; None: not told), by which class."""

    component: Component
    at: int | None
    attribution: str
    previous: str | None = None
    gone: bool = False


class Package(NamedTuple):
    """One package: its events in the order of the history, and the versions (labels) that stand at its end."""

    events: Sequence[Event]
    standing: frozenset[str]


class Span(NamedTuple):
    """One weakness in one package: its names, who brought it, since when, until when.

    ``owed`` is when its clock started, ``until`` when it was gone (both None: not known); ``is_open``: it stands.
    """

    names: frozenset[str]
    attribution: str
    owed: int | None
    until: int | None
    is_open: bool


def spans_of(package: Package, matches: Callable[[Component], Iterable[Match]]) -> Iterator[Span]:
    """Each weakness that stood in a package while it was known."""
    affected: dict[str, list[Match]] = {}
    for event in package.events:
        if not event.gone and label(event.component) not in affected:
            affected[label(event.component)] = [
                own for own in matches(event.component) if own.certainty == "affected"
            ]
    for names in _groups(own.names for found in affected.values() for own in found):
        told = [own for found in affected.values() for own in found if not names.isdisjoint(own.names)]
        having = {
            version for version, found in affected.items() if any(not names.isdisjoint(own.names) for own in found)
        }
        days = [each.published for own in told for each in own.advisories if each.published is not None]
        yield from _stood(package, having, names, min(days, default=None))


def _groups(named: Iterable[Sequence[str]]) -> list[frozenset[str]]:
    """Names that are told together, directly or through others, are of one weakness."""
    groups: list[set[str]] = []
    for names in named:
        own = set(names)
        apart = []
        for group in groups:
            if own.isdisjoint(group):
                apart.append(group)
            else:
                own |= group
        groups = [*apart, own]
    return sorted((frozenset(group) for group in groups), key=min)


def _stood(package: Package, having: set[str], names: frozenset[str], published: int | None) -> Iterator[Span]:
    # (2)
    present: set[str] = set()
    opened: Event | None = None
    for event in package.events:
        if event.gone:
            present.clear()
        else:
            present.discard(event.previous or "")
            present.add(label(event.component))
        if opened is None and present & having:
            opened = event
        elif opened is not None and not present & having:
            yield from _closed(opened, event, names, published)
            opened = None
    # (4)
    if opened is None:
        opened = next(
            (own for own in reversed(package.events) if label(own.component) in having & package.standing), None
        )
    if opened is None:
        return
    if having & package.standing:
        yield Span(names, opened.attribution, _owed(opened, published), None, is_open=True)
    else:
        yield Span(names, opened.attribution, None, None, is_open=False)


def _closed(opened: Event, event: Event, names: frozenset[str], published: int | None) -> Iterator[Span]:
    # (3)
    if published is not None and event.at is not None and event.at <= published:
        return
    yield Span(names, opened.attribution, _owed(opened, published), event.at, is_open=False)


def _owed(opened: Event, published: int | None) -> int | None:
    return None if opened.at is None or published is None else max(opened.at, published)


def summed(spans: Iterable[Span], classes: Sequence[str], *, now: int) -> dict[str, WeaknessTimes]:
    """The spans by class, each class there is; ``now`` is as of when what is open is counted (Unix seconds)."""
    of: dict[str, list[Span]] = defaultdict(list)
    for span in spans:
        of[span.attribution].append(span)
    return {name: _summed(of[name], now) for name in classes}


def _summed(spans: Sequence[Span], now: int) -> WeaknessTimes:
    fixed = [own for own in spans if not own.is_open]
    took = [days_between(own.owed, own.until) for own in fixed]
    days = [each for each in took if each is not None]
    waiting = [days_between(own.owed, now) for own in spans if own.is_open]
    open_days = [each for each in waiting if each is not None]
    return WeaknessTimes(
        open=len(spans) - len(fixed),
        fixed=len(fixed),
        timed=len(days),
        median_days=median_low(days) if days else None,
        worst_days=max(days, default=None),
        oldest_open_days=max(open_days, default=None),
    )


def days_between(start: int | None, end: int | None) -> int | None:
    """Whole days; None where one of the two is not known."""
    return None if start is None or end is None else max(end - start, 0) // DAY


class Open(msgspec.Struct, frozen=True):
    """How long what is open has been, by package and name of the weakness."""

    days: dict[tuple[Identity, str], int | None] = {}

    def of(self, package: Identity, names: Iterable[str]) -> int | None:
        """The days of one weakness; None: not known."""
        return next((self.days[package, name] for name in names if (package, name) in self.days), None)

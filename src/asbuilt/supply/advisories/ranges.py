"""Whether one version lies in one range, by OSV's rules (ossf.github.io/osv-schema, "Evaluation").

1. A range with a ``limit`` holds what lies before one of its limits, and nothing else.
2. Events in the order of versions, those of one version as they are written, ``last_affected`` behind the others.
3. ``introduced`` begins an interval at its version (``0``: before every version), ``fixed`` ends one before its
own,
   ``last_affected`` ends one behind its own. There may be several intervals; what a later one says does not undo an
   earlier one.
"""

from typing import Any, Literal

import msgspec

from asbuilt.supply.advisories.osv import Event
from asbuilt.supply.versions import UnorderedError, order_key

_START = "0"  # before every version, whatever the ecosystem


class Decided(msgspec.Struct, frozen=True, gc=False):
    """What a range says of a version, ``why`` if it is unclear, and the next version in which it is fixed."""

    said: Literal["inside", "outside", "unclear"]
    fixed_in: str | None = None
    why: str = ""


INSIDE, OUTSIDE = Decided("inside"), Decided("outside")


def decide(ecosystem: str, version: str, events: tuple[Event, ...]) -> Decided:
    """What one range says of one version; what cannot be ordered is unclear, never outside."""
    if not events:
        return Decided("unclear", why="the advisory names no version and no range that can be decided")
    if len(events) == 2 and events[0][0] == "introduced" and events[1][0] == "fixed":  # nearly every range
        plain = _plain(ecosystem, version, events[0][1], events[1][1])
        return plain or _walked(ecosystem, version, events)
    return _walked(ecosystem, version, events)


def _walked(ecosystem: str, version: str, events: tuple[Event, ...]) -> Decided:
    """Any range, event by event."""
    kinds = {kind for kind, _ in events}
    if kinds == {"introduced"} and all(text == _START for _, text in events):
        return INSIDE  # every version, in whatever order
    if "unclear" in kinds:
        return Decided("unclear", why="the advisory's range has an event that is not known")
    try:
        own = (1, order_key(ecosystem, version))
        places = [_place(ecosystem, text) for _, text in events]
    except UnorderedError as error:
        return Decided("unclear", why=str(error))
    # (1)
    if "limit" in kinds and not any(
        own < place for (kind, _), place in zip(events, places, strict=True) if kind == "limit"
    ):
        return OUTSIDE
    # (2)
    order = sorted(range(len(events)), key=lambda at: (places[at], events[at][0] == "last_affected"))
    inside = False
    fixed_in = None
    for at in order:
        kind, text = events[at]
        # (3)
        if own >= places[at]:
            if kind == "introduced":
                inside = True
            elif kind == "fixed" or (kind == "last_affected" and own > places[at]):
                inside = False
        elif kind == "fixed":
            fixed_in = text
            break  # what follows is later still
    return (
        (INSIDE if inside else OUTSIDE)
        if fixed_in is None
        else Decided("inside" if inside else "outside", fixed_in)
    )


def _plain(ecosystem: str, version: str, start: str, end: str) -> Decided | None:
    """One interval, with fewer comparisons; None: it is not as plain as it looks."""
    if "*" in {start, end} or end == _START:
        return None
    try:
        own, last = order_key(ecosystem, version), order_key(ecosystem, end)
        first = None if start == _START else order_key(ecosystem, start)
    except UnorderedError:
        return None
    if first is not None and not first <= last:
        return None
    if own >= last:
        return OUTSIDE
    return Decided("inside" if first is None or own >= first else "outside", end)


def _place(ecosystem: str, text: str) -> tuple[int, Any]:
    if text == _START:
        return 0, 0
    return (2, 0) if text == "*" else (1, order_key(ecosystem, text))


def shown(events: tuple[Event, ...]) -> str:
    """The events as a person reads them."""
    return ", ".join(f"{kind} {text}".rstrip() for kind, text in events)

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


class Decided(msgspec.Struct, frozen=True):
    """What a range says of a version, ``why`` if it is unclear, and the next version in which it is fixed."""

    said: Literal["inside", "outside", "unclear"]
    fixed_in: str | None = None
    why: str = ""


OUTSIDE = Decided("outside")


def decide(ecosystem: str, version: str, events: tuple[Event, ...]) -> Decided:
    """What one range says of one version; what cannot be ordered is unclear, never outside."""
    if not events:
        return Decided("unclear", why="the advisory names no version and no range that can be decided")
    if all(event == ("introduced", _START) for event in events):
        return Decided("inside")  # every version, in whatever order
    if any(kind == "unclear" for kind, _ in events):
        return Decided("unclear", why="the advisory's range has an event that is not known")
    try:
        own = (1, order_key(ecosystem, version))
        placed = sorted(
            ((_place(ecosystem, text), kind == "last_affected", at) for at, (kind, text) in enumerate(events)),
        )
    except UnorderedError as error:
        return Decided("unclear", why=str(error))
    # (1)
    limits = [place for place, _, at in placed if events[at][0] == "limit"]
    if limits and not any(own < limit for limit in limits):
        return OUTSIDE
    # (2)
    inside = False
    fixed_in = None
    for place, _, at in placed:
        kind, text = events[at]
        # (3)
        if kind == "introduced" and own >= place:
            inside = True
        elif kind == "fixed" and own >= place:
            inside = False
        elif kind == "fixed" and fixed_in is None:
            fixed_in = text
        elif kind == "last_affected" and own > place:
            inside = False
    return Decided("inside" if inside else "outside", fixed_in)


def _place(ecosystem: str, text: str) -> tuple[int, Any]:
    if text == _START:
        return 0, 0
    return (2, 0) if text == "*" else (1, order_key(ecosystem, text))


def shown(events: tuple[Event, ...]) -> str:
    """The events as a person reads them."""
    return ", ".join(f"{kind} {text}".rstrip() for kind, text in events)

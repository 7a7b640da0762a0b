"""What two states of one tree differ in, component by component: pure, no order of the input matters.

1. A component is known by its ecosystem and its name in their one spelling (PyPI: ``Flask`` and ``flask`` are one).
2. A range that a lock file beside it, or above it, has made a version of is no component of its own; the lock
   file's is then known to be wanted directly. An address of git, of a file or of an archive is no
   range of what comes from a registry.
3. ``new``: no file of the tree before named it. ``version``: the tree before named it, and not in this version,
   range or source. Moved from one file of the tree to another is neither.
4. ``removed``: no file of the tree after names it.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec

from asbuilt.model.component import Component, Scope, locked_folder
from asbuilt.model.introduction import Kind
from asbuilt.supply.advisories.names import plain_name
from asbuilt.supply.versions import UnorderedError, order_key

Identity = tuple[str, str]  # the ecosystem, and the name in its one spelling
_NEEDED: Final[dict[Scope | None, int]] = {"runtime": 0, None: 1, "optional": 2, "development": 3}
_ANY: Final = "any version"


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One component that came, changed or went; ``previous`` is what stood there before, None when nothing did."""

    component: Component
    kind: Kind
    previous: str | None = None


def identity(component: Component) -> Identity:
    """What a component is known by, whatever its version: compare these, never the names."""
    return component.ecosystem, plain_name(component.ecosystem, component.name)


def label(component: Component) -> str:
    """The version, else the range as it is declared; and where it comes from when that is no registry."""
    told = component.version or component.declared or _ANY
    return told if component.source in {"registry", None} else f"{told} from {component.source}"


def compare(before: Sequence[Component], after: Sequence[Component]) -> tuple[Difference, ...]:
    """What came, changed and went between two trees.

    Args:
        before: the components of all files of the tree before (of those in question, when no other file of the
            tree names them); of a merge, those of all its parents.
        after: those of the tree after.

    Returns:
        The differences, each component and version once, ordered by ecosystem, name and version.
    """
    old, new = by_identity(before), by_identity(after)
    found: list[Difference] = []
    for own in sorted(old.keys() | new.keys()):
        found += compare_one(old.get(own, ()), new.get(own, ()))
    return tuple(found)


def compare_one(before: Sequence[Component], after: Sequence[Component]) -> list[Difference]:
    """The same for the components of one identity."""
    old, new = versions_of(before), versions_of(after)
    if not new:
        return [Difference(component=_newest(old), kind="removed", previous=label(_newest(old)))] if old else []
    came = sorted(new.keys() - old.keys())
    if not old:
        return [Difference(component=new[each], kind="new") for each in came]
    gone = [old[each] for each in sorted(old.keys() - new.keys())]
    return [
        Difference(component=new[each], kind="version", previous=label(_nearest(new[each], gone or old.values())))
        for each in came
    ]


def by_identity(components: Iterable[Component]) -> dict[Identity, list[Component]]:
    """Components by what they are; packages of the product itself (``workspace``) are left out."""
    found: dict[Identity, list[Component]] = {}
    for own in components:
        if own.source != "workspace":
            found.setdefault(identity(own), []).append(own)
    return found


def versions_of(same: Sequence[Component]) -> dict[str, Component]:
    """The versions of one identity, by their label, each as its best witness tells it (step 2)."""
    if len(same) == 1:
        return {label(same[0]): same[0]}
    locked = [own for own in same if own.version is not None]
    folders = {locked_folder(own.path) for own in locked}
    from_registry = any(own.source == "registry" for own in locked)
    wanted: set[str] = set()
    found: dict[str, list[Component]] = {}
    for own in same:
        # An address is no range of what comes from a registry.
        is_range = own.version is None and (own.source in {"registry", None} or not from_registry)
        above = folders.intersection(_above(own.path)) if is_range else ()
        if above:
            wanted |= above if own.direct else set()
        else:
            found.setdefault(label(own), []).append(own)
    return {told: _witness(those, wanted) for told, those in found.items()}


def _witness(those: Sequence[Component], wanted: set[str]) -> Component:
    """The one that tells most: locked, needed at run time, wanted directly; then the first by path and line."""
    best = min(
        those,
        key=lambda own: (
            own.version is None,
            _NEEDED[own.scope],
            not own.direct,
            own.path,
            own.line or 0,
            own.purl,
        ),
    )
    direct = best.direct
    if direct is None and wanted:
        direct = True if any(locked_folder(own.path) in wanted for own in those) else None
    return best if direct == best.direct else msgspec.structs.replace(best, direct=direct)


def _nearest(own: Component, those: Iterable[Component]) -> Component:
    """What a version most likely replaced: in its own file before others, the greatest that is not above it."""
    every = list(those)
    same = [each for each in every if each.path == own.path] or every
    ordered = sorted(same, key=_rank)
    below = [each for each in ordered if _rank(each) <= _rank(own)]
    return below[-1] if below else ordered[0]


def _newest(those: dict[str, Component]) -> Component:
    return max(those.values(), key=_rank)


class _Rank:
    """A version in its ecosystem's order; what has no order, or none with another, comes first, by its text."""

    __slots__ = ("key", "text")

    def __init__(self, own: Component) -> None:
        self.text = label(own)
        try:
            self.key: Any = order_key(own.ecosystem, own.version) if own.version is not None else None
        except UnorderedError:
            self.key = None

    def __lt__(self, other: "_Rank") -> bool:
        if self.key is not None and other.key is not None and self.key != other.key:
            return bool(self.key < other.key)
        return (self.key is not None, self.text) < (other.key is not None, other.text)

    def __le__(self, other: "_Rank") -> bool:
        return not other < self


def _rank(own: Component) -> _Rank:
    return _Rank(own)


def _above(path: str) -> list[str]:
    """The folder of a file and all above it, the top being the empty text."""
    parts = path.split("/")[:-1]
    return ["/".join(parts[:depth]) for depth in range(len(parts), -1, -1)]

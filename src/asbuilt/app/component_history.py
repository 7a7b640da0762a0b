"""Which commit brought each component: the history of a product's dependencies, up to one revision.

1. Take the commits parents first, each with what became of the files of dependencies (``history.file_steps``).
2. The tree of a commit is that of its first parent with those files; a file whose reader asked for another one
   (``-r``, central versions, parents) is read again when that one changes.
3. What only differs in place is no difference; of the rest, compare the components of the same identity in the
   tree before with those after (``supply.introductions``).
4. A merge brings what none of its parents has; all else came with the parent that has it, and keeps its commit
   there. A component that a parent took away was taken away there.
5. A version of a file that cannot be read at all changes nothing: what it brought shows with the next one that
   can. Where history is cut off, nothing is known of what stood there: it has no introduction.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Final

import msgspec

from asbuilt.app.component_readings import Readings, VersionReading, readers_digest
from asbuilt.app.sbom_tree import unread_by_mode
from asbuilt.history.file_steps import FileStep, read_file_steps
from asbuilt.history.git import Repository
from asbuilt.history.objects import read_objects
from asbuilt.history.origins.boundary import find_boundary
from asbuilt.history.origins.container import Damaged, open_container, write_container
from asbuilt.model.component import Component, Unread
from asbuilt.model.introduction import Introduction
from asbuilt.model.progress import Listener, silent
from asbuilt.model.text import path_text
from asbuilt.supply.introductions import Difference, Identity, compare_one, label, versions_of
from asbuilt.supply.reading import is_foreign, reader_of, unread_by_name

AS_OF: Final = "As of commit "  # how the reason begins why a version of long ago could not be read
BEFORE: Final = -1  # the introduction of what stood there where history is cut off
_PASSES: Final = 4  # how often a file that an included file includes may ask for another one
_INDEXES: Final = 2_000  # indexes of readings that are held at a time
_MOST_UNREAD: Final = 10_000  # versions that are named one by one
_KEPT: Final = 3  # histories of so many revisions are kept
FILE: Final = "{tip}.introductions"
# Raised whenever an answer could come out other than before; what is kept is then made again.
SEMANTICS: Final = 2


class Standing(msgspec.Struct, frozen=True):
    """One component and version of the tree: numbers of the introductions that brought it, ``BEFORE`` for none.

    ``brought`` is the one that gave it this version, ``first`` the one that brought the component itself.
    """

    component: Component
    brought: int
    first: int


class ComponentHistory(msgspec.Struct, frozen=True):
    """The introductions of a history, parents before children, and what stands in the tree of its tip.

    ``unread`` names versions of files that could not be read, or not wholly, with the commit that has them.
    """

    tip: str
    introductions: tuple[Introduction, ...]
    standing: tuple[Standing, ...]
    unread: tuple[Unread, ...]


class _Tree:
    """The dependencies of one commit; never altered once its commit is done."""

    __slots__ = ("asking", "events", "files", "places", "readings", "versions")

    def __init__(self, other: "_Tree | None" = None) -> None:
        self.files: dict[str, str] = dict(other.files) if other else {}  # path -> blob
        self.readings: dict[str, VersionReading] = dict(other.readings) if other else {}
        self.asking: frozenset[str] = other.asking if other else frozenset()  # paths whose readers asked for others
        self.places: dict[Identity, tuple[str, ...]] = dict(other.places) if other else {}
        self.versions: dict[Identity, dict[str, int]] = dict(other.versions) if other else {}
        self.events: dict[Identity, int] = dict(other.events) if other else {}  # the last "new" or "removed"


class _Walk:
    """One pass over a history; ``extra`` are files that readers asked for and no reader reads."""

    def __init__(self, readings: Readings, extra: Collection[str], cut: Collection[str]) -> None:
        self.readings = readings
        self.extra = extra
        self.cut = cut
        self.missed: set[str] = set()
        self.found: list[Introduction] = []
        self.places: dict[str, int] = {}  # of each commit, in the order of the walk
        self.parents: dict[str, tuple[str, ...]] = {}
        self.unread: dict[Unread, None] = {}
        self.indexes: dict[int, dict[Identity, list[int]]] = {}
        self.held: list[VersionReading] = []  # an index goes by the place of its reading: it must stay

    def step(self, step: FileStep, parents: Sequence[_Tree]) -> _Tree:
        """The tree of a commit; that of the first parent itself when nothing changed."""
        self.places[step.commit] = len(self.places)
        self.parents[step.commit] = step.parents
        if parents and not step.files:
            return parents[0]
        before = parents[0] if parents else _Tree()
        after = _Tree(before)
        affected = self._apply(step, before, after)
        for own in affected:
            self._account(own, step, before, after, parents)
        return after

    def _apply(self, step: FileStep, before: _Tree, after: _Tree) -> list[Identity]:
        """Take over the files of a commit; the identities that they may have changed (steps 2, 3, 5)."""
        changed = set()
        for path, blob, _ in step.files:
            changed.add(path)
            if blob is None:
                after.files.pop(path, None)
            else:
                after.files[path] = blob
        again = {path for path in changed if path not in self.extra or reader_of(path)}
        again |= {
            path
            for path in before.asking
            if any(asked in changed for asked, _ in before.readings[path].asked) and path in after.files
        }
        affected: dict[Identity, None] = {}
        for path in sorted(again):
            self._reread(path, step.commit, before, after, affected)
        return list(affected)

    def _reread(self, path: str, commit: str, before: _Tree, after: _Tree, affected: dict[Identity, None]) -> None:
        old, blob = before.readings.get(path), after.files.get(path)
        new = None if blob is None else self.readings.read(path, blob, lambda other: self._blob(after, other))
        if new is not None and new.is_lost:
            if len(self.unread) < _MOST_UNREAD:
                self.unread |= dict.fromkeys(_dated(each, commit) for each in new.unread)
            if old is not None:  # step 5: what it names is what it named before
                new = VersionReading(old.bodies, old.lines, new.unread, new.asked, is_lost=True)
                self.held.append(new)
        if new is None:
            after.readings.pop(path, None)
        else:
            after.readings[path] = new
        after.asking = after.asking - {path} if new is None or not new.asked else after.asking | {path}
        had = set(old.bodies) if old else set[int]()
        has = set(new.bodies) if new else set[int]()
        identities = self.readings.identities
        touched = {own for body in had ^ has if (own := identities[body]) is not None}
        stand = {own for body in has if (own := identities[body]) is not None} if touched else set()
        for own in sorted(touched):
            places = after.places.get(own, ())
            if own in stand:
                after.places[own] = places if path in places else (*places, path)
            elif rest := tuple(each for each in places if each != path):
                after.places[own] = rest
            else:
                after.places.pop(own, None)
            affected[own] = None

    def _blob(self, tree: _Tree, path: str) -> str | None:
        """The blob of a file that a reader asks for."""
        if is_foreign(path):
            return None
        if path not in self.extra and reader_of(path) is None:
            self.missed.add(path)
        return tree.files.get(path)

    def _account(
        self, own: Identity, step: FileStep, before: _Tree, after: _Tree, parents: Sequence[_Tree]
    ) -> None:
        """What a commit did to one component (steps 3 and 4)."""
        now = self.components(after, own)
        labels = versions_of(now)
        others = parents[1:]
        known = dict(before.versions.get(own, ()))
        for other in others:
            for told, number in other.versions.get(own, {}).items():
                known.setdefault(told, number)
        if step.commit in self.cut:
            known = dict.fromkeys(labels, BEFORE)
        came = {told for told in labels if told not in known}
        event = self._event(own, after, others, is_there=bool(labels))
        if came or (not labels and self._is_gone(own, step, before, others)):
            earlier = [each for tree in (before, *others) for each in self.components(tree, own)]
            for each in compare_one(list(dict.fromkeys(earlier)), now):
                told = label(each.component)
                if told in came or each.kind == "removed":
                    number = known[told] = len(self.found)
                    event = event if each.kind == "version" else number
                    self.found.append(_introduction(each, step))
        after.events[own] = event
        if labels:
            after.versions[own] = {told: known[told] for told in labels}
        else:
            after.versions.pop(own, None)

    def _event(self, own: Identity, after: _Tree, others: Sequence[_Tree], *, is_there: bool) -> int:
        """What last brought a component, or took it away: here, else on the branch that agrees with the tree."""
        if (own in after.versions) != is_there:
            for other in others:
                if (own in other.versions) == is_there and own in other.events:
                    return other.events[own]
        return after.events.get(own, BEFORE)

    def _is_gone(self, own: Identity, step: FileStep, before: _Tree, others: Sequence[_Tree]) -> bool:
        """Whether this commit took a component away, and no branch that it merges did."""
        if own not in before.versions:
            return False
        ends = (other.events.get(own, BEFORE) for other in others if own not in other.versions)
        return all(number == BEFORE or self._has(step.parents[0], self.found[number].commit) for number in ends)

    def _has(self, commit: str, wanted: str) -> bool:
        """Whether a commit is, or comes after, another one: a search among those that are no older."""
        first = self.places[wanted]
        waiting, seen = [commit], {commit}
        while waiting:
            own = waiting.pop()
            if own == wanted:
                return True
            nearer = [each for each in self.parents[own] if self.places[each] >= first and each not in seen]
            seen.update(nearer)
            waiting += nearer
        return False

    def components(self, tree: _Tree, own: Identity) -> list[Component]:
        """The components of one identity in a tree."""
        found: dict[Component, None] = {}
        for path in tree.places.get(own, ()):
            reading = tree.readings[path]
            for place in self._index(reading).get(own, ()):
                found[self.readings.component(reading.bodies[place], reading.lines[place])] = None
        return list(found)

    def _index(self, reading: VersionReading) -> dict[Identity, list[int]]:
        """Where in a reading each identity stands."""
        known = self.indexes.get(id(reading))
        if known is None:
            if len(self.indexes) >= _INDEXES:
                self.indexes.clear()
            known = self.indexes[id(reading)] = {}
            for place, body in enumerate(reading.bodies):
                own = self.readings.identities[body]
                if own is not None:
                    known.setdefault(own, []).append(place)
        return known


def component_history(
    repository: Repository, tip: str, *, folder: Path | None = None, on: Listener = silent
) -> ComponentHistory:
    """The history of what a revision is built from; what ``landed`` each introduction is not told here.

    Args:
        repository: where.
        tip: the id of a commit.
        folder: where readings and results are kept (``index_folder``); None: nowhere.
        on: hears of progress.

    Raises:
        SourceError: the repository cannot be read.
    """
    kept = None if folder is None else _open(folder, tip)
    if kept is not None:
        return kept
    extra: set[str] = set()
    with read_objects(repository) as objects:
        readings = Readings(objects, folder)
        for _ in range(_PASSES):
            walk, last = _walk(repository, tip, readings, extra, on)
            if walk.missed <= extra:
                break
            extra |= walk.missed
        readings.keep()
    told = ComponentHistory(
        tip=tip,
        introductions=tuple(walk.found),
        standing=tuple(_standing(walk, last)),
        unread=(
            *walk.unread,
            *(each for path in sorted(last.readings) for each in last.readings[path].unread),
            *_unread_by_place(repository, tip),
        ),
    )
    if folder is not None:
        _keep(folder, told)
    return told


def _unread_by_place(repository: Repository, tip: str) -> list[Unread]:
    """What of a tree is not read, whatever stands in it: of other kinds, links, submodules, copied in."""
    rows = (row.partition(b"\t") for row in repository.run("ls-tree", "-r", "-z", "--full-tree", tip).split(b"\0"))
    modes = {path_text(name): head.partition(b" ")[0] for head, _, name in rows if name}
    told = (unread_by_mode(mode, path) for path, mode in modes.items() if not is_foreign(path))
    return [
        *(own for own in told if own is not None),
        *unread_by_name([path for path, mode in modes.items() if mode.startswith(b"100")]),
    ]


def _walk(
    repository: Repository, tip: str, readings: Readings, extra: Collection[str], on: Listener
) -> tuple[_Walk, _Tree]:
    wanted: dict[str, bool] = {}

    def is_wanted(path: str) -> bool:
        known = wanted.get(path)
        if known is None:
            known = wanted[path] = (reader_of(path) is not None or path in extra) and not is_foreign(path)
        return known

    on("Reading the history of dependencies", 0, None)
    steps = list(read_file_steps(repository, tip, is_wanted))
    waiting = Counter(parent for step in steps for parent in step.parents)
    walk = _Walk(readings, extra, find_boundary(repository, {step.commit for step in steps}))
    trees: dict[str, _Tree] = {}
    last = _Tree()
    for number, step in enumerate(steps):
        if step.files:
            on("Reading the history of dependencies", number, len(steps))
        last = trees[step.commit] = walk.step(step, [trees[parent] for parent in step.parents])
        for parent in step.parents:
            waiting[parent] -= 1
            if not waiting[parent]:
                del trees[parent]
    return walk, last


def _standing(walk: _Walk, tree: _Tree) -> Iterable[Standing]:
    for own in sorted(tree.versions):
        those = versions_of(walk.components(tree, own))
        for told, number in sorted(tree.versions[own].items()):
            yield Standing(component=those[told], brought=number, first=tree.events.get(own, BEFORE))


def _introduction(told: Difference, step: FileStep) -> Introduction:
    return Introduction(
        component=told.component,
        kind=told.kind,
        previous=told.previous,
        commit=step.commit,
        landed=None,
        at=step.at,
        path=told.component.path,
    )


def _dated(told: Unread, commit: str) -> Unread:
    return msgspec.structs.replace(told, why=f"{AS_OF}{commit[:12]}: {told.why}")


def _open(folder: Path, tip: str) -> ComponentHistory | None:
    container = open_container(folder / FILE.format(tip=tip))
    if container is None or container.meta != _meta():
        return None
    try:
        return msgspec.msgpack.decode(container.section("history"), type=ComponentHistory)
    except (Damaged, msgspec.DecodeError):
        return None


def _meta() -> dict[str, str | int]:
    return {"readers": readers_digest(), "semantics": SEMANTICS}


def _keep(folder: Path, told: ComponentHistory) -> None:
    try:
        write_container(
            folder / FILE.format(tip=told.tip),
            _meta(),
            {"history": ("b", msgspec.msgpack.encode(told))},
        )
        kept = sorted(folder.glob(FILE.format(tip="*")), key=lambda file: file.stat().st_mtime, reverse=True)
        for old in kept[_KEPT:]:
            old.unlink(missing_ok=True)
    except OSError:  # a cache that cannot be written costs time, not truth
        return

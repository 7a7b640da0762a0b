"""What packages a change brings in, and what the company's rules say of each: from what is known here, no network.

1. The changed files that name packages are read before and after, and compared. Only where they differ, the other
   files of the tree are read too: what one of them names already is not new.
2. Each package is held against the stores of advisories and of registry facts, where they are there.
3. The base's policy judges each: refused, fulfilled or not known; what could not be looked up is said.
4. What refuses by a rule that the base's [gate] names keeps the change from landing.
"""

import importlib
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final, NamedTuple

from asbuilt.app.component_readings import Readings
from asbuilt.app.gate_content import MOST, Asked, Content, Touched, unread_gap
from asbuilt.app.gate_sources import sources
from asbuilt.app.gate_unseen import unseen
from asbuilt.app.supply_stores import ADVISORIES, REGISTRY, store_place
from asbuilt.history.git import Repository
from asbuilt.history.objects import ObjectReader
from asbuilt.model.advisory import Checked
from asbuilt.model.commit import moment
from asbuilt.model.component import Component, Unread
from asbuilt.model.errors import SourceError, UsageError
from asbuilt.model.gate import Brought, Looked, Standing
from asbuilt.model.inspection import Gap
from asbuilt.model.registry_facts import PackageFacts
from asbuilt.model.supply_policy import Approval, Judgement, Reason, Rule
from asbuilt.model.text import path_text, visible
from asbuilt.supply.advisories.matching import check_components
from asbuilt.supply.advisories.names import plain_name
from asbuilt.supply.advisories.store import open_store
from asbuilt.supply.introductions import Difference, compare, label
from asbuilt.supply.policy import judge
from asbuilt.supply.reading import MANIFESTS, UNREADABLE, is_foreign, reader_of
from asbuilt.supply.registry.store import open_registry
from asbuilt.supply.suspicion import Known, suspicions

_REMEDIES: Final[Mapping[str, str]] = {
    "malicious": "Take it out, and look at what ran where it was installed.",
    "existence": "Take it out: whoever takes the name decides what is built in.",
    "advisories": "Take a version that is mended.",
    "licence": "Take another package, or have the licence accepted by whoever may.",
    "approval": "Have another person approve it, with a reason.",
}
# What no registry and no advisory could ever decide of these: it is said, and stands in nobody's way.
_NEVER_TOLD: Final[Mapping[str, frozenset[Rule]]] = {
    "GitHub Actions": frozenset({"existence", "licence"}),
    "Docker": frozenset({"existence", "licence", "advisories"}),
}
# More files that declare packages, and that no reader reads.
_DECLARES: Final = frozenset({
    "setup.cfg", "environment.yml", "environment.yaml", "deno.json", "deno.jsonc",
    "pubspec.yaml",
    "Package.swift", "Podfile", "Cartfile", "conanfile.txt", "conanfile.py", "vcpkg.json", "build.sbt", "ivy.xml",
    "MODULE.bazel", "Project.toml", "pixi.toml", "bower.json",
})  # fmt: skip
_COPIED: Final = "It lies in a folder of what was copied in, whose packages are not told."
_SHORT: Final = 6  # reasons that are told of one package
_BY_NAME: Final = frozenset({5, 6, 7, 9})  # rules of suspicion that need no registry


class _Told(NamedTuple):
    """What the stores say: facts by ecosystem and plain name, what became of each component; what is missing."""

    facts: dict[tuple[str, str], PackageFacts]
    checked: dict[Component, Checked]
    has_registry: bool
    as_of: int | None
    gaps: tuple[Gap, ...]


def packages(
    asked: Asked, touched: Sequence[Touched], objects: ObjectReader, settings: Sequence[Touched] = ()
) -> Content:
    """The packages that the change brings in.

    Args:
        asked: the change.
        touched: those of its files that may name packages.
        objects: reads what it holds.
        settings: those that say where packages come from, and name none.
    """
    # (1)
    foreign = [Unread(path=own.path, why=_COPIED) for own in touched if is_foreign(own.path)]
    wanted = [own for own in touched if not is_foreign(own.path)]
    found, own_names, unread, kinds = _differences(asked, wanted, objects)
    kinds += foreign
    came = [own for own in found if own.kind != "removed"]
    gaps = [unread_gap([*unread, *kinds], "Packages that are not read:")] if unread or kinds else []
    if len(came) > MOST:
        rest = [Unread(path=own.component.path, why=f"It is one beyond the first {MOST:,}.") for own in came[MOST:]]
        gaps.append(unread_gap(rest, "Packages that are not listed:"))
    # (2)
    told = _told(asked, [own.component for own in came]) if came else _Told({}, {}, False, None, ())
    # (3), (4)
    known = Known(own_names)
    approvals = _approvals(asked) if came else None
    brought = [_brought(own, _judged(asked, own.component, told, known, approvals), asked) for own in came]
    brought.sort(key=lambda own: (not own.blocks, own.standing is not Standing.DEVIATION))
    return Content(
        (*brought[:MOST], *sources(asked, [*wanted, *settings], objects), *unseen(asked, unread)),
        (*gaps, *told.gaps),
        Looked(
            dependency_files=len(wanted),
            new=sum(own.kind == "new" for own in found),
            versions=sum(own.kind == "version" for own in found),
            removed=sum(own.kind == "removed" for own in found),
            advisories_as_of=None if told.as_of is None else moment(told.as_of).strftime("%Y-%m-%d"),
            registry=told.has_registry,
        ),
    )


def _differences(
    asked: Asked, touched: Sequence[Touched], objects: ObjectReader
) -> tuple[tuple[Difference, ...], dict[str, frozenset[str]], list[Unread], list[Unread]]:
    """(1) What differs, the names that the base has, what of it could not be read, and kinds that nothing reads.

    What could not be read on the base either, for the same reason, is none of the change.
    """
    before, after = (_files(asked.repository, tree) for tree in (asked.before, asked.after))
    readings = Readings(objects, None)
    changed = {own.path for own in touched}
    there: list[Unread] = []
    unread: list[Unread] = []
    no_reader = list(_no_reader(changed, after))
    if asked.config.gate.undecided_dependencies == "refuse":
        unread += no_reader
        no_reader = []
    # A file may name what others say: those of one kind are read together.
    kinds = {reader_of(path) or "requirements" for path in changed}  # which read in files of any name
    near = {path for path in {*before, *after} if path in changed or reader_of(path) in kinds}
    old = _components(readings, before, near, there)
    new = _components(readings, after, near, unread)
    known = {(own.path, own.why) for own in there}
    unread = [own for own in unread if (own.path, own.why) not in known]
    if not compare(old, new):
        return (), {}, unread, no_reader
    others = {path for path in {*before, *after} if reader_of(path) is not None} - near
    old += _components(readings, before, others, [])
    new += _components(readings, after, others, [])  # what could not be read there is the base's
    names: dict[str, set[str]] = {}
    for own in old:
        if own.source == "registry":
            names.setdefault(own.ecosystem, set()).add(plain_name(own.ecosystem, own.name))
    return compare(old, new), {ecosystem: frozenset(own) for ecosystem, own in names.items()}, unread, no_reader


def _files(repository: Repository, tree: str) -> dict[str, str]:
    """The plain files of a tree by path, each with its blob; folders of what was installed are left out."""
    found = {}
    for row in repository.run("ls-tree", "-r", "-z", "--full-tree", tree).split(b"\0"):
        head, _, name = row.partition(b"\t")
        mode, _, blob = [*head.split(), b"", b"", b""][:3]
        path = path_text(name)
        if mode in {b"100644", b"100755"} and not is_foreign(path):
            found[path] = blob.decode("ascii")
    return found


def _components(
    readings: Readings, files: Mapping[str, str], wanted: set[str], unread: list[Unread]
) -> list[Component]:
    found: list[Component] = []
    for path in sorted(wanted & files.keys()):
        if reader_of(path) is None:
            continue
        reading = readings.read(path, files[path], files.get)
        unread += reading.unread
        found += [readings.component(body, line) for body, line in zip(reading.bodies, reading.lines, strict=True)]
    return found


def _no_reader(changed: set[str], files: Mapping[str, str]) -> Iterator[Unread]:
    """Changed files that name packages, and that nothing reads: their lock file did not change with them."""
    for path in sorted(changed & files.keys()):
        folder, slash, base = path.rpartition("/")
        if base in UNREADABLE:
            yield Unread(path=path, why=f"Lock files of {UNREADABLE[base]} are not read.")
        elif base in MANIFESTS and changed.isdisjoint(f"{folder}{slash}{lock}" for lock in MANIFESTS[base]):
            how = "not read" if reader_of(path) is None else "code, of which only what is written out is read"
            yield Unread(path=path, why=f"It may declare packages; it is {how}, and no lock file changed with it.")
        elif base in _DECLARES:
            yield Unread(path=path, why="It may declare packages; it is not read.")


def _told(asked: Asked, components: Sequence[Component]) -> _Told:
    """(2) What the stores know of them."""
    facts: dict[tuple[str, str], PackageFacts] = {}
    checked: dict[Component, Checked] = {}
    gaps: list[Gap] = []
    as_of, has_registry = None, False
    with ExitStack() as stack:
        try:
            store = stack.enter_context(open_store(_place(ADVISORIES)))
            as_of = store.status().newest
            older = asked.config.supply.advisories_older_than_days
            told = check_components(store, components, now=asked.now, old_after=older)
            checked = dict(zip(components, told, strict=True))
        except (UsageError, SourceError) as error:
            gaps.append(_missing("advisories", error, "asbuilt advisories import"))
        try:
            registry = stack.enter_context(open_registry(_place(REGISTRY)))
            has_registry = True
            for own in components:
                name = own.ecosystem, plain_name(own.ecosystem, own.name)
                found = registry.facts(own.ecosystem, own.name) if name not in facts else None
                if found is not None:
                    facts[name] = found
        except (UsageError, SourceError, sqlite3.Error) as error:
            gaps.append(_missing("registry facts", error, "asbuilt registry fetch"))
    return _Told(facts, checked, has_registry, as_of, tuple(gaps))


def _place(variable: str) -> Path:
    place = store_place(variable)
    if place is None:
        raise UsageError("There is none.", fix=f"Name it: ${variable}.")
    return place


def _missing(what: str, error: Exception, command: str) -> Gap:
    return Gap(
        "GAP-DEPENDENCY",
        f"What the change brings in was not held against {what}: {_first(error)}",
        "Whether a package is harmful, exists, or is weak is told by them alone.",
        f"`{command}` before the gate runs; the store may be kept between runs.",
    )


def _first(error: Exception) -> str:
    return visible(error.what if isinstance(error, UsageError | SourceError) else str(error), 200)


def _approvals(asked: Asked) -> tuple[Approval, ...] | None:
    """What the ledger knows of approvals of packages; loaded only where there is one."""
    if asked.ledger is None:
        return None
    told: tuple[Approval, ...] = importlib.import_module("asbuilt.app.gate_approvals").package_approvals(
        asked.ledger, asked.participants, asked.now
    )
    return told


def _judged(
    asked: Asked, component: Component, told: _Told, known: Known, approvals: tuple[Approval, ...] | None
) -> Judgement:
    """(3) What the policy says of one package."""
    facts = told.facts.get((component.ecosystem, plain_name(component.ecosystem, component.name)))
    checked = told.checked.get(component)
    found = suspicions(facts, component, asked.now, known)  # what is harmful is a rule of its own
    if facts is None:  # that no registry was asked is said once
        found = tuple(own for own in found if own.weight != "unknown" or own.rule in _BY_NAME)
    return judge(
        component,
        asked.config.supply,
        facts=facts,
        suspicions=found,
        checked=checked,
        approvals=approvals,
        now=asked.now,
    )


def _brought(own: Difference, judgement: Judgement, asked: Asked) -> Brought:
    component, gate = own.component, asked.config.gate
    against = judgement.against
    refused = [reason for reason in against if reason.verdict is False]
    deciding = [reason for reason in refused if reason.rule in gate.dependencies]
    open_ = [reason for reason in against if reason.verdict is None]
    blocks = bool(deciding) or (
        gate.undecided_dependencies == "refuse"
        and any(
            reason.rule in gate.dependencies
            and reason.rule not in _NEVER_TOLD.get(component.ecosystem, frozenset[Rule]())
            for reason in open_
        )
    )
    standing = Standing.DEVIATION if refused else Standing.UNKNOWN if open_ else Standing.MET
    name = visible(f"{component.ecosystem} {component.name} {label(component)}", 200)
    how = "is new" if own.kind == "new" else f"comes instead of {visible(own.previous or 'another', 100)}"
    first = (*deciding, *refused, *open_)[0] if against else None
    return Brought(
        kind="dependency",
        what="new" if own.kind == "new" else "version",
        name=name,
        standing=standing,
        blocks=blocks,
        message=f"{name} {how}.",
        remedy=_REMEDIES.get(first.rule, "") if first is not None and first.verdict is False else "",
        path=visible(component.path, 300),
        line=component.line,
        reasons=tuple(_said(reason) for reason in dict.fromkeys((*deciding, *refused, *open_)))[:_SHORT],
    )


def _said(reason: Reason) -> str:
    return visible(f"{'refused' if reason.verdict is False else 'not known'} ({reason.rule}): {reason.text}", 300)

"""``asbuilt registry check``: nine rules on every dependency of a revision, with who brought it; nothing is asked.

1. Every dependency that stands, with the commit that first brought it (``app.deps``).
2. What the registry store knows of it, and the advisory store: whether any calls it harmful on purpose.
3. Names of the user's own lock files, over their history: each is known to what came after it.
4. Whether the files import it: of what an AI-written commit brought (rule 8).
5. Imports that nothing declares, each with who wrote its line: a package of that name may not even exist.
6. What speaks against each, the heaviest first; what could not be tested is counted by its reason.
"""

import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from asbuilt.app.advisories import store_file
from asbuilt.app.deps import BY, Known, know_components, rows_by_version
from asbuilt.app.file_lines import file_runs
from asbuilt.app.registry import NO_REGISTRY, registry_file
from asbuilt.app.sbom_tree import folder_below, is_below, revision_files
from asbuilt.app.target import FileTarget
from asbuilt.history.git import open_repository
from asbuilt.history.origins.index import index_folder
from asbuilt.model.attribution import Authorship
from asbuilt.model.component import Component
from asbuilt.model.deps import Dependency
from asbuilt.model.errors import SourceError, UsageError
from asbuilt.model.progress import Listener, silent
from asbuilt.model.registry_facts import WEIGHTS, PackageFacts, Suspicion
from asbuilt.supply.advisories.matching import check_components
from asbuilt.supply.advisories.names import plain_name
from asbuilt.supply.advisories.store import open_store
from asbuilt.supply.imports.usage import Undeclared, Usages, find_usage
from asbuilt.supply.introductions import Identity
from asbuilt.supply.reading import read_tree
from asbuilt.supply.registry.store import RegistryStore, open_registry
from asbuilt.supply.suspicion import NO_HARM, Harm, suspicions
from asbuilt.supply.suspicion import Known as KnownNames

_FEW: Final = 3  # names that are told beside a count
_UNPARSED: Final = "it cannot be parsed, so that its imports are not known"
_MOST_LINES: Final = 500  # imports whose lines are traced


class Suspected(msgspec.Struct, frozen=True):
    """One dependency, or one import that nothing declares, and what speaks against it.

    ``commit`` brought the dependency, or wrote the line of the import; None: not known. ``declared`` is False of
    an import. ``author`` made the commit that brought the dependency.
    """

    package: str
    version: str | None
    path: str
    line: int | None
    commit: str | None
    attribution: str
    suspicions: tuple[Suspicion, ...]
    declared: bool = True
    author: str | None = None


class Untested(msgspec.Struct, frozen=True):
    """Why a rule could not be tested, of how many, and the names of a few of them."""

    rule: int
    why: str
    count: int
    packages: tuple[str, ...]


class SuspicionList(msgspec.Struct, frozen=True):
    """What speaks against the dependencies of a revision, the heaviest first.

    ``untested`` is, by rule and reason, what could not be tested; ``asked`` is whether there is a store of
    registry facts, ``advisories`` why none was held against advisories of harmful packages (empty: they were).
    """

    commit: str
    packages: int
    asked: bool
    suspected: tuple[Suspected, ...]
    untested: tuple[Untested, ...]
    unread: tuple[str, ...]
    advisories: str = ""

    def count(self, *weights: str) -> int:
        """How many have a suspicion of one of these weights."""
        return sum(any(own.weight in weights for own in each.suspicions) for each in self.suspected)


class _Stores(NamedTuple):
    """What is known of packages: by the registry store, and by advisories of harm."""

    registry: RegistryStore | None
    harmful: Mapping[Component, Harm]


def suspect_dependencies(
    path: Path,
    *,
    rev: str = "HEAD",
    store: Path | None = None,
    advisories: Path | None = None,
    keep_index: bool = True,
    now: int | None = None,
    on: Listener = silent,
) -> SuspicionList:
    """Hold the dependencies of a revision against the nine rules.

    Args:
        path: a repository, or a folder inside its work tree: then only what lies there.
        rev: a revision of it.
        store: the store of registry facts; None as ``registry_file`` says.
        advisories: the store of advisories; None as ``store_file`` says.
        keep_index: whether to read and keep what was found in the user's cache.
        now: Unix seconds; None: the clock's.
        on: hears how far it is.

    Raises:
        UsageError, SourceError, ConfigError: see ``model.errors``.
    """
    moment = int(time.time()) if now is None else now
    with ExitStack() as stack:
        repository = stack.enter_context(open_repository(path))
        # (1)
        known = know_components(repository, rev, on, keep=keep_index)
        under = folder_below(repository)
        rows = _rows(known, under)
        when = {own.commit: own.at for own in known.components.introductions}
        # (4)
        with revision_files(repository, known.components.tip, under) as (files, _):
            usage = find_usage(files, read_tree(files).components)
        # (2)
        components = {row: _component(row) for row in rows}
        opened = stack.enter_context(open_registry(place)) if (place := registry_file(store)).is_file() else None
        harmful, why = _harmful([*components.values(), *map(_imported, usage.undeclared)], advisories, moment)
        stores = _Stores(opened, harmful)
        # (3)
        names = KnownNames(_own_names(known))
        judged = [*_declared(components, when, usage, stores, names)]
        # (5)
        written = _Written(known, keep_index=keep_index)
        judged += [_undeclared(own, stores, names, written) for own in usage.undeclared]
    found = SuspicionList(
        commit=known.components.tip,
        packages=len(rows),
        asked=opened is not None,
        suspected=(),
        untested=(),
        unread=tuple(dict.fromkeys(_unread(known, usage, under))),
        advisories=why,
    )
    # (6)
    told = tuple(sorted(filter(_is_suspected, judged), key=_heaviest))
    return msgspec.structs.replace(found, suspected=told, untested=_untested(judged))


def _unread(known: Known, usage: Usages, under: str) -> Iterator[str]:
    yield from (f"{own.path}: {own.why}" for own in known.components.unread if is_below(own.path, under))
    yield from (f"{path}: {_UNPARSED}" for path in usage.unread)


def _is_suspected(own: Suspected) -> bool:
    return any(each.weight != "unknown" for each in own.suspicions)


def _untested(judged: Iterable[Suspected]) -> tuple[Untested, ...]:
    reasons: dict[tuple[int, str], list[str]] = {}
    for own in judged:
        for each in own.suspicions:
            if each.weight == "unknown":
                reasons.setdefault((each.rule, each.evidence), []).append(own.package)
    return tuple(
        Untested(rule, why, len(names), tuple(dict.fromkeys(names))[:_FEW])
        for (rule, why), names in sorted(reasons.items())
    )


def _heaviest(own: Suspected) -> tuple[int, str, str, str]:
    weight = min(WEIGHTS.index(each.weight) for each in own.suspicions)
    return weight, own.package, own.version or "", own.path


def _rows(known: Known, under: str) -> list[Dependency]:
    """What stands and comes from a registry of packages, each package and version once."""
    found: dict[tuple[str, str, str | None], Dependency] = {}
    for row in rows_by_version(known).values():
        if row.source == "registry" and row.ecosystem not in NO_REGISTRY and is_below(row.path, under):
            found.setdefault((row.ecosystem, row.name, row.version), row)
    return list(found.values())


def _component(row: Dependency) -> Component:
    return Component(
        ecosystem=row.ecosystem, name=row.name, version=row.version, path=row.path, purl=row.purl, line=row.line
    )


def _imported(own: Undeclared) -> Component:
    return Component(ecosystem=own.ecosystem, name=own.package, path=own.path, purl="", line=own.line)


def _own_names(known: Known) -> dict[str, dict[str, int]]:
    """(3) Every name that a lock file of this history ever had, with the moment at which it first came."""
    found: dict[str, dict[str, int]] = {}
    for own in known.components.introductions:
        if own.component.source == "registry" and own.kind == "new":
            names = found.setdefault(own.component.ecosystem, {})
            name = plain_name(own.component.ecosystem, own.component.name)
            names[name] = min(own.at, names.get(name, own.at))
    return found


def _harmful(components: Sequence[Component], place: Path | None, now: int) -> tuple[dict[Component, Harm], str]:
    """(2) The advisories that call a component harmful on purpose, and why some were not looked up.

    What has no version is harmful when every version is: it is asked about as the first of all.
    """
    asked = [
        own if own.version is not None else msgspec.structs.replace(own, version=_FIRST[own.ecosystem == "Go"])
        for own in components
    ]
    try:
        with open_store(store_file(place)) as store:
            told = check_components(store, asked, now=now)
            # A store that holds nothing of an ecosystem says nothing of its packages.
            held = {name for name, own in store.ecosystems().items() if own.records}
    except (UsageError, SourceError) as error:
        return {}, error.what
    found: dict[Component, Harm] = {}
    for component, checked in zip(components, told, strict=True):
        certain, open_ = set[str](), set[str]()
        for match in checked.matches:
            names = certain if match.certainty == "affected" else open_
            names.update(each.id for each in match.advisories if each.malicious)
        if certain or open_:
            found[component] = Harm(tuple(sorted(certain)), tuple(sorted(open_ - certain)))
    missing = sorted({own.ecosystem for own in components} - held)
    return found, f"The advisory store holds nothing of {', '.join(missing)}." if missing else ""


_FIRST: Final = ("0", "v0.0.0")  # and as Go writes it


def _declared(
    rows: Mapping[Dependency, Component],
    when: Mapping[str, int],
    usage: Usages,
    stores: _Stores,
    names: KnownNames,
) -> Iterator[Suspected]:
    idle: set[Identity] = {(own.ecosystem, plain_name(own.ecosystem, own.name)) for own in usage.unused}
    for row, component in rows.items():
        is_idle = row.attribution in BY["ai"] and (row.ecosystem, plain_name(row.ecosystem, row.name)) in idle
        told = suspicions(
            _facts(stores.registry, component),
            component,
            when.get(row.first or row.commit or ""),
            names,
            harm=stores.harmful.get(component, NO_HARM),
            usage="declared, never imported" if is_idle else None,
        )
        yield Suspected(
            f"{row.ecosystem}:{row.name}",
            row.version,
            row.path,
            row.line,
            row.commit,
            row.attribution,
            told,
            author=row.author,
        )


class _Written:
    """Who wrote lines of the revision: the commit and its attribution, a file being traced once."""

    def __init__(self, known: Known, *, keep_index: bool) -> None:
        self._known = known
        self._folder = index_folder(known.repository) if keep_index else None
        self._left = _MOST_LINES

    def by(self, own: Undeclared) -> tuple[str | None, str]:
        """The commit that wrote the line of an import, and its attribution; None and unknown: not known."""
        self._left -= 1
        if self._left < 0:
            return None, Authorship.UNKNOWN.value
        meant = FileTarget(own.path.encode("utf-8", "surrogateescape"), own.line, own.line)
        try:
            runs = file_runs(self._known.repository, self._known.history, meant, self._folder)
        except (UsageError, SourceError):  # a path that git quotes, or a line that git counts otherwise
            return None, Authorship.UNKNOWN.value
        (run, *_) = runs
        return (None, Authorship.UNKNOWN.value) if run.boundary else (run.writing, run.authorship.value)


def _undeclared(own: Undeclared, stores: _Stores, names: KnownNames, written: _Written) -> Suspected:
    """An import that nothing declares; that a person wrote it knowingly speaks for it (rule 8)."""
    component = _imported(own)
    commit, attribution = written.by(own)
    told = suspicions(
        _facts(stores.registry, component),
        component,
        None,
        names,
        harm=stores.harmful.get(component, NO_HARM),
        usage=None if attribution in BY["human"] else "imported, not declared",
    )
    # Which version will be installed, and when somebody does it, nobody knows: its age is no question of it.
    told = tuple(each for each in told if each.rule != 2)
    name = f"{own.ecosystem}:{own.package}"
    return Suspected(name, None, own.path, own.line, commit, attribution, told, declared=False)


def _facts(store: RegistryStore | None, component: Component) -> PackageFacts | None:
    try:
        return None if store is None else store.facts(component.ecosystem, component.name)
    except sqlite3.DataError:  # a name that no database can hold was not asked about
        return None

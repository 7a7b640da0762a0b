"""``asbuilt registry check``: nine rules on every dependency of a revision, with who brought it; nothing is asked.

1. Every dependency that stands, with the commit that first brought it (``app.deps``).
2. What the store knows of it, and whether the files import it: of what an AI-written commit brought (rule 8).
3. Imports that nothing declares, whoever wrote them: a package of that name may not even exist.
4. What speaks against each, the heaviest first; what could not be tested is counted by its reason.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import msgspec

from asbuilt.app.deps import BY, Wanted, list_dependencies
from asbuilt.app.registry import registry_file
from asbuilt.app.sbom_tree import revision_files
from asbuilt.history.git import Repository, open_repository
from asbuilt.model.component import Component
from asbuilt.model.deps import Dependency
from asbuilt.model.progress import Listener, silent
from asbuilt.model.registry_facts import WEIGHTS, PackageFacts, Suspicion
from asbuilt.supply.advisories.names import plain_name
from asbuilt.supply.imports.usage import Usages, find_usage
from asbuilt.supply.reading import read_tree
from asbuilt.supply.registry.store import RegistryStore, open_registry
from asbuilt.supply.suspicion import Known, suspicions

_BATCH: Final = 400  # commits asked for at once
Places = Mapping[tuple[str, str], Component]


class Suspected(msgspec.Struct, frozen=True):
    """One dependency, or one import that nothing declares (``commit`` is None then), and what speaks against it."""

    package: str
    version: str | None
    path: str
    line: int | None
    commit: str | None
    attribution: str
    suspicions: tuple[Suspicion, ...]


class SuspicionList(msgspec.Struct, frozen=True):
    """What speaks against the dependencies of a revision, the heaviest first.

    ``untested`` counts, by rule and reason, what could not be tested; ``asked`` is whether there is a store.
    """

    commit: str
    packages: int
    asked: bool
    suspected: tuple[Suspected, ...]
    untested: tuple[tuple[int, str, int], ...]
    unread: tuple[str, ...]

    def count(self, *weights: str) -> int:
        """How many have a suspicion of one of these weights."""
        return sum(any(own.weight in weights for own in each.suspicions) for each in self.suspected)


def suspect_dependencies(
    path: Path, *, rev: str = "HEAD", store: Path | None = None, keep_index: bool = True, on: Listener = silent
) -> SuspicionList:
    """Hold the dependencies of a revision against the nine rules.

    Args:
        path: a repository.
        rev: a revision of it.
        store: the store of registry facts; None as ``registry_file`` says.
        keep_index: whether to read and keep what was found in the user's cache.
        on: hears how far it is.

    Raises:
        UsageError, SourceError, ConfigError: see ``model.errors``.
    """
    # (1)
    listed = list_dependencies(Wanted(), path=path, rev=rev, keep_index=keep_index, on=on)
    rows = [own for own in listed.dependencies if own.source == "registry"]
    with ExitStack() as stack:
        repository = stack.enter_context(open_repository(path))
        when = dict(_moments(repository, {own.first or own.commit or "" for own in rows} - {""}))
        # (2)
        with revision_files(repository, listed.commit, "") as (files, _):
            usage = find_usage(files, read_tree(files).components)
        place = registry_file(store)
        opened = stack.enter_context(open_registry(place)) if place.is_file() else None
        judged = list(_judged(rows, when, usage, opened))
    told = [own for own in judged if any(each.weight != "unknown" for each in own.suspicions)]
    reasons = Counter(
        (each.rule, each.evidence) for own in judged for each in own.suspicions if each.weight == "unknown"
    )
    # (4)
    return SuspicionList(
        commit=listed.commit,
        packages=len({(own.ecosystem, own.name, own.version) for own in rows}),
        asked=opened is not None,
        suspected=tuple(sorted(told, key=_heaviest)),
        untested=tuple((rule, why, count) for (rule, why), count in sorted(reasons.items())),
        unread=tuple(dict.fromkeys((*(own.path for own in listed.unread), *usage.unread))),
    )


def _heaviest(own: Suspected) -> tuple[int, str, str, str]:
    weight = min(WEIGHTS.index(each.weight) for each in own.suspicions)
    return weight, own.package, own.version or "", own.path


def _moments(repository: Repository, commits: Iterable[str]) -> Iterator[tuple[str, int]]:
    asked = sorted(commits)
    for at in range(0, len(asked), _BATCH):
        for row in repository.run("show", "-s", "--format=%H %ct", *asked[at : at + _BATCH]).split(b"\n"):
            commit, _, seconds = row.partition(b" ")
            if seconds:
                yield commit.decode("ascii"), int(seconds)


def _judged(
    rows: Iterable[Dependency], when: Mapping[str, int], usage: Usages, store: RegistryStore | None
) -> Iterator[Suspected]:
    known = Known()
    idle = {(own.ecosystem, plain_name(own.ecosystem, own.name)) for own in usage.unused}
    seen: set[tuple[str, str, str | None]] = set()
    for row in rows:
        if (row.ecosystem, row.name, row.version) in seen:
            continue
        seen.add((row.ecosystem, row.name, row.version))
        component = Component(
            ecosystem=row.ecosystem, name=row.name, version=row.version, path=row.path, purl=row.purl, line=row.line
        )
        is_idle = row.attribution in BY["ai"] and (row.ecosystem, plain_name(row.ecosystem, row.name)) in idle
        told = suspicions(
            _facts(store, row.ecosystem, row.name),
            component,
            when.get(row.first or row.commit or ""),
            known,
            usage="declared, never imported" if is_idle else None,
        )
        package = f"{row.ecosystem}:{row.name}"
        yield Suspected(package, row.version, row.path, row.line, row.commit, row.attribution, told)
    # (3)
    for own in usage.undeclared:
        component = Component(ecosystem=own.ecosystem, name=own.package, path=own.path, purl="", line=own.line)
        facts = _facts(store, own.ecosystem, own.package)
        told = suspicions(facts, component, None, known, usage="imported, not declared")
        # When it was written is not known here, and its age is no question of it.
        told = tuple(each for each in told if each.rule != 2)
        yield Suspected(f"{own.ecosystem}:{own.package}", None, own.path, own.line, None, "unknown", told)


def _facts(store: RegistryStore | None, ecosystem: str, name: str) -> PackageFacts | None:
    try:
        return None if store is None else store.facts(ecosystem, name)
    except sqlite3.DataError:  # a name that no database can hold was not asked about
        return None

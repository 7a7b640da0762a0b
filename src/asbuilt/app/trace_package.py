"""What a package URL means in a history: the commits that brought the package, and each version of it that stands.

1. ``pkg:npm/left-pad`` means every version that stands in the tree: the commit that brought the package, and those
   that gave it the versions it has. Where none stands, the commits that brought it and took it away last.
2. ``pkg:npm/left-pad@1.3.0`` means that version alone, the last time that it was brought.
"""

from pathlib import Path
from typing import Final

import msgspec
from packageurl import PackageURL

from asbuilt.app.component_branches import find_branch_commits
from asbuilt.app.component_history import BEFORE, ComponentHistory, component_history
from asbuilt.app.history import History
from asbuilt.app.target import PackageTarget
from asbuilt.history.git import Repository
from asbuilt.model.component import Component
from asbuilt.model.errors import UsageError
from asbuilt.model.inspection import Gap
from asbuilt.model.introduction import Introduction
from asbuilt.model.trace import Containment
from asbuilt.supply.introductions import Identity, identity, label

_LONGEST: Final = 2_000  # characters of a package URL


class PackageTrace(msgspec.Struct, frozen=True):
    """What is known of a package: every introduction of it, and the commits of the main line that are meant."""

    introductions: tuple[Introduction, ...]
    origins: tuple[str, ...]
    containment: Containment | None
    gaps: tuple[Gap, ...]


def trace_package(
    repository: Repository, history: History, meant: PackageTarget, *, to: str | None, folder: Path | None
) -> PackageTrace:
    """The introductions of a package, and which of them are meant.

    Raises:
        UsageError: it is no package URL, or no version of the package was ever in this history.
        SourceError: the repository cannot be read.
    """
    name, version = read_purl(meant.purl)
    told = component_history(repository, history.tip, folder=folder)
    told = find_branch_commits(repository, history, told, folder)
    every = [own for own in told.introductions if bare(own.component.purl) == name]
    standing = [own for own in told.standing if bare(own.component.purl) == name and _is(own.component, version)]
    known = [own for own in every if own.kind != "removed" and _is(own.component, version)]
    if not (standing or known):
        raise _unheard(meant.purl, name, every)
    # (1), (2) The introductions that are meant.
    numbers = dict.fromkeys(own.brought for own in standing)
    if version is None:
        numbers = dict.fromkeys([*(own.first for own in standing), *numbers])
    wanted = [told.introductions[number] for number in numbers if number != BEFORE]
    if not standing:
        wanted = [known[-1]] if version is not None else _last(every)
    origins = tuple(dict.fromkeys(own.landed or own.commit for own in wanted))
    held = None
    if to is not None:
        held = _contain(
            repository, to, folder, {_key(own.component) for own in standing} or {_key(known[-1].component)}
        )
    cut = any(own.brought == BEFORE for own in standing)
    return PackageTrace(tuple(every), origins, held, (_CUT,) if cut else ())


def read_purl(text: str) -> tuple[str, str | None]:
    """A package URL as the name that all versions share, and the version.

    Raises:
        UsageError: it is none.
    """
    try:
        own = PackageURL.from_string(text[:_LONGEST])
    except ValueError as error:
        raise UsageError(
            f"{text[:200]!r} is no package URL.",
            why=str(error)[:200],
            fix="Write pkg:npm/left-pad@1.3.0, or pkg:npm/left-pad.",
        ) from error
    return bare(PackageURL(own.type, own.namespace, own.name).to_string()), own.version or None


def bare(purl: str) -> str:
    """A package URL without version, qualifiers and subpath; where it is the same package, it is the same text."""
    return purl.partition("#")[0].partition("?")[0].partition("@")[0].lower()


def _is(own: Component, version: str | None) -> bool:
    return version is None or version in {own.version, own.declared, label(own)}


def _key(own: Component) -> tuple[Identity, str]:
    return identity(own), label(own)


def _last(every: list[Introduction]) -> list[Introduction]:
    """The introductions since the package was new the last time, until it was taken away."""
    start = max((at for at, own in enumerate(every) if own.kind == "new"), default=0)
    return [every[start], every[-1]] if every[-1] is not every[start] else [every[start]]


def _contain(
    repository: Repository, to: str, folder: Path | None, wanted: set[tuple[Identity, str]]
) -> Containment:
    commit = repository.resolve(to)
    there: ComponentHistory = component_history(repository, commit, folder=folder)
    held = {_key(own.component) for own in there.standing}
    return Containment(to, commit, len(wanted), len(wanted & held))


def _unheard(purl: str, name: str, every: list[Introduction]) -> UsageError:
    versions = ", ".join(dict.fromkeys(label(own.component) for own in every if own.kind != "removed"))
    if versions:
        return UsageError(
            f"{purl!r} was never a dependency here.",
            why=f"These were: {versions[:500]}.",
            fix=f"asbuilt trace {name}",
        )
    return UsageError(
        f"{purl!r} was never a dependency here.", fix="`asbuilt deps --history --format csv` lists all there were."
    )


_CUT: Final = Gap(
    code="GAP-SHALLOW",
    what="The package stood there already where the history that is here begins.",
    why="The clone is cut off: which commit brought it is not in it.",
    remedy="git fetch --unshallow",
)

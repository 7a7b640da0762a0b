"""Through a squash: the commit of the branch that brought a component, where the branch can be replayed.

1. Only branches that replay exactly are asked, and only those whose commits have authors, or signals, of their own.
2. A component came with the last commit of the branch whose version of the file names it when the one before does
   not; one that went, the other way round. A merge of the base into the branch brings nothing of its own.
3. Where no commit of the branch shows it, the squash stays.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from asbuilt.app.component_history import SEMANTICS, ComponentHistory
from asbuilt.app.component_readings import Readings, VersionReading, readers_digest
from asbuilt.app.history import History
from asbuilt.history.file_steps import read_steps_of
from asbuilt.history.git import Repository
from asbuilt.history.objects import read_objects
from asbuilt.history.origins.container import Damaged, open_container, write_container
from asbuilt.model.attribution import Authorship, Replay, SquashReplay
from asbuilt.model.introduction import Introduction
from asbuilt.supply.introductions import Identity, identity, label

FILE: Final = "{tip}.branches"
_EXACT: Final = frozenset({Replay.IDENTITY, Replay.PATCH_ID, Replay.MERGE_TREE})
_LONGEST: Final = 500  # commits of a branch that is asked
_KEPT: Final = 3


class Found(msgspec.Struct, frozen=True, array_like=True):
    """The introduction of that number came with this commit of a branch, made at that time."""

    number: int
    commit: str
    at: int


def find_branch_commits(
    repository: Repository, history: History, told: ComponentHistory, folder: Path | None
) -> ComponentHistory:
    """The same history; an introduction that a squash landed names the commit of its branch, and what landed it.

    Raises:
        SourceError: the repository cannot be read.
    """
    branches = _branches(history, {own.commit for own in told.introductions})
    if not branches:
        return told
    key = hashlib.blake2b(
        msgspec.json.encode([readers_digest(), SEMANTICS, sorted(branches.items())]), digest_size=16
    ).hexdigest()
    found = _open(folder, told.tip, key)
    if found is None:
        with read_objects(repository) as objects:
            readings = Readings(objects, folder)
            found = list(_search(repository, readings, told.introductions, branches))
            readings.keep()
        _keep(folder, told.tip, key, found)
    introductions = list(told.introductions)
    for each in found:
        own = introductions[each.number]
        introductions[each.number] = msgspec.structs.replace(own, commit=each.commit, at=each.at, landed=own.commit)
    return msgspec.structs.replace(told, introductions=tuple(introductions))


def _branches(history: History, commits: set[str]) -> dict[str, tuple[str, ...]]:
    """The branches to ask, by squash (step 1)."""
    replays = {own: each for own, each in history.replays_of(commits).items() if _is_exact(each)}
    names = {own for each in replays.values() for own in each.commits}
    attributions = history.attributions_of(names)
    known = history.commits_of({*names, *replays})
    found = {}
    for squash, replay in replays.items():
        signed = any(
            own in attributions and attributions[own].authorship is not Authorship.UNKNOWN for own in replay.commits
        )
        authors = {known[own].author.key for own in (squash, *replay.commits) if own in known}
        if signed or len(authors) > 1:
            found[squash] = replay.commits
    return found


def _is_exact(replay: SquashReplay) -> bool:
    return replay.replay in _EXACT and 0 < len(replay.commits) <= _LONGEST


def _search(
    repository: Repository,
    readings: Readings,
    introductions: Sequence[Introduction],
    branches: Mapping[str, Sequence[str]],
) -> Iterator[Found]:
    """The commits of the branches that brought what their squashes landed (step 2)."""
    asked: dict[str, list[int]] = {}
    for number, own in enumerate(introductions):
        if own.commit in branches:
            asked.setdefault(own.commit, []).append(number)
    paths = {introductions[number].path for numbers in asked.values() for number in numbers}
    every = dict.fromkeys(own for squash in asked for own in branches[squash])
    steps = {step.commit: step for step in read_steps_of(repository, list(every), paths.__contains__)}
    names = _names_of(readings)
    for squash, numbers in asked.items():
        for number in numbers:
            own = introductions[number]
            wanted = identity(own.component), label(own.component)
            gone = own.kind == "removed"
            last: Found | None = None
            for commit in branches[squash]:
                step = steps.get(commit)
                if step is None or len(step.parents) > 1:
                    continue
                for change in step.files:
                    if change.path != own.path:
                        continue
                    here, there = names(change.path, change.blob), names(change.path, change.old)
                    if (wanted in here) != gone and (wanted in there) == gone:
                        last = Found(number, commit, step.at)
            if last is not None:
                yield last


def _names_of(readings: Readings) -> Callable[[str, str | None], frozenset[tuple[Identity, str]]]:
    """What versions of a file name, each worked out once."""
    known: dict[tuple[str, str], frozenset[tuple[Identity, str]]] = {}

    def names(path: str, blob: str | None) -> frozenset[tuple[Identity, str]]:
        if blob is None:
            return frozenset()
        if (path, blob) not in known:
            reading: VersionReading = readings.read(path, blob, lambda _: None)
            known[path, blob] = frozenset(
                (own, label(readings.bodies[body]))
                for body in reading.bodies
                if (own := readings.identities[body]) is not None
            )
        return known[path, blob]

    return names


def _open(folder: Path | None, tip: str, key: str) -> list[Found] | None:
    container = None if folder is None else open_container(folder / FILE.format(tip=tip))
    if container is None or container.meta.get("key") != key:
        return None
    try:
        return msgspec.msgpack.decode(container.section("found"), type=list[Found])
    except (Damaged, msgspec.DecodeError):
        return None


def _keep(folder: Path | None, tip: str, key: str, found: list[Found]) -> None:
    if folder is None:
        return
    try:
        write_container(
            folder / FILE.format(tip=tip), {"key": key}, {"found": ("b", msgspec.msgpack.encode(found))}
        )
        kept = sorted(folder.glob(FILE.format(tip="*")), key=lambda file: file.stat().st_mtime, reverse=True)
        for old in kept[_KEPT:]:
            old.unlink(missing_ok=True)
    except OSError:  # a cache that cannot be written costs time, not truth
        return

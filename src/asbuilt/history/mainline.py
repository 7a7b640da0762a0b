"""The steps of a branch: its first-parent line, and which commits each step brought.

A commit belongs to the oldest step that reaches it, which for a merge is exactly ``first parent..merge``.

One shape needs care. When somebody commits locally and then pulls, git makes the *published* line the second parent
of a merge ("Merge branch 'main' of ..."), and when a branch that took main in ("Merge branch 'main' into topic")
becomes main by a fast-forward, the same happens. A plain first-parent walk would then show everything that others
landed meanwhile as one change. Such a merge joins two lines of the same branch: both are walked, step by step, and
the merge itself brings nothing but itself.
"""

import heapq
import re
from collections.abc import Callable, Mapping, Sequence

import msgspec

from asbuilt.model.commit import Commit, Person

_MAIN_NAMES = frozenset({"main", "master", "trunk", "devel", "develop", "development", "dev", "mainline", "default"})
_SYNC = re.compile(
    r"Merge (?:remote[- ](?:tracking )?)?branch '(?:refs/remotes/)?(?P<source>[^']+)'(?: of (?P<url>\S+))?(?: into (?P<target>\S+))?\s*\Z"
)


class Mainline(msgspec.Struct, frozen=True):
    """Steps newest first; ``brought`` maps each step to its commits, oldest first, itself last; ``syncs`` are pulls."""

    steps: tuple[str, ...]
    brought: Mapping[str, tuple[str, ...]]
    syncs: frozenset[str]


def read_mainline(
    tip: str, commits: Sequence[Commit], same_person: Callable[[Person, Person], bool]
) -> Mainline:
    """The steps that lead to ``tip`` among ``commits`` (children before parents; parents may be absent)."""
    place = {commit.id: at for at, commit in enumerate(commits)}
    if tip not in place:
        return Mainline((), {}, frozenset())
    steps: set[str] = set()
    syncs: set[str] = set()
    heads = [tip]
    while heads:
        own: str | None = heads.pop()
        while own is not None and own in place and own not in steps:
            steps.add(own)
            commit = commits[place[own]]
            if len(commit.parents) == 2 and _is_sync(commit, commits, place, same_person):
                syncs.add(own)
                heads.append(commit.parents[1])
            own = commit.parents[0] if commit.parents else None
    ordered = sorted(steps, key=place.__getitem__)
    return Mainline(tuple(ordered), _brought(ordered, steps, commits, place), frozenset(syncs))


def _brought(
    ordered: Sequence[str], steps: set[str], commits: Sequence[Commit], place: Mapping[str, int]
) -> dict[str, tuple[str, ...]]:
    taken = set(steps)
    brought: dict[str, tuple[str, ...]] = {}
    for step in reversed(ordered):
        others = commits[place[step]].parents[1:]
        if not others:
            brought[step] = (step,)
            continue
        found: list[int] = []
        waiting = list(others)
        while waiting:
            own = waiting.pop()
            if own in taken or own not in place:
                continue
            taken.add(own)
            at = place[own]
            found.append(at)
            waiting.extend(commits[at].parents)
        found.sort(reverse=True)
        brought[step] = (*(commits[at].id for at in found), step)
    return brought


def _is_sync(
    merge: Commit, commits: Sequence[Commit], place: Mapping[str, int], same_person: Callable[[Person, Person], bool]
) -> bool:
    match = _SYNC.match(merge.subject)
    if not match:
        return False
    source, url, target = match["source"].split("/")[-1], match["url"], match["target"]
    if source not in _MAIN_NAMES:
        return False
    if target is not None and target.strip("'").split("/")[-1] != source and url is None:
        return True  # main taken into another branch that later became this one
    if url is None and "/" not in match["source"]:
        return False  # "Merge branch 'main'": of what, the message does not say
    # A pull: what stands only on the merger's side is the merger's own unpublished work.
    mine = _only_left(place[merge.parents[0]], place.get(merge.parents[1]), commits, place) if (
        merge.parents[0] in place
    ) else []
    return bool(mine) and all(same_person(commits[at].author, merge.committer) for at in mine)


def _only_left(
    left: int, right: int | None, commits: Sequence[Commit], place: Mapping[str, int]
) -> list[int]:
    """Places of the commits that ``left`` reaches and ``right`` does not (a walk down to their common past)."""
    if right is None:
        return []
    flags = {left: 1, right: 2} if left != right else {left: 3}
    queue = list(flags)
    heapq.heapify(queue)
    single = len(queue) if left != right else 0  # entries of the queue that only one side reaches
    mine: list[int] = []
    while queue and single:
        at = heapq.heappop(queue)
        own = flags[at]
        single -= own != 3
        if own == 1:
            mine.append(at)
        for parent in commits[at].parents:
            below = place.get(parent)
            if below is None:
                continue
            before = flags.get(below, 0)
            after = before | own
            flags[below] = after
            if before == 0:
                heapq.heappush(queue, below)
                single += after != 3
            elif before != 3 and after == 3:
                single -= 1
    return mine

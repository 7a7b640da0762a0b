"""The steps of a branch: its first-parent line, and which commits each step brought.

A commit belongs to the oldest step that reaches it, which for a merge is exactly ``first parent..merge``.

One shape needs care. When somebody commits locally and then pulls, git makes the *published* line the second parent
of a merge ("Merge branch 'main' of ..."), and when a branch that took main in ("Merge branch 'main' into topic")
becomes main by a fast-forward, the same happens. And a maintenance branch on which pull requests landed one by one
is often merged forward whole. A plain first-parent walk would show everything that landed there as one change. Such
a merge joins two lines: both are walked, step by step, and the merge itself brings what stands on neither.
"""

import heapq
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

import msgspec

from asbuilt.history.messages import read_pull_request, split_message
from asbuilt.model.commit import Commit, Person

_MAIN_NAMES = frozenset(
    {"main", "master", "trunk", "devel", "develop", "development", "dev", "mainline", "default"}
)
_JOIN = re.compile(
    r"Merge (?:remote[- ](?:tracking )?|local )?(?:branch|commit) '(?:refs/(?:remotes|heads)/)?(?P<source>[^']+)'"
    r"(?: of (?P<url>\S+))?(?: into (?P<target>\S+))?\s*\Z"
)


class Mainline(msgspec.Struct, frozen=True):
    """The steps of a branch, newest first.

    ``brought`` maps each step to its commits, oldest first, itself last; ``syncs`` are steps that are mere pulls.
    """

    steps: tuple[str, ...]
    brought: Mapping[str, tuple[str, ...]]
    syncs: frozenset[str]


def read_mainline(tip: str, commits: Sequence[Commit], same_person: Callable[[Person, Person], bool]) -> Mainline:
    """The steps that lead to ``tip`` among ``commits`` (children before parents; parents may be absent)."""
    place = {commit.id: at for at, commit in enumerate(commits)}
    if tip not in place:
        return Mainline((), {}, frozenset())
    steps: set[str] = set()
    syncs: set[str] = set()
    waiting: list[tuple[str, AbstractSet[str]]] = [(tip, place.keys())]
    while waiting:
        own, within = waiting.pop()
        while own in within and own not in steps:
            steps.add(own)
            commit = commits[place[own]]
            if len(commit.parents) == 2:
                other = _other_line(commit, commits, place, same_person)
                if other is not None:
                    waiting.append((commit.parents[1], other.within))
                    if other.sync:
                        syncs.add(own)
            if not commit.parents:
                break
            own = commit.parents[0]
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


class _Other(msgspec.Struct, frozen=True):
    """A merge's second parent that is a line of steps too: its commits, and whether the merge is a mere pull."""

    within: AbstractSet[str]
    sync: bool


def _other_line(
    merge: Commit,
    commits: Sequence[Commit],
    place: Mapping[str, int],
    same_person: Callable[[Person, Person], bool],
) -> _Other | None:
    """The line of steps that a merge joins to its first parent's, or None when it brings an ordinary branch."""
    left, right = place.get(merge.parents[0]), place.get(merge.parents[1])
    match = _JOIN.match(merge.subject)
    if match is None or left is None or right is None:
        return None
    source, url, target = match["source"].split("/")[-1], match["url"], match["target"]
    elsewhere = target is not None and target.strip("'").split("/")[-1] != source
    if source in _MAIN_NAMES and not (elsewhere and url):
        # Main taken into another branch that later became this one; or a pull: what stands only on the merger's
        # side
        # is the merger's own unpublished work. "Merge branch 'main'" alone does not say of what.
        pulled = (url or "/" in match["source"]) and _all_by(
            merge.committer, (left, right), commits, place, same_person
        )
        if elsewhere or pulled:
            return _Other(_only(right, left, commits, place), sync=True)
    if url is None and match["source"].split("/")[0] in {source, "origin", "upstream"}:
        own = _only(right, left, commits, place)
        if _has_requests(merge.parents[1], own, commits, place):
            return _Other(own, sync=False)
    return None


def _all_by(
    person: Person,
    sides: tuple[int, int],
    commits: Sequence[Commit],
    place: Mapping[str, int],
    same_person: Callable[[Person, Person], bool],
) -> bool:
    """Whether there are commits that only the first side reaches, and one person wrote them all."""
    found = False
    for at in _only_left(*sides, commits, place):
        if not same_person(commits[at].author, person):
            return False
        found = True
    return found


def _only(left: int, right: int, commits: Sequence[Commit], place: Mapping[str, int]) -> frozenset[str]:
    return frozenset(commits[at].id for at in _only_left(left, right, commits, place))


def _has_requests(top: str, within: AbstractSet[str], commits: Sequence[Commit], place: Mapping[str, int]) -> bool:
    """Whether pull requests landed on a branch by itself: one step of its first-parent line has such a mark."""
    own = top
    while own in within:
        commit = commits[place[own]]
        subject, body = split_message(commit.message)
        mark = read_pull_request(subject, body)
        if mark is not None and mark.number is not None:
            return True
        if not commit.parents:
            return False
        own = commit.parents[0]
    return False


def _only_left(left: int, right: int, commits: Sequence[Commit], place: Mapping[str, int]) -> Iterator[int]:
    """Places of the commits that ``left`` reaches and ``right`` does not (a walk down to their common past)."""
    if left == right:
        return
    flags = {left: 1, right: 2}
    queue = [left, right]
    heapq.heapify(queue)
    single = 2  # entries of the queue that only one side reaches
    while queue and single:
        at = heapq.heappop(queue)
        own = flags[at]
        single -= own != 3
        if own == 1:
            yield at
        for parent in commits[at].parents:
            below = place.get(parent)
            if below is None:
                continue
            before = flags.get(below, 0)
            flags[below] = after = before | own
            if before == 0:
                heapq.heappush(queue, below)
                single += after != 3
            elif before != 3 and after == 3:
                single -= 1

"""Tying squash commits to the branches they came from, by recomputing the squash: never by similarity.

For a squash commit S with one parent P and the pull request's head H, with B = merge-base(P, H), the first that
holds decides:

1. tree(S) = tree(H): *identity*.
2. patch-id --stable of P..S = that of B..H: *patch-id* (the target moved, elsewhere in the files).
3. git merge-tree --write-tree P H = tree(S): *merge-tree*.
4. the tree of an earlier commit of the branch = tree(S): *identity* with that commit (pushed to after the merge).
5. patch-id --stable of P..S = that of X..H for a commit X on the branch: *patch-id* with base X (the branch grew on
   another line of work, and was retargeted).
6. none: *residual*. H not here, or no relation to S: *mixed-possible*.

Everything is asked of git in bulk; a process of its own for one squash is started for step 3 only, and only when
the changed files allow that it holds.
"""

import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import IO

from asbuilt.history.git import Repository
from asbuilt.history.graph import CommitGraph, present_commits
from asbuilt.model.attribution import Replay, SquashReplay
from asbuilt.model.commit import Commit
from asbuilt.model.errors import SourceError
from asbuilt.model.progress import Listener, silent

_STAGE = "squash replay"
# How many commits of a branch step 5 tries.
_TRIED = 40
# Git processes at once where the work can be divided.
_AT_ONCE = 2
# What a diff of one side changed: path to (mode and id before, mode and id after), as git prints them.
_Changes = dict[bytes, tuple[bytes, bytes]]
# A replay that was recomputed once gives the same whenever head and squash are the same.
_FOR_GOOD = frozenset({Replay.IDENTITY, Replay.PATCH_ID, Replay.MERGE_TREE})


class _Case:
    """One squash under test."""

    __slots__ = ("base", "commits", "head", "note", "number", "own", "parent", "replay", "squash", "tree")

    def __init__(self, squash: Commit, number: int, head: str, tree: str) -> None:
        self.squash = squash.id
        self.own = squash.tree
        self.parent = squash.parents[0]
        self.number = number
        self.head = head
        self.tree = tree
        self.base: str | None = None
        self.commits: tuple[str, ...] = ()
        self.replay: Replay | None = None
        self.note: str | None = None


def replay_squashes(
    repository: Repository,
    commits: Sequence[Commit],
    candidates: Mapping[str, int],
    heads: Mapping[int, str],
    on: Listener = silent,
    *,
    earlier: Mapping[str, SquashReplay] | None = None,
) -> dict[str, SquashReplay]:
    """How each candidate is tied to its pull request's branch.

    Args:
        repository: where the objects are; what ``merge-tree`` writes stays in its private directory.
        commits: the inspected history, newest first (the first is the tip); it must hold the candidates.
        candidates: squash commit to pull request number. Merge commits among them are left out of the answer.
        heads: pull request number to head, from ``pull_heads`` or a forge.
        on: told how many are decided.
        earlier: answers of an earlier time, of which the exact ones are taken over (see ``_holding``).

    Raises:
        SourceError: git could not read a commit or tree that the history needs.
    """
    wanted = [commit for commit in commits if commit.id in candidates and len(commit.parents) < 2]
    trees = present_commits(repository, [heads[n] for c in wanted if (n := candidates[c.id]) in heads])
    found = {
        commit.id: SquashReplay(
            commit.id, candidates[commit.id], Replay.MIXED_POSSIBLE, note=_no_head(candidates[commit.id], heads)
        )
        for commit in wanted
    }
    cases = [
        _Case(commit, number, heads[number], trees[heads[number]])
        for commit in wanted
        if (number := candidates[commit.id]) in heads and heads[number] in trees and commit.parents
    ]
    found |= _holding(cases, earlier or {})
    cases = [case for case in cases if found[case.squash].head is None]
    if cases:
        graph = CommitGraph(repository, commits[0].id, {case.head for case in cases} | {c.parent for c in cases})
        cases = [case for case in cases if _relate(case, graph, found)]
        _decide(repository, cases, graph, on)
        for case in cases:
            found[case.squash] = SquashReplay(
                case.squash,
                case.number,
                case.replay or Replay.RESIDUAL,
                case.head,
                case.base,
                case.commits,
                case.note,
            )
    on(_STAGE, len(found), len(found))
    return found


def _holding(cases: Sequence[_Case], earlier: Mapping[str, SquashReplay]) -> dict[str, SquashReplay]:
    """Exact answers of an earlier time whose pull request still has the same head.

    Any other answer is sought anew: objects that were absent then may be here now.
    """
    return {
        case.squash: before
        for case in cases
        if (before := earlier.get(case.squash)) is not None
        and before.replay in _FOR_GOOD
        and (before.head, before.number) == (case.head, case.number)
    }


def _no_head(number: int, heads: Mapping[int, str]) -> str:
    if number in heads:
        return f"The head of pull request {number} is not among the objects here."
    return f"No ref for pull request {number} is here."


def _relate(case: _Case, graph: CommitGraph, found: dict[str, SquashReplay]) -> bool:
    """Find the branch behind a case; False, with the reason noted, where the number names something else."""
    branch = graph.branch(case.parent, case.head)
    why = None
    if branch is None:
        why = f"The head of pull request {case.number} holds too many commits of its own."
    elif branch.base is None:
        why = f"The head of pull request {case.number} shares no history with this commit."
    elif not branch.commits:
        why = f"Pull request {case.number} was merged before this commit."
    else:
        case.base, case.commits = branch.base, branch.commits
        return True
    found[case.squash] = SquashReplay(case.squash, case.number, Replay.MIXED_POSSIBLE, note=why)
    return False


def _decide(repository: Repository, cases: Sequence[_Case], graph: CommitGraph, on: Listener) -> None:
    for case in cases:
        if case.own == case.tree:
            case.replay = Replay.IDENTITY
    undecided = [case for case in cases if case.replay is None]
    on(_STAGE, len(cases) - len(undecided), len(cases))
    sides = _raw_changes(repository, undecided)
    for case, (ours, theirs) in zip(undecided, sides, strict=True):
        if ours and ours == theirs:  # the same files from the same to the same content: the same patch
            case.replay = Replay.PATCH_ID
    changes = {case.squash: side for case, side in zip(undecided, sides, strict=True)}
    undecided = [case for case in undecided if case.replay is None]
    # The same patch touches the same files.
    alike = [case for case in undecided if changes[case.squash][0].keys() == changes[case.squash][1].keys()]
    _compare_patch_ids(repository, _readable(repository, alike, changes))
    undecided = [case for case in undecided if case.replay is None]
    on(_STAGE, len(cases) - len(undecided), len(cases))
    merging = [case for case in undecided if _may_merge(*changes[case.squash])]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for case, tree in zip(
            merging, pool.map(lambda case: merged_tree(repository, case.parent, case.head), merging), strict=True
        ):
            if tree == case.own:
                case.replay = Replay.MERGE_TREE
    _find_earlier_heads(repository, [case for case in undecided if case.replay is None], graph)
    _find_later_bases(repository, [case for case in undecided if case.replay is None], graph, changes)


def _raw_changes(repository: Repository, cases: Sequence[_Case]) -> list[tuple[_Changes, _Changes]]:
    """What each squash and each branch changed."""
    pairs = [pair for case in cases for pair in ((case.squash, case.parent), (case.head, case.base or ""))]
    found = _compare_trees(repository, pairs)
    return list(zip(found[::2], found[1::2], strict=True))


def _compare_trees(repository: Repository, pairs: Sequence[tuple[str, str]]) -> list[_Changes]:
    """What differs between the second and the first of each pair."""
    if not pairs:
        return []
    # A commit with another commit on its line is compared with that one instead of its parents (git-diff-tree).
    asked = "".join(f"{own} {against}\n" for own, against in pairs).encode()
    listing = repository.run(
        "diff-tree", "--stdin", "--always", "-r", "--raw", "--no-abbrev", "--no-renames", stdin=asked
    )
    found: list[_Changes] = []
    for line in listing.split(b"\n"):
        if line.startswith(b":"):
            entry, _, path = line[1:].partition(b"\t")
            old_mode, new_mode, old, new, _ = entry.split(b" ")
            found[-1][path] = (old_mode + old, new_mode + new)
        elif line:
            found.append({})
    if len(found) != len(pairs):
        raise SourceError(
            "`git diff-tree` did not answer for every pair of commits.", fix="`git fsck` names what is damaged."
        )
    return found


def _readable(
    repository: Repository, cases: Sequence[_Case], changes: Mapping[str, tuple[_Changes, _Changes]]
) -> list[_Case]:
    """The cases whose every changed file is here: one absent blob (partial clone) would end the whole stream."""
    blobs = {
        case.squash: {
            side[6:] for part in changes[case.squash] for sides in part.values() for side in sides
            if int(side[:6], 8) and side[:6] != b"160000"
        }
        for case in cases
    }  # fmt: skip
    asked = list(set().union(*blobs.values()))
    listing = (
        repository.run("cat-file", "--batch-check=%(objecttype)", stdin=b"\n".join(asked) + b"\n") if asked else b""
    )
    absent = {own for own, kind in zip(asked, listing.splitlines(), strict=True) if kind != b"blob"}
    return [case for case in cases if absent.isdisjoint(blobs[case.squash])]


def _compare_patch_ids(repository: Repository, cases: Sequence[_Case]) -> None:
    pairs = [pair for case in cases for pair in ((case.squash, case.parent), (case.head, case.base or ""))]
    share = -(-len(pairs) // _AT_ONCE)
    parts = [pairs[at : at + share] for at in range(0, len(pairs), share)] if pairs else []
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        told = [patch for part in pool.map(lambda part: patch_ids(repository, part), parts) for patch in part]
    for case, ours, theirs in zip(cases, told[::2], told[1::2], strict=True):
        if ours is not None and ours == theirs:
            case.replay = Replay.PATCH_ID


def patch_ids(repository: Repository, pairs: Sequence[tuple[str, str]], *flags: str) -> list[bytes | None]:
    """The stable patch id between the second and the first of each pair; None where nothing differs."""
    if not pairs:
        return []
    with tempfile.TemporaryFile() as asked:
        asked.writelines(f"{own} {against}\n".encode() for own, against in pairs)
        asked.seek(0)
        with (
            repository.stream(
                "diff-tree", "--stdin", "-r", "-p", "-M", "--full-index", "--no-prefix", "--no-ext-diff",
                "--no-textconv", *flags, stdin=asked,
            ) as patches,
            repository.stream("patch-id", "--stable", stdin=patches) as answers,
        ):  # fmt: skip
            return _in_order(answers, [own for own, _ in pairs])


def _in_order(answers: IO[bytes], asked: Sequence[str]) -> list[bytes | None]:
    """The patch id of each commit asked for; None where the patch was empty, which git passes over in silence."""
    told: list[bytes | None] = []
    for line in answers:
        patch, _, own = line.strip().partition(b" ")
        name = own.decode("ascii")
        while asked[len(told)] != name:
            told.append(None)
        told.append(patch)
    return told + [None] * (len(asked) - len(told))


def _may_merge(ours: _Changes, theirs: _Changes) -> bool:
    """Whether a merge of the branch could give the squash, by the changed files alone.

    A file that only the branch changed comes out as the branch has it, and a file that it did not change comes out
    as the target has it. Renames (a branch that deletes) can carry changes to other paths, so they are let through.
    """
    if any(int(new[:6], 8) == 0 for _, new in theirs.values()) or any(
        int(new[:6], 8) == 0 for _, new in ours.values()
    ):
        return True
    if not ours.keys() <= theirs.keys():
        return False
    return all(
        ours[path][1] == after or ours[path][0] != before
        for path, (before, after) in theirs.items()
        if path in ours
    )


def merged_tree(repository: Repository, ours: str, theirs: str) -> str | None:
    """The tree of a clean merge of two commits; None where a person would have to decide."""
    try:
        said = repository.run("merge-tree", "--write-tree", "--no-messages", ours, theirs, ok=(0, 1))
    except SourceError:  # git refuses some pairs (absent objects in a partial clone): then nothing is shown
        return None
    lines = said.decode("utf-8", "replace").splitlines()
    return lines[0].strip() if len(lines) == 1 else None


def _find_earlier_heads(repository: Repository, cases: Sequence[_Case], graph: CommitGraph) -> None:
    trees = present_commits(repository, [own for case in cases for own in case.commits])
    for case in cases:
        earlier = next((own for own in reversed(case.commits) if trees.get(own) == case.own), None)
        branch = graph.branch(case.parent, earlier) if earlier else None
        if earlier is not None and branch is not None:
            case.replay, case.head, case.base, case.commits = Replay.IDENTITY, earlier, branch.base, branch.commits
            case.note = "The branch was pushed to after the merge."


def _find_later_bases(
    repository: Repository,
    cases: Sequence[_Case],
    graph: CommitGraph,
    changes: Mapping[str, tuple[_Changes, _Changes]],
) -> None:
    tried: list[tuple[_Case, str]] = []
    for case in cases:
        own = set(case.commits)
        base = case.head
        for _ in range(_TRIED):
            base = next(iter(graph.parents(base)), "")
            if base not in own:
                break
            tried.append((case, base))
    sides = _compare_trees(repository, [(case.head, base) for case, base in tried])
    tried = [
        (case, base)
        for (case, base), side in zip(tried, sides, strict=True)
        if side and side.keys() == changes[case.squash][0].keys()
    ]
    ours: dict[str, bytes | None] = {}
    try:
        owners = {case.squash: case.parent for case, _ in tried}
        ours.update(zip(owners, patch_ids(repository, list(owners.items())), strict=True))
        # Asked the other way round, so that each answer bears the name of the base.
        told = patch_ids(repository, [(base, case.head) for case, base in tried], "-R")
    except SourceError:  # an absent blob (partial clone): then nothing is shown
        return
    for (case, base), patch in zip(tried, told, strict=True):
        if case.replay is None and patch is not None and patch == ours[case.squash]:
            left = set(_behind(graph, base, set(case.commits)))
            case.replay, case.base = Replay.PATCH_ID, base
            case.commits = tuple(commit for commit in case.commits if commit not in left)
            case.note = (
                f"{len(left)} commits at the start of the branch are not in the squash."
                if len(left) > 1
                else "1 commit at the start of the branch is not in the squash."
            )


def _behind(graph: CommitGraph, commit: str, own: set[str]) -> set[str]:
    """A commit of a branch and all those of the branch before it."""
    found: set[str] = set()
    stack = [commit]
    while stack:
        at = stack.pop()
        if at in own and at not in found:
            found.add(at)
            stack.extend(graph.parents(at))
    return found

"""Whether what landed is what was approved: recomputed from git's objects, never guessed.

For a commit A that was approved (or the last head H of a request), a change S by which the request landed, and P,
what the branch was before S (its first parent; of a rebased run, the parent of the run's first commit), the first
that holds decides:

1. A = S: *same-commit*.
2. tree(A) = tree(S): *same-tree*.
3. what lies between A and H, apart from the base's own commits, are merges only, each with the tree that git gives
   a clean merge of its parents, and H itself is covered by 2, 4 or 5: *base-sync*.
4. a clean merge of P and A has tree(S): *merge-tree*. Of a merge commit with A as its second parent that is the
   merge itself recomputed; where its tree is another, somebody changed it in the merge.
5. patch-id --stable of P..S = that of X..A, not empty, where A is built on X and P holds all of X (a clean merge of
   P and X is P itself): *patch-id*. X is the merge base, or the end of a request that landed before, on which this
   one was stacked.
6. none: *differs*. A, H or S not among the objects, or S a merge of more than two: *unavailable*.

Objects are read in bulk: the number of git processes does not grow with the number of questions.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import msgspec

from asbuilt.history.git import Repository
from asbuilt.history.graph import CommitGraph, present_commits
from asbuilt.history.squash import merged_tree, patch_ids
from asbuilt.model.errors import SourceError
from asbuilt.model.progress import Listener, silent

_STAGE: Final = "Approved and landed"
_STDIN_FROM: Final = (2, 39)  # the git whose merge-tree reads pairs
_AT_ONCE: Final = 2
_TRIED: Final = 40  # commits of a branch on which (5) tries to stand
_Pair = tuple[str, str]


class Question(msgspec.Struct, frozen=True):
    """Whether ``commit`` is what landed as ``change_id``.

    ``head`` is the request's last head (None: not known); ``is_run``: the change is a run of rebased commits, of
    which ``change_id`` is the last.
    """

    commit: str
    change_id: str
    head: str | None = None
    is_run: bool = False


class Covering(msgspec.Struct, frozen=True):
    """The answer: ``covers`` is None where ``how`` is ``unavailable``."""

    commit: str
    change_id: str
    covers: bool | None
    how: str


class _Case:
    """One question on its way."""

    __slots__ = ("before", "how", "own")

    def __init__(self, own: Question) -> None:
        self.own = own
        self.how: str | None = None
        self.before: str | None = None


def prove_coverings(repository: Repository, questions: Iterable[Question], on: Listener = silent) -> list[Covering]:
    """The answer to each question, in their order, once each.

    Args:
        repository: where the objects are; what ``merge-tree`` writes stays in its private directory.
        questions: what was approved, and what landed.
        on: told how many are decided.

    Raises:
        SourceError: git could not read a commit that a history needs.
    """
    cases = {(own.commit, own.change_id): _Case(own) for own in questions}
    # A head of which nobody asks is needed for (3).
    heads = {(own.head, own.change_id): _Case(_of_head(own)) for case in cases.values() if (own := case.own).head}
    every = {(case.own.commit, case.own.change_id): case for case in (*heads.values(), *cases.values())}
    work = list(every.values())
    trees = present_commits(repository, _named(case.own for case in work))
    # (6) What is not here; (1), (2).
    for case in work:
        own = case.own
        if own.commit not in trees or own.change_id not in trees:
            case.how = "unavailable"
        elif own.commit == own.change_id:
            case.how = "same-commit"
        elif trees[own.commit] == trees[own.change_id]:
            case.how = "same-tree"
    left = [case for case in work if case.how is None]
    on(_STAGE, len(work) - len(left), len(work))
    if left:
        graph = CommitGraph(repository, repository.resolve("HEAD"), list(trees))
        _place(left, graph, trees)
        _recompute(repository, left, trees)
        _compare_patches(repository, [case for case in left if case.how is None], graph, trees)
        _find_base_syncs(repository, left, every, graph)
    on(_STAGE, len(work), len(work))
    return [_answer(case) for case in cases.values()]


def _of_head(own: Question) -> Question:
    return msgspec.structs.replace(own, commit=own.head or own.commit)


def _named(questions: Iterable[Question]) -> list[str]:
    return [name for own in questions for name in (own.commit, own.change_id)]


def _answer(case: _Case) -> Covering:
    how = case.how or "differs"
    return Covering(case.own.commit, case.own.change_id, _covers(how), how)


def _covers(how: str) -> bool | None:
    return None if how == "unavailable" else how != "differs"


def _place(cases: Sequence[_Case], graph: CommitGraph, trees: dict[str, str]) -> None:
    """What the branch was before each change; a change that has no such place is decided here."""
    for case in cases:
        own = case.own
        parents = graph.parents(own.change_id)
        if not parents:
            case.how = "differs"
        elif len(parents) > 2:
            case.how = "unavailable"
        elif own.is_run:
            case.before = _before_run(own, graph, trees)
            case.how = None if case.before else "unavailable"
        else:
            case.before = parents[0]


def _before_run(own: Question, graph: CommitGraph, trees: dict[str, str]) -> str | None:
    """The parent of the first commit of a rebased run: it holds as many commits as the branch that it copies."""
    if own.head is None or own.head not in trees:
        return None
    branch = graph.branch(own.change_id, own.head)
    at: str | None = own.change_id
    for _ in [each for each in branch.commits if len(graph.parents(each)) < 2] if branch else ():
        at = next(iter(graph.parents(at)), None) if at else None
    return at if at != own.change_id else None


def _recompute(repository: Repository, cases: Sequence[_Case], trees: dict[str, str]) -> None:
    """(4) A clean merge."""
    asked = [(case.before, case.own.commit) for case in cases if case.how is None and case.before]
    merged = _merged_trees(repository, asked)
    for case in cases:
        if case.how is None and case.before:
            tree = merged.get((case.before, case.own.commit))
            if tree is not None and tree == trees[case.own.change_id]:
                case.how = "merge-tree"


def _compare_patches(
    repository: Repository, cases: Sequence[_Case], graph: CommitGraph, trees: dict[str, str]
) -> None:
    """(5) The same patch on something that was there."""
    tried = [(case, case.before, base) for case in cases if case.before for base in _bases(case, graph)]
    holding = _merged_trees(repository, [(before, base) for _, before, base in tried])
    trees = trees | present_commits(repository, [before for _, before, _ in tried])
    tried = [(case, before, base) for case, before, base in tried if holding[before, base] == trees.get(before, "")]
    owners = {case.own.change_id: before for case, before, _ in tried}
    try:
        landed = dict(zip(owners, patch_ids(repository, list(owners.items())), strict=True))
        # Asked the other way round, so that each answer bears the name of what A is built on.
        approved = patch_ids(repository, [(base, case.own.commit) for case, _, base in tried], "-R")
    except SourceError:  # an absent blob (partial clone): then nothing is shown
        for case, _, _ in tried:
            case.how = "unavailable"
        return
    for (case, _, _), patch in zip(tried, approved, strict=True):
        if patch is not None and patch == landed[case.own.change_id]:
            case.how = "patch-id"


def _bases(case: _Case, graph: CommitGraph) -> list[str]:
    """The commits that an approved one is built on, nearest first, as far down as the merge base."""
    branch = graph.branch(case.before, case.own.commit) if case.before else None
    if branch is None or branch.base is None:
        return []
    own, found, at = set(branch.commits), list[str](), case.own.commit
    while len(found) < _TRIED and (at := next(iter(graph.parents(at)), "")) in own:
        found.append(at)
    return [*found, branch.base]


def _find_base_syncs(
    repository: Repository, cases: Sequence[_Case], every: dict[_Pair, _Case], graph: CommitGraph
) -> None:
    """(3) It names the reason better than 4 or 5 do, which often hold too."""
    asked: list[tuple[_Case, tuple[str, ...]]] = []
    for case in cases:
        own = case.own
        if own.head is None or case.before is None or own.head == own.commit:
            continue
        if not _covers(every[own.head, own.change_id].how or "differs"):
            continue
        between = _between(graph, case.before, own.commit, own.head)
        if between and all(len(graph.parents(each)) == 2 for each in between):
            asked.append((case, between))
    merges = list(dict.fromkeys(each for _, between in asked for each in between))
    made = _merged_trees(repository, [_two(graph.parents(each)) for each in merges])
    trees = present_commits(repository, merges)
    for case, between in asked:
        if all(made.get(_two(graph.parents(each))) == trees.get(each, "") for each in between):
            case.how = "base-sync"


def _two(parents: Sequence[str]) -> _Pair:
    return parents[0], parents[1]


def _between(graph: CommitGraph, before: str, commit: str, head: str) -> tuple[str, ...]:
    """What a head holds besides the base and an earlier commit of its branch; nothing where that is none of it."""
    branch = graph.branch(before, head)
    if branch is None or commit not in {*branch.commits, branch.base}:
        return ()
    own, held, stack = set(branch.commits), set[str](), [commit]
    while stack:
        at = stack.pop()
        if at in own and at not in held:
            held.add(at)
            stack.extend(graph.parents(at))
    return tuple(each for each in branch.commits if each not in held)


def _merged_trees(repository: Repository, pairs: Sequence[_Pair]) -> dict[_Pair, str | None]:
    """The tree of a clean merge of each pair; None where a person would have to decide, or git refuses."""
    wanted = list(dict.fromkeys(pairs))
    if wanted and repository.git_version >= _STDIN_FROM:
        try:
            return dict(zip(wanted, _in_one_go(repository, wanted), strict=True))
        except SourceError:  # one pair that git refuses (an absent blob) ends the whole: then each by itself
            pass
    one: Callable[[_Pair], str | None] = lambda pair: merged_tree(repository, *pair)  # noqa: E731 - typed, for the pool
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return dict(zip(wanted, pool.map(one, wanted), strict=True))


def _in_one_go(repository: Repository, pairs: Sequence[_Pair]) -> list[str | None]:
    """``git merge-tree --stdin``: for each pair its status, its tree and its conflicts, each group ended twice."""
    asked = "".join(f"{ours} {theirs}\n" for ours, theirs in pairs).encode()
    said = repository.run("merge-tree", "--write-tree", "--no-messages", "--stdin", stdin=asked)
    groups = said.split(b"\0\0")[:-1]
    if len(groups) != len(pairs):
        raise SourceError("`git merge-tree` did not answer for every pair of commits.")
    fields = [group.split(b"\0") for group in groups]
    return [own[1].decode("ascii") if own[0] == b"1" else None for own in fields]

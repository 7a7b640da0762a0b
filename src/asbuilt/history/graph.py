"""The commit graph in memory: what a branch holds that its target does not, and where the two part."""

from collections.abc import Iterable, Sequence

import msgspec

from asbuilt.history.git import Repository

# A branch with more commits of its own than this is no pull request that a squash could come from.
LARGEST_BRANCH = 20_000


class Branch(msgspec.Struct, frozen=True):
    """What a head holds that the target does not.

    ``base`` is the merge base (the best one, as git chooses), None when head and target share no history;
    ``commits`` are the branch's own, oldest first, parents before children.
    """

    base: str | None
    commits: tuple[str, ...]


class CommitGraph:
    """All commits reachable from some tips, and which of them each step of one first-parent line holds.

    Reading costs one ``rev-list``. A commit reached from step *i* of the line (counted from its root) and from no
    earlier step has landed at *i*; it is an ancestor of step *p* exactly when *i* <= *p*. So a branch is found by
    walking its own commits only, however long the history is.
    """

    __slots__ = ("_landed", "_order", "_parents", "_repository", "_steps")

    def __init__(self, repository: Repository, line: str, tips: Iterable[str]) -> None:
        self._repository = repository
        self._parents: dict[str, tuple[str, ...]] = {}
        names = "\n".join([line, *tips]).encode() + b"\n"
        listing = repository.run("rev-list", "--topo-order", "--parents", "--stdin", stdin=names)
        for entry in listing.decode("ascii").splitlines():
            own, *parents = entry.split(" ")
            self._parents[own] = tuple(parents)
        self._order = {own: place for place, own in enumerate(self._parents)}
        chain = [line]
        while parents_of := self._parents[chain[-1]]:
            chain.append(parents_of[0])
        chain.reverse()
        self._steps = {own: place for place, own in enumerate(chain)}
        self._landed: dict[str, int] = {}
        for place, own in enumerate(chain):
            self._land(own, place)

    def _land(self, own: str, place: int) -> None:
        stack = [own]
        while stack:
            commit = stack.pop()
            if commit not in self._landed:
                self._landed[commit] = place
                stack.extend(self._parents[commit])

    def parents(self, commit: str) -> tuple[str, ...]:
        """The parents of a commit, as git uses them."""
        return self._parents[commit]

    def branch(self, target: str, head: str) -> Branch | None:
        """What ``head`` holds that ``target`` does not; None when that is more than ``LARGEST_BRANCH``."""
        step = self._steps.get(target)
        if step is None:
            return self._ask_git(target, head)
        own: set[str] = set()
        met: set[str] = set()
        stack = [head]
        while stack:
            commit = stack.pop()
            if self._landed.get(commit, step + 1) <= step:
                met.add(commit)
            elif commit not in own:
                if len(own) >= LARGEST_BRANCH:
                    return None
                own.add(commit)
                stack.extend(self._parents[commit])
        return Branch(self._best(target, head, met), self._oldest_first(own))

    def _best(self, target: str, head: str, met: set[str]) -> str | None:
        """The merge base among the commits where the branch meets the target's history."""
        steps = [self._steps[commit] for commit in met if commit in self._steps]
        if steps:
            newest = max(steps)
            met = {own for own in met if self._landed[own] > newest or self._steps.get(own) == newest}
        if len(met) > 1:
            said = self._repository.run("merge-base", target, head, ok=(0, 1)).decode("ascii").split()
            return said[0] if said else None
        return next(iter(met), None)

    def _ask_git(self, target: str, head: str) -> Branch | None:
        """The same for a target that is not on the line."""
        base = self._repository.run("merge-base", target, head, ok=(0, 1)).decode("ascii").split()
        limit = f"--max-count={LARGEST_BRANCH + 1}"
        own = self._repository.run("rev-list", limit, head, f"^{target}").decode("ascii").split()
        return Branch(base[0] if base else None, self._oldest_first(own)) if len(own) <= LARGEST_BRANCH else None

    def _oldest_first(self, own: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(own, key=lambda commit: -self._order.get(commit, 0)))


def present_commits(repository: Repository, ids: Sequence[str]) -> dict[str, str]:
    """The tree of each named commit; ids that are absent, or lead to no commit, are left out."""
    names = list(dict.fromkeys(ids))
    asked = "".join(f"{own}^{{tree}}\n" for own in names).encode()
    listing = repository.run("cat-file", "--batch-check=%(objectname) %(objecttype)", stdin=asked) if names else b""
    answers = listing.decode("utf-8", "replace").splitlines()
    return {
        own: answer.split(" ")[0]
        for own, answer in zip(names, answers, strict=True)
        if answer.endswith(" tree") and answer.split(" ")[0] != own
    }

"""Which commits descend from which, and how many there are."""

from collections.abc import Sequence

from asbuilt.history.git import Repository


def is_ancestor(repository: Repository, old: str, new: str) -> bool:
    """Whether ``old`` is here and ``new`` descends from it."""
    known = repository.run("cat-file", "--batch-check", stdin=old.encode() + b"\n").split()
    if known[1:2] != [b"commit"]:
        return False
    # Not by `rev-list old ^new`: clocks that run backwards can mislead that one.
    return repository.run("merge-base", old, new, ok=(0, 1)).decode("ascii").strip() == old


def count_commits(repository: Repository, tips: Sequence[str], exclude: Sequence[str] = ()) -> int:
    """How many commits are reachable from ``tips`` and not from ``exclude``."""
    return int(repository.run("rev-list", "--count", *tips, *(f"^{commit}" for commit in exclude), "--"))

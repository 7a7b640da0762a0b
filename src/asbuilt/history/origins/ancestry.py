"""Which commits descend from which, and how many there are."""

from collections.abc import Sequence

from asbuilt.history.git import Repository


def is_ancestor(repository: Repository, old: str, new: str) -> bool:
    """Whether ``old`` is here and ``new`` descends from it."""
    known = repository.run("cat-file", "--batch-check", stdin=old.encode() + b"\n").split()
    if known[1:2] != [b"commit"]:
        return False
    fork = repository.run("rev-list", "--max-count=1", old, f"^{new}", "--")
    return not fork.strip()


def count_commits(repository: Repository, tips: Sequence[str], exclude: Sequence[str] = ()) -> int:
    """How many commits are reachable from ``tips`` and not from ``exclude``."""
    return int(repository.run("rev-list", "--count", *tips, *(f"^{commit}" for commit in exclude), "--"))

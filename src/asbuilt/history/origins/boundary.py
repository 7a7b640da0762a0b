"""Commits that history is cut at: what lies behind them is not in the repository, or is hidden by it."""

from collections.abc import Collection

from asbuilt.history.git import Repository


def find_boundary(repository: Repository, commits: Collection[str]) -> frozenset[str]:
    """Which of the commits git shows with fewer parents than they have: the origin of their lines is not known.

    A shallow clone cuts at the commits of its ``shallow`` file; a graft or a replace ref cuts where it leaves out
    a parent that the commit itself names. Where there is none of the three, nothing is read.
    """
    cut = _listed(repository, "shallow")
    replaced = repository.run("for-each-ref", "--format=%(refname:lstrip=2)", "refs/replace/").decode().split()
    changed = sorted({*_listed(repository, "info/grafts"), *replaced}.intersection(commits))
    if changed:
        names = "\n".join(changed).encode() + b"\n"
        seen = repository.run("rev-list", "--no-walk=unsorted", "--parents", "--stdin", stdin=names)
        shown = {line.split()[0]: set(line.split()[1:]) for line in seen.decode("ascii").splitlines()}
        for commit in changed:
            body = repository.run("--no-replace-objects", "cat-file", "commit", commit)
            head = body.partition(b"\n\n")[0].decode("ascii", "replace")
            own = {line[7:] for line in head.split("\n") if line.startswith("parent ")}
            if own - shown.get(commit, set()):
                cut.add(commit)
    return frozenset(cut.intersection(commits))


def _listed(repository: Repository, name: str) -> set[str]:
    file = repository.private_dir / name
    if not file.is_file():
        return set()
    lines = file.read_text("ascii", "replace").splitlines()
    return {line.split()[0] for line in lines if line.split() and not line.startswith("#")}

"""The whole tree of a small repository from ``git blame`` itself, which then is the quickest way."""

import os

from asbuilt.history.git import Repository
from asbuilt.history.origins.blame import blame_files, write_commit_graph
from asbuilt.history.origins.boundary import find_boundary
from asbuilt.history.origins.full import read_tree
from asbuilt.history.origins.gathered import Gathering
from asbuilt.history.origins.table import LineOrigins, tabulate


def blame_tree(repository: Repository, commit: str, *, most: int, workers: int | None = None) -> LineOrigins | None:
    """Where every line of every text file at a commit comes from; None when the walk has to answer.

    That is when there are more than ``most`` files, or an object is absent: the walk says which lines it takes.

    Raises:
        SourceError: the tree cannot be read.
    """
    if repository.run("ls-tree", "-r", "-z", "--name-only", "--full-tree", commit).count(b"\0") > 2 * most:
        return None  # most entries are text files
    tree = read_tree(repository, commit)
    if tree.gaps or len(tree.files) > most:
        return None
    write_commit_graph(repository, commit)
    home, line = Gathering(), 0
    sizes = {file.path: file.lines for file in tree.files}
    for path, runs in blame_files(repository, commit, list(sizes), workers=workers or os.cpu_count() or 2):
        if not isinstance(runs, list):
            return None
        home.add_runs(line, runs)
        line += sizes[path]
    found = home.found()
    return tabulate(
        commit,
        repository.object_format,
        [(file.path, file.blob, file.lines) for file in tree.files],
        found,
        boundary=find_boundary(repository, set(found.commits)),
        skipped=tree.skipped,
    )

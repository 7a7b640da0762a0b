"""Which kinds of paths each step of a branch touched: one ``diff-tree`` over all steps."""

from collections.abc import Sequence

from asbuilt.catalogue.touched_paths import TouchedPaths
from asbuilt.history.git import Repository
from asbuilt.history.guarded import read_steps, split_steps


def touched_kinds(repository: Repository, steps: Sequence[str], paths: TouchedPaths) -> dict[str, frozenset[str]]:
    """Step -> kinds of paths that it touched, against its first parent; steps that touched none are left out.

    Raises:
        SourceError: git could not read the trees it compares.
    """
    found: dict[str, frozenset[str]] = {}
    known: dict[bytes, frozenset[str]] = {}
    for step, path in split_steps(read_steps(repository, steps)):
        kinds = known.get(path)
        if kinds is None:
            kinds = known[path] = paths.kinds(path)
        if kinds:
            found[step] = found.get(step, frozenset()) | kinds
    return found

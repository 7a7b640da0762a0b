"""By what a change is judged must not come with it: a ledger, a request, a store in the tree is its author's."""

import os
from collections.abc import Iterable
from pathlib import Path

from asbuilt.history.git import Repository
from asbuilt.model.errors import UsageError
from asbuilt.model.text import visible


def expect_foreign(repository: Repository, paths: Iterable[bytes], places: Iterable[Path]) -> None:
    """Refuse to judge a change by what it brings.

    Args:
        repository: whose work tree may hold the places.
        paths: what the change touches.
        places: files and folders of this machine.

    Raises:
        UsageError: one of the places is a path that the change touches, or holds one.
    """
    if repository.work_tree is None:
        return
    top = os.path.realpath(repository.work_tree)
    within: dict[bytes, Path] = {}
    for place in places:
        for told in (os.path.abspath(place), os.path.realpath(place)):  # noqa: PTH100 - a link may stand in its place
            inner = os.path.relpath(told, top)
            if not inner.startswith(".."):
                within[os.fsencode(str(inner))] = place
    if not within:
        return
    for path in paths:
        for at, place in within.items():
            if path == at or path.startswith(at + b"/") or at.startswith(path + b"/"):
                raise UsageError(
                    f"The change brings {visible(str(place), 200)!r}, by which it would be judged.",
                    why="Who wrote the change wrote what it says.",
                    fix="Name one that lies outside the repository.",
                )

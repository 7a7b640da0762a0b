"""What lies beside a manifest, or in a folder above it: its lock file, and what it inherits from."""

import posixpath
from collections.abc import Iterator, Sequence
from typing import Final

from asbuilt.supply.gathering import Beside

MOST_FOLDERS: Final = 64  # above one file


def folders_above(path: str) -> Iterator[str]:
    """The folder of a file and those above it, the nearest first; the top of the tree is ``""``."""
    folder = posixpath.dirname(path)
    for _ in range(MOST_FOLDERS):
        yield folder
        if not folder:
            return
        folder = posixpath.dirname(folder)


def is_locked(path: str, locks: Sequence[str], beside: Beside) -> bool:
    """Whether one of these lock files stands beside the file, or in a folder above."""
    return any(beside(posixpath.join(folder, lock)) is not None for folder in folders_above(path) for lock in locks)

"""The files of a product as readers want them: of a revision out of git's objects, or of the work tree as it is."""

import os
import posixpath
import re
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

from asbuilt.history.git import Repository
from asbuilt.history.objects import read_objects
from asbuilt.model.component import Unread
from asbuilt.model.text import path_text, visible
from asbuilt.supply.reading import FOREIGN, LARGEST, TreeFile, reader_of

MOST_ENTRIES: Final = 2_000_000
_SUBMODULE: Final = re.compile(r"^[ \t]*path[ \t]*=[ \t]*(\S.*?)[ \t]*$", re.MULTILINE)
_LINK: Final = "It is a symbolic link, which is not followed."


def folder_below(repository: Repository) -> str:
    """The folder that a user points to, from the top of the tree; empty: all of it."""
    top = repository.work_tree
    under = "" if top is None else os.path.relpath(repository.path, top).replace(os.sep, "/")
    return "" if under == "." or under.startswith((".git", "..")) else under


@contextmanager
def revision_files(
    repository: Repository, commit: str, under: str
) -> Iterator[tuple[list[TreeFile], list[Unread]]]:
    """The files of a commit below a folder; they can be read while the block runs. Nothing is checked out."""
    files: list[TreeFile] = []
    unread: list[Unread] = []
    with read_objects(repository) as objects:
        for row in repository.run("ls-tree", "-r", "-z", "-l", "--full-tree", commit).split(b"\0"):
            head, _, name = row.partition(b"\t")
            mode, kind, identity, size = (head.split() + [b""] * 4)[:4]
            path = path_text(name)
            if not is_below(path, under):
                continue
            if told := unread_by_mode(mode, path):
                unread.append(told)
            elif kind == b"blob" and mode != b"120000":
                known = int(size) if size.isdigit() else 0
                files.append((path, known, partial(objects.read, identity.decode("ascii"))))
        yield files, unread


def unread_by_mode(mode: bytes, path: str) -> Unread | None:
    """What git keeps there is no file to read: a submodule, or a link in the place of a file of dependencies."""
    if mode == b"160000":
        why = "It is a submodule: what it is built from is told by its own repository."
        return Unread(path=path, why=why, remedy="Run the same command in it.")
    return Unread(path=path, why=_LINK) if mode == b"120000" and reader_of(path) else None


def _submodules(top: Path) -> dict[str, Unread]:
    """The submodules of a work tree, by their folder."""
    try:
        told = _plain_file(str(top / ".gitmodules")).decode("utf-8", "replace")
    except OSError:
        return {}
    names = (match[1].strip('"').rstrip("/") for match in _SUBMODULE.finditer(told))
    return {name: own for name in names if (own := unread_by_mode(b"160000", visible(name))) is not None}


def work_tree_files(top: Path, under: str) -> tuple[list[TreeFile], list[Unread]]:
    """The files of the work tree below a folder, as they are; no link is followed."""
    files: list[TreeFile] = []
    submodules = _submodules(top)
    unread = [own for name, own in submodules.items() if is_below(name, under)]
    count = 0

    def refused(error: OSError) -> None:
        name = os.path.relpath(error.filename or top, top)
        unread.append(Unread(path=path_text(os.fsencode(name)), why=f"It cannot be listed: {error.strerror}."))

    for folder, names, plain in os.walk(top / under, onerror=refused):
        here = os.path.relpath(folder, top)
        names[:] = sorted(
            name
            for name in names
            if name not in FOREIGN and posixpath.normpath(posixpath.join(here, name)) not in submodules
        )
        for name in plain:
            count += 1
            if count > MOST_ENTRIES:
                unread.append(Unread(path=under or ".", why=f"It has more than {MOST_ENTRIES:,} files."))
                return files, unread
            where = os.path.join(folder, name)  # noqa: PTH118 - of a whole tree, a Path for each file is slow
            path = path_text(os.fsencode(os.path.relpath(where, top)))
            wanted = reader_of(path) is not None
            told = os.lstat(where) if wanted else None
            if told is not None and not stat.S_ISREG(told.st_mode):
                unread.append(
                    Unread(path=path, why=_LINK if stat.S_ISLNK(told.st_mode) else "It is no plain file.")
                )
                continue
            load: Callable[[], bytes] = partial(_plain_file, where)
            files.append((path, told.st_size if told else 0, load))
    return files, unread


def _plain_file(where: str) -> bytes:
    """The bytes of a plain file; what became a link or a pipe meanwhile is refused."""
    handle = os.open(where, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(22, "It is no plain file")
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise OSError(27, "It is too large")
    return data


def is_below(path: str, under: str) -> bool:
    """Whether a path is that folder, or lies in it."""
    return not under or path == under or path.startswith(f"{under}/")

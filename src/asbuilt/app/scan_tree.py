"""The files of a tree as a scan wants them: of a revision out of git's objects, of a work tree, of a plain folder.

Of a work tree those that git has, or would take: what `.gitignore` names is no part of the product. No link is
followed, nothing is checked out, and no filter or hook of the repository is run.
"""

import hashlib
import os
import re
import stat
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from asbuilt.app.exclusion import Exclusion
from asbuilt.history.git import Repository
from asbuilt.model.component import Unread
from asbuilt.model.errors import SourceError
from asbuilt.model.text import path_bytes, path_text

LARGEST: Final = 32 << 20  # bytes of one file
MOST_FILES: Final = 500_000
# Folders of what was installed or copied in: somebody else's product.
FOREIGN: Final = frozenset({
    "node_modules", ".git", ".venv", "venv", "site-packages", "vendor", "bower_components", "third_party",
    "__pycache__", ".tox", ".mypy_cache",
})  # fmt: skip
_UNSAFE: Final = re.compile(r"(?:^|/)(?:\.{0,2}|\.git)(?:/|$)|\0", re.IGNORECASE)


class File(NamedTuple):
    """One file: its path, the id of its blob where git has it, and its bytes when they are asked for."""

    path: str
    blob: str | None
    load: Callable[[], bytes]


class Tree(msgspec.Struct):
    """The files of a tree; what could not be read, and what was left out, counted by what leaves it out."""

    files: list[File] = []
    unread: list[Unread] = []
    excluded: Counter[str] = Counter()

    def read(self) -> Iterator[tuple[File, bytes]]:
        """Every file with its bytes; one that cannot be read is named."""
        for file in self.files:
            try:
                data = file.load()
            except OSError as error:
                self.unread.append(Unread(path=file.path, why=f"It cannot be read: {error.strerror or error}."))
                continue
            yield file, data


def blob_id(data: bytes, *, length: int = 40) -> str:
    """The id that git gives to these bytes."""
    head = b"blob %d\0" % len(data)
    return (hashlib.sha256 if length == 64 else hashlib.sha1)(head + data).hexdigest()


@contextmanager
def revision_tree(repository: Repository, commit: str, under: str, exclusion: Exclusion) -> Iterator[Tree]:
    """The files of a commit below a folder; they can be read while the block runs."""
    tree = Tree([], [], Counter())
    process = repository.start("cat-file", "--batch")
    try:
        for row in repository.run("ls-tree", "-r", "-z", "-l", "--full-tree", commit).split(b"\0"):
            head, _, name = row.partition(b"\t")
            mode, kind, identity, size = (head.split() + [b""] * 4)[:4]
            path = path_text(name)
            if kind != b"blob" or mode == b"120000" or not _is_below(path, under):
                continue
            if _wanted(tree, path, int(size) if size.isdigit() else 0, exclusion):
                tree.files.append(File(path, identity.decode(), partial(_object, process, identity)))
        yield tree
    finally:
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        process.wait()


def work_tree(repository: Repository, top: Path, under: str, exclusion: Exclusion) -> Tree:
    """The files of a work tree that git has or would take, below a folder."""
    index = repository.git_dir / "index"
    private = repository.private_dir / "index"
    if index.is_file():
        private.write_bytes(index.read_bytes())
    ignored = repository.common_dir / "info" / "exclude"
    more = (f"--exclude-from={ignored}",) if ignored.is_file() else ()
    told = repository.run(
        f"--work-tree={top}", "ls-files", "-z", "--cached", "--others", "--exclude-per-directory=.gitignore", *more
    )
    names = sorted({path_text(name) for name in told.split(b"\0") if name})
    return _on_disk(top, [name for name in names if _is_below(name, under)], exclusion)


def plain_folder(top: Path, exclusion: Exclusion) -> Tree:
    """The files of a folder that is no repository."""
    names = []
    for folder, folders, plain in os.walk(top):
        folders[:] = sorted(name for name in folders if name not in FOREIGN)
        names += [path_text(os.fsencode(os.path.relpath(Path(folder, name), top))) for name in sorted(plain)]
        if len(names) > MOST_FILES:
            break
    return _on_disk(top, names, exclusion)


def _on_disk(top: Path, names: list[str], exclusion: Exclusion) -> Tree:
    tree = Tree([], [], Counter())
    base = os.fsencode(top)
    for path in names:
        where = os.path.join(base, path_bytes(path))  # noqa: PTH118 - paths are bytes
        try:
            told = os.lstat(where)
        except OSError:
            continue  # deleted in the work tree, or below what became a file
        if stat.S_ISREG(told.st_mode) and _wanted(tree, path, told.st_size, exclusion):
            tree.files.append(File(path, None, partial(_plain, where)))
    return tree


def _wanted(tree: Tree, path: str, size: int, exclusion: Exclusion) -> bool:
    foreign = next((part for part in path.split("/")[:-1] if part in FOREIGN), None)
    if foreign is not None:
        tree.excluded[f"{foreign}/"] += 1
    elif exclusion.holds(path_bytes(path)):
        tree.excluded["--exclude"] += 1
    elif _UNSAFE.search(path):
        tree.unread.append(Unread(path=path, why="Its name leads out of the tree, or into git's own folder."))
    elif size > LARGEST:
        tree.unread.append(Unread(path=path, why=f"It has more than {LARGEST >> 20} MiB."))
    elif len(tree.files) >= MOST_FILES:
        if len(tree.files) == MOST_FILES and tree.excluded[f"beyond {MOST_FILES:,} files"] == 0:
            tree.unread.append(
                Unread(path=path, why=f"There are more than {MOST_FILES:,} files; the rest is not read.")
            )
        tree.excluded[f"beyond {MOST_FILES:,} files"] += 1
    else:
        return True
    return False


def _object(process: "subprocess.Popen[bytes]", identity: bytes) -> bytes:
    """A blob."""
    asked, told = process.stdin, process.stdout
    if asked is None or told is None:  # pragma: no cover - both are pipes
        raise SourceError("git gave no pipes.")
    asked.write(identity + b"\n")
    asked.flush()
    head = told.readline().split()
    if len(head) != 3 or not head[2].isdigit():
        raise FileNotFoundError(2, "the object is not in this clone")
    data = told.read(int(head[2]))
    if len(data) != int(head[2]):
        raise OSError(5, "git ended before the object did")
    told.read(1)
    return data


def _plain(where: bytes) -> bytes:
    """A plain file; what became a link or a pipe meanwhile is refused."""
    handle = os.open(where, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(22, "it is no plain file")
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise OSError(27, "it is too large")
    return data


def _is_below(path: str, under: str) -> bool:
    return not under or path == under or path.startswith(f"{under}/")

"""Commit by commit, what became of files that somebody asks for: one pass of git, parents before children.

Each commit is compared with its first parent alone: the files of its tree are those of the first parent with what
is told here. A renamed file is one that went and one that came. Links and submodules are no files.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from typing import IO, Final, NamedTuple

from asbuilt.history.git import Repository
from asbuilt.model.errors import SourceError
from asbuilt.model.text import path_text

_PIECE: Final = 1 << 20  # bytes read at a time
_REGULAR: Final = b"100"  # how the mode of a regular file begins


class FileChange(NamedTuple):
    """One file: the blob that the commit has there, and that of its first parent; None where there is no file."""

    path: str
    blob: str | None
    old: str | None


class FileStep(NamedTuple):
    """One commit: its parents as git uses them, when it was made (Unix seconds), and the files that changed."""

    commit: str
    parents: tuple[str, ...]
    at: int
    files: tuple[FileChange, ...]


def read_file_steps(repository: Repository, tip: str, is_wanted: Callable[[str], bool]) -> Iterator[FileStep]:
    """Every commit that ``tip`` reaches, parents first, with what it did to the wanted files.

    Raises:
        SourceError: git could not read a commit or a tree.
    """
    return _read(repository, ("--topo-order", "--reverse", tip), is_wanted, None)


def read_steps_of(
    repository: Repository, commits: Sequence[str], is_wanted: Callable[[str], bool]
) -> Iterator[FileStep]:
    """The same for these commits alone, in this order.

    Raises:
        SourceError: git could not read a commit or a tree.
    """
    if not commits:
        return
    with tempfile.TemporaryFile() as names:
        names.write(("\n".join(commits) + "\n").encode())
        names.seek(0)
        yield from _read(repository, ("--no-walk=unsorted", "--stdin"), is_wanted, names)


def _read(
    repository: Repository, which: tuple[str, ...], is_wanted: Callable[[str], bool], names: IO[bytes] | None
) -> Iterator[FileStep]:
    with repository.stream(
        "log",
        "--root",
        "--raw",
        "-z",
        "--no-abbrev",
        "--no-renames",
        "--no-ext-diff",
        "--diff-merges=first-parent",
        "--format=%x01%H %ct %P",
        *which,
        stdin=names,
    ) as stream:
        commit: tuple[str, tuple[str, ...], int] | None = None
        files: list[FileChange] = []
        tokens = _tokens(stream)
        for token in tokens:
            if token.startswith(b"\x01"):
                if commit is not None:
                    yield FileStep(*commit, tuple(files))
                own, at, *parents = token[1:].decode("ascii").split()
                commit, files = (own, tuple(parents), int(at)), []
            elif token.startswith(b":"):
                change = _change(token, next(tokens, b""))
                if is_wanted(change.path):
                    files.append(change)
            elif token:
                raise SourceError(
                    "git told of a history in a form that is not known.", fix="Use git 2.38 or newer."
                )
        if commit is not None:
            yield FileStep(*commit, tuple(files))


def _change(token: bytes, name: bytes) -> FileChange:
    old_mode, mode, old, blob, *_ = token[1:].split(b" ")
    return FileChange(
        path_text(name),
        blob.decode("ascii") if mode.startswith(_REGULAR) else None,
        old.decode("ascii") if old_mode.startswith(_REGULAR) else None,
    )


def _tokens(stream: IO[bytes]) -> Iterator[bytes]:
    """What NULs part; the line breaks that git puts before a commit's files belong to none."""
    rest = b""
    is_name = False
    while piece := stream.read(_PIECE):
        *whole, rest = (rest + piece).split(b"\0")
        for token in whole:
            if is_name:
                is_name = False
                yield token
                continue
            bare = token.lstrip(b"\n")
            is_name = bare.startswith(b":")
            yield bare
    if rest.strip(b"\n"):
        yield rest.lstrip(b"\n")

"""Commit by commit, what became of files that somebody asks for: one pass of git, parents before children.

Each commit is compared with its first parent alone: the files of its tree are those of the first parent with what
is told here. A renamed file is one that went and one that came. Links and submodules are no files.
"""

from collections.abc import Callable, Iterator
from typing import IO, Final, NamedTuple

from asbuilt.history.git import Repository
from asbuilt.model.errors import SourceError
from asbuilt.model.text import path_text

_PIECE: Final = 1 << 20  # bytes read at a time
_REGULAR: Final = b"100"  # how the mode of a regular file begins


class FileStep(NamedTuple):
    """One commit: its parents as git uses them, when it was made (Unix seconds), and the files that changed.

    ``files`` are pairs of path and blob; None: the first parent had a file there, and this commit has none.
    """

    commit: str
    parents: tuple[str, ...]
    at: int
    files: tuple[tuple[str, str | None], ...]


def read_file_steps(repository: Repository, tip: str, is_wanted: Callable[[str], bool]) -> Iterator[FileStep]:
    """Every commit that ``tip`` reaches, parents first, with what it did to the wanted files.

    Raises:
        SourceError: git could not read a commit or a tree.
    """
    with repository.stream(
        "log",
        "--topo-order",
        "--reverse",
        "--root",
        "--raw",
        "-z",
        "--no-abbrev",
        "--no-renames",
        "--no-ext-diff",
        "--diff-merges=first-parent",
        "--format=%x01%H %ct %P",
        tip,
    ) as stream:
        commit: tuple[str, tuple[str, ...], int] | None = None
        files: list[tuple[str, str | None]] = []
        tokens = _tokens(stream)
        for token in tokens:
            if token.startswith(b"\x01"):
                if commit is not None:
                    yield FileStep(*commit, tuple(files))
                own, at, *parents = token[1:].decode("ascii").split()
                commit, files = (own, tuple(parents), int(at)), []
            elif token.startswith(b":"):
                change = _change(token, next(tokens, b""))
                if is_wanted(change[0]):
                    files.append(change)
            elif token:
                raise SourceError(
                    "git told of a history in a form that is not known.", fix="Use git 2.38 or newer."
                )
        if commit is not None:
            yield FileStep(*commit, tuple(files))


def _change(token: bytes, name: bytes) -> tuple[str, str | None]:
    _, mode, _, blob, *_ = token.split(b" ")
    return path_text(name), blob.decode("ascii") if mode.startswith(_REGULAR) else None


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

"""What a person means by PATH[:LINE[-LINE]], COMMIT, TAG or a package URL."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from asbuilt.history.git import Repository
from asbuilt.model.errors import UsageError
from asbuilt.model.text import path_bytes, path_text

_LINES = re.compile(r"(?P<path>.+?):(?P<first>[0-9]{1,9})(?:-(?P<last>[0-9]{1,9}))?\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class FileTarget:
    """Lines of a file; ``first`` and ``last`` are 1-based and inclusive, None for the whole file."""

    path: bytes
    first: int | None = None
    last: int | None = None


@dataclass(frozen=True, slots=True)
class CommitTarget:
    """A commit; ``tag`` is set when a tag was named."""

    commit: str
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class PackageTarget:
    """A dependency, as a package URL names it."""

    purl: str


def read_target(repository: Repository, tip: str, text: str) -> FileTarget | CommitTarget | PackageTarget:
    """What the text names: a file of the tree first, then a package URL, a tag, any other name of a commit.

    Raises:
        UsageError: it names nothing here, a folder, or lines in the wrong order.
    """
    if path := tree_file(repository, tip, text):
        return FileTarget(path)
    match = _LINES.match(text)
    if match and (path := tree_file(repository, tip, match["path"])):
        first, last = int(match["first"]), int(match["last"] or match["first"])
        if not 1 <= first <= last:
            raise UsageError(f"{text!r} names no lines.", fix="Lines count from 1: PATH:10 or PATH:10-20.")
        return FileTarget(path, first, last)
    if text.startswith("pkg:"):
        return PackageTarget(text)
    tag = repository.run("for-each-ref", "--format=%(refname:strip=2)", f"refs/tags/{text}").decode(
        "utf-8", "replace"
    )
    if tag.strip() == text:
        return CommitTarget(repository.resolve(f"refs/tags/{text}"), text)
    try:
        return CommitTarget(repository.resolve(text))
    except UsageError as error:
        raise UsageError(
            f"{text!r} is no file of the tree, no tag and no commit.",
            fix="Name a file (PATH, PATH:LINE, PATH:FIRST-LAST), a commit, a tag, or a package (pkg:npm/left-pad).",
        ) from error


def tree_file(repository: Repository, tip: str, text: str) -> bytes | None:
    """The path in the tree that a text names, as seen from where the user stands; None when it is no file there.

    Raises:
        UsageError: it names a folder.
    """
    for path in candidates(repository, text):
        entry = repository.run("ls-tree", "-z", tip, "--", os.fsdecode(path)).split(b"\0")[0]
        if not entry:
            continue
        kind = entry.split(b"\t", 1)[0].split(b" ")[1]
        if kind == b"tree":
            raise UsageError(
                f"{path_text(path)!r} is a folder.",
                fix="Name a file in it, or use `asbuilt lines` for all of them.",
            )
        if kind == b"blob":
            return path
    return None


def candidates(repository: Repository, text: str) -> list[bytes]:
    """The paths of the tree that a text may mean: from the user's folder first, then from the top."""
    plain = path_bytes(text)
    found = []
    if repository.work_tree is not None:
        full = Path(os.path.normpath(repository.path / os.fsdecode(plain)))
        if full.is_relative_to(repository.work_tree):
            found.append(os.fsencode(full.relative_to(repository.work_tree)))
    top = os.path.normpath(plain)
    return [path for path in (*found, top) if path not in {b"", b"."} and not path.startswith((b"../", b"/"))]


def tree_holds(repository: Repository, commit: str, path: bytes) -> bool:
    """Whether a file of that path stands in the tree of a commit."""
    entry = repository.run("ls-tree", "-z", commit, "--", os.fsdecode(path))
    return entry.split(b" ")[1:2] == [b"blob"]

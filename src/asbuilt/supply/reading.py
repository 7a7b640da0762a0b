"""The components of a tree: which reader reads which file, found by listing ``readers``, within bounds.

A tree is handed in as ``(path, size, load)``: the caller decides whether it is a work tree or a revision. Nothing
is lost silently: a file too large, a lock file of a kind that is not read, a reader's refusals are ``Unread``.
"""

import importlib
import pkgutil
import posixpath
from collections import Counter
from collections.abc import Callable, Collection, Container, Iterable
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from types import ModuleType
from typing import Final

import msgspec

from asbuilt.model.component import Component, Unread
from asbuilt.supply import readers
from asbuilt.supply.gathering import Beside, Reading

LARGEST: Final = 64 << 20  # bytes of one file
MOST_FILES: Final = 20_000
TreeFile = tuple[str, int, Callable[[], bytes]]
# Folders of what was installed or copied in: their files tell of somebody else's product.
FOREIGN: Final = frozenset({"node_modules", ".git", ".venv", "venv", "site-packages", "vendor", "bower_components"})
# Lock files that no reader reads; each is told as unread.
UNREADABLE: Final = {
    "Package.resolved": "Swift",
    "Podfile.lock": "CocoaPods",
    "conan.lock": "Conan",
    "pubspec.lock": "Dart",
    "rebar.lock": "rebar3",
    "renv.lock": "renv",
    "paket.lock": "Paket",
    "stack.yaml.lock": "Stack",
    "deno.lock": "Deno",
    "flake.lock": "Nix",
    "Manifest.toml": "Julia",
    "pixi.lock": "pixi",
    "conda-lock.yml": "conda-lock",
    "MODULE.bazel.lock": "Bazel",
    ".terraform.lock.hcl": "Terraform",
    "Chart.lock": "Helm",
}

# Manifests that are code: where none of these lock files stands beside them or above, it is told what is not read.
MANIFESTS: Final = {
    "build.gradle": ("gradle.lockfile", "verification-metadata.xml"),
    "build.gradle.kts": ("gradle.lockfile", "verification-metadata.xml"),
    "Gemfile": ("Gemfile.lock",),
    "mix.exs": ("mix.lock",),
    "setup.py": ("requirements.txt", "pyproject.toml", "uv.lock", "poetry.lock"),
}


class TreeReading(msgspec.Struct, frozen=True):
    """What the files of a tree name: components by path and line, what was not read, and the files that were."""

    components: tuple[Component, ...]
    unread: tuple[Unread, ...]
    files: tuple[str, ...]


@cache
def list_readers() -> dict[str, ModuleType]:
    """Every reader, by its name."""
    names = sorted(each.name for each in pkgutil.iter_modules(readers.__path__))
    return {name: importlib.import_module(f"{readers.__name__}.{name}") for name in names}


@cache
def _patterns() -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    """Plain file names, and the globs that are none; each with its reader."""
    plain: dict[str, str] = {}
    globs: list[tuple[str, str]] = []
    for name, module in list_readers().items():
        for pattern in module.READS:
            if any(mark in pattern for mark in "*?[/"):
                globs.append((pattern, name))
            else:
                plain[pattern] = name
    return plain, tuple(globs)


@lru_cache(1 << 16)
def reader_of(path: str) -> str | None:
    """The name of the reader of a file, None when no reader reads it."""
    folder, _, base = path.rpartition("/")
    plain, globs = _patterns()
    if base in plain:
        return plain[base]
    for pattern, name in globs:
        depth = pattern.count("/")
        tail = "/".join([*folder.split("/")[-depth:], base]) if depth and folder else base
        if fnmatchcase(tail, pattern):
            return name
    return None


@cache
def _letters() -> dict[str, str]:
    """The plain names that readers read, by their small letters."""
    return {own.lower(): own for own in (*_patterns()[0], *UNREADABLE, *MANIFESTS)}


def is_foreign(path: str) -> bool:
    """Whether a file lies in a folder of what was installed or copied in."""
    return not FOREIGN.isdisjoint(path.split("/")[:-1])


def read_file(data: bytes, path: str, beside: Beside) -> Reading:
    """What one file names; empty when no reader reads it.

    Args:
        data: its bytes.
        path: from the top of the tree.
        beside: gives other files of the same tree by path; None when there is none.
    """
    name = reader_of(path)
    if name is None:
        return Reading()
    if (told := _refused(data, path)) is not None:
        return Reading((), (told,))
    module = list_readers()[name]
    reading = module.read(data, path, beside) if getattr(module, "BESIDE", False) else module.read(data, path)
    if not isinstance(reading, Reading):
        raise TypeError(name)
    return reading


_POINTER: Final = b"version https://git-lfs.github.com/spec/"


def _refused(data: bytes, path: str) -> Unread | None:
    """What no reader is asked about: a pointer in the place of a file, and two files in one."""
    if data.startswith(_POINTER):
        return Unread(
            path=path, why="It is kept in Git LFS: only a pointer to it is here.", remedy="Keep it in git itself."
        )
    ours = 0 if data.startswith(b"<<<<<<< ") else data.find(b"\n<<<<<<< ") + 1 or -1
    theirs = data.find(b"\n=======", ours) if ours >= 0 else -1
    if theirs >= 0 and data.find(b"\n>>>>>>> ", theirs) >= 0:
        line = data.count(b"\n", 0, ours) + 1
        why = "A conflict of a merge stands in it: which of the two it says is not known."
        return Unread(path=path, why=why, remedy="Resolve the conflict.", line=line)
    return None


_UNLOCKED: Final = "It may declare dependencies; it is not read, and no lock file stands beside it."


def _is_locked(path: str, files: Container[str]) -> bool:
    """Whether a lock file of the manifest's kind stands beside it, or in a folder above."""
    *folders, base = path.split("/")
    above = ["/".join([*folders[:depth], ""]) for depth in range(len(folders), -1, -1)]
    return any(
        f"{folder}{part}{lock}" in files for folder in above for lock in MANIFESTS[base] for part in ("", "gradle/")
    )


def unread_by_name(files: Collection[str]) -> list[Unread]:
    """What is known not to be read by its name alone: of other kinds, without a lock file, copied in.

    Args:
        files: the paths of all files of a tree.
    """
    copied = [path for path in files if is_foreign(path)]
    files = set(files).difference(copied)
    unread = [
        Unread(path=path, why=f"Lock files of {UNREADABLE[posixpath.basename(path)]} are not read.")
        for path in sorted(files)
        if posixpath.basename(path) in UNREADABLE
    ]
    unread += [
        Unread(path=path, why=_UNLOCKED, remedy=f"Commit {MANIFESTS[posixpath.basename(path)][0]}.")
        for path in sorted(files)
        if posixpath.basename(path) in MANIFESTS and reader_of(path) is None and not _is_locked(path, files)
    ]
    unread += [
        Unread(path=path, why=f"But for the case of letters it is called {told}: tools may read it, or not.")
        for path in sorted(files)
        if (base := posixpath.basename(path)) not in {*UNREADABLE, *MANIFESTS}
        and (told := _letters().get(base.lower(), base)) != base
        and reader_of(path) is None
    ]
    return unread + _unread_copies(copied, files)


def _unread_copies(copied: Iterable[str], files: Iterable[str]) -> list[Unread]:
    """Folders of what was copied in, with manifests in them, and nothing beside them that names what they hold."""
    named = {posixpath.dirname(path) for path in files if reader_of(path) is not None}
    counts = Counter(top for path in copied if reader_of(path) is not None for top in _top_of_copies(path))
    return [
        Unread(
            path=folder,
            why=f"It was copied in, and no file beside it tells what it holds: {count:,} "
            f"{'file' if count == 1 else 'files'} of dependencies in it {'is' if count == 1 else 'are'} not read.",
        )
        for folder, count in sorted(counts.items())
        if posixpath.dirname(folder) not in named
    ]


def _top_of_copies(path: str) -> list[str]:
    parts = path.split("/")[:-1]
    at = next(place for place, part in enumerate(parts) if part in FOREIGN)
    return [] if parts[at] == ".git" else ["/".join(parts[: at + 1])]


def read_tree(tree: Iterable[TreeFile]) -> TreeReading:
    """The components that the files of a tree name, each once, ordered by path and line."""
    every = list(tree)
    files = {path: (size, load) for path, size, load in every if not is_foreign(path)}
    wanted = sorted(path for path in files if reader_of(path) is not None)
    unread = unread_by_name([path for path, _, _ in every])
    unread += [
        Unread(path=path, why=f"There are more than {MOST_FILES:,} files of dependencies.")
        for path in wanted[MOST_FILES:]
    ]

    def beside(path: str) -> bytes | None:
        told = files.get(path)
        return told[1]() if told is not None and told[0] <= LARGEST else None

    components: dict[Component, None] = {}
    read: list[str] = []
    for path in wanted[:MOST_FILES]:
        size, load = files[path]
        if size > LARGEST:
            unread.append(Unread(path=path, why=f"It has {size:,} bytes; at most {LARGEST:,} are read."))
            continue
        try:
            data = load()
        except OSError as error:
            unread.append(Unread(path=path, why=f"It cannot be read: {error.strerror or error}."))
            continue
        reading = read_file(data, path, beside)
        components |= dict.fromkeys(reading.components)
        unread += reading.unread
        read.append(path)
    ordered = sorted(
        components, key=lambda own: (own.path, own.line or 0, own.ecosystem, own.name, own.version or "")
    )
    return TreeReading(tuple(ordered), tuple(dict.fromkeys(unread)), tuple(read))

"""The index: the line origins of a few revisions of one repository, kept in the user's cache.

One file a revision (``container``): ``TIP.origins``. It holds the columns of ``LineOrigins`` and any further
sections that the caller adds. Everything besides the objects that can change an answer (shallow file, grafts,
replace refs, git's version, our own semantics) goes into one digest, the *state*: an index of another state is
never used. No numpy here, so that a point look-up starts quickly; ``stored`` turns an index into ``LineOrigins``.
"""

import hashlib
import os
import shutil
import stat
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, overload

import msgspec

from asbuilt.history.origins.container import Container, Damaged, open_container, write_container
from asbuilt.history.origins.runs import OriginRun

if TYPE_CHECKING:  # both would bring what a point look-up does not need
    from asbuilt.history.git import Repository
    from asbuilt.history.origins.table import LineOrigins

# Raised whenever an answer could come out other than before; an older index is then rebuilt.
SEMANTICS = 1
_SUFFIX = ".origins"
_EXTRA = "extra/"
_KEPT_REVISIONS = 3
_KEPT_STATES = 2
_STATE_DIGITS = 32


class Index:
    """An open index of one revision."""

    __slots__ = ("container", "id_size", "tip")

    def __init__(self, container: Container, tip: str) -> None:
        self.container = container
        self.tip = tip
        self.id_size = len(tip) // 2

    def extra_section(self, name: str) -> bytes | None:
        """A further section as it was written; None when there is none, or it has been damaged."""
        try:
            return bytes(self.container.section(_EXTRA + name))
        except Damaged:
            return None

    @property
    def extras(self) -> dict[str, bytes]:
        """All further sections that are whole."""
        names = [name[len(_EXTRA) :] for name in self.container.names if name.startswith(_EXTRA)]
        return {name: body for name in names if (body := self.extra_section(name)) is not None}

    def names(self, section: str) -> "Names":
        """A list of byte strings, read in place."""
        return Names(self.container.section(section), self.container.section(section + "_at"))

    def ids(self, section: str) -> "Ids":
        """A list of object ids, read in place."""
        return Ids(self.container.section(section), self.id_size)


class Names(Sequence[bytes]):
    """Byte strings one after the other, and where each begins."""

    __slots__ = ("_at", "_body")

    def __init__(self, body: memoryview, at: memoryview) -> None:
        self._body = body
        self._at = at

    def __len__(self) -> int:
        return len(self._at) - 1

    @overload
    def __getitem__(self, which: int) -> bytes: ...
    @overload
    def __getitem__(self, which: slice) -> list[bytes]: ...
    def __getitem__(self, which: int | slice) -> bytes | list[bytes]:
        if isinstance(which, slice):
            return [self[number] for number in range(*which.indices(len(self)))]
        if not 0 <= which < len(self):
            raise IndexError(which)
        return bytes(self._body[self._at[which] : self._at[which + 1]])

    def __iter__(self) -> Iterator[bytes]:
        body, at = bytes(self._body), self._at.tolist()
        return (body[start:end] for start, end in pairwise(at))


class Ids(Sequence[str]):
    """Object ids of one length, as hex."""

    __slots__ = ("_body", "_size")

    def __init__(self, body: memoryview, size: int) -> None:
        self._body = body
        self._size = size

    def __len__(self) -> int:
        return len(self._body) // self._size

    @overload
    def __getitem__(self, which: int) -> str: ...
    @overload
    def __getitem__(self, which: slice) -> list[str]: ...
    def __getitem__(self, which: int | slice) -> str | list[str]:
        if isinstance(which, slice):
            return [self[number] for number in range(*which.indices(len(self)))]
        if not 0 <= which < len(self):
            raise IndexError(which)
        return self._body[which * self._size : (which + 1) * self._size].hex()

    def __iter__(self) -> Iterator[str]:
        text, digits = self._body.hex(), 2 * self._size
        return (text[start : start + digits] for start in range(0, len(text), digits))


def find_line(index: Path, tip: str, path: bytes, line: int) -> tuple[str, bytes, int] | None:
    """Where one line (1-based) of a file of ``tip`` comes from: commit, path and line there.

    None when the folder holds no sound index of that revision, or the revision no such text line.
    """
    found = find_lines(index, tip, path, line, line)
    return found[0][2:] if found else None


def find_lines(index: Path, tip: str, path: bytes, first: int, last: int) -> list[OriginRun] | None:
    """Where lines ``first`` to ``last`` (1-based, inclusive) come from, as runs cut to that range.

    An empty list: no such text file or line in that revision. None: no sound index of it in the folder.
    """
    opened = read_index(index, tip)
    if opened is None:
        return None
    try:
        paths = opened.names("paths")
        number = bisect_left(paths, path)
        if number == len(paths) or paths[number] != path:
            return []
        bounds = opened.container.section("file_start")
        return _runs(opened, bounds[number], bounds[number + 1], max(first, 1), last)
    except Damaged:
        return None


def _runs(opened: Index, start: int, end: int, first: int, last: int) -> list[OriginRun]:
    columns = [
        opened.container.section(name) for name in ("first", "count", "commit", "origin_path", "origin_line")
    ]
    firsts, counts, commit, origin_path, origin_line = columns
    commits, origin_paths = opened.ids("commits"), opened.names("origin_paths")
    found = []
    for run in range(max(bisect_right(firsts, first, start, end) - 1, start), end):
        top, bottom = max(firsts[run], first), min(firsts[run] + counts[run] - 1, last)
        if firsts[run] > last:
            break
        if top <= bottom:
            line = origin_line[run] + top - firsts[run]
            found.append(
                OriginRun(top, bottom - top + 1, commits[commit[run]], origin_paths[origin_path[run]], line)
            )
    return found


def read_index(folder: Path, tip: str, *, state: str | None = None) -> Index | None:
    """The index of one revision; None when there is none, it is damaged, or it is not what it should be.

    Args:
        folder: as ``index_folder`` gives it.
        tip: commit id.
        state: ``history_state`` of now; an index of another state is refused. Not asked when None: a folder that
            ``index_folder`` names belongs to one state.
    """
    container = open_container(folder / (tip + _SUFFIX))
    if container is None:
        return None
    meta = container.meta
    if meta.get("tip") != tip or meta.get("semantics") != SEMANTICS:
        return None
    return None if state is not None and meta.get("state") != state else Index(container, tip)


def write_index(
    folder: Path, origins: "LineOrigins", extra: Mapping[str, bytes] | None = None, *, state: str | None = None
) -> None:
    """Write the index of one revision, whole or not at all, and let older revisions go.

    Args:
        folder: made if it is not there.
        origins: the columns.
        extra: further named sections, kept beside them.
        state: ``history_state`` of the repository that the origins were read from; None: that of the index of the
            same revision which is there already, so that sections can be added to what ``line_origins`` kept.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if state is None:
        present = read_index(folder, origins.tip)
        state = str(present.container.meta.get("state", "")) if present is not None else ""
    meta: dict[str, str | int] = {
        "tip": origins.tip,
        "object_format": origins.object_format,
        "semantics": SEMANTICS,
        "state": state,
    }
    sections: dict[str, tuple[str, bytes | memoryview]] = {}
    for name, values in (("paths", origins.paths), ("origin_paths", origins.origin_paths)):
        sections[name], sections[name + "_at"] = ("b", b"".join(values)), ("q", _offsets(values))
    for name, ids in (("blobs", origins.blobs), ("commits", origins.commits)):
        sections[name] = ("b", bytes.fromhex("".join(ids)))
    sections["file_start"] = ("q", origins.file_start.astype("<i8").tobytes())
    for name in ("first", "count", "commit", "origin_path", "origin_line"):
        sections[name] = ("i", getattr(origins, name).astype("<i4").tobytes())
    sections["rest"] = (
        "b",
        msgspec.json.encode(
            {"boundary": sorted(origins.boundary), "skipped": origins.skipped, "gaps": origins.gaps}
        ),
    )
    sections |= {_EXTRA + name: ("b", body) for name, body in (extra or {}).items()}
    write_container(folder / (origins.tip + _SUFFIX), meta, sections)
    for old in indexed_tips(folder)[_KEPT_REVISIONS:]:
        (folder / (old + _SUFFIX)).unlink(missing_ok=True)


def indexed_tips(folder: Path) -> list[str]:
    """The revisions that the folder holds, the one written last first; none is opened here."""
    found = []
    for file in folder.glob("*" + _SUFFIX):
        try:
            found.append((file.stat().st_mtime_ns, file.name[: -len(_SUFFIX)]))
        except OSError:  # another process has just let it go
            continue
    return [tip for _, tip in sorted(found, reverse=True)]


def history_state(repository: "Repository") -> str:
    """A digest of everything besides the objects that can change where a line comes from."""
    digest = hashlib.blake2b(digest_size=_STATE_DIGITS // 2)
    replaced = repository.run("for-each-ref", "--format=%(refname) %(objectname)", "refs/replace/")
    files = [repository.private_dir / name for name in ("shallow", "info/grafts")]
    parts = [file.read_bytes() if file.is_file() else b"" for file in files]
    version = "{}.{}".format(*repository.git_version)
    for part in (f"{SEMANTICS} {version} {repository.object_format}".encode(), replaced, *parts):
        digest.update(len(part).to_bytes(8, "little") + part)
    return digest.hexdigest()


def index_folder(repository: "Repository") -> Path | None:
    """Where the index of this repository is kept: a folder in the user's cache that only the user can write.

    ``$ASBUILT_CACHE``, else ``$XDG_CACHE_HOME``, else ``~/.cache``; below it ``asbuilt``, a digest of the
    repository's place and the state (``history_state``). None when it cannot be made or written, belongs to
    another user, could be written by others, or would lie inside the repository: whoever wrote the repository
    could then have written the index too.
    """
    base = cache_base()
    inside = [repository.common_dir, repository.git_dir, *([repository.work_tree] if repository.work_tree else [])]
    if base is None or any(base.resolve().is_relative_to(place.resolve()) for place in inside):
        return None
    place = hashlib.blake2b(os.fsencode(repository.common_dir.resolve()), digest_size=16).hexdigest()
    own = base / "asbuilt" / place
    folder = own / history_state(repository)
    try:
        base.mkdir(parents=True, exist_ok=True)
        for part in (base / "asbuilt", own, folder):
            part.mkdir(mode=0o700, exist_ok=True)
            if not is_private(part):
                return None
    except OSError:
        return None
    if not os.access(folder, os.W_OK | os.X_OK):
        return None
    _forget_states(own, folder)
    return folder


def cache_base() -> Path | None:
    """The user's cache folder: ``$ASBUILT_CACHE``, else ``$XDG_CACHE_HOME``, else ``~/.cache``, if there is one."""
    own, shared = os.environ.get("ASBUILT_CACHE"), os.environ.get("XDG_CACHE_HOME")
    if own:
        return Path(own).absolute()
    if shared and Path(shared).is_absolute():  # the XDG specification ignores a relative one
        return Path(shared)
    try:
        return Path.home() / ".cache"
    except RuntimeError:  # no home
        return None


def is_private(folder: Path) -> bool:
    """Whether a folder is the user's own, and no other can write to it."""
    found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o022


def _forget_states(own: Path, current: Path) -> None:
    """Remove the folders of states that are long past; what is in use stays readable until it is closed."""
    try:
        others = sorted((f for f in own.iterdir() if f != current), key=lambda f: -f.lstat().st_mtime_ns)
        for old in others[_KEPT_STATES - 1 :]:
            shutil.rmtree(old, ignore_errors=True)
    except OSError:  # another process is tidying the same folder
        return


def _offsets(values: Sequence[bytes]) -> memoryview:
    at = memoryview(bytearray(8 * (len(values) + 1))).cast("q")
    total = 0
    for number, value in enumerate(values):
        total += len(value)
        at[number + 1] = total
    return at

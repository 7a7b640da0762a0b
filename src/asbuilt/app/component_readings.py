"""What each version of a dependency file names, read once: most versions of a lock file say nearly the same.

1. Components that differ in nothing but their line are one *body*; a reading is body numbers with their lines.
2. A reading is known by blob, path, and the other files of its tree that the reader asked for (``-r``, central
   versions, parents), each with its blob; the readers themselves are part of the name of the file that is kept.
3. Readings stay in the user's cache, beside the index: whole or not at all, at most ``MOST_KEPT`` numbers.
"""

import hashlib
from array import array
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from asbuilt import supply
from asbuilt.history.objects import ObjectReader
from asbuilt.history.origins.container import Container, Damaged, open_container, write_container
from asbuilt.model.component import Component, Unread
from asbuilt.supply.introductions import Identity, identity
from asbuilt.supply.reading import LARGEST, read_file

MOST_KEPT: Final = 8_000_000  # numbers of all readings together
MOST_HELD: Final = 50_000_000  # numbers that one run reads
MOST_VERSIONS: Final = 200_000  # versions of files that one run reads
_TOO_MANY: Final = f"It is one of more than {MOST_VERSIONS:,} versions of files, or they name too much together."
FILE: Final = "components-{readers}.readings"
# What says which components a file names, and what they are known by.
_CODE: Final = (
    "reading.py", "gathering.py", "formats.py", "pieces.py", "requirement.py", "introductions.py",
    "advisories/names.py", "beside.py", "code_words.py", "toml_lines.py",
)  # fmt: skip
_Paths = tuple[str, ...]
_Blobs = tuple[str | None, ...]
BlobOf = Callable[[str], str | None]  # the blob of a file of the same tree, None when there is none


class VersionReading(msgspec.Struct, frozen=True):
    """One version of a file: bodies and lines side by side (line 0: not known).

    ``asked`` are the other files that the reader asked for. ``is_lost``: nothing of it could be read.
    """

    bodies: "array[int]"
    lines: "array[int]"
    unread: tuple[Unread, ...]
    asked: tuple[tuple[str, str | None], ...]
    is_lost: bool


class Kept(msgspec.Struct, frozen=True, array_like=True):
    """How the rest of a reading is kept."""

    blob: str
    path: str
    asked: tuple[tuple[str, str | None], ...]
    unread: tuple[Unread, ...]
    is_lost: bool


class Readings:
    """The readings of one repository, those of an earlier time among them."""

    def __init__(self, objects: ObjectReader, folder: Path | None) -> None:
        self._objects = objects
        self._file = None if folder is None else folder / FILE.format(readers=readers_digest())
        self.bodies: list[Component] = []
        self.identities: list[Identity | None] = []
        self._numbers: dict[Component, int] = {}
        # By path and blob, then by the files that were asked for, then by the blobs of these.
        self._found: dict[tuple[str, str], dict[_Paths, dict[_Blobs, VersionReading]]] = {}
        self._used: dict[tuple[str, str], None] = {}
        self._is_new = False
        self._held = self._versions = 0  # what was read this time
        if self._file is not None:
            self._open(self._file)

    def read(self, path: str, blob: str, blob_of: BlobOf) -> VersionReading:
        """What a version of a file names; ``blob_of`` tells which other files its tree has."""
        self._used[path, blob] = None
        for paths, those in self._found.get((path, blob), {}).items():
            reading = those.get(tuple(map(blob_of, paths)))
            if reading is not None:
                return reading
        reading = self._read(path, blob, blob_of)
        self._hold(path, blob, reading)
        self._is_new = True
        return reading

    def component(self, body: int, line: int) -> Component:
        """A component as one version of a file names it; without its digests."""
        own = self.bodies[body]
        return msgspec.structs.replace(own, line=line) if line else own

    def _read(self, path: str, blob: str, blob_of: BlobOf) -> VersionReading:
        asked: dict[str, str | None] = {}
        if self._held > MOST_HELD or self._versions >= MOST_VERSIONS:
            return VersionReading(array("i"), array("i"), (Unread(path=path, why=_TOO_MANY),), (), is_lost=True)

        def beside(other: str) -> bytes | None:
            asked[other] = blob_of(other)
            told = asked[other]
            return None if told is None else self._load(told)

        try:
            reading = read_file(self._objects.read(blob, LARGEST), path, beside)
            components, unread = reading.components, reading.unread
        except OSError as error:
            components, unread = (), (Unread(path=path, why=f"It cannot be read: {error.strerror or error}."),)
        self._versions += 1
        self._held += len(components)
        return VersionReading(
            array("i", [self._number(own) for own in components]),
            array("i", [own.line or 0 for own in components]),
            unread,
            tuple(asked.items()),
            bool(unread) and not components,
        )

    def _hold(self, path: str, blob: str, reading: VersionReading) -> None:
        paths, blobs = tuple(own for own, _ in reading.asked), tuple(told for _, told in reading.asked)
        self._found.setdefault((path, blob), {}).setdefault(paths, {})[blobs] = reading

    def _held_of(self, path: str, blob: str) -> Iterator[VersionReading]:
        return (reading for those in self._found[path, blob].values() for reading in those.values())

    def _load(self, blob: str) -> bytes | None:
        try:
            return self._objects.read(blob, LARGEST)
        except OSError:
            return None

    def _number(self, component: Component) -> int:
        plain = msgspec.structs.replace(component, line=None, hashes=())
        known = self._numbers.get(plain)
        if known is None:
            known = self._numbers[plain] = len(self.bodies)
            self.bodies.append(plain)
            self.identities.append(None if plain.source == "workspace" else identity(plain))
        return known

    def keep(self) -> None:
        """Keep what was read, this time and earlier; a folder that cannot be written keeps nothing."""
        if self._file is None or not self._is_new:
            return
        wanted = [*(each for each in self._found if each not in self._used), *self._used]
        used = [
            Kept(blob, path, reading.asked, reading.unread, reading.is_lost)
            for path, blob in wanted
            for reading in self._held_of(path, blob)
        ]
        numbers = [reading for path, blob in wanted for reading in self._held_of(path, blob)]
        while numbers and sum(len(reading.bodies) for reading in numbers) > MOST_KEPT:
            del (
                numbers[: len(numbers) // 2 + 1],
                used[: len(used) // 2 + 1],
            )  # what was not used this time goes first
        bodies, at = array("i"), array("q", [0])
        lines = array("i")
        for reading in numbers:
            bodies += reading.bodies
            lines += reading.lines
            at.append(len(bodies))
        try:
            write_container(
                self._file,
                {"readings": len(numbers)},
                {
                    "components": ("b", msgspec.msgpack.encode(self.bodies)),
                    "readings": ("b", msgspec.msgpack.encode(used)),
                    "at": ("q", at.tobytes()),
                    "bodies": ("i", bodies.tobytes()),
                    "lines": ("i", lines.tobytes()),
                },
            )
            for old in self._file.parent.glob(FILE.format(readers="*")):
                if old != self._file:
                    old.unlink(missing_ok=True)
        except OSError:  # a cache that cannot be written costs time, not truth
            return

    def _open(self, file: Path) -> None:
        container = open_container(file)
        if container is None:
            return
        try:
            components, used, parts = _sections(container)
        except (Damaged, msgspec.DecodeError):
            return
        self.bodies = components
        self.identities = [None if own.source == "workspace" else identity(own) for own in components]
        self._numbers = {own: number for number, own in enumerate(components)}
        for own, (bodies, lines) in zip(used, parts, strict=True):
            self._hold(own.path, own.blob, VersionReading(bodies, lines, own.unread, own.asked, own.is_lost))


def _sections(container: Container) -> "tuple[list[Component], list[Kept], list[tuple[array[int], array[int]]]]":
    components = msgspec.msgpack.decode(container.section("components"), type=list[Component])
    used = msgspec.msgpack.decode(container.section("readings"), type=list[Kept])
    at, bodies, lines = (container.section(name) for name in ("at", "bodies", "lines"))
    if len(at) != len(used) + 1 or len(bodies) != len(lines) or list(at) != sorted(at) or at[-1] != len(bodies):
        raise Damaged("the readings do not fit together")
    if len(bodies) and not 0 <= min(bodies) <= max(bodies) < len(components):
        raise Damaged("a reading names a component that is not there")
    parts = [
        (
            array("i", bodies[at[place] : at[place + 1]].tobytes()),
            array("i", lines[at[place] : at[place + 1]].tobytes()),
        )
        for place in range(len(used))
    ]
    return components, used, parts


@cache
def readers_digest() -> str:
    """What the readers of this version are: a digest of their code; readings by others are never used."""
    seen = hashlib.blake2b(digest_size=12)
    top = Path(supply.__path__[0])
    for file in (*(top / name for name in _CODE), *sorted((top / "readers").glob("*.py"))):
        seen.update(file.read_bytes())
    return seen.hexdigest()

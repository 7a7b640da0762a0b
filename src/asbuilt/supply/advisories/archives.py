"""Where records lie: a JSON file, a folder of them, an ``all.zip``. Nothing is unpacked to disk, nothing trusted.

An archive is refused as a whole when its shape is an attack: too many members, too large when unpacked, packed too
tightly, names that lead out of it, links, encryption. A record that cannot be read is told by name.
"""

import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Final

import msgspec

from asbuilt.model.errors import SourceError, UsageError
from asbuilt.supply.advisories.osv import LARGEST

MOST_MEMBERS: Final = 2_000_000
MOST_BYTES: Final = 32 << 30  # of an archive, unpacked
MOST_DIRECTORY: Final = 512 << 20  # of an archive's list of members
TIGHTEST: Final = 300  # times smaller than unpacked; JSON comes to 5 to 30
_TIGHT_FROM: Final = 1 << 20  # below that many bytes unpacked, no ratio matters
_END: Final = b"PK\x05\x06"  # end of central directory (APPNOTE.TXT 4.3.16)
_END_SIZE: Final = 22 + 0xFFFF


class Found(msgspec.Struct, frozen=True):
    """One record as it lies there; ``data`` is None when it could not be read, and ``why`` says so."""

    name: str
    data: bytes | None
    why: str = ""


class Place(msgspec.Struct, frozen=True):
    """One thing to read records from.

    ``covers`` are the ecosystems of which it holds every advisory: the folder that an ``all.zip`` lies in, or what
    somebody says. What an advisory store does not cover is never called clean.
    """

    path: Path
    label: str
    covers: tuple[str, ...] = ()


def places(path: Path, covers: tuple[str, ...] = ()) -> list[Place]:
    """What there is to read at a path: a file, an archive, a folder of records, or one archive for each ecosystem.

    Raises:
        UsageError: there is nothing of that name, or nothing in it.
    """
    if path.is_dir():
        archives = sorted(each for each in path.rglob("all.zip") if not each.is_symlink())
        found = [Place(each, str(each), covers or (each.parent.name,)) for each in archives]
        if any(_json_below(path)):
            found.append(Place(path, str(path), covers))
    elif path.is_file():
        named = (path.resolve().parent.name,) if path.name == "all.zip" else ()
        found = [Place(path, str(path), covers or named)]
    else:
        raise UsageError(
            f"There is no file or folder {str(path)!r}.", fix="Name OSV records: a file, folder or zip."
        )
    if not found:
        raise UsageError(
            f"{str(path)!r} holds no .json file and no all.zip.", fix="Name where the OSV records lie."
        )
    return found


def records(place: Place) -> Iterator[Found]:
    """Every record of a place, in order of name.

    Raises:
        SourceError: the archive is refused as a whole, or cannot be read.
    """
    if place.path.is_dir():
        for count, file in enumerate(_json_below(place.path)):
            if count >= MOST_MEMBERS:
                raise _refused(place, f"it holds more than {MOST_MEMBERS:,} files")
            yield _file(file, str(file.relative_to(place.path)))
    elif zipfile.is_zipfile(place.path):
        yield from _members(place)
    else:
        yield _file(place.path, place.path.name)


def _json_below(folder: Path) -> Iterator[Path]:
    for base, folders, files in os.walk(folder):  # links to folders are not followed
        folders.sort()
        yield from (Path(base, name) for name in sorted(files) if name.endswith(".json"))


def _file(file: Path, name: str) -> Found:
    try:
        # A pipe that nobody writes to would keep whoever opens it waiting for ever.
        with os.fdopen(os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                return Found(name, None, "it is no plain file")
            return _within(stream, name)
    except OSError as error:
        return Found(name, None, error.strerror or "it cannot be read")


def _within(stream: IO[bytes], name: str) -> Found:
    data = stream.read(LARGEST + 1)
    return Found(name, data) if len(data) <= LARGEST else Found(name, None, f"it is larger than {LARGEST:,} bytes")


def _members(place: Place) -> Iterator[Found]:
    _check_directory(place)
    try:
        with zipfile.ZipFile(place.path) as archive:
            members = [each for each in archive.infolist() if not each.is_dir()]
            _check_shape(place, members)
            for member in sorted(members, key=lambda each: each.filename):
                if not member.filename.endswith(".json"):
                    continue
                try:
                    with archive.open(member) as stream:
                        yield _within(stream, member.filename)
                except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
                    yield Found(member.filename, None, str(error) or "its bytes are broken")
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise _refused(place, str(error)) from error
    except OSError as error:
        raise _refused(place, error.strerror or str(error)) from error


def _check_directory(place: Place) -> None:
    """Before the list of members is read into memory, how long it says to be."""
    with place.path.open("rb") as stream:
        size = stream.seek(0, os.SEEK_END)
        stream.seek(max(size - _END_SIZE, 0))
        tail = stream.read()
    at = tail.rfind(_END)
    told = int.from_bytes(tail[at + 12 : at + 16], "little")
    # 0xFFFFFFFF: the length stands in another record; the list still cannot be longer than the file.
    if (size if told == 0xFFFFFFFF else told) > MOST_DIRECTORY:
        raise _refused(place, "its list of members is too long")


def _check_shape(place: Place, members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MOST_MEMBERS:
        raise _refused(place, f"it holds more than {MOST_MEMBERS:,} members")
    if sum(member.file_size for member in members) > MOST_BYTES:
        raise _refused(place, f"it unpacks to more than {MOST_BYTES:,} bytes")
    for member in members:
        name = member.filename
        parts = PurePosixPath(name).parts
        if name.startswith("/") or "\\" in name or ".." in parts or (parts and ":" in parts[0]):
            raise _refused(place, f"the name {name[:100]!r} leads out of it")
        if stat.S_ISLNK(member.external_attr >> 16):
            raise _refused(place, f"{name[:100]!r} is a link")
        if member.flag_bits & 1:
            raise _refused(place, f"{name[:100]!r} is encrypted")
        if member.file_size > _TIGHT_FROM and member.file_size > TIGHTEST * max(member.compress_size, 1):
            raise _refused(place, f"{name[:100]!r} is packed too tightly to be a record")


def _refused(place: Place, why: str) -> SourceError:
    return SourceError(
        "The advisories are not taken in.",
        why=f"{why[:1].upper()}{why[1:]}.",
        fix="Fetch the archive again, from where it is published.",
        where=place.label,
    )

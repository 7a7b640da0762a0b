"""Evidence that lies in files: reading them from a folder that may be hostile, and never outside of it.

A folder of evidence may come from wherever a pull request comes from: symbolic links are not followed, special
files not opened, and an attachment is a plain file below the folder of the file that names it.
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from asbuilt.model.errors import UsageError
from asbuilt.model.evidence import Problems

LARGEST = 256 << 20  # bytes of one file
MOST_FILES = 20_000
SUFFIXES = (".yaml", ".yml")


def evidence_files(place: Path, problems: Problems) -> tuple[list[Path], list[Path]]:
    """The YAML files of a folder in sorted order, and the other files in it; of a file, that file alone.

    Names that begin with a dot are left out, as is everything below them; links are problems.

    Raises:
        UsageError: there is nothing there, no YAML file in it, or too many files.
    """
    if not place.exists():
        raise UsageError(f"{str(place)!r} is not there.", fix="Name a YAML file, or a folder with some.")
    if not place.is_dir():
        return [place], []
    found: list[Path] = []
    others: list[Path] = []
    for file in sorted(_walk(place, problems), key=lambda file: file.relative_to(place).as_posix()):
        (found if file.suffix in SUFFIXES else others).append(file)
    if len(found) + len(others) > MOST_FILES:
        raise UsageError(f"{str(place)!r} holds more than {MOST_FILES:,} files.", fix="Name a smaller folder.")
    if not found and not problems.count:
        raise UsageError(
            f"{str(place)!r} holds no YAML file.", fix="Evidence files end in .yaml; --template yaml shows one."
        )
    return found, others


def open_plain(file: Path, *, follow: bool = False) -> BinaryIO:
    """A plain file, opened; links are not followed, except where a person typed the name.

    Raises:
        UsageError: it is not there, no plain file, or may not be read.
    """
    name = repr(str(file))
    try:
        handle = os.open(file, os.O_RDONLY | (0 if follow else os.O_NOFOLLOW) | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError as error:
        raise UsageError(f"{name} is not there.", fix="Name a file that is.") from error
    except OSError as error:
        why = "it is a symbolic link" if file.is_symlink() else (error.strerror or "the system refused")
        raise UsageError(f"{name} cannot be read: {why}.", fix="Put the file itself there, readable.") from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise UsageError(f"{name} is no plain file.", fix="Name a plain file.")
    return os.fdopen(handle, "rb")


def read_plain(file: Path, *, follow: bool = False) -> bytes:
    """The bytes of a plain file; see ``open_plain``.

    Raises:
        UsageError: as there, or it is too large.
    """
    with open_plain(file, follow=follow) as opened:
        large = os.fstat(opened.fileno()).st_size > LARGEST
        data = b"" if large else opened.read(LARGEST + 1)
    if large or len(data) > LARGEST:
        raise UsageError(
            f"{str(file)!r} has more than {LARGEST:,} bytes.", fix="Split it, or attach a smaller one."
        )
    return data


def read_attachment(folder: Path, path: str) -> bytes:
    """The bytes of a file below a folder; no part of its path may be a link.

    Raises:
        UsageError: as ``read_plain``, or the path leads through a link.
    """
    place = folder
    for part in Path(path).parts[:-1]:
        place /= part
        if place.is_symlink():
            raise UsageError(f"{path!r} leads through a symbolic link.", fix="Put the folder itself there.")
    return read_plain(folder / path)


def _walk(place: Path, problems: Problems) -> Iterator[Path]:
    for folder, folders, files in os.walk(place):
        for name in sorted([*folders, *files]):
            if not name.startswith(".") and (Path(folder) / name).is_symlink():
                problems.add(str(Path(folder) / name), "This is a symbolic link.", "Put the file itself there.")
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(folder) / name for name in files if not name.startswith("."))

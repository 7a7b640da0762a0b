"""Files that are whole or absent, and on the disk when the call returns."""

import os
from collections.abc import Iterable
from pathlib import Path


def write_durably(path: Path, data: bytes | Iterable[bytes], *, mode: int = 0o644) -> None:
    """Write a file under its name in one step: a reader, or a machine that lost power, sees the old one or the new.

    ``data`` is all of it, or its parts in order; what they raise leaves nothing behind.

    Raises:
        OSError: the disk is full, read-only, or not ours; nothing stands half written.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        file = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, mode)
        with os.fdopen(file, "wb") as out:
            out.writelines((data,) if isinstance(data, bytes) else data)
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk: a rename is lost with the power until this is done."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)

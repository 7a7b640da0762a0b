"""Attachments: documents kept beside the ledger under the digest of their bytes, so that a record can cite them."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from asbuilt.ledger.durable import sync_folder, write_durably
from asbuilt.model.errors import LedgerError, SourceError, UsageError
from asbuilt.model.text import visible

ATTACHMENTS = "attachments"
_DIGEST = re.compile("[0-9a-f]{64}")


def put_attachment(folder: Path, data: bytes) -> str:
    """Keep a document under its SHA-256 (once); it is on the disk when the digest is given.

    Raises:
        SourceError: the disk is full or read-only; nothing stands half written.
        LedgerError: a damaged file stands under that digest.
    """
    digest = hashlib.sha256(data).hexdigest()
    put_attachment_parts(folder, digest, (data,))
    return digest


def put_attachment_parts(folder: Path, digest: str, parts: Iterable[bytes]) -> None:
    """Keep a document whose SHA-256 is known, from its parts in order: it need not be held whole.

    Raises:
        SourceError: as ``put_attachment``; or the parts have another digest: what they come from was changed.
        LedgerError: a damaged file stands under that digest.
    """
    path = attachment_path(folder, digest)
    try:
        if path.exists():
            check_attachment(folder, digest)
            return
        if not path.parent.is_dir():
            path.parent.mkdir(parents=True, exist_ok=True)
            sync_folder(path.parent.parent)
        write_durably(path, _checked(parts, digest))
    except OSError as error:
        raise SourceError(
            f"An attachment cannot be kept: {error.strerror or error}.",
            why="Nothing was half written.",
            fix="Make room or grant the rights, and do it again.",
            where=str(path),
        ) from error


def _checked(parts: Iterable[bytes], digest: str) -> Iterator[bytes]:
    """The parts; an error where they do not have that digest."""
    found = hashlib.sha256()
    for part in parts:
        found.update(part)
        yield part
    if found.hexdigest() != digest:
        raise SourceError(
            "A file was changed while it was recorded.", why="Nothing was kept.", fix="Record it again."
        )


def check_attachment(folder: Path, digest: str) -> None:
    """See that the document with that SHA-256 is what it was, without holding it.

    Raises:
        OSError: it cannot be read.
        LedgerError: the file was changed.
    """
    path = attachment_path(folder, digest)
    found = hashlib.sha256()
    with path.open("rb") as file:
        while some := file.read(1 << 20):
            found.update(some)
    if found.hexdigest() != digest:
        raise _changed(path, digest)


def read_attachment(folder: Path, digest: str) -> bytes:
    """The document with that SHA-256 (hex).

    Raises:
        UsageError: that is no digest, or there is no such attachment.
        LedgerError: the file was changed.
    """
    path = attachment_path(folder, digest)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"There is no attachment {digest}.",
            why=f"{error.strerror or error}.",
            fix="Take the digest from the record that cites it.",
            where=str(path),
        ) from error
    if hashlib.sha256(data).hexdigest() != digest:
        raise _changed(path, digest)
    return data


def _changed(path: Path, digest: str) -> LedgerError:
    return LedgerError(
        f"The attachment {digest} was changed.",
        why="Its bytes have another digest.",
        fix="Bring it back from a backup; any copy with the right digest is the right one.",
        where=str(path),
    )


def attachment_path(folder: Path, digest: str) -> Path:
    """Where a digest's document stands.

    Raises:
        UsageError: that is no digest.
    """
    if not _DIGEST.fullmatch(digest):
        raise UsageError(
            f"{visible(digest, 80)!r} is no SHA-256 digest.", fix="Write it as 64 lower-case hex digits."
        )
    return folder / ATTACHMENTS / digest[:2] / digest


def kept_files(folder: Path) -> Iterator[Path]:
    """Every file below ``attachments``, by name; leftovers of a write that was cut short are left out."""
    for path in sorted((folder / ATTACHMENTS).rglob("*")):
        if not path.is_dir() and not (path.name.startswith(".") and path.name.endswith(".part")):
            yield path

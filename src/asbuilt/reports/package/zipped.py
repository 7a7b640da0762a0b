"""Writing a package: a zip in which the same files give the same bytes, and a manifest of all of them."""

import hashlib
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final, Self

import msgspec

MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "manifest.sig"
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # a zip holds no earlier moment; the clock is never asked
_PLAIN_FILE: Final = 0o100644 << 16
_UNIX: Final = 3


class PackageWriter:
    """A package that is being written; a context manager. Each name is written once.

    Files go in as they come; ``finish`` adds the manifest and, where there is a key, its signature.
    """

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self._digests: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self._zip.close()

    @property
    def digests(self) -> Mapping[str, str]:
        """The SHA-256 of every file so far, in hex."""
        return self._digests

    def add(self, name: str, content: bytes | Iterable[bytes]) -> None:
        """Write one file, whole or piece by piece.

        Raises:
            ValueError: the name was written already, or leads out of the package.
        """
        if name in self._digests or name.startswith("/") or ".." in name.split("/") or "\\" in name:
            raise ValueError(f"{name!r} cannot be written to the package.")
        digest = hashlib.sha256()
        with self._zip.open(_member(name), "w", force_zip64=True) as file:
            for piece in [content] if isinstance(content, bytes) else content:
                digest.update(piece)
                file.write(piece)
        self._digests[name] = digest.hexdigest()

    def finish(self, about: Mapping[str, Any], sign: Callable[[bytes], bytes] | None = None) -> bytes:
        """Write the manifest, with what ``about`` tells of the package; gives its bytes."""
        told = {**about, "files": self._digests}
        manifest = msgspec.json.format(msgspec.json.encode(told, order="sorted"), indent=1) + b"\n"
        self._zip.writestr(_member(MANIFEST), manifest)
        if sign is not None:
            self._zip.writestr(_member(SIGNATURE), sign(manifest))
        return manifest


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, _EPOCH)
    member.compress_type = zipfile.ZIP_DEFLATED
    member.external_attr = _PLAIN_FILE
    member.create_system = _UNIX
    return member

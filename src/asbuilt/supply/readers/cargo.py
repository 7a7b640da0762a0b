"""``Cargo.lock``, versions 1 to 4 (version 1 does not say so)."""

from typing import Final

from asbuilt.model.component import Origin
from asbuilt.supply.formats import RefusedError, read_text
from asbuilt.supply.gathering import Gathering, Reading, gathered, text_of
from asbuilt.supply.pieces import read_toml_pieces

READS: Final = ("Cargo.lock",)


def read(data: bytes, path: str) -> Reading:
    """The components of a lock file of Cargo; a package without a source is a part of the workspace."""
    return gathered("crates.io", path, lambda found: _fill(found, read_text(data)))


def _fill(found: Gathering, text: str) -> None:
    lock, lines = read_toml_pieces(text, "package")
    if lock.get("version", 1) not in (1, 2, 3, 4):
        raise RefusedError(
            f"Its version {lock.get('version')!r:.40} is not known.", None, "Versions 1 to 4 are read."
        )
    for number, entry in enumerate(found.items(lock.get("package"), "package")):
        line = lines[number] if number < len(lines) else None
        own = found.mapping(entry, "A package", line)
        told = text_of(own.get("source"))
        checksum = text_of(own.get("checksum"))
        source: Origin = "workspace" if told is None else "git" if told.startswith("git+") else "registry"
        found.add(
            own.get("name"),
            text_of(own.get("version")),
            line=line,
            source=source,
            hashes=(f"sha256:{checksum}",) if checksum else (),
            origin_url=told if source == "git" else None,
        )

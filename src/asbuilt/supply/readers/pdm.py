"""``pdm.lock``, lock version 2 to 4."""

from typing import Final

from asbuilt.model.component import Origin, Scope
from asbuilt.supply.formats import RefusedError, read_text
from asbuilt.supply.gathering import Gathering, Reading, gathered, text_of
from asbuilt.supply.pieces import read_toml_pieces
from asbuilt.supply.readers.poetry import file_hashes

READS: Final = ("pdm.lock",)


def read(data: bytes, path: str) -> Reading:
    """The components of a lock file of PDM."""
    return gathered("PyPI", path, lambda found: _fill(found, read_text(data)))


def _fill(found: Gathering, text: str) -> None:
    lock, lines = read_toml_pieces(text, "package")
    told = str(found.mapping(lock.get("metadata"), "metadata").get("lock_version", "4"))
    if told.partition(".")[0] not in {"2", "3", "4"}:
        raise RefusedError(f"Its lock_version {told!r:.40} is not known.", None, "Versions 2 to 4 are read.")
    for number, entry in enumerate(found.items(lock.get("package"), "package")):
        line = lines[number] if number < len(lines) else None
        own = found.mapping(entry, "A package", line)
        source: Origin = (
            "git" if own.get("git") else "file" if own.get("path") else "url" if own.get("url") else "registry"
        )
        groups = own.get("groups")
        scope: Scope | None = None
        if isinstance(groups, list) and groups:
            scope = "runtime" if "default" in groups else "development" if "dev" in groups else "optional"
        found.add(
            own.get("name"),
            text_of(own.get("version")) or text_of(own.get("revision")),
            line=line,
            scope=scope,
            source=source,
            hashes=file_hashes(own.get("files")),
            origin_url=text_of(own.get("git")) or text_of(own.get("url")),
        )

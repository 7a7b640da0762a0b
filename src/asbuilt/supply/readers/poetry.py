"""``poetry.lock``, lock versions 1 and 2."""

from typing import Any, Final

from asbuilt.model.component import Origin, Scope
from asbuilt.supply.formats import RefusedError, read_text
from asbuilt.supply.gathering import Gathering, Reading, gathered, text_of
from asbuilt.supply.pieces import read_toml_pieces

READS: Final = ("poetry.lock",)
_SOURCES: Final[dict[str, Origin]] = {"git": "git", "directory": "file", "file": "file", "url": "url"}


def read(data: bytes, path: str) -> Reading:
    """The components of a lock file of Poetry."""
    return gathered("PyPI", path, lambda found: _fill(found, read_text(data)))


def _fill(found: Gathering, text: str) -> None:
    lock, lines = read_toml_pieces(text, "package")
    told = str(found.mapping(lock.get("metadata"), "metadata").get("lock-version", "1"))
    if told.partition(".")[0] not in {"1", "2"}:
        raise RefusedError(f"Its lock-version {told!r:.40} is not known.", None, "Versions 1 and 2 are read.")
    old = found.mapping(found.mapping(lock.get("metadata"), "metadata").get("files"), "metadata.files")
    for number, entry in enumerate(found.items(lock.get("package"), "package")):
        line = lines[number] if number < len(lines) else None
        own = found.mapping(entry, "A package", line)
        source = found.mapping(own.get("source"), "source", line)
        kind = _SOURCES.get(str(source.get("type", "")), "registry")
        url = text_of(source.get("url")) if kind in {"git", "url"} else None
        found.add(
            own.get("name"),
            text_of(own.get("version")),
            line=line,
            scope=_scope(own),
            source=kind,
            hashes=file_hashes(own.get("files") or old.get(str(own.get("name")))),
            origin_url=f"{url}@{source.get('resolved_reference', '')}" if kind == "git" and url else url,
        )


def file_hashes(files: object) -> tuple[str, ...]:
    """The digests of a package's files, each once."""
    told = [each.get("hash") for each in files if isinstance(each, dict)] if isinstance(files, list) else []
    return tuple(dict.fromkeys(each for each in told if isinstance(each, str)))


def _scope(own: dict[str, Any]) -> Scope | None:
    groups = own.get("groups")
    if own.get("optional") is True:
        return "optional"
    if isinstance(groups, list) and groups:
        return "runtime" if "main" in groups else "development"
    return {"main": "runtime", "dev": "development"}.get(str(own.get("category")))  # type: ignore[return-value]

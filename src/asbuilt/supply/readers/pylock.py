"""``pylock.toml`` and ``pylock.NAME.toml``, lock-version 1 (PEP 751)."""

from typing import Any, Final

from asbuilt.model.component import Origin
from asbuilt.supply.formats import RefusedError, read_text
from asbuilt.supply.gathering import Gathering, Reading, gathered, text_of
from asbuilt.supply.pieces import read_toml_pieces

READS: Final = ("pylock.toml", "pylock.*.toml")


def read(data: bytes, path: str) -> Reading:
    """The components of a lock file of PEP 751."""
    return gathered("PyPI", path, lambda found: _fill(found, read_text(data)))


def _fill(found: Gathering, text: str) -> None:
    lock, lines = read_toml_pieces(text, "packages")
    told = str(lock.get("lock-version", "1"))
    if told.partition(".")[0] != "1":
        raise RefusedError(f"Its lock-version {told!r:.40} is not known.", None, "Version 1 is read.")
    for number, entry in enumerate(found.items(lock.get("packages"), "packages")):
        line = lines[number] if number < len(lines) else None
        own = found.mapping(entry, "A package", line)
        if found.mapping(own.get("directory"), "directory", line).get("path") == ".":
            continue  # the product itself
        vcs = found.mapping(own.get("vcs"), "vcs", line)
        archive = found.mapping(own.get("archive"), "archive", line)
        source: Origin = "git" if vcs else "file" if own.get("directory") else "url" if archive else "registry"
        found.add(
            own.get("name"),
            text_of(own.get("version")) or text_of(vcs.get("commit-id")),
            line=line,
            source=source,
            hashes=_hashes(own),
            origin_url=text_of(vcs.get("url")) or text_of(archive.get("url")),
        )


def _hashes(own: dict[str, Any]) -> tuple[str, ...]:
    wheels = own.get("wheels")
    files = [own.get("sdist"), own.get("archive"), *(wheels if isinstance(wheels, list) else [])]
    told = [each.get("hashes") for each in files if isinstance(each, dict)]
    pairs = [pair for each in told if isinstance(each, dict) for pair in each.items()]
    return tuple(dict.fromkeys(f"{kind}:{digest}" for kind, digest in pairs if isinstance(digest, str)))

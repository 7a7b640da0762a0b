"""``Pipfile.lock`` (pipfile-spec 6)."""

import re
from typing import Any, Final

from asbuilt.model.component import Origin, Scope
from asbuilt.supply.formats import KeyLines, RefusedError, read_json, read_text
from asbuilt.supply.gathering import Gathering, Reading, gathered, text_of

READS: Final = ("Pipfile.lock",)


def read(data: bytes, path: str) -> Reading:
    """The components of a lock file of pipenv."""
    return gathered("PyPI", path, lambda found: _fill(found, read_text(data)))


def _fill(found: Gathering, text: str) -> None:
    lock = read_json(text)
    if not isinstance(lock, dict):
        raise RefusedError("It is no lock file of pipenv: no mapping.")
    lines = KeyLines(text)
    meta = found.mapping(lock.get("_meta"), "_meta")
    spec = meta.get("pipfile-spec", 6)
    if spec != 6:
        raise RefusedError(f"Its pipfile-spec {spec!r:.40} is not known.", lines.key("pipfile-spec"))
    for group, entries in lock.items():
        if group == "_meta":
            continue
        scope: Scope = "runtime" if group == "default" else "development" if group == "develop" else "optional"
        for name, entry in found.mapping(entries, group, lines.key(group)).items():
            line = lines.key(name)
            _add(found, name, found.mapping(entry, name, line), line, scope)


def _add(found: Gathering, name: str, entry: dict[str, Any], line: int | None, scope: Scope) -> None:
    told = text_of(entry.get("version")) or ""
    pin = re.match(r"={2,3}\s*(.+)\Z", told)
    source: Origin = (
        "git" if "git" in entry else "file" if "path" in entry else "url" if "file" in entry else "registry"
    )
    hashes = [each for each in found.items(entry.get("hashes"), "hashes", line) if isinstance(each, str)]
    found.add(
        name,
        text_of(entry.get("ref")) if source == "git" else pin[1] if pin else None,
        line=line,
        declared=None if pin or source == "git" else told or "*",
        scope=scope,
        source=source,
        hashes=tuple(hashes),
        origin_url=text_of(entry.get("git")) or text_of(entry.get("file")),
    )

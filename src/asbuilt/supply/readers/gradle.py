"""``gradle.lockfile``, ``buildscript-gradle.lockfile`` and ``gradle/verification-metadata.xml`` of Gradle."""

import re
from typing import Final

from asbuilt.model.component import Scope
from asbuilt.supply.formats import Element, RefusedError, read_text, read_xml
from asbuilt.supply.gathering import Gathering, Reading, gathered

READS: Final = ("*gradle.lockfile", "gradle/verification-metadata.xml", "verification-metadata.xml")
_ROW = re.compile(r"([^:=\s]+):([^:=\s]+):([^:=\s]+)=(.*)\Z")


def read(data: bytes, path: str) -> Reading:
    """The components of a lock file of Gradle, or of its list of what may be downloaded."""
    if path.endswith(".xml"):
        return gathered("Maven", path, lambda found: _verified(found, data))
    return gathered("Maven", path, lambda found: _locked(found, read_text(data)))


def _locked(found: Gathering, text: str) -> None:
    for number, row in enumerate(text.splitlines(), 1):
        bare = row.strip()
        if not bare or bare.startswith(("#", "empty=")):
            continue
        match = _ROW.match(bare)
        if match is None:
            found.refuse(f"A line names no component: {bare!r:.120}.", number)
            continue
        uses = match[4].split(",")
        for_tests = bool(match[4]) and all(re.search(r"[tT]est", each) for each in uses)
        scope: Scope = "development" if for_tests or "buildscript" in found.path else "runtime"
        found.add(f"{match[1]}:{match[2]}", match[3], line=number, scope=scope)


def _verified(found: Gathering, data: bytes) -> None:
    root = read_xml(data)
    if root.name != "verification-metadata":
        raise RefusedError("It is no verification metadata of Gradle.", root.line)
    for own in root.every("component"):
        group, name, version = (own.attributes.get(key, "") for key in ("group", "name", "version"))
        if not (group and name and version):
            found.refuse("A component has no group, name or version.", own.line)
            continue
        found.add(f"{group}:{name}", version, line=own.line, hashes=_hashes(own))


def _hashes(own: Element) -> tuple[str, ...]:
    kinds = ("sha512", "sha256", "sha1", "md5")
    return tuple(
        dict.fromkeys(
            f"{digest.name}:{digest.attributes.get('value', '')}"
            for artifact in own.every("artifact")
            for digest in artifact.children
            if digest.name in kinds
        )
    )

"""``composer.json`` and ``package.json``: what a project declares; nothing of it is locked."""

import posixpath
import re
from typing import Final

from asbuilt.model.component import Origin, Scope
from asbuilt.supply.formats import KeyLines, RefusedError, read_json, read_text
from asbuilt.supply.gathering import Gathering, Reading, gathered

READS: Final = ("composer.json", "package.json")
_GROUPS: Final[dict[str, dict[str, Scope]]] = {
    "Packagist": {"require": "runtime", "require-dev": "development"},
    "npm": {"dependencies": "runtime", "optionalDependencies": "optional", "devDependencies": "development"},
}
# What Composer asks of the machine itself, and no package: it has no vendor.
_OF_THE_MACHINE: Final = re.compile(r"[^/]*\Z")


def read(data: bytes, path: str) -> Reading:
    """The declared dependencies of a project of Composer or npm."""
    ecosystem = "Packagist" if posixpath.basename(path) == "composer.json" else "npm"
    return gathered(ecosystem, path, lambda found: _fill(found, read_text(data)))


def _fill(found: Gathering, text: str) -> None:
    own = read_json(text)
    if not isinstance(own, dict):
        raise RefusedError("It is no manifest: no mapping.", 1)
    lines = KeyLines(text)
    for group, told in own.items():
        scope = _GROUPS[found.ecosystem].get(group)
        if scope is None:
            continue
        line = lines.key(group)
        for name, asked in found.mapping(told, group, line).items():
            if found.ecosystem == "Packagist" and _OF_THE_MACHINE.match(name):
                continue
            place = lines.key(name)
            if not isinstance(asked, str):
                found.refuse(f"The entry {name!r:.100} has no range.", place)
                continue
            source = _source(asked)
            alias = re.match(r"npm:((?:@[^/@]+/)?[^/@]+)(?:@(.*))?\Z", asked)
            found.add(
                alias[1] if alias else name,
                None,
                line=place,
                declared=(alias[2] if alias else asked) or "*",
                direct=True,
                scope=scope,
                source=source,
                origin_url=asked if source in {"git", "url"} else None,
            )


def _source(asked: str) -> Origin:
    if asked.startswith("workspace:"):
        return "workspace"
    if asked.startswith(("file:", "link:", "portal:", ".", "/")):
        return "file"
    if re.match(r"git|ssh:|bitbucket:|[\w.-]+/[\w.-]+(#|\Z)", asked):
        return "git"
    return "url" if re.match(r"https?:", asked) else "registry"

"""``bun.lock``, versions 0 and 1 (JSON with trailing commas); the binary ``bun.lockb`` is told as unread."""

import re
from typing import Final

from asbuilt.model.component import Origin
from asbuilt.supply.formats import KeyLines, RefusedError, read_loose_json, read_text
from asbuilt.supply.gathering import Gathering, Reading, gathered, sri

READS: Final = ("bun.lock", "bun.lockb")
_NAME = re.compile(r"((?:@[^/@]+/)?[^/@]+)@(.*)\Z", re.DOTALL)


def read(data: bytes, path: str) -> Reading:
    """The components of a lock file of Bun."""
    return gathered("npm", path, lambda found: _fill(found, data))


def _fill(found: Gathering, data: bytes) -> None:
    if found.path.endswith(".lockb") or data.startswith(b"#!/usr/bin/env bun"):
        raise RefusedError(
            "It is the binary lock file of Bun, which is not read.",
            None,
            "Write the text lock file: bun install --save-text-lockfile.",
        )
    text = read_text(data)
    lock = read_loose_json(text)
    if not isinstance(lock, dict) or lock.get("lockfileVersion") not in (0, 1):
        raise RefusedError("It is no lock file of Bun of a known version.", 1, "Versions 0 and 1 are read.")
    lines = KeyLines(text)
    lines.key("packages")  # what follows is asked for in the order of the text
    workspaces = found.mapping(lock.get("workspaces"), "workspaces")
    asked: dict[str, set[str]] = {}
    for workspace in workspaces.values():
        for group in ("dependencies", "devDependencies", "optionalDependencies"):
            told = workspace.get(group) if isinstance(workspace, dict) else None
            asked.setdefault(group, set()).update(found.mapping(told, group))
    direct = set().union(*asked.values()) if asked else set()
    for key, entry in found.mapping(lock.get("packages"), "packages").items():
        line = lines.key(key)
        told = entry[0] if isinstance(entry, list) and entry else None
        match = _NAME.match(told) if isinstance(told, str) else None
        if match is None:
            found.refuse(f"The entry {key!r:.100} names no package and version.", line)
            continue
        _add(found, match[1], match[2], entry, line=line, direct=key in direct)


def _add(found: Gathering, name: str, version: str, entry: list[object], *, line: int | None, direct: bool) -> None:
    source: Origin = "registry"
    url, own = None, version or None
    if version.startswith("workspace:"):
        return  # a part of the product itself
    if version.startswith(("file:", "link:", ".", "/")):
        source, own = "file", None
    elif "#" in version or version.startswith(("git", "ssh:")):
        source, url = "git", version
        own = version.rpartition("#")[2] if "#" in version else None
    elif "://" in version:
        source, url, own = "url", version, None
    found.add(
        name,
        own,
        line=line,
        direct=direct,
        source=source,
        hashes=sri(entry[-1]) if source == "registry" else (),
        origin_url=url,
    )

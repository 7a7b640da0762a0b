"""``package-lock.json`` and ``npm-shrinkwrap.json``, lockfileVersion 1 to 3."""

import re
from typing import Any, Final

from asbuilt.model.component import Origin, Scope
from asbuilt.supply.formats import DEEPEST, KeyLines, RefusedError, read_json, read_text
from asbuilt.supply.gathering import LONGEST, Gathering, Reading, gathered, sri, text_of

READS: Final = ("package-lock.json", "npm-shrinkwrap.json")
_GIT = re.compile(
    r"(git\+|git:|git@|github:|gitlab:|bitbucket:|ssh://)|[\w.-]+/[\w.-]+(#|\Z)|https?://[^#]+\.git(#|\Z)"
)
_COMMIT = re.compile(r"#([0-9a-f]{7,64})\Z")


def read(data: bytes, path: str) -> Reading:
    """The components of an npm lock file."""
    return gathered("npm", path, lambda found: _fill(found, read_text(data)))


def _fill(found: Gathering, text: str) -> None:
    lock = read_json(text)
    if not isinstance(lock, dict):
        raise RefusedError("It is no lock file of npm: no mapping.")
    lines = KeyLines(text)
    version = lock.get("lockfileVersion", 1)
    if version not in (1, 2, 3):
        raise RefusedError(
            f"Its lockfileVersion {version!r} is not known.",
            lines.key("lockfileVersion"),
            "Versions 1 to 3 are read.",
        )
    if version == 1 or ("packages" not in lock and "dependencies" in lock):
        _nested(found, lock.get("dependencies"), lines)
    else:
        _flat(found, found.mapping(lock.get("packages"), "packages"), lines)


def _flat(found: Gathering, packages: dict[str, Any], lines: KeyLines) -> None:
    direct = _direct(found, packages)
    for place, entry in packages.items():
        line = lines.key(place)
        if not isinstance(entry, dict):
            found.refuse(f"The entry {place!r:.100} is no mapping.", line)
            continue
        _, inside, installed = place.rpartition("node_modules/")
        if not inside or entry.get("link") is True:
            if inside or place == "":
                continue  # the product itself, or a link to a folder of it
            found.add(
                entry.get("name") or place.rpartition("/")[2],
                text_of(entry.get("version")),
                line=line,
                source="workspace",
                direct=True,
            )
            continue
        source, url = _source(entry.get("resolved"))
        found.add(
            entry.get("name") or installed,
            text_of(entry.get("version")) or _commit(entry.get("resolved")),
            line=line,
            direct=place in direct,
            scope=_scope(entry),
            source=source,
            hashes=sri(entry.get("integrity")),
            licence=text_of(entry.get("license")),
            origin_url=url,
        )


def _direct(found: Gathering, packages: dict[str, Any]) -> set[str]:
    """The places of what the product asks for itself, and each of its workspaces."""
    direct: set[str] = set()
    for place, entry in packages.items():
        if "node_modules/" in place or not (place == "" or isinstance(entry, dict)):
            continue
        own = found.mapping(entry, "The root package")
        folders = place.split("/") if place else []
        above = ["/".join([*folders[:depth], "node_modules/"]) for depth in range(len(folders), -1, -1)]
        for group in _GROUPS:
            for name in found.mapping(own.get(group), group):
                direct.update(next(([at] for folder in above if (at := f"{folder}{name}") in packages), []))
    return direct


_GROUPS: Final = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")


def _nested(found: Gathering, dependencies: object, lines: KeyLines, depth: int = 0) -> None:
    if depth > DEEPEST:
        raise RefusedError("It is nested too deep.")
    for name, entry in found.mapping(dependencies, "dependencies").items():
        line = lines.key(name)
        if not isinstance(entry, dict):
            found.refuse(f"The entry {name!r:.100} is no mapping.", line)
            continue
        version, own = str(entry.get("version") or ""), name
        if version.startswith("npm:"):
            own, _, version = version[4:].rpartition("@")
        source, url = _source(entry.get("resolved")) if _plain(version) else _source(version)
        if source != "registry":
            version = _commit(version) or (version if _plain(version) else "")
        found.add(
            own,
            version or None,
            line=line,
            scope=_scope(entry),
            source=source,
            hashes=sri(entry.get("integrity")),
            origin_url=url,
        )
        _nested(found, entry.get("dependencies"), lines, depth + 1)


def _plain(version: str) -> bool:
    return re.match(r"\d", version) is not None and ":" not in version


def _scope(entry: dict[str, Any]) -> Scope:
    if entry.get("dev") is True:
        return "development"
    return "optional" if entry.get("optional") is True or entry.get("devOptional") is True else "runtime"


def _source(resolved: object) -> tuple[Origin, str | None]:
    if not isinstance(resolved, str) or not resolved or _is_registry(resolved[:LONGEST]):
        return "registry", None
    resolved = resolved[:LONGEST]
    if resolved.startswith(("file:", "link:", ".", "/")):
        return "file", None
    return ("git", resolved) if _GIT.match(resolved) else ("url", resolved)


def _is_registry(resolved: str) -> bool:
    """Whether it is a tarball as registries serve them: ``…/NAME/-/NAME-1.0.0.tgz``."""
    return re.match(r"https?://[^#]+/-/[^#]+\.tgz(#[0-9a-f]+)?\Z", resolved) is not None


def _commit(resolved: object) -> str | None:
    match = _COMMIT.search(resolved) if isinstance(resolved, str) else None
    return match[1] if match else None

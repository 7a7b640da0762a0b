"""``pnpm-lock.yaml``, lockfileVersion 5 to 9 and the several documents of pnpm 11: all of them are read."""

import re
from typing import Any, Final, NamedTuple

from asbuilt.model.component import Origin, Scope
from asbuilt.supply.formats import Node, RefusedError, read_text
from asbuilt.supply.gathering import LONGEST, Gathering, Reading, gathered, sri, text_of
from asbuilt.supply.pieces import read_yaml_pieces

READS: Final = ("pnpm-lock.yaml",)
_KNOWN: Final = range(5, 10)
_GROUPS: Final[dict[str, Scope]] = {
    "dependencies": "runtime",
    "optionalDependencies": "optional",
    "devDependencies": "development",
}
_SLASHED = re.compile(r"(?:[^/@]*/)?((?:@[^/]+/)?[^/@]+)/(\d[^/_(]*)(?:[_(].*)?\Z")  # [host]/name/1.0.0_peer@2
_MARKED = re.compile(r"/?((?:@[^/@]+/)?[^/@]+)@([^(_]+)(?:[(_].*)?\Z", re.DOTALL)  # [/]name@1.0.0(peer@2)


class _Reached(NamedTuple):
    """For what each entry is needed (9 and later), and the names that the project itself asks for."""

    scopes: dict[str, Scope]
    direct: set[str]


def read(data: bytes, path: str) -> Reading:
    """The components of every document of a pnpm lock file."""
    return gathered("npm", path, lambda found: _fill(found, read_text(data)))


def _fill(found: Gathering, text: str) -> None:
    for document in read_yaml_pieces(text, 2):
        if document is None:
            continue
        if not isinstance(document, Node):
            raise RefusedError("It is no lock file of pnpm: a document is no mapping.")
        _document(found, document)


def _document(found: Gathering, lock: Node) -> None:
    told = str(lock.get("lockfileVersion") or "")
    major = re.match(r"(\d{1,3})(\.\d{1,3})?\Z", told, re.ASCII)
    if major is None or int(major[1]) not in _KNOWN:
        raise RefusedError(
            f"Its lockfileVersion {told!r:.40} is not known.",
            lock.lines.get("lockfileVersion", lock.line),
            "Versions 5 to 9 are read.",
        )
    scopes = _reached(found, lock) if int(major[1]) >= 9 else {}
    direct = {
        name
        for importer in _importers(found, lock)
        for group in _GROUPS
        for name in found.mapping(importer.get(group), group)
    }
    packages = found.mapping(lock.get("packages"), "packages", lock.lines.get("packages"))
    for key, entry in packages.items():
        line = packages.lines.get(key) if isinstance(packages, Node) else None
        if entry is not None and not isinstance(entry, Node):
            found.refuse(f"The entry {key!r:.100} is no mapping.", line)
            continue
        _add(found, key, entry or Node(0), line, _Reached(scopes, direct))


def _add(found: Gathering, key: str, entry: Node, line: int | None, reached: _Reached) -> None:
    own: _Told | None = entry.made
    if own is None:
        resolution = entry.get("resolution")
        own = _told(key, entry, found.mapping(resolution, "resolution", line))
        if resolution is None or isinstance(resolution, dict):  # else it is refused each time
            entry.made = own
    if own.name is None or (own.version is None and own.source == "registry"):
        found.refuse(f"The entry {key!r:.100} names no package and version.", line)
        return
    found.add(
        own.name,
        own.version,
        line=line,
        direct=None if own.name in reached.direct else False,
        scope=reached.scopes.get(own.bare) or own.scope,
        source=own.source,
        hashes=own.hashes,
        origin_url=own.url,
    )


class _Told(NamedTuple):
    """What an entry says by itself; ``bare`` is its key without peers."""

    name: str | None
    version: str | None
    scope: Scope | None
    source: Origin
    hashes: tuple[str, ...]
    url: str | None
    bare: str


def _told(key: str, entry: Node, resolution: dict[str, Any]) -> _Told:
    match = (_SLASHED.match(key) if not _has_version_mark(key) else None) or _MARKED.match(key)
    name = text_of(entry.get("name")) or (match[1] if match else None)
    version = text_of(entry.get("version")) or (match[2] if match else None)
    source, url = _source(key, resolution)
    if version and not re.match(r"v?\d+(\.\d+)*(?![\w.]*/)", version):
        version = _commit(version) or (None if ":" in version or "/" in version else version)
    if source == "git" and version is None:
        version = text_of(resolution.get("commit"))
    hashes = sri(resolution.get("integrity"))
    return _Told(name, version, _told_scope(entry), source, hashes, url, key.partition("(")[0])


def _told_scope(entry: Node) -> Scope | None:
    if entry.get("dev") == "true":
        return "development"
    if entry.get("optional") == "true":
        return "optional"
    return None if entry.get("dev") is None and entry.get("optional") is None else "runtime"


def _has_version_mark(key: str) -> bool:
    """Whether it is written ``name@version`` (6 and later) and not ``/name/version`` (5)."""
    plain = re.split(r"[(_]", key.lstrip("/"), maxsplit=1)[0]
    return re.search(r"[^/]@", plain) is not None


def _source(key: str, resolution: dict[str, Any]) -> tuple[Origin, str | None]:
    tarball = str(resolution.get("tarball") or "")[:LONGEST]
    if resolution.get("type") == "git" or "codeload.github.com/" in tarball:
        return "git", str(resolution.get("repo") or tarball)
    if resolution.get("type") == "directory" or "file:" in f"{key.partition('(')[0]} {tarball[:5]}":
        return "file", None
    if tarball and not re.search(r"/-/[^/]+(?:/[^/]+)?\.tgz\Z", tarball):
        return "url", tarball
    return "registry", None


def _commit(version: str) -> str | None:
    match = re.search(r"[/#]([0-9a-f]{40})\Z", version)
    return match[1] if match else None


def _importers(found: Gathering, lock: Node) -> list[dict[str, Any]]:
    importers = found.mapping(lock.get("importers"), "importers", lock.lines.get("importers"))
    return [lock, *(each for each in importers.values() if isinstance(each, dict))]


def _reached(found: Gathering, lock: Node) -> dict[str, Scope]:
    """Since version 9 an entry no longer says for what it is needed: it is walked from the importers."""
    snapshots = found.mapping(lock.get("snapshots"), "snapshots", lock.lines.get("snapshots"))
    scopes: dict[str, Scope] = {}
    seen: set[str] = set()  # what one group needs, and all below it, need not be walked for the next
    for group, scope in _GROUPS.items():
        waiting = [
            (name, told.get("version") if isinstance(told, dict) else told)
            for importer in _importers(found, lock)
            for name, told in found.mapping(importer.get(group), group).items()
        ]
        while waiting:
            name, version = waiting.pop()
            key = f"{name}@{version}"
            if key not in snapshots:
                key = str(version)
            if key in seen or key not in snapshots:
                continue
            seen.add(key)
            scopes.setdefault(key.partition("(")[0], scope)
            entry = snapshots[key] if isinstance(snapshots[key], dict) else {}
            for part in ("dependencies", "optionalDependencies"):
                if isinstance(entry.get(part), dict):
                    waiting.extend(entry[part].items())
    return scopes

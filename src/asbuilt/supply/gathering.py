"""What one reader finds in one file, gathered within bounds; what it does not understand is kept as ``Unread``."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

import msgspec
from packageurl import PackageURL

from asbuilt.model.component import Component, Origin, Scope, Unread
from asbuilt.model.text import visible
from asbuilt.supply.formats import RefusedError

MOST: Final = 200_000  # components of one file
MOST_UNREAD: Final = 100  # sentences about one file
LONGEST: Final = 1_000  # characters of a name, a version or a range
Beside = Callable[[str], bytes | None]  # another file of the same tree, by its path

_TYPES: Final = {
    "npm": "npm",
    "PyPI": "pypi",
    "Go": "golang",
    "crates.io": "cargo",
    "RubyGems": "gem",
    "Packagist": "composer",
    "NuGet": "nuget",
    "Maven": "maven",
    "Hex": "hex",
    "GitHub Actions": "github",
    "Docker": "docker",
}
_RANK: Final[dict[Scope | None, int]] = {"runtime": 0, None: 1, "optional": 2, "development": 3}


class Reading(msgspec.Struct, frozen=True):
    """What one file holds: its components in the order of the file, and what of it could not be read."""

    components: tuple[Component, ...] = ()
    unread: tuple[Unread, ...] = ()


class Gathering:
    """The components of one file as they are found; each is kept once, with its first line."""

    def __init__(self, ecosystem: str, path: str) -> None:
        self.ecosystem = ecosystem
        self.path = path
        self._found: dict[tuple[str, str, str | None, str | None, str | None], Component] = {}
        self._unread: list[Unread] = []

    def add(
        self,
        name: object,
        version: object = None,
        *,
        line: int | None = None,
        declared: str | None = None,
        direct: bool | None = None,
        scope: Scope | None = None,
        source: Origin | None = "registry",
        hashes: tuple[str, ...] = (),
        licence: str | None = None,
        origin_url: str | None = None,
        ecosystem: str | None = None,
    ) -> None:
        """Keep a component; a name or version that is none is kept as unread.

        ``origin_url`` is where it comes from when that is no registry; it becomes part of the package URL.
        """
        kind = ecosystem or self.ecosystem
        if not (_is_text(name) and (version is None or _is_text(version)) and len(declared or "") <= LONGEST):
            self.refuse(f"An entry has no name and version as {kind} writes them: {_shown(name, version)}.", line)
            return
        own = Component(
            ecosystem=kind,
            name=str(name),
            version=None if version is None else str(version),
            declared=declared,
            purl=purl_of(
                kind, str(name), None if version is None else str(version), source, (origin_url or "")[:LONGEST]
            ),
            path=self.path,
            line=line,
            direct=direct,
            scope=scope,
            source=source,
            hashes=hashes,
            licence=licence,
        )
        key = (kind, own.name, own.version, None if own.version else declared, source)
        known = self._found.get(key)
        if known is not None:
            self._found[key] = _merged(known, own)
        elif len(self._found) >= MOST:
            raise RefusedError(f"It names more than {MOST:,} components.", line, "Split the file.")
        else:
            self._found[key] = own

    def refuse(self, why: str, line: int | None = None, remedy: str = "") -> None:
        """Keep that something could not be read."""
        if len(self._unread) < MOST_UNREAD:
            self._unread.append(Unread(path=self.path, why=visible(why, 300), remedy=remedy, line=line))

    def mapping(self, value: object, what: str, line: int | None = None) -> dict[str, Any]:
        """The value as a mapping with text keys; empty, and said so, when it is something else than absent."""
        if isinstance(value, dict):
            return value
        if value is not None:
            self.refuse(f"{what} is no mapping.", line)
        return {}

    def items(self, value: object, what: str, line: int | None = None) -> list[Any]:
        """The value as a list; empty, and said so, when it is something else than absent."""
        if isinstance(value, list):
            return value
        if value is not None:
            self.refuse(f"{what} is no list.", line)
        return []

    def reading(self) -> Reading:
        """What was gathered."""
        return Reading(tuple(self._found.values()), tuple(self._unread))


def gathered(ecosystem: str, path: str, fill: Callable[[Gathering], None]) -> Reading:
    """What ``fill`` gathers; when it refuses the file, what was found before is kept beside the refusal."""
    found = Gathering(ecosystem, path)
    try:
        fill(found)
    except RefusedError as error:
        found.refuse(error.what, error.line, error.remedy)
    return found.reading()


@lru_cache(1 << 16)
def purl_of(ecosystem: str, name: str, version: str | None, source: str | None, url: str | None) -> str:
    """The package URL (purl specification, 2025): what does not come from a registry says where from."""
    kind = _TYPES[ecosystem]
    space, subpath = "", ""
    if kind == "maven":
        space, _, name = name.rpartition(":")
    elif kind == "github":
        owner, _, rest = name.partition("/")
        name, _, subpath = rest.partition("/")
        space = owner
    elif kind != "pypi" and "/" in name.strip("/"):
        space, _, name = name.rpartition("/")
    qualifiers = {}
    if source == "git" and url:
        qualifiers["vcs_url"] = url if url.startswith("git+") else f"git+{url}"
    elif url:
        qualifiers["download_url" if source == "url" else "repository_url"] = url
    return PackageURL(
        kind, space or None, name.strip("/") or "-", version or None, qualifiers or None, subpath or None
    ).to_string()


def text_of(value: object) -> str | None:
    """The value when it is a text that is not empty."""
    return value if isinstance(value, str) and value else None


def sri(integrity: object) -> tuple[str, ...]:
    """The digests of a subresource integrity text (``sha512-…``), as ``sha512:…``."""
    return _digests(integrity) if isinstance(integrity, str) else ()


@lru_cache(1 << 14)
def _digests(integrity: str) -> tuple[str, ...]:
    return tuple(each.replace("-", ":", 1) for each in integrity.split() if "-" in each)


def _merged(known: Component, other: Component) -> Component:
    """One component that a file names twice: needed at run time if either is, direct if either is."""
    if known.scope == other.scope and known.direct == other.direct and known.hashes == other.hashes:
        return known
    scope = min(known.scope, other.scope, key=_RANK.__getitem__)
    direct = known.direct if other.direct is None else other.direct if known.direct is None else None
    if direct is None and known.direct is not None:
        direct = bool(known.direct or other.direct)
    hashes = known.hashes + tuple(each for each in other.hashes if each not in known.hashes)
    return msgspec.structs.replace(known, scope=scope, direct=direct, hashes=hashes)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST and "\0" not in value and bool(value.strip("/ "))


def _shown(name: object, version: object) -> str:
    return visible(f"{name!r:.80} {version!r:.80}")

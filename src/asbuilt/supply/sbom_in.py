"""Other people's lists of components: CycloneDX JSON, SPDX 2 and SPDX 3 JSON, read as far as they can be.

Only names, versions and package URLs are taken. What has no package URL stays a component, of no ecosystem: it is
told as not checked, and never left out.
"""

from collections.abc import Iterator
from typing import Any, Final

import msgspec
from packageurl import PackageURL

from asbuilt.model.component import Component, Origin
from asbuilt.model.errors import SourceError

LARGEST: Final = 256 << 20  # bytes
MOST: Final = 500_000  # components
_DEEPEST: Final = 50  # levels of components within components
_ECOSYSTEMS: Final = {
    "cargo": "crates.io",
    "composer": "Packagist",
    "docker": "Docker",
    "gem": "RubyGems",
    "github": "GitHub Actions",
    "githubactions": "GitHub Actions",
    "golang": "Go",
    "hex": "Hex",
    "maven": "Maven",
    "npm": "npm",
    "nuget": "NuGet",
    "pub": "Pub",
    "pypi": "PyPI",
}
_ORIGINS: Final[tuple[tuple[str, Origin], ...]] = (
    ("vcs_url", "git"),
    ("download_url", "url"),
    ("file_name", "file"),
)


def read_sbom(data: bytes, path: str) -> tuple[Component, ...]:
    """The components that an SBOM names, each once, in its order.

    Args:
        data: the file's bytes.
        path: what the file is called, for the components and for errors.

    Raises:
        SourceError: it is none of these formats, too large, or not JSON.
    """
    if len(data) > LARGEST:
        raise _refused(path, f"it is larger than {LARGEST:,} bytes")
    try:
        told = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _refused(path, f"it is no JSON ({str(error)[:100]})") from error
    found: dict[tuple[str, str, str | None, str], Component] = {}
    for name, version, purl in _entries(told, path):
        own = _component(name, version, purl, path)
        found.setdefault((own.ecosystem, own.name, own.version, own.purl), own)
        if len(found) > MOST:
            raise _refused(path, f"it names more than {MOST:,} components")
    return tuple(found.values())


def purl_component(purl: str, path: str) -> Component | None:
    """The component that a package URL names; None when it is none."""
    try:
        told = PackageURL.from_string(purl)
    except ValueError:
        return None
    spaces = {"maven": ":"}
    name = spaces.get(told.type, "/").join(part for part in (told.namespace, told.name) if part)
    if told.type == "golang" and told.subpath:
        name = f"{name}/{told.subpath}"
    qualifiers = told.qualifiers if isinstance(told.qualifiers, dict) else {}
    source: Origin = next((origin for word, origin in _ORIGINS if word in qualifiers), "registry")
    ecosystem = _ECOSYSTEMS.get(told.type, told.type)
    return Component(
        ecosystem=ecosystem, name=name, version=told.version or None, path=path, purl=purl, source=source
    )


def _component(name: str, version: str | None, purl: str | None, path: str) -> Component:
    named = purl_component(purl, path) if purl else None
    if named is None:
        return Component(ecosystem="", name=name, version=version, path=path, purl=purl or "")
    return named if named.version else msgspec.structs.replace(named, version=version)


def _entries(told: Any, path: str) -> Iterator[tuple[str, str | None, str | None]]:
    if not isinstance(told, dict):
        raise _refused(path, "it is no object")
    if told.get("bomFormat") == "CycloneDX" or "specVersion" in told:
        yield from _cyclonedx(told, path)
    elif isinstance(told.get("spdxVersion"), str):
        for package in _dicts(told.get("packages")):
            refs = _dicts(package.get("externalRefs"))
            purl = next(
                (_text(each.get("referenceLocator")) for each in refs if each.get("referenceType") == "purl"), None
            )
            yield _text(package.get("name")) or "", _text(package.get("versionInfo")), purl
    elif isinstance(told.get("@graph"), list):
        for each in _dicts(told["@graph"]):
            if str(each.get("type", each.get("@type", ""))).endswith("software_Package"):
                purl = _text(each.get("software_packageUrl"))
                yield _text(each.get("name")) or "", _text(each.get("software_packageVersion")), purl
    else:
        raise _refused(path, "it is neither CycloneDX nor SPDX")


def _cyclonedx(told: dict[str, Any], path: str) -> Iterator[tuple[str, str | None, str | None]]:
    waiting = [(each, 1) for each in reversed(_dicts(told.get("components")))]
    while waiting:
        own, depth = waiting.pop()
        if depth > _DEEPEST:
            raise _refused(path, f"its components are nested more than {_DEEPEST} deep")
        if own.get("type") != "file":
            name = "/".join(part for part in (_text(own.get("group")), _text(own.get("name"))) if part)
            yield name, _text(own.get("version")), _text(own.get("purl"))
        waiting += [(each, depth + 1) for each in reversed(_dicts(own.get("components")))]


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _refused(path: str, why: str) -> SourceError:
    return SourceError(
        "The list of components cannot be read.",
        why=f"{why[:1].upper()}{why[1:]}.",
        fix="Name a CycloneDX or SPDX file in JSON.",
        where=path,
    )

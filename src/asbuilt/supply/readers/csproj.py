"""Projects of .NET: what ``PackageReference`` declares, with the versions of ``Directory.Packages.props``."""

import posixpath
import re
from typing import Final

from asbuilt.supply.formats import Element, RefusedError, read_xml
from asbuilt.supply.gathering import Beside, Gathering, Reading, gathered

READS: Final = ("*.csproj", "*.vbproj", "*.fsproj", "Directory.Packages.props", "Directory.Build.props")
BESIDE: Final = True
CENTRAL: Final = "Directory.Packages.props"


def read(data: bytes, path: str, beside: Beside) -> Reading:
    """The packages that a project declares, or those that a file of central versions names."""
    return gathered("NuGet", path, lambda found: _fill(found, data, beside))


def _fill(found: Gathering, data: bytes, beside: Beside) -> None:
    root = read_xml(data)
    if posixpath.basename(found.path) == CENTRAL:
        properties = _properties(root)
        for kind in ("PackageVersion", "GlobalPackageReference"):
            for own in root.every(kind):
                _add(found, own, _version(own), properties, None)
        central = _versions(root)  # what such a file asks for itself, each project below it asks for
    else:
        central, properties = _central(found, beside)
        properties |= _properties(root)
    for own in root.every("PackageReference"):
        name = _named(own)
        told = own.attributes.get("VersionOverride") or _version(own) or central.get(name.lower(), "")
        if not own.attributes.get("Update"):
            _add(found, own, told, properties, True)


def _named(own: Element) -> str:
    return own.attributes.get("Include") or own.attributes.get("Update") or ""


def _version(own: Element) -> str:
    return own.attributes.get("Version") or own.said("Version")


def _add(found: Gathering, own: Element, told: str, properties: dict[str, str], direct: bool | None) -> None:
    name = _named(own)
    if not name:
        found.refuse("A package has no name (Include).", own.line)
        return
    version = re.sub(r"\$\(([\w.-]+)\)", lambda match: properties.get(match[1].lower(), match[0]), told).strip()
    if "$(" in version:
        found.refuse(
            f"The version of {name!r:.100} uses a property that is not in these files: {version!r:.80}.", own.line
        )
    private = (own.attributes.get("PrivateAssets") or own.said("PrivateAssets")).lower() == "all"
    found.add(
        name,
        None,
        line=own.line,
        declared=version or "*",
        direct=direct,
        scope="development" if private else None if direct is None else "runtime",
    )


def _properties(root: Element) -> dict[str, str]:
    return {own.name.lower(): own.text for group in root.every("PropertyGroup") for own in group.children}


def _versions(root: Element) -> dict[str, str]:
    return {_named(own).lower(): _version(own) for own in root.every("PackageVersion")}


def _central(found: Gathering, beside: Beside) -> tuple[dict[str, str], dict[str, str]]:
    """The central versions that hold for a project: of the nearest folder above it that has them."""
    folder = posixpath.dirname(found.path)
    while True:
        data = beside(posixpath.join(folder, CENTRAL))
        if data is not None:
            try:
                root = read_xml(data)
            except RefusedError:
                return {}, {}  # told where that file itself is read
            return _versions(root), _properties(root)
        if not folder:
            return {}, {}
        folder = posixpath.dirname(folder)

"""``pom.xml`` of Maven: what is declared, with properties and parents that lie in the same tree.

Nothing is locked by it: what Maven would take depends on repositories that are not asked.
"""

import posixpath
import re
from typing import Final

from asbuilt.model.component import Scope
from asbuilt.supply.formats import Element, RefusedError, read_xml
from asbuilt.supply.gathering import Beside, Gathering, Reading, gathered

READS: Final = ("pom.xml", "*.pom")
BESIDE: Final = True
MOST_PARENTS: Final = 16
_PROPERTY = re.compile(r"\$\{([^{}]+)\}")
_SCOPES: Final[dict[str, Scope]] = {"test": "development", "provided": "optional", "system": "optional"}


def read(data: bytes, path: str, beside: Beside) -> Reading:
    """The dependencies that a Maven project declares."""
    return gathered("Maven", path, lambda found: _fill(found, data, beside))


def _fill(found: Gathering, data: bytes, beside: Beside) -> None:
    root = read_xml(data)
    if root.name != "project":
        raise RefusedError("It is no project of Maven.", root.line)
    family = [root, *_parents(root, found.path, beside)]
    properties = _properties(family)
    managed = _managed(family, properties)
    seen = []
    for part in (root, *root.every("profile")):
        listed = part.child("dependencies")
        seen += [each for each in listed.children if each.name == "dependency"] if listed is not None else []
    for own in seen:
        _add(found, own, properties, managed)


def _add(
    found: Gathering,
    own: Element,
    properties: dict[str, str],
    managed: dict[tuple[str, str], tuple[str, str]],
) -> None:
    group, artifact = (_filled(own.said(key), properties) for key in ("groupId", "artifactId"))
    if not group or not artifact:
        found.refuse("A dependency has no groupId or no artifactId.", own.line)
        return
    told, scope = managed.get((group, artifact), ("", ""))
    version = _filled(own.said("version"), properties) or told
    if _PROPERTY.search(f"{group}{artifact}{version}"):
        found.refuse(f"{group}:{artifact} uses a property that is not in this tree: {version!r:.100}.", own.line)
    kind = own.said("scope") or scope
    optional = own.said("optional") == "true"
    found.add(
        f"{group}:{artifact}",
        None,
        line=own.line,
        declared=version or "*",
        direct=True,
        scope="optional" if optional else _SCOPES.get(kind, "runtime"),
    )


def _parents(root: Element, path: str, beside: Beside) -> list[Element]:
    found: list[Element] = []
    own, at = root, path
    while len(found) < MOST_PARENTS and (parent := own.child("parent")) is not None:
        relative = parent.child("relativePath")
        told = relative.text if relative is not None else "../pom.xml"
        if not told:
            break
        target = posixpath.normpath(posixpath.join(posixpath.dirname(at), told))
        data = None if target.startswith(("..", "/")) else beside(target)
        if data is None:
            data = None if target.startswith(("..", "/")) else beside(posixpath.join(target, "pom.xml"))
            target = posixpath.join(target, "pom.xml")
        if data is None:
            break
        try:
            own, at = read_xml(data), target
        except RefusedError:
            break  # told where that file itself is read
        if own.said("artifactId") != parent.said("artifactId"):
            break
        found.append(own)
    return found


def _properties(family: list[Element]) -> dict[str, str]:
    found: dict[str, str] = {}
    for own in reversed(family):
        told = own.child("properties")
        found |= {each.name: each.text for each in told.children} if told is not None else {}
    root = family[0]
    for name in ("groupId", "artifactId", "version"):
        value = root.said(name) or root.said("parent", name)
        if value:
            found |= {f"project.{name}": value, f"pom.{name}": value}
        if inherited := root.said("parent", name):
            found[f"project.parent.{name}"] = inherited
    return found


def _filled(text: str, properties: dict[str, str]) -> str:
    for _ in range(8):  # a property may name another; one that names itself ends
        filled = _PROPERTY.sub(lambda match: properties.get(match[1].strip(), match[0]), text)
        if filled == text or len(filled) > 1_000:
            break
        text = filled
    return text.strip()


def _managed(family: list[Element], properties: dict[str, str]) -> dict[tuple[str, str], tuple[str, str]]:
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for own in reversed(family):
        told = own.child("dependencyManagement")
        for each in told.every("dependency") if told is not None else ():
            key = _filled(each.said("groupId"), properties), _filled(each.said("artifactId"), properties)
            found[key] = (_filled(each.said("version"), properties), each.said("scope"))
    return found

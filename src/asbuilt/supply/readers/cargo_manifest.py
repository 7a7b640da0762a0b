"""``Cargo.toml``: what a package or a workspace of Cargo declares (The Cargo Book, "Specifying Dependencies").

What a member inherits (``workspace = true``) is taken from the nearest workspace above it in the same tree.
"""

import posixpath
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from asbuilt.model.component import Origin, Scope
from asbuilt.supply.beside import folders_above, is_locked
from asbuilt.supply.formats import RefusedError, read_text, read_toml
from asbuilt.supply.gathering import Beside, Gathering, Reading, gathered, text_of
from asbuilt.supply.toml_lines import Path, toml_lines

READS: Final = ("Cargo.toml",)
BESIDE: Final = True
LOCKS: Final = ("Cargo.lock",)
_GROUPS: Final[dict[str, Scope]] = {
    "dependencies": "runtime",
    "dev-dependencies": "development",
    "dev_dependencies": "development",
    "build-dependencies": "development",
    "build_dependencies": "development",
}
_REPLACING: Final = ("patch", "replace")


class _Table(NamedTuple):
    """One table of dependencies: where it stands, what for (None: members say so), and its entries."""

    path: Path
    scope: Scope | None
    entries: dict[str, Any]


def read(data: bytes, path: str, beside: Beside) -> Reading:
    """The dependencies that a manifest of Cargo declares."""
    return gathered("crates.io", path, lambda found: _fill(found, read_text(data), beside))


def _fill(found: Gathering, text: str, beside: Beside) -> None:
    own = read_toml(text)
    lines = toml_lines(text)
    shared: dict[str, Any] | None = None
    for table in _tables(found, own):
        for key, told in table.entries.items():
            line = lines.get((*table.path, key))
            entry: dict[str, Any] | None = {"version": told} if isinstance(told, str) else told
            if not isinstance(entry, dict):
                found.refuse(f"The dependency {key!r:.100} is neither a version nor a table.", line)
                continue
            if entry.get("workspace") is True:
                if shared is None:
                    shared = _shared(own, found.path, beside)
                entry = _inherited(found, key, entry, shared, line)
            _add(found, key, entry, line, table.scope)
    for name in _REPLACING:
        if own.get(name) and not is_locked(found.path, LOCKS, beside):
            found.refuse(
                f"What [{name}] puts in the place of packages is not followed.",
                lines.get((name,)),
                "Commit Cargo.lock.",
            )


def _tables(found: Gathering, own: dict[str, Any]) -> Iterator[_Table]:
    """The tables of dependencies: of the package, of each target, and what a workspace hands to its members."""
    for group, scope in _GROUPS.items():
        yield _Table((group,), scope, found.mapping(own.get(group), group))
    for name, target in found.mapping(own.get("target"), "target").items():
        told = found.mapping(target, f"target.{name:.100}")
        for group, scope in _GROUPS.items():
            yield _Table(("target", name, group), scope, found.mapping(told.get(group), group))
    workspace = found.mapping(own.get("workspace"), "workspace")
    yield _Table(
        ("workspace", "dependencies"), None, found.mapping(workspace.get("dependencies"), "workspace.dependencies")
    )


def _shared(own: dict[str, Any], path: str, beside: Beside) -> dict[str, Any]:
    """What the workspace of this manifest hands to its members; empty when none lies in this tree."""
    if "workspace" in own:
        return _handed(own)
    package = own.get("package")
    named = text_of(package.get("workspace")) if isinstance(package, dict) else None
    folder = posixpath.dirname(path)
    if named is not None:
        folders = [posixpath.normpath(posixpath.join(folder, named))]
        folders = [] if folders[0].startswith(("..", "/")) else ["" if folders[0] == "." else folders[0]]
    else:
        folders = [each for each in folders_above(path) if each != folder]
    for each in folders:
        data = beside(posixpath.join(each, "Cargo.toml"))
        if data is None:
            continue
        try:
            root = read_toml(read_text(data))
        except RefusedError:
            return {}  # told where that file itself is read
        if "workspace" in root:
            return _handed(root)
    return {}


def _handed(root: dict[str, Any]) -> dict[str, Any]:
    workspace = root["workspace"]
    told = workspace.get("dependencies") if isinstance(workspace, dict) else None
    return told if isinstance(told, dict) else {}


def _inherited(
    found: Gathering, key: str, entry: dict[str, Any], shared: dict[str, Any], line: int | None
) -> dict[str, Any]:
    """An entry together with what it inherits; what is not there is said."""
    told = shared.get(key)
    if isinstance(told, str):
        told = {"version": told}
    if not isinstance(told, dict) or told.get("workspace") is True:
        found.refuse(f"{key!r:.100} is inherited from a workspace that does not tell it in this tree.", line)
        return entry
    return {**told, "optional": entry.get("optional")}


def _add(found: Gathering, key: str, entry: dict[str, Any], line: int | None, scope: Scope | None) -> None:
    for name in ("version", "git", "path"):
        if name in entry and text_of(entry[name]) is None:
            found.refuse(f"The {name} of {key!r:.100} is no text.", line)
    git = text_of(entry.get("git"))
    path = text_of(entry.get("path"))
    source: Origin = "git" if "git" in entry else "file" if "path" in entry else "registry"
    mark = next((told for name in ("rev", "tag", "branch") if (told := text_of(entry.get(name)))), None)
    found.add(
        entry.get("package", key),
        None,
        line=line,
        declared=text_of(entry.get("version")) or (mark if git else path) or "*",
        direct=None if scope is None else True,
        scope="optional" if entry.get("optional") is True and scope == "runtime" else scope,
        source=source,
        origin_url=(f"{git}@{mark}" if mark else git) if git else None,
    )

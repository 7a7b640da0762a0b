"""Version catalogues of Gradle (``gradle/libs.versions.toml``): libraries and plugins that builds may name.

Which build uses which of them is not told here: an entry is declared, and not said to be direct.
"""

from typing import Any, Final

from asbuilt.supply.formats import read_text, read_toml
from asbuilt.supply.gathering import Gathering, Reading, gathered, text_of
from asbuilt.supply.toml_lines import toml_lines

READS: Final = ("*.versions.toml",)


def read(data: bytes, path: str) -> Reading:
    """The libraries and plugins of a version catalogue."""
    return gathered("Maven", path, lambda found: _fill(found, read_text(data)))


def _fill(found: Gathering, text: str) -> None:
    own = read_toml(text)
    lines = toml_lines(text)
    versions = found.mapping(own.get("versions"), "versions")
    for alias, told in found.mapping(own.get("libraries"), "libraries").items():
        line = lines.get(("libraries", alias))
        name, version = _library(told)
        if name is None:
            found.refuse(f"The library {alias!r:.100} has no group and name.", line)
            continue
        found.add(name, None, line=line, declared=_range(found, alias, version, versions, line))
    for alias, told in found.mapping(own.get("plugins"), "plugins").items():
        line = lines.get(("plugins", alias))
        plugin, version = _plugin(told)
        if plugin is None:
            found.refuse(f"The plugin {alias!r:.100} has no id.", line)
            continue
        declared = _range(found, alias, version, versions, line)
        found.add(marker_of(plugin), None, line=line, declared=declared, scope="development")


def marker_of(plugin: str) -> str:
    """The component that a plugin is looked up as (Gradle manual, "Plugin Marker Artifacts")."""
    return f"{plugin}:{plugin}.gradle.plugin"


def _library(told: object) -> tuple[str | None, object]:
    """Group and name of a library, and what is said of its version."""
    if isinstance(told, str):
        group, _, rest = told.partition(":")
        name, _, version = rest.partition(":")
        return (f"{group}:{name}" if group and name else None), version or None
    if not isinstance(told, dict):
        return None, None
    module = text_of(told.get("module"))
    if module is None and text_of(told.get("group")) and text_of(told.get("name")):
        module = f"{told['group']}:{told['name']}"
    is_whole = module is not None and all(module.partition(":")[::2])
    return (module if is_whole else None), told.get("version")


def _plugin(told: object) -> tuple[str | None, object]:
    """The id of a plugin, and what is said of its version."""
    if isinstance(told, str):
        plugin, _, version = told.partition(":")
        return plugin or None, version or None
    return (text_of(told.get("id")), told.get("version")) if isinstance(told, dict) else (None, None)


def _range(found: Gathering, alias: str, version: object, versions: dict[str, Any], line: int | None) -> str:
    """The version as it is written: by itself, as a rich version, or by the name of one of ``[versions]``."""
    if isinstance(version, dict) and "ref" in version:
        name = version["ref"]
        version = versions.get(name) if isinstance(name, str) else None
        if version is None:
            found.refuse(f"{alias!r:.100} names a version that this catalogue does not have: {name!r:.100}.", line)
    if isinstance(version, dict):
        version = next((told for key in ("strictly", "require", "prefer") if (told := version.get(key))), None)
    return text_of(version) or "*"

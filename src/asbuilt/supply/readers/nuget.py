"""``packages.lock.json`` (versions 1 and 2) and ``packages.config`` of NuGet."""

from typing import Final

from asbuilt.supply.formats import KeyLines, RefusedError, read_json, read_text, read_xml
from asbuilt.supply.gathering import Gathering, Reading, gathered, text_of

READS: Final = ("packages.lock.json", "packages.*.lock.json", "packages.config")


def read(data: bytes, path: str) -> Reading:
    """The components of a lock file of NuGet, or of its older list."""
    if path.endswith(".json"):
        return gathered("NuGet", path, lambda found: _locked(found, read_text(data)))
    return gathered("NuGet", path, lambda found: _listed(found, data))


def _locked(found: Gathering, text: str) -> None:
    lock = read_json(text)
    if not isinstance(lock, dict):
        raise RefusedError("It is no lock file of NuGet: no mapping.")
    lines = KeyLines(text)
    if lock.get("version") not in (1, 2):
        raise RefusedError(
            f"Its version {lock.get('version')!r:.40} is not known.",
            lines.key("version"),
            "Versions 1 and 2 are read.",
        )
    for frame, entries in found.mapping(lock.get("dependencies"), "dependencies").items():
        for name, entry in found.mapping(entries, frame, lines.key(frame)).items():
            line = lines.key(name)
            own = found.mapping(entry, name, line)
            kind = str(own.get("type"))
            digest = text_of(own.get("contentHash"))
            found.add(
                name,
                text_of(own.get("resolved")),
                line=line,
                direct=kind == "Direct",
                source="workspace" if kind == "Project" else "registry",
                hashes=(f"sha512:{digest}",) if digest else (),
            )


def _listed(found: Gathering, data: bytes) -> None:
    for own in read_xml(data).every("package"):
        name, version = text_of(own.attributes.get("id")), text_of(own.attributes.get("version"))
        if name is None or version is None:
            found.refuse("A package has no id or no version.", own.line)
            continue
        is_development = own.attributes.get("developmentDependency", "").lower() == "true"
        found.add(name, version, line=own.line, scope="development" if is_development else "runtime")

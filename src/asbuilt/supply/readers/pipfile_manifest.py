"""``Pipfile`` of pipenv: what is declared; nothing of it is locked."""

from typing import Any, Final

from asbuilt.model.component import Origin, Scope
from asbuilt.supply.formats import read_text, read_toml
from asbuilt.supply.gathering import Gathering, Reading, gathered, text_of
from asbuilt.supply.toml_lines import toml_lines

READS: Final = ("Pipfile",)
_GROUPS: Final[dict[str, Scope]] = {"packages": "runtime", "dev-packages": "development"}
_SETTINGS: Final = frozenset({"source", "requires", "scripts", "pipenv"})


def read(data: bytes, path: str) -> Reading:
    """The declared packages of a project of pipenv; those of a category of its own may be left out."""
    return gathered("PyPI", path, lambda found: _fill(found, read_text(data)))


def _fill(found: Gathering, text: str) -> None:
    lines = toml_lines(text)
    for group, entries in read_toml(text).items():
        if group in _SETTINGS:
            continue
        for name, told in found.mapping(entries, group, lines.get((group,))).items():
            line = lines.get((group, name))
            entry: dict[str, Any] | None = {"version": told} if isinstance(told, str) else told
            if not isinstance(entry, dict):
                found.refuse(f"The package {name!r:.100} is neither a version nor a table.", line)
                continue
            _add(found, name, entry, line, _GROUPS.get(group, "optional"))


def _add(found: Gathering, name: str, entry: dict[str, Any], line: int | None, scope: Scope) -> None:
    for key in ("version", "git", "ref", "path", "file"):
        if key in entry and text_of(entry[key]) is None:
            found.refuse(f"The {key} of {name!r:.100} is no text.", line)
    # ``file`` is an address, or a file of this machine; ``path`` is a folder of it.
    file = text_of(entry.get("file"))
    is_address = file is not None and "://" in file and not file.startswith("file:")
    kinds = [kind for kind in ("git", "hg", "svn", "bzr") if kind in entry]
    source: Origin = "git" if kinds else "url" if is_address else "file" if file or "path" in entry else "registry"
    address = text_of(entry.get(kinds[0])) if kinds else file if is_address else None
    found.add(
        name,
        None,
        line=line,
        declared=text_of(entry.get("version")) or text_of(entry.get("ref")) or "*",
        direct=True,
        scope=scope,
        source=source,
        origin_url=address,
    )

"""``pyproject.toml``: what a Python project declares (PEP 621, PEP 735, Poetry); nothing of it is locked."""

import re
from typing import Any, Final

from asbuilt.model.component import Origin, Scope
from asbuilt.supply.formats import Lines, read_text, read_toml
from asbuilt.supply.gathering import Gathering, Reading, gathered, text_of
from asbuilt.supply.requirement import requirement

READS: Final = ("pyproject.toml",)
_TEXT = re.compile(r"""\"((?:[^"\\\n]|\\.)*+)"|'([^'\n]*+)'""")


def read(data: bytes, path: str) -> Reading:
    """The declared requirements of a Python project."""
    return gathered("PyPI", path, lambda found: _fill(found, read_text(data)))


def _fill(found: Gathering, text: str) -> None:
    own = read_toml(text)
    lines = Lines(text)
    places: dict[str, int] = {}
    for match in _TEXT.finditer(text):
        places.setdefault((match[1] or match[2] or "").replace('\\"', '"'), lines.at(match.start()))
    project = found.mapping(own.get("project"), "project")
    _listed(found, project.get("dependencies"), "runtime", places)
    for rows in found.mapping(project.get("optional-dependencies"), "project.optional-dependencies").values():
        _listed(found, rows, "optional", places)
    for rows in found.mapping(own.get("dependency-groups"), "dependency-groups").values():
        _listed(found, rows, "development", places)
    tools = found.mapping(own.get("tool"), "tool")
    poetry = found.mapping(tools.get("poetry"), "tool.poetry")
    _poetry(found, poetry.get("dependencies"), "runtime", text, lines)
    _poetry(found, poetry.get("dev-dependencies"), "development", text, lines)
    for group in found.mapping(poetry.get("group"), "tool.poetry.group").values():
        _poetry(found, found.mapping(group, "A group").get("dependencies"), "development", text, lines)


def _listed(found: Gathering, rows: object, scope: Scope, places: dict[str, int]) -> None:
    for row in found.items(rows, "A list of requirements"):
        if not isinstance(row, str):
            continue  # a group that is included; it is read by itself
        line = places.get(row)
        own = requirement(row)
        if own is None:
            found.refuse(f"It is no requirement: {row!r:.120}.", line)
            continue
        found.add(
            own.name,
            None,
            line=line,
            declared=own.declared,
            direct=True,
            scope=scope,
            source=own.source,
            origin_url=own.url,
        )


def _poetry(found: Gathering, rows: object, scope: Scope, text: str, lines: Lines) -> None:
    for name, told in found.mapping(rows, "A table of requirements").items():
        if name == "python":
            continue
        entry: dict[str, Any] = told if isinstance(told, dict) else {"version": told}
        source: Origin = (
            "git" if "git" in entry else "file" if "path" in entry else "url" if "url" in entry else "registry"
        )
        at = text.find(f"\n{name}")
        found.add(
            name,
            None,
            line=lines.at(at + 1) if at >= 0 else None,
            declared=text_of(entry.get("version")) or "*",
            direct=True,
            scope="optional" if entry.get("optional") is True else scope,
            source=source,
            origin_url=text_of(entry.get("git")) or text_of(entry.get("url")),
        )

"""``uv.lock``, version 1."""

from typing import Any, Final

from asbuilt.model.component import Origin, Scope
from asbuilt.supply.formats import RefusedError, read_text
from asbuilt.supply.gathering import Gathering, Reading, gathered, text_of
from asbuilt.supply.pieces import read_toml_pieces

READS: Final = ("uv.lock",)


def read(data: bytes, path: str) -> Reading:
    """The components of a lock file of uv; the product itself (virtual or editable at the top) is none of them."""
    return gathered("PyPI", path, lambda found: _fill(found, read_text(data)))


def _fill(found: Gathering, text: str) -> None:
    lock, lines = read_toml_pieces(text, "package")
    if lock and lock.get("version") != 1:
        raise RefusedError(f"Its version {lock.get('version')!r:.40} is not known.", None, "Version 1 is read.")
    packages = [each for each in found.items(lock.get("package"), "package") if isinstance(each, dict)]
    scopes, direct = _reached(packages)
    for number, own in enumerate(packages):
        line = lines[number] if len(lines) == len(packages) else None
        told = found.mapping(own.get("source"), "source", line)
        if told.get("virtual") == "." or told.get("editable") == ".":
            continue
        source, url = _source(told)
        files = [own.get("sdist"), *found.items(own.get("wheels"), "wheels", line)]
        hashes = (each.get("hash") for each in files if isinstance(each, dict))
        name = str(own.get("name"))
        found.add(
            own.get("name"),
            text_of(own.get("version"))
            or (url.rpartition("#")[2] if url and source == "git" and "#" in url else None),
            line=line,
            direct=name in direct if direct else None,
            scope=scopes.get(name),
            source=source,
            hashes=tuple(dict.fromkeys(each for each in hashes if isinstance(each, str))),
            origin_url=url,
        )


def _source(told: dict[str, Any]) -> tuple[Origin, str | None]:
    if "git" in told:
        return "git", text_of(told["git"])
    if "url" in told:
        return "url", text_of(told["url"])
    if "editable" in told or "virtual" in told:
        return "workspace", None
    return ("file", None) if "path" in told or "directory" in told else ("registry", None)


def _named(told: object) -> list[str]:
    rows = told if isinstance(told, list) else []
    return [each["name"] for each in rows if isinstance(each, dict) and isinstance(each.get("name"), str)]


def _groups(told: object) -> list[str]:
    return [name for rows in told.values() for name in _named(rows)] if isinstance(told, dict) else []


def _reached(packages: list[dict[str, Any]]) -> tuple[dict[str, Scope], set[str]]:
    """For what each package is needed, walked from the product's own tables; and what these name themselves."""
    needs: dict[str, list[str]] = {}
    roots: dict[Scope, list[str]] = {"runtime": [], "optional": [], "development": []}
    for own in packages:
        told = own.get("source")
        needs.setdefault(str(own.get("name")), []).extend(
            _named(own.get("dependencies")) + _groups(own.get("optional-dependencies"))
        )
        if isinstance(told, dict) and (told.keys() & {"virtual", "editable"}):
            roots["runtime"] += _named(own.get("dependencies"))
            roots["optional"] += _groups(own.get("optional-dependencies"))
            roots["development"] += _groups(own.get("dev-dependencies"))
    scopes: dict[str, Scope] = {}
    for scope, names in roots.items():
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name not in scopes:
                scopes[name] = scope
                waiting.extend(needs.get(name, ()))
    return scopes, {name for names in roots.values() for name in names}

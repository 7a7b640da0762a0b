"""Whether the repository that a package claims is its own: what the manifests at its root name (rule 4).

1. A manifest of the ecosystem that names the package: it is.
2. One that names others, and none that holds several packages: it is not.
3. Else it is not known: no manifest at the root, one that has many, or one that computes its name.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final
from urllib.parse import urlsplit

import msgspec

from asbuilt.model.registry_facts import MANIFEST, PackageFacts
from asbuilt.supply.advisories.names import plain_name
from asbuilt.supply.formats import RefusedError, read_json, read_text, read_toml, read_xml
from asbuilt.supply.registry.answers import Answer, mapping, text

_MOST_NAMES: Final = 5  # that are kept
_SETUP: Final = re.compile(r"(?m)^\s*name\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_CFG: Final = re.compile(r"(?m)^name\s*=\s*([A-Za-z0-9._-]+)\s*$")
_MIX: Final = re.compile(r"\bapp:\s*:([a-z0-9_]+)")


class Named(msgspec.Struct, frozen=True):
    """The names that a manifest gives to its own package, and whether it holds several packages."""

    names: tuple[str, ...]
    has_many: bool = False


def _npm(body: bytes) -> Named:
    told = mapping(read_json(read_text(body)))
    return Named(_given(told.get("name")), "workspaces" in told or told.get("private") is True)


def _composer(body: bytes) -> Named:
    return Named(_given(mapping(read_json(read_text(body))).get("name")))


def _pyproject(body: bytes) -> Named:
    told = read_toml(read_text(body))
    tool = mapping(told.get("tool"))
    names = (mapping(told.get("project")).get("name"), mapping(tool.get("poetry")).get("name"))
    return Named(_given(*names), "workspace" in mapping(tool.get("uv")))


def _cargo(body: bytes) -> Named:
    told = read_toml(read_text(body))
    return Named(_given(mapping(told.get("package")).get("name")), "workspace" in told)


def _pom(body: bytes) -> Named:
    root = read_xml(body)
    group = root.said("groupId") or root.said("parent", "groupId")
    artifact = root.said("artifactId")
    return Named((f"{group}:{artifact}",) if group and artifact else (), root.child("modules") is not None)


def _written(pattern: re.Pattern[str], many: str = "") -> Callable[[bytes], Named]:
    def named(body: bytes) -> Named:
        words = read_text(body)
        return Named(tuple(dict.fromkeys(pattern.findall(words))), bool(many) and many in words)

    return named


def _given(*names: object) -> tuple[str, ...]:
    return tuple(own for each in names if (own := text(each)))


_MANIFESTS: Final[Mapping[str, Mapping[str, Callable[[bytes], Named]]]] = {
    "npm": {"package.json": _npm},
    "PyPI": {"pyproject.toml": _pyproject, "setup.cfg": _written(_CFG), "setup.py": _written(_SETUP)},
    "crates.io": {"Cargo.toml": _cargo},
    "Packagist": {"composer.json": _composer},
    "Hex": {"mix.exs": _written(_MIX, "apps_path")},
    "Maven": {"pom.xml": _pom},
}


def manifests_of(facts: PackageFacts) -> tuple[str, tuple[str, ...]]:
    """The repository that a package claims (``OWNER/NAME``), and the files at its root that would name it.

    Empty where none can be asked for: it claims none, or its ecosystem has no manifest that is read.
    """
    path = urlsplit(facts.repository_url or "").path.strip("/").removesuffix(".git")
    steps = path.split("/")
    # What lies in a folder of a repository has its manifest there.
    is_whole = len(steps) == 2 and all(steps) and not {".", ".."} & set(steps)
    files = tuple(_MANIFESTS.get(facts.ecosystem, {})) if is_whole else ()
    return (path, files) if files else ("", ())


def with_manifests(facts: PackageFacts, answers: Mapping[str, Answer]) -> PackageFacts:
    """The facts with whether the repository names the package, by the files that were asked for."""
    found: list[Named] = []
    reasons: list[str] = []
    for file, answer in answers.items():
        if answer.status == 200:
            try:
                found.append(_MANIFESTS[facts.ecosystem][file](answer.body))
            except (RefusedError, RecursionError) as error:
                reasons.append(f"{file} of its repository cannot be read: {error}")
        elif answer.status not in {404, 410}:
            reasons.append(answer.why or f"{file} of its repository: the place answers {answer.status}")
    names = [name for own in found for name in own.names]
    own_name = plain_name(facts.ecosystem, facts.name)
    # (1)
    if any(plain_name(facts.ecosystem, name) == own_name for name in names):
        return _told(facts, names, is_own=True)
    # (2)
    if names and not reasons and not any(own.has_many for own in found):
        return _told(facts, names, is_own=False)
    # (3)
    why = next(iter(reasons), "no manifest at the root of its repository names one package")
    return msgspec.structs.replace(facts, unknown={**facts.unknown, MANIFEST: why})


def _told(facts: PackageFacts, names: Sequence[str], *, is_own: bool) -> PackageFacts:
    kept = tuple(dict.fromkeys(names))[:_MOST_NAMES]
    return msgspec.structs.replace(facts, repository_names_it=is_own, repository_names=kept)

"""Maven repositories: the versions of an artifact, and the project files of some of them.

Sources: Maven, "Repository layout", "Repository metadata", "POM reference".

1. ``maven-metadata.xml`` says whether the artifact is there, and its versions.
2. The project file of the newest tells the licence, the repository, and where the artifact has moved.
3. A repository dates no version; when its project file was stored there does, for the oldest and the newest.
"""

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

from asbuilt.model.registry_facts import (
    DATES,
    LICENCE,
    OWNERS,
    REPOSITORY,
    PackageFacts,
    Standing,
    VersionFacts,
)
from asbuilt.supply.formats import Element, RefusedError, read_xml
from asbuilt.supply.registry.answers import (
    MOST_VERSIONS,
    Answer,
    Asked,
    Probe,
    facts_of,
    http_moment,
    is_dated,
    licence_of,
    reads,
    repository_of,
    text,
)
from asbuilt.supply.versions import UnorderedError, order_key

ECOSYSTEM: Final = "Maven"
ACCEPT: Final = "application/xml, text/xml;q=0.9, */*;q=0.1"
_DATED: Final = 3  # versions up to which each is dated
_NAME: Final = re.compile(r"[A-Za-z0-9_.-]+")


def asks(base: str, name: str) -> tuple[str, ...]:
    """The address of an artifact's versions."""
    # (1)
    return (f"{_place(base, name)}/maven-metadata.xml",)


def asks_more(base: str, name: str, answers: Sequence[Answer]) -> tuple[str, ...]:
    """The project files of the newest version and the oldest; of an artifact with few versions, of each."""
    if len(answers) != 1:
        return ()
    artifact = name.rpartition(":")[2]
    return tuple(
        f"{_place(base, name)}/{quote(own, safe='')}/{quote(f'{artifact}-{own}.pom', safe='')}"
        for own in _dated(_versions(answers[0], name))
    )


@reads
def read(answers: Sequence[Answer], asked: Asked) -> PackageFacts:
    """What the metadata, and the project files that were asked for, say."""
    versions = _versions(answers[0], asked.name)
    if not versions:
        raise RefusedError("it lists no version")
    # (3)
    files = dict(zip(_dated(versions), answers[1:], strict=False))
    times = {own: http_moment(answer.modified) for own, answer in files.items() if answer.status == 200}
    unknown = {OWNERS: "a repository of Maven does not tell it"}
    if len(versions) > _DATED:
        unknown[DATES] = "the repository dates single files alone: the oldest version and the newest were asked for"
    # (2)
    newest = next(iter(files.values()), None)
    project = _project(newest)
    standing: tuple[Standing | None, str] = (None, "")
    licence = repository = None
    if project is None:
        why = "the project file of the newest version could not be read"
        unknown |= {LICENCE: why, REPOSITORY: why}
    else:
        standing, licence, repository = _moved(project), _licence(project), _repository(project)
        if project.child("parent") is not None:  # it may say so for its children
            why = "the project file names a parent, which was not asked for"
            unknown |= {field: why for field, own in ((LICENCE, licence), (REPOSITORY, repository)) if own is None}
    return facts_of(
        asked,
        {own: VersionFacts(released_at=times.get(own), yanked=False, deprecated=False) for own in versions},
        latest=versions[-1],
        standing=standing,
        repository_url=repository,
        licence=licence,
        unknown=unknown,
    )


def _place(base: str, name: str) -> str:
    group, _, artifact = name.partition(":")
    steps = (*group.split("."), artifact)
    return f"{base}/{'/'.join(quote(step, safe='') for step in steps)}"


def _versions(answer: Answer, name: str) -> list[str]:
    """The versions that a repository lists, the oldest first; a page about something else is refused.

    Raises:
        RefusedError: it is no metadata of this artifact.
    """
    if answer.status != 200:
        return []
    root = read_xml(answer.body)
    artifact = name.rpartition(":")[2]
    if root.name != "metadata" or root.said("artifactId") not in {artifact, ""}:
        raise RefusedError("it is about no artifact of that name")
    found = [
        own.text[:100]
        for part in (root.child("versioning"),)
        if part is not None
        for listed in (part.child("versions"),)
        if listed is not None
        for own in listed.children[:MOST_VERSIONS]
        if own.name == "version" and _NAME.fullmatch(own.text)
    ]
    return sorted(dict.fromkeys(found), key=_order)


def _dated(versions: Sequence[str]) -> list[str]:
    """The versions whose project files are asked for, the newest first."""
    if len(versions) <= _DATED:
        return list(reversed(versions))
    return [versions[-1], versions[0]]


def _order(version: str) -> tuple[int, object]:
    try:
        return 1, order_key("Maven", version)
    except UnorderedError:
        return 0, version


def _project(answer: Answer | None) -> Element | None:
    if answer is None or answer.status != 200:
        return None
    try:
        root = read_xml(answer.body)
    except (RefusedError, RecursionError):
        return None
    return root if root.name == "project" else None


def _licence(project: Element) -> str | None:
    listed = project.child("licenses")
    names = [own.said("name") for own in listed.children if own.name == "license"] if listed is not None else []
    return licence_of(*names[:1])


def _repository(project: Element) -> str | None:
    told = [project.said("scm", key).removeprefix("scm:git:") for key in ("url", "connection")]
    return repository_of(*told, project.said("url"))


def _moved(project: Element) -> tuple[Standing | None, str]:
    managed = project.child("distributionManagement")
    to = managed.child("relocation") if managed is not None else None
    if to is None:
        return None, ""
    parts = [own for key in ("groupId", "artifactId", "version") if (own := to.said(key))]
    return "deprecated", text(f"moved to {':'.join(parts)} {to.said('message')}".strip())


PROBES: Final = (
    Probe(
        "junit:junit", (DATES,), "junit:junit 4.12 was stored in December 2014", is_dated("4.12", 16_408, within=3)
    ),
)

"""The npm registry and whatever speaks its API: the packument, in full or abbreviated.

Source: npm, "Package metadata" (registry/docs/responses/package-metadata.md). A mirror may leave out
``deprecated``, date versions by when it copied them, or hold no ``maintainers``: what is not there is not known.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any, Final
from urllib.parse import quote

from asbuilt.model.registry_facts import (
    DATES,
    DEPRECATED,
    LICENCE,
    OWNERS,
    REPOSITORY,
    SCRIPTS,
    PackageFacts,
    Standing,
    VersionFacts,
)
from asbuilt.supply.formats import RefusedError
from asbuilt.supply.registry.answers import (
    MOST_VERSIONS,
    Answer,
    Asked,
    Probe,
    document,
    facts_of,
    is_dated,
    is_deprecated,
    items,
    licence_of,
    mapping,
    moment,
    no_more,
    reads,
    repository_of,
    text,
)

ECOSYSTEM: Final = "npm"
ACCEPT: Final = "application/json"
asks_more = no_more
_ON_INSTALL: Final = ("preinstall", "install", "postinstall")
_OWNER_AND_NAME: Final = re.compile(r"[\w.-]+/[\w.-]+")
_ABBREVIATED: Final = "the index gives an abbreviated document"


def asks(base: str, name: str) -> tuple[str, ...]:
    """The address of a package; the slash of a scope is written as npm writes it."""
    return (f"{base}/{quote(name, safe='@')}",)


@reads
def read(answers: Sequence[Answer], asked: Asked) -> PackageFacts:
    """What the packument says."""
    told = document(answers[0])
    name = told.get("name")
    if name != asked.name:
        raise RefusedError(f"it is about {text(name) or 'no package'}")
    times = mapping(told.get("time"))
    if not mapping(told.get("versions")):
        # What was taken down whole has no versions left, and says so in its times.
        gone = "unpublished" in times
        why = "it was unpublished" if gone else "it has no versions"
        return facts_of(asked, {}, standing=(None, why), unknown={DATES: why, DEPRECATED: why})
    return _facts(told, times, asked)


def _facts(told: Mapping[str, Any], times: Mapping[str, Any], asked: Asked) -> PackageFacts:
    versions = {
        version[:100]: _version(mapping(own), times.get(version))
        for version, own in islice(mapping(told.get("versions")).items(), MOST_VERSIONS)
    }
    latest = text(mapping(told.get("dist-tags")).get("latest")) or None
    newest = mapping(mapping(told["versions"]).get(latest or ""))
    is_whole = "time" in told
    why = "the index does not tell it" if is_whole else _ABBREVIATED
    unknown: dict[str, str] = {}
    owners = len(items(told.get("maintainers"))) or None
    licence = licence_of(*(_licence(own.get("license")) for own in (told, newest)))
    repository = repository_of(*(_address(own.get("repository")) for own in (told, newest)))
    if owners is None:
        unknown[OWNERS] = why
    if not is_whole:
        unknown |= {REPOSITORY: why, LICENCE: why} | ({DATES: why} if not times else {})
    if not any(own.install_scripts for own in versions.values()) and not _tells_scripts(told):
        unknown[SCRIPTS] = "the index tells neither scripts nor whether there are any"
    gone = versions.get(latest or "")
    standing: tuple[Standing | None, str] = (None, "")
    if gone is not None and gone.deprecated:
        standing = ("deprecated", gone.deprecated_why)
    return facts_of(
        asked,
        versions,
        latest=latest,
        standing=standing,
        owners=owners,
        repository_url=repository,
        licence=licence,
        unknown=unknown,
    )


def _version(own: Mapping[str, Any], time: object) -> VersionFacts:
    why = own.get("deprecated")
    # The words may be an empty text, or true; an empty text takes a deprecation back.
    deprecated = why is True or (isinstance(why, str) and bool(why.strip()))
    scripts = own.get("hasInstallScript")
    if not isinstance(scripts, bool):
        named = own.get("scripts")
        scripts = any(each in named for each in _ON_INSTALL) if isinstance(named, dict) else None
    return VersionFacts(
        released_at=moment(time),
        yanked=False,  # npm has none: what is taken back is gone
        deprecated=deprecated,
        deprecated_why=text(why),
        install_scripts=scripts,
    )


def _tells_scripts(told: Mapping[str, Any]) -> bool:
    return any(
        "scripts" in own or "hasInstallScript" in own
        for own in islice((mapping(each) for each in mapping(told.get("versions")).values()), MOST_VERSIONS)
    )


def _licence(told: object) -> str:
    """A licence as packages have written it: a text, a mapping with a type, or a list of those."""
    if isinstance(told, list) and len(told) == 1:
        told = told[0]
    return text(told["type"] if isinstance(told, dict) and "type" in told else told)


def _address(told: object) -> str:
    """A repository as packages write it: an address, a mapping with one, or ``OWNER/NAME`` for GitHub's."""
    address = text(mapping(told).get("url") if isinstance(told, dict) else told)
    return f"github:{address}" if _OWNER_AND_NAME.fullmatch(address) else address


PROBES: Final = (
    Probe("request", (DEPRECATED,), "the package request is deprecated", is_deprecated),
    Probe("lodash", (DATES,), "lodash 4.17.21 was published on 2021-02-20", is_dated("4.17.21", 18_678)),
)

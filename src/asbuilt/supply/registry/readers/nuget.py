"""NuGet's V3 interface: the registration of a package, with what is listed, deprecated and known to be weak.

Source: NuGet, "Server API": service index, "Package metadata" (registrations).

1. The service index, at the address that is configured, says where registrations lie.
2. The registration's index says whether the package is there; its pages hold the versions, or lie beside it.
3. A version that is not listed was withdrawn from search by its owner; its date is then gone with it.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final
from urllib.parse import quote, urlsplit

from asbuilt.model.registry_facts import (
    DATES,
    DEPRECATED,
    OWNERS,
    REPOSITORY,
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
    not_read,
    not_seen,
    not_there,
    repository_of,
    text,
)

ECOSYSTEM: Final = "NuGet"
ACCEPT: Final = "application/json"
_MOST_PAGES: Final = 8
# The newest kind of registrations first: it alone holds versions with build metadata.
_KINDS: Final = ("RegistrationsBaseUrl/3.6.0", "RegistrationsBaseUrl/3.4.0", "RegistrationsBaseUrl")


def asks(base: str, name: str) -> tuple[str, ...]:
    """The service index; where registrations lie is told there."""
    # (1)
    del name
    return (base,)


def asks_more(base: str, name: str, answers: Sequence[Answer]) -> tuple[str, ...]:
    """The registration of a package, then the pages of it that are not within it."""
    if any(own.status != 200 for own in answers):
        return ()
    if len(answers) == 1:
        return (f"{_registrations(answers[0], base)}/{quote(name.lower(), safe='')}/index.json",)
    if len(answers) > 2:
        return ()
    pages = [mapping(own) for own in items(document(answers[1]).get("items"))]
    beside = [text(own.get("@id")) for own in pages if "items" not in own]
    # The newest pages, when there are more than are read.
    return tuple(own for own in beside[-_MOST_PAGES:] if _is_same_host(own, base))


def read(answers: Sequence[Answer], asked: Asked) -> PackageFacts:
    """What the registration says."""
    first = answers[0]
    if first.status != 200:
        return not_seen(asked, first.why or f"the service index answers {first.status}")
    try:
        _registrations(first, asked.index)
        absent = not_there(answers[1], asked)
        return absent if absent is not None else _of_pages(answers, asked)
    except (RefusedError, RecursionError) as error:
        return not_read(asked, str(error))


def _registrations(answer: Answer, base: str) -> str:
    """Where registrations lie; never on another host than the one that is configured.

    Raises:
        RefusedError: it is no service index, or leads elsewhere.
    """
    told: dict[str, str] = {}
    for own in islice(items(document(answer).get("resources")), 500):
        kinds = own.get("@type") if isinstance(own, dict) else None
        for kind in [kinds] if isinstance(kinds, str) else items(kinds):
            told.setdefault(str(kind), text(mapping(own).get("@id")))
    found = next((told[kind] for kind in _KINDS if told.get(kind)), "")
    if not found:
        raise RefusedError("it names no place of registrations: the source is no V3 one")
    if not _is_same_host(found, base):
        raise RefusedError("its registrations lie on another host, which nobody has configured")
    return found.rstrip("/")


def _is_same_host(address: str, base: str) -> bool:
    try:
        one, other = urlsplit(address), urlsplit(base)
        same = (one.scheme, one.hostname, one.port) == (other.scheme, other.hostname, other.port)
    except ValueError:
        return False
    return same


def _of_pages(answers: Sequence[Answer], asked: Asked) -> PackageFacts:
    # (2)
    pages = [mapping(own) for own in items(document(answers[1]).get("items"))]
    if not pages:
        raise RefusedError("it lists no page of versions")
    whole = [own for own in pages if "items" in own]
    for answer in answers[2:]:
        try:
            whole += [document(answer)] if answer.status == 200 else []
        except RefusedError:
            continue
    entries = list(_entries(whole))
    if any(text(own.get("id")).lower() != asked.name.lower() for own in entries):
        raise RefusedError("it is about no package of that name")
    unknown = {OWNERS: "owners are told by the search alone, which was not asked"}
    missing = len(pages) - len(whole)
    if missing:
        unknown[DATES] = f"{missing} of {len(pages)} pages of versions were not read"
    versions = {text(own.get("version")).partition("+")[0][:100]: _version(own) for own in entries}
    versions.pop("", None)
    if not versions:
        raise RefusedError("none of its pages could be read")
    newest = next((own for own in reversed(entries) if own.get("listed") is not False), entries[-1])
    gone = _version(newest)
    standing: tuple[Standing | None, str] = ("deprecated", gone.deprecated_why) if gone.deprecated else (None, "")
    repository = repository_of(newest.get("projectUrl"))
    if repository is None:
        unknown[REPOSITORY] = "a registration tells the project's page alone, and it is no repository"
    return facts_of(
        asked,
        versions,
        latest=text(newest.get("version")).partition("+")[0] or None,
        standing=standing,
        repository_url=repository,
        licence=licence_of(newest.get("licenseExpression")),
        unknown=unknown,
    )


def _entries(pages: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """What is told of each version; a leaf that only names its entry tells nothing."""
    leaves = (mapping(own) for page in pages for own in items(page.get("items")))
    found = (mapping(own.get("catalogEntry")) for own in leaves)
    return islice((own for own in found if own), MOST_VERSIONS)


def _version(own: Mapping[str, Any]) -> VersionFacts:
    # (3)
    told = own.get("deprecation")
    deprecation = mapping(told)
    reasons = ", ".join(text(each) for each in items(deprecation.get("reasons")))
    instead = text(mapping(deprecation.get("alternatePackage")).get("id"))
    words = (reasons, text(deprecation.get("message")), f"{instead} instead" if instead else "")
    is_listed = own.get("listed") is not False
    return VersionFacts(
        released_at=moment(own.get("published")) if is_listed else None,
        yanked=not is_listed,
        yanked_why="" if is_listed else "it is no longer listed",
        deprecated=isinstance(told, dict),
        deprecated_why=text("; ".join(word for word in words if word)),
    )


PROBES: Final = (
    Probe(
        "Newtonsoft.Json",
        (DATES,),
        "Newtonsoft.Json 12.0.3 was published on 2019-11-09",
        is_dated("12.0.3", 18_209),
    ),
    Probe("WindowsAzure.Storage", (DEPRECATED,), "the package WindowsAzure.Storage is deprecated", is_deprecated),
)

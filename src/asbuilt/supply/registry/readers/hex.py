"""Hex: its API (``…/api``), or a repository (a mirror), which tells less.

Sources: hexpm/specifications, "Endpoints", "Registry v2" and ``package.proto``; Hex's API. A repository's
document is gzip around a signed protobuf message; the signature is not checked: who answers is known by TLS.
"""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final
from urllib.parse import quote

from asbuilt.model.registry_facts import DATES, LICENCE, OWNERS, REPOSITORY, PackageFacts, VersionFacts
from asbuilt.supply.formats import RefusedError
from asbuilt.supply.registry.answers import (
    MOST_VERSIONS,
    Answer,
    Asked,
    Probe,
    document,
    facts_of,
    is_dated,
    items,
    licence_of,
    mapping,
    moment,
    no_more,
    reads,
    repository_of,
    text,
)

ECOSYSTEM: Final = "Hex"
ACCEPT: Final = "application/json, */*;q=0.5"
asks_more = no_more
_API: Final = "/api"
_LARGEST: Final = 16 << 20  # bytes of a document without its compression
_REASONS: Final = ("", "invalid", "security", "deprecated", "renamed")
_BYTES, _VARINT = 2, 0


def asks(base: str, name: str) -> tuple[str, ...]:
    """The address of a package: of the API, or of a repository."""
    return (f"{base}/packages/{quote(name.lower(), safe='')}",)


@reads
def read(answers: Sequence[Answer], asked: Asked) -> PackageFacts:
    """What the API, or the repository, says."""
    if asked.index.endswith(_API):
        return _of_api(document(answers[0]), asked)
    return _of_repository(answers[0].body, asked)


def _of_api(told: Mapping[str, Any], asked: Asked) -> PackageFacts:
    if text(told.get("name")).lower() != asked.name.lower():
        raise RefusedError("it is about no package of that name")
    taken = mapping(told.get("retirements"))
    versions: dict[str, VersionFacts] = {}
    for own in islice(items(told.get("releases")), MOST_VERSIONS):
        row = mapping(own)
        version = text(row.get("version"))[:100]
        retired = taken.get(version)
        words = (text(mapping(retired).get("reason")), text(mapping(retired).get("message")))
        if version:
            versions[version] = _version(
                moment(row.get("inserted_at")), retired is not None, ": ".join(word for word in words if word)
            )
    meta = mapping(told.get("meta"))
    links = mapping(meta.get("links"))
    owners = len(items(told.get("owners"))) or None
    return facts_of(
        asked,
        versions,
        latest=text(told.get("latest_stable_version") or told.get("latest_version")) or next(iter(versions), None),
        owners=owners,
        repository_url=repository_of(*links.values()),
        licence=licence_of(*items(meta.get("licenses"))[:1]),
        unknown={} if owners else {OWNERS: "the index does not tell it"},
    )


def _version(at: int | None, is_retired: bool, why: str) -> VersionFacts:
    """A retired version is still given out to those who have it: it is taken back, as a yanked one is."""
    return VersionFacts(released_at=at, yanked=is_retired, yanked_why=text(why), deprecated=False)


def _of_repository(body: bytes, asked: Asked) -> PackageFacts:
    payload = next((own for number, own in _fields(_inflated(body)) if number == 1 and isinstance(own, bytes)), b"")
    versions: dict[str, VersionFacts] = {}
    name = ""
    for number, value in _fields(payload):
        if number == 2 and isinstance(value, bytes):
            name = value.decode("utf-8", "replace")
        if number == 1 and isinstance(value, bytes) and len(versions) < MOST_VERSIONS:
            version, why = _release(value)
            versions[version] = _version(None, why is not None, why or "")
    if name.lower() != asked.name.lower():
        raise RefusedError("it is about no package of that name")
    why = "a repository of Hex does not tell it"
    return facts_of(asked, versions, unknown={DATES: why, OWNERS: why, REPOSITORY: why, LICENCE: why})


def _release(message: bytes) -> tuple[str, str | None]:
    """A release's version, and why it was retired (None: it was not)."""
    version, why = "", None
    for number, value in _fields(message):
        if number == 1 and isinstance(value, bytes):
            version = value.decode("utf-8", "replace")[:100]
        if number == 4 and isinstance(value, bytes):
            told = dict(_fields(value))
            reason, words = told.get(1, 0), told.get(2, b"")
            known = _REASONS[reason] if isinstance(reason, int) and reason < len(_REASONS) else ""
            said = words.decode("utf-8", "replace") if isinstance(words, bytes) else ""
            why = ": ".join(word for word in (known, said) if word)
    return version, why


def _inflated(body: bytes) -> bytes:
    """What gzip holds, up to a size; the body itself where it is none (it came without)."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    opened = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        found = opened.decompress(body, _LARGEST)
    except zlib.error as error:
        raise RefusedError("it is no gzip") from error
    if opened.unconsumed_tail:
        raise RefusedError(f"it holds more than {_LARGEST:,} bytes")
    return found


def _fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """The fields of a protobuf message by their numbers: a whole number, or bytes; others are passed over.

    Raises:
        RefusedError: it is none.
    """
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        kind = key & 7
        if kind == _VARINT:
            value, at = _varint(message, at)
            yield key >> 3, value
        elif kind == _BYTES:
            size, at = _varint(message, at)
            if size > len(message) - at:
                raise RefusedError("it is no message of a registry: it ends too early")
            yield key >> 3, message[at : at + size]
            at += size
        elif kind in {1, 5}:  # eight and four bytes
            at += 8 if kind == 1 else 4
        else:
            raise RefusedError("it is no message of a registry")


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(message):
            break
        byte = message[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
    raise RefusedError("it is no message of a registry: a number in it has no end")


PROBES: Final = (
    Probe("phoenix", (DATES,), "phoenix 1.0.0 was published on 2015-08-28", is_dated("1.0.0", 16_675, within=1)),
)

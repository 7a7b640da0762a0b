"""crates.io and whatever speaks like it: its API (``…/api/v1/crates``), or a sparse index.

Sources: the Cargo book, "Registries, Index format" (a line of JSON for each version); crates.io's own API, which
alone tells dates.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, Final
from urllib.parse import quote

from asbuilt.model.registry_facts import DATES, LICENCE, OWNERS, REPOSITORY, PackageFacts, VersionFacts
from asbuilt.supply.formats import RefusedError, read_json, read_text
from asbuilt.supply.registry.answers import (
    MOST_VERSIONS,
    Answer,
    Asked,
    Probe,
    document,
    facts_of,
    is_dated,
    licence_of,
    mapping,
    moment,
    no_more,
    reads,
    repository_of,
    text,
)

ECOSYSTEM: Final = "crates.io"
ACCEPT: Final = "application/json"
asks_more = no_more
_NAME: Final = re.compile(r"[a-z0-9_-]+")
_API: Final = "/api/v1/crates"


def asks(base: str, name: str) -> tuple[str, ...]:
    """The address of a crate: of the API, or of its file in a sparse index."""
    plain = name.lower()
    if base.endswith(_API) or not _NAME.fullmatch(plain):  # what is no name is nowhere in an index
        return (f"{base}/{quote(name, safe='')}",)
    if len(plain) <= 3:
        return (f"{base}/{len(plain)}/{plain[:1] + '/' if len(plain) == 3 else ''}{plain}",)
    return (f"{base}/{plain[:2]}/{plain[2:4]}/{plain}",)


@reads
def read(answers: Sequence[Answer], asked: Asked) -> PackageFacts:
    """What the API, or the file of a sparse index, says."""
    if asked.index.endswith(_API):
        return _of_api(document(answers[0]), asked)
    return _of_index(read_text(answers[0].body), asked)


def _of_api(told: Mapping[str, Any], asked: Asked) -> PackageFacts:
    crate = mapping(told.get("crate"))
    if not isinstance(told.get("versions"), list) or not crate:
        raise RefusedError("it is about no crate")
    rows = [mapping(own) for own in islice(told["versions"], MOST_VERSIONS)]
    licences = (own.get("license") for own in rows)
    return facts_of(
        asked,
        _versions(rows, "num"),
        latest=text(crate.get("max_version")) or None,
        repository_url=repository_of(crate.get("repository"), crate.get("homepage")),
        licence=licence_of(*islice(licences, 1)),
        unknown={OWNERS: "owners are told elsewhere, and were not asked for"},
    )


def _of_index(words: str, asked: Asked) -> PackageFacts:
    rows = [mapping(read_json(line)) for line in islice(words.splitlines(), MOST_VERSIONS) if line.strip()]
    if not rows or any(text(own.get("name")).lower() != asked.name.lower() for own in rows):
        raise RefusedError("it is about no crate of that name")
    why = "a sparse index does not tell it"
    return facts_of(
        asked,
        _versions(rows, "vers"),
        unknown={DATES: why, OWNERS: why, REPOSITORY: why, LICENCE: why},
    )


def _versions(rows: Iterable[Mapping[str, Any]], key: str) -> dict[str, VersionFacts]:
    found = {}
    for own in rows:
        yanked = own.get("yanked")
        if text(own.get(key)):
            found[text(own[key])] = VersionFacts(
                released_at=moment(own.get("created_at")),
                yanked=yanked if isinstance(yanked, bool) else None,
                yanked_why=text(own.get("yank_message")),
                deprecated=False,  # no version is, there: it is yanked
            )
    return found


PROBES: Final = (Probe("serde", (DATES,), "serde 1.0.0 was published on 2017-04-20", is_dated("1.0.0", 17_276)),)

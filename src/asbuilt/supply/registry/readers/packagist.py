"""Packagist and whatever speaks Composer's ``p2``: versions, the repository, the licence, whether it is abandoned.

Source: Composer, "Repositories, Composer, metadata-url". The list is minified: a version says what differs from the
one before it; the first says all. Its times are those of commits, which their authors choose: no dates.
"""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any, Final
from urllib.parse import quote

from asbuilt.model.registry_facts import DATES, OWNERS, PackageFacts, Standing, VersionFacts
from asbuilt.supply.formats import RefusedError
from asbuilt.supply.registry.answers import (
    MOST_VERSIONS,
    Answer,
    Asked,
    Probe,
    document,
    facts_of,
    items,
    licence_of,
    mapping,
    moment,
    no_more,
    reads,
    repository_of,
    text,
)

ECOSYSTEM: Final = "Packagist"
ACCEPT: Final = "application/json"
asks_more = no_more
PROBES: Final[tuple[Probe, ...]] = ()


def asks(base: str, name: str) -> tuple[str, ...]:
    """The address of a package's released versions."""
    return (f"{base}/p2/{quote(name.lower(), safe='/')}.json",)


@reads
def read(answers: Sequence[Answer], asked: Asked) -> PackageFacts:
    """What the list of versions says."""
    rows = mapping(document(answers[0]).get("packages")).get(asked.name.lower())
    if not isinstance(rows, list):
        raise RefusedError("it is about no package of that name")
    newest: Mapping[str, Any] = mapping(rows[0]) if rows else {}
    abandoned = newest.get("abandoned")
    standing: tuple[Standing | None, str] = (None, "")
    if abandoned is True or (isinstance(abandoned, str) and abandoned):
        standing = ("deprecated", f"abandoned, {text(abandoned)} instead" if text(abandoned) else "abandoned")
    numbers = (text(mapping(own).get("version")) for own in islice(rows, MOST_VERSIONS))
    times = [moment(mapping(own).get("time")) for own in islice(rows, MOST_VERSIONS)]
    return facts_of(
        asked,
        {number: VersionFacts(yanked=False, deprecated=False) for number in numbers if number},
        latest=text(newest.get("version")) or None,
        standing=standing,
        repository_url=repository_of(mapping(newest.get("source")).get("url")),
        first_committed_at=min((own for own in times if own is not None), default=None),
        licence=licence_of(*items(newest.get("license"))[:1]),
        unknown={
            DATES: "the index tells when commits were made, which is not when they were published",
            OWNERS: "the index does not tell it",
        },
    )

"""RubyGems and whatever speaks its API: the versions of a gem, and beside them the gem.

Source: RubyGems guides, "RubyGems.org API". What was yanked is no longer listed: a version that is not there
is absent.
"""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any, Final
from urllib.parse import quote

from asbuilt.model.registry_facts import DATES, OWNERS, REPOSITORY, PackageFacts, VersionFacts
from asbuilt.supply.formats import RefusedError, read_json, read_text
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

ECOSYSTEM: Final = "RubyGems"
ACCEPT: Final = "application/json"
asks_more = no_more


def asks(base: str, name: str) -> tuple[str, ...]:
    """The addresses of a gem's versions, and of the gem."""
    plain = quote(name, safe="")
    return (f"{base}/api/v1/versions/{plain}.json", f"{base}/api/v1/gems/{plain}.json")


@reads
def read(answers: Sequence[Answer], asked: Asked) -> PackageFacts:
    """What the list of versions, and the gem beside it, say."""
    more: Mapping[str, Any] = {}
    unknown = {OWNERS: "owners are told elsewhere, and were not asked for"}
    rows = read_json(read_text(answers[0].body))
    if not isinstance(rows, list) or not all(isinstance(own, dict) for own in rows):
        raise RefusedError("it is no list of versions")
    try:
        if len(answers) > 1 and answers[1].status == 200:
            more = document(answers[1])
    except RefusedError as error:
        unknown[REPOSITORY] = f"the gem's document cannot be read: {error}"
    if not more:
        unknown.setdefault(REPOSITORY, "the index has no document of the gem")
    versions: dict[str, VersionFacts] = {}
    for own in islice(rows, MOST_VERSIONS):
        version, at = text(own.get("number")), moment(own.get("created_at"))
        known = versions.get(version)
        # A version has a row for each platform: it was released with the first.
        earliest = min((each for each in (at, known and known.released_at) if each), default=None)
        if version:
            versions[version] = VersionFacts(released_at=earliest, yanked=False, deprecated=False)
    newest = mapping(rows[0]) if rows else {}
    return facts_of(
        asked,
        versions,
        latest=text(newest.get("number")) or None,
        repository_url=repository_of(more.get("source_code_uri"), more.get("homepage_uri")),
        licence=licence_of(*(items(newest.get("licenses")) or items(more.get("licenses")))[:1]),
        unknown=unknown,
    )


PROBES: Final = (Probe("rails", (DATES,), "rails 4.0.0 was published on 2013-06-25", is_dated("4.0.0", 15_881)),)

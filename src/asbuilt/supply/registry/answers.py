"""What an index answered, and what readers need to take it apart: bounded, tolerant, and never an invention.

A value of the wrong type is as if it were not there; a document that is none is an answer that could not be read,
which is never "absent".
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import wraps
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

from asbuilt.model.registry_facts import DATES, EXISTS, PackageFacts, Standing, VersionFacts
from asbuilt.model.text import visible
from asbuilt.supply.formats import RefusedError, read_json, read_text
from asbuilt.supply.licences import spdx_expression

DAY: Final = 86_400
MOST_VERSIONS: Final = 50_000  # of one package
LONGEST: Final = 300  # characters of a text that is kept
LONGEST_NAME: Final = 214  # of a package: npm's own limit, the longest of them
_EARLIEST: Final = 631_152_000  # 1990: a date before it is none of a release
_ABSENT: Final = frozenset({404, 410})
# ``git@HOST:OWNER/NAME``, and ``ssh://git@HOST:OWNER/NAME``, which is no address but is written.
_SCP: Final = re.compile(r"\A(?:ssh://)?git@([^/:]+):/?(?!\d+/)(.+)")
_HOSTS: Final = ("github.com", "gitlab.com", "bitbucket.org", "codeberg.org", "sr.ht")


class Answer(msgspec.Struct, frozen=True):
    """One answer: its status (None: none came, and ``why``), its bytes, what they are, since when they are so."""

    status: int | None
    body: bytes = b""
    kind: str = ""
    why: str = ""
    modified: str = ""


class Asked(msgspec.Struct, frozen=True):
    """What was asked of whom, and when (Unix seconds)."""

    ecosystem: str
    name: str
    index: str
    at: int


Read = Callable[[Sequence[Answer], Asked], PackageFacts]


class Probe(msgspec.Struct, frozen=True):
    """A package that everybody knows something about: what must be told of it by an index that does not lie.

    ``fields`` become unknown when ``holds`` says no; ``truth`` is the sentence of what must hold.
    """

    name: str
    fields: tuple[str, ...]
    truth: str
    holds: Callable[[PackageFacts], bool]


def no_more(_: str, __: str, answers: Sequence[Answer]) -> tuple[str, ...]:  # noqa: ARG001 - what readers have
    """Of a reader that asks about everything at once: nothing besides."""
    return ()


def reads(read: Read) -> Read:
    """A reader of the first answer: where that holds no document, or none that can be read, the facts say so."""

    @wraps(read)
    def tolerant(answers: Sequence[Answer], asked: Asked) -> PackageFacts:
        first = not_there(answers[0], asked)
        if first is not None:
            return first
        try:
            return read(answers, asked)
        except (RefusedError, RecursionError) as error:
            return not_read(asked, str(error))

    return tolerant


def is_dated(version: str, day: int, *, within: int = 0) -> Callable[[PackageFacts], bool]:
    """Whether an index dates a version to a day (days since 1970, UTC), give or take ``within`` days."""

    def holds(facts: PackageFacts) -> bool:
        told = facts.versions.get(version)
        return told is not None and told.released_at is not None and abs(told.released_at // DAY - day) <= within

    return holds


def is_deprecated(facts: PackageFacts) -> bool:
    """Whether an index calls any version of a package deprecated."""
    return any(own.deprecated for own in facts.versions.values())


def not_there(answer: Answer, asked: Asked) -> PackageFacts | None:
    """The facts where an answer holds no document: absent, or not seen and why; None where there is one to read."""
    if answer.status == 200:
        return None
    absent = answer.status in _ABSENT
    why = answer.why or ("" if absent else _refused(answer.status))
    return PackageFacts(
        ecosystem=asked.ecosystem,
        name=asked.name,
        index=asked.index,
        asked_at=asked.at,
        exists=False if absent else None,
        unknown={} if absent else {EXISTS: why},
    )


def _refused(status: int | None) -> str:
    if status in {401, 403}:
        return f"the index refuses to say (it answers {status})"
    return f"the index answers {status}"


def not_read(asked: Asked, why: str) -> PackageFacts:
    """The facts where a document came that is none."""
    return not_seen(asked, f"what the index answers cannot be read: {visible(why, 200)}")


def not_seen(asked: Asked, why: str) -> PackageFacts:
    """The facts where nothing could be seen."""
    return PackageFacts(
        ecosystem=asked.ecosystem,
        name=asked.name,
        index=asked.index,
        asked_at=asked.at,
        exists=None,
        unknown={EXISTS: why},
    )


def document(answer: Answer) -> Mapping[str, Any]:
    """The JSON document of an answer.

    Raises:
        RefusedError: it is none.
    """
    told = read_json(read_text(answer.body))
    if not isinstance(told, dict):
        raise RefusedError("it is no JSON document")
    return told


def facts_of(
    asked: Asked,
    versions: Mapping[str, VersionFacts],
    *,
    latest: str | None = None,
    standing: tuple[Standing | None, str] = (None, ""),
    owners: int | None = None,
    repository_url: str | None = None,
    licence: str | None = None,
    first_committed_at: int | None = None,
    unknown: Mapping[str, str],
) -> PackageFacts:
    """The facts of a package that is there; its first and newest release are those of its dated versions.

    Where a version has no date it may be the first: the first release is then no later than is told, and
    ``unknown`` says so.
    """
    dates = [own.released_at for own in versions.values()]
    known = [date for date in dates if date is not None]
    whole = bool(known) and len(known) == len(dates)
    told = dict(unknown)
    if not whole:
        told.setdefault(DATES, "the index does not date every version" if known else "the index tells no dates")
    return PackageFacts(
        ecosystem=asked.ecosystem,
        name=asked.name,
        index=asked.index,
        asked_at=asked.at,
        exists=True,
        standing=standing[0],
        standing_why=standing[1],
        first_released_at=min(known, default=None),
        latest_released_at=max(known, default=None),
        first_committed_at=first_committed_at,
        releases=len(versions),
        latest=latest,
        versions=versions,
        owners=owners,
        repository_url=repository_url,
        licence=licence,
        unknown=told,
    )


def moment(value: object) -> int | None:
    """Unix seconds of an ISO 8601 text (without a zone: UTC); None for anything else, and for times before 1990."""
    if not isinstance(value, str) or not 10 <= len(value) <= 40:
        return None
    try:
        told = datetime.fromisoformat(value)
        seconds = int((told if told.tzinfo else told.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return None
    return seconds if seconds >= _EARLIEST else None


def http_moment(value: str) -> int | None:
    """Unix seconds of the date of an HTTP header; None for anything else."""
    try:
        seconds = int(parsedate_to_datetime(value).timestamp())
    except (ValueError, OverflowError, TypeError):
        return None
    return seconds if seconds >= _EARLIEST else None


def text(value: object) -> str:
    """The value as a text of bounded length; empty when it is none."""
    return value.strip()[:LONGEST] if isinstance(value, str) else ""


def mapping(value: object) -> Mapping[str, Any]:
    """The value as a mapping; empty when it is none."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> Sequence[Any]:
    """The value as a list; empty when it is none."""
    return value if isinstance(value, list) else ()


def licence_of(*told: object) -> str | None:
    """The first of these that is, or means, an SPDX expression."""
    return next((known for own in told if (known := spdx_expression(text(own)) if text(own) else None)), None)


def repository_of(*told: object) -> str | None:
    """The first of these addresses that leads to a repository at a known forge, as ``https://HOST/PATH``."""
    for own in told:
        address = _SCP.sub(r"https://\1/\2", text(own).removeprefix("git+")).removesuffix(".git")
        if address.startswith("github:"):
            address = f"https://github.com/{address[7:]}"
        try:
            parts = urlsplit(address)
            host = (parts.hostname or "").removeprefix("www.")
        except ValueError:
            continue
        path = parts.path.strip("/")
        if path.count("/") >= 1 and any(host == known or host.endswith(f".{known}") for known in _HOSTS):
            return f"https://{host}/{path}"
    return None

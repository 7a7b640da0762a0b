"""One OSV record, as bytes, to an advisory and what it says is affected (ossf.github.io/osv-schema 1.7).

Only what is asked for later is kept: the long description is not. A record that is not what it should be is refused
as a whole, by name: half of an advisory would be a false all-clear.
"""

from datetime import datetime
from typing import Any, Literal

import msgspec

from asbuilt.model.advisory import Advisory, Severity
from asbuilt.supply.advisories.names import plain_ecosystem, plain_name
from asbuilt.supply.advisories.severity import level_of

LARGEST = 32 << 20  # bytes of one record; the largest public ones are below 10 MiB
_LONGEST_ID = 200
# What is said at a version: "unclear" stands for an event that we do not know.
Said = Literal["introduced", "fixed", "last_affected", "limit", "unclear"]
Event = tuple[Said, str]


class BadRecordError(ValueError):
    """A record that cannot be taken in, and why."""


class Affected(msgspec.Struct, frozen=True, array_like=True):
    """What a record says of one package: versions that are listed, and ranges of events in the order written.

    ``told`` is False when it names neither: then no version can be decided.
    """

    ecosystem: str
    name: str
    versions: tuple[str, ...]
    ranges: tuple[tuple[Event, ...], ...]
    told: bool


class Taken(msgspec.Struct, frozen=True):
    """One record that was taken in."""

    advisory: Advisory
    affected: tuple[Affected, ...]


class _Event(msgspec.Struct):
    introduced: str | None = None
    fixed: str | None = None
    last_affected: str | None = None
    limit: str | None = None

    def said(self) -> Event:
        kinds: tuple[Said, ...] = ("introduced", "fixed", "last_affected", "limit")
        told: list[Event] = [(kind, text) for kind in kinds if (text := getattr(self, kind)) is not None]
        return told[0] if len(told) == 1 else ("unclear", "")


class _Range(msgspec.Struct):
    type: str
    events: list[_Event] | None = None


class _Package(msgspec.Struct):
    ecosystem: str
    name: str


class _Severity(msgspec.Struct):
    type: str
    score: str


class _Affected(msgspec.Struct):
    package: _Package | None = None
    ranges: list[_Range] | None = None
    versions: list[str] | None = None
    severity: list[_Severity] | None = None
    database_specific: Any = None
    ecosystem_specific: Any = None


class _Osv(msgspec.Struct):
    id: str
    modified: datetime
    published: datetime | None = None
    withdrawn: datetime | None = None
    aliases: list[str] | None = None
    summary: str | None = None
    details: str | None = None
    severity: list[_Severity] | None = None
    affected: list[_Affected] | None = None
    database_specific: Any = None


_DECODER = msgspec.json.Decoder(_Osv)


def read_osv(data: bytes) -> Taken:
    """One record.

    Raises:
        BadRecordError: it is no OSV record; says why.
    """
    if len(data) > LARGEST:
        raise BadRecordError(f"it is larger than {LARGEST:,} bytes")
    try:
        told = _DECODER.decode(data.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:  # ValidationError is a DecodeError
        raise BadRecordError(str(error) or "it is nested too deeply") from error
    if not told.id or len(told.id) > _LONGEST_ID or not told.id.isprintable():
        raise BadRecordError("its id is no identifier")
    severity = [*(told.severity or ())]
    for each in told.affected or ():
        severity += each.severity or ()
    vectors = tuple(dict.fromkeys(Severity(each.type, each.score) for each in severity))
    said = [told.database_specific, *(part for each in told.affected or () for part in _own_words(each))]
    words = [part.get("severity") for part in said if isinstance(part, dict)]
    advisory = Advisory(
        id=told.id,
        modified=int(told.modified.timestamp()),
        aliases=tuple(dict.fromkeys(told.aliases or ())),
        published=_seconds(told.published),
        withdrawn=_seconds(told.withdrawn),
        summary=(told.summary or (told.details or "").strip().partition("\n")[0])[:300],
        severity=vectors,
        level=level_of(words, vectors),
        informational=_informational(said),
    )
    return Taken(advisory, tuple(_affected(each) for each in told.affected or () if each.package is not None))


def _own_words(affected: _Affected) -> tuple[Any, Any]:
    return affected.database_specific, affected.ecosystem_specific


def _informational(said: list[Any]) -> str | None:
    """RustSec's word for an advisory that tells of no weakness."""
    words = {part.get("informational") for part in said if isinstance(part, dict)}
    return next((word for word in ("unsound", "notice", "unmaintained") if word in words), None)


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())


def _affected(told: _Affected) -> Affected:
    package = told.package or _Package("", "")
    ecosystem = plain_ecosystem(package.ecosystem)
    ranges = tuple(
        tuple(event.said() for event in each.events or ()) for each in told.ranges or () if each.type != "GIT"
    )
    versions = tuple(told.versions or ())
    return Affected(ecosystem, plain_name(ecosystem, package.name), versions, ranges, bool(ranges or versions))

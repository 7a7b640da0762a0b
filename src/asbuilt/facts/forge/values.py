"""Reading JSON that comes from a forge, or from whoever writes in its name: a value of the right kind, or None.

Nothing here raises: a missing field, or one of another type, is unknown. What would change the meaning of a row
when it is unknown is refused by the projector that reads it.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from asbuilt.model.text import visible

LARGEST = 2**53 - 1  # what every JSON reader holds exactly (RFC 8785)
LONGEST_NAME = 200  # characters of a login, a branch, a check, a label
LONGEST_TITLE = 500
MOST_ITEMS = 1_000  # of one list in a row
_NOTHING: Mapping[str, Any] = {}
_COMMIT = re.compile(r"(?!0+$)[0-9a-f]{40}(?:[0-9a-f]{24})?")
_PLAIN = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")
_ID = re.compile(r"[\x21-\x7e]{1,200}")
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:?[0-9]{2})"
)


def fields(value: object) -> Mapping[str, Any]:
    """The fields of an object; none of anything else."""
    return value if isinstance(value, dict) else _NOTHING


def dig(value: object, *names: str) -> Any:
    """What stands behind names, one inside another; None where there is nothing."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def items(value: object) -> list[Any]:
    """The items of a list; none of anything else."""
    return value if isinstance(value, list) else []


def nodes(value: object) -> list[Any]:
    """The nodes of a GraphQL connection, those left out that the forge would not show (null)."""
    return [node for node in items(fields(value).get("nodes")) if node is not None]


def is_whole(connection: object) -> bool:
    """Whether a GraphQL connection holds every node there is, as far as it tells."""
    found = fields(connection)
    page = fields(found.get("pageInfo"))
    ends = [page[name] for name in ("hasNextPage", "hasPreviousPage") if name in page]
    total = found.get("totalCount")
    held = len(items(found.get("nodes")))
    if isinstance(total, int):
        return held == total
    return bool(ends) and not any(end is not False for end in ends)


def text(value: object, limit: int = LONGEST_NAME) -> str | None:
    """A text made safe to show and cut to ``limit`` characters; None when empty or none."""
    if not isinstance(value, str):
        return None
    if len(value) <= limit and _PLAIN.fullmatch(value):
        return value
    # What is cut off is not looked at: megabytes cost nothing.
    return visible(value[: limit + 1].strip(), limit) or None


def texts(values: Iterator[str | None]) -> list[str]:
    """All texts that there are, each once, in their order."""
    return list(dict.fromkeys(value for value in values if value))[:MOST_ITEMS]


def whole(value: object) -> int | None:
    """A whole number that is not negative."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST else None


def flag(value: object) -> bool | None:
    """True or false."""
    return value if isinstance(value, bool) else None


def commit_id(value: object) -> str | None:
    """The id of a commit or a tree in lower case; None of anything else, the id of nothing (zeros) among it."""
    if not isinstance(value, str) or len(value) not in {40, 64}:
        return None
    lower = value.lower()
    return lower if _COMMIT.fullmatch(lower) else None


def own_id(value: object) -> str | None:
    """An id that a forge gives, as text: a number of any size that it uses, or a word of plain characters."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if 0 < value < 2**64 else None
    return value if isinstance(value, str) and _ID.fullmatch(value) else None


def moment(value: object) -> str | None:
    """A time with a zone, in UTC to the second (``2026-01-31T12:00:00Z``); None of anything else."""
    return _moment(value) if isinstance(value, str) and len(value) <= 40 else None


@lru_cache(1 << 12)  # one moment stands in many places of a page
def _moment(value: str) -> str | None:
    match = _MOMENT.fullmatch(value)
    if match is None:
        return None
    try:
        plain = datetime.fromisoformat(match[1].upper().replace(" ", "T"))
        zone = match[2]
        if zone not in {"Z", "z"}:
            hours, minutes = int(zone[1:3]), int(zone[-2:])
            if hours > 23 or minutes > 59:
                return None
            away = timedelta(hours=hours, minutes=minutes)
            plain = plain + away if zone[0] == "-" else plain - away
    except (ValueError, OverflowError):
        return None
    return f"{plain.isoformat()}Z" if plain.year >= 1900 else None


@lru_cache(1 << 10)
def moment_of(seconds: int) -> str:
    """Unix seconds as a row writes them."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def not_ahead(observed: int, value: str | None) -> str | None:
    """A time that somebody's own clock gave, such as git's; None where it was still to come at that moment."""
    return None if value is None or value > moment_of(observed) else value

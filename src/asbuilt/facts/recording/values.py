"""One value of one column: from the text or the JSON that stands there to what a payload holds, or why not.

The column decides how a value is read, never its looks: `no` in a text column is the text, in a bool column false.

* text: as it is; in CSV, YAML and on the command line without the spaces around it. Never empty.
* bool: true, false, yes or no, in any letter case. 1 and 0 are not guessed at. In JSON: true or false.
* int: decimal digits, at most 2**53 - 1 in size (RFC 8785: what every JSON reader holds exactly).
* timestamp: a date (00:00:00 UTC), or date and time with a zone; kept in UTC. A time without a zone is refused.
* text[]: `a; b`, or a JSON list in brackets for items that hold a semicolon; `[]` is the empty list.
"""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from asbuilt.facts.schemas import Column
from asbuilt.model.text import visible

LONGEST = 32_768  # characters of one text
MOST_ITEMS = 10_000  # of one list
LARGEST = 2**53 - 1
QUOTED = 60  # characters of a refused value that an error shows

_INT = re.compile(r"[+-]?[0-9]{1,16}")
_BOOLS = {"true": True, "yes": True, "false": False, "no": False}
_MOMENT = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[Tt ](?P<time>[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:\.(?P<part>[0-9]{1,6}))?"
    r" ?(?P<zone>[Zz]|[+-][0-9]{2}:?[0-9]{2})?)?"
)
# Controls that act on a terminal or end a text early; a tab and the ends of lines are plain text.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_DATE_FIX = "Write 2026-01-31 (00:00:00 UTC) or 2026-01-31T12:00:00Z."

Told = str | bool | int | list[str]


class RefusedValueError(ValueError):
    """A value cannot be what its column holds: what it is, and what to write."""

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(what)
        self.what = what
        self.fix = fix


class Moment(NamedTuple):
    """A timestamp as the payload writes it (RFC 3339, UTC), in Unix seconds, and whether it was a date alone."""

    text: str
    seconds: int
    plain: bool = False


def read_text(column: Column, text: str) -> Told | Moment | None:
    """The value that a text stands for in that column; None for an empty one.

    Raises:
        RefusedValueError: it is none; says what to write.
    """
    stripped = text.strip()
    if not stripped:
        return None
    if column.type == "text":
        return _plain(stripped)
    if column.type == "bool":
        return _bool(stripped)
    if column.type == "int":
        return _int(stripped)
    if column.type == "timestamp":
        return read_moment(stripped)
    return _list(stripped)


def read_json(column: Column, value: object) -> Told | Moment | None:
    """The value that a JSON value is in that column; None for null.

    Raises:
        RefusedValueError: it is of another type, or none that the column holds.
    """
    if value is None:
        return None
    if isinstance(value, list) and column.type == "text[]":
        return _items(value)
    if isinstance(value, str):
        if not value.strip():
            raise RefusedValueError(
                "The text is empty.", "Write null, or leave the key out, where nothing is known."
            )
        if column.type == "text":
            return _plain(value)
        if column.type == "timestamp":
            return read_moment(value)
    elif column.type == "int" and isinstance(value, int) and not isinstance(value, bool):
        return _sized(value)
    elif column.type == "bool" and isinstance(value, bool):
        return value
    raise RefusedValueError(f"{_kind(value)} is not {_ARTICLES[column.type]}.", _JSON_FIXES[column.type])


def read_untyped(column: Column, value: object) -> Told | Moment | None:
    """The value of a text, or of a list of texts (YAML); None for null or an empty text.

    Raises:
        RefusedValueError: it is of another shape, or none that the column holds.
    """
    if isinstance(value, str):
        return read_text(column, value)
    if isinstance(value, list) and column.type != "text[]":
        raise RefusedValueError("A list stands where one value belongs.", "Write one value.")
    return read_json(column, value)


def read_moment(text: str) -> Moment:
    """A date, or a date and time with a zone, as a moment in UTC.

    Raises:
        RefusedValueError: it is none, or a time without a zone.
    """
    match = _MOMENT.fullmatch(text)
    if match is None:
        raise RefusedValueError(f"{quoted(text)} is no date.", _DATE_FIX)
    zone = match["zone"]
    if match["time"] and not zone:
        raise RefusedValueError(
            f"{quoted(text)} does not say in which time zone it is.", "Add Z for UTC, or an offset such as +02:00."
        )
    try:
        at = datetime.fromisoformat(f"{match['day']}T{match['time'] or '00:00'}").replace(tzinfo=UTC)
        if zone and zone not in "Zz":
            hours, minutes = int(zone[1:3]), int(zone[-2:])
            if hours > 23 or minutes > 59:
                raise ValueError(zone)  # noqa: TRY301 - one way out for whatever is no moment
            at -= timedelta(hours=hours, minutes=minutes) * (-1 if zone[0] == "-" else 1)
    except (ValueError, OverflowError) as error:
        raise RefusedValueError(f"{quoted(text)} is no moment of the calendar.", _DATE_FIX) from error
    part = (match["part"] or "").rstrip("0")
    written = at.strftime("%Y-%m-%dT%H:%M:%S") if at.year >= 1000 else at.isoformat()[:19]
    return Moment(f"{written}{'.' if part else ''}{part}Z", int(at.timestamp()), plain=not match["time"])


def moment_text(seconds: int) -> str:
    """Unix seconds as payloads write them."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def quoted(text: str) -> str:
    """A refused value, short and safe to show."""
    return f"'{visible(text, QUOTED)}'"


def _plain(text: str) -> str:
    if len(text) > LONGEST:
        raise RefusedValueError(
            f"The text has {len(text):,} characters; at most {LONGEST:,} are kept.",
            "Put it in a file, and attach that with --attach.",
        )
    found = _CONTROLS.search(text)
    if found:
        raise RefusedValueError(f"{quoted(text)} holds the control character {visible(found[0])}.", "Take it out.")
    return text


def _bool(text: str) -> bool:
    try:
        return _BOOLS[text.casefold()]
    except KeyError:
        raise RefusedValueError(
            f"{quoted(text)} is neither true nor false.", "Write true or false (yes and no will do)."
        ) from None


def _int(text: str) -> int:
    if not _INT.fullmatch(text):
        raise RefusedValueError(f"{quoted(text)} is no whole number.", "Write digits alone, such as 12.")
    return _sized(int(text))


def _sized(value: int) -> int:
    if not -LARGEST <= value <= LARGEST:
        raise RefusedValueError(f"The number is larger than {LARGEST:,}.", "Write a smaller one.")
    return value


def _list(text: str) -> list[str]:
    if text.startswith("["):
        try:
            items = json.loads(text)
        except (ValueError, RecursionError):
            items = None
        if not isinstance(items, list):
            raise RefusedValueError(
                f"{quoted(text)} begins like a JSON list and is none.",
                'Write ["a", "b"], or a; b without brackets.',
            )
        return _items(items)
    return _items([item.strip() for item in text.split(";")])


def _items(items: list[object]) -> list[str]:
    if len(items) > MOST_ITEMS:
        raise RefusedValueError(
            f"The list has {len(items):,} items; at most {MOST_ITEMS:,} are kept.", "Split the row."
        )
    read = []
    for item in items:
        if not isinstance(item, str):
            raise RefusedValueError(f"{_kind(item)} in a list of texts is no text.", "Put it in quotes.")
        if not item.strip():
            raise RefusedValueError(
                "An item of the list is empty.", "Take it out, or the separator that is too many."
            )
        read.append(_plain(item))
    return read


_ARTICLES = {
    "text": "a text",
    "bool": "true or false",
    "int": "a whole number",
    "timestamp": "a date",
    "text[]": "a list of texts",
}
_JSON_FIXES = {
    "text": "Put it in quotes.",
    "bool": "Write true or false, without quotes.",
    "int": "Write digits alone, without quotes or a fraction.",
    "timestamp": 'Write "2026-01-31" (00:00:00 UTC) or "2026-01-31T12:00:00Z", in quotes.',
    "text[]": 'Write ["a", "b"].',
}


def _kind(value: object) -> str:
    if isinstance(value, str):
        return f"The text {quoted(value)}"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"The number {visible(_number(value), QUOTED)}"
    return "A list" if isinstance(value, list) else "An object"


def _number(value: float) -> str:
    try:
        return repr(value)
    except ValueError:  # more digits than Python turns into text
        return "of thousands of digits"

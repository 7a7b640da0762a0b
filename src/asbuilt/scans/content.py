"""The bytes of a report, opened with care: size, depth and encoding; and values of the kind that is asked for."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Final

import msgspec

from asbuilt.model.errors import SourceError
from asbuilt.model.text import visible

LARGEST: Final = 256 << 20  # bytes of one report
MOST_DEPTH: Final = 200  # elements inside elements; JSON is bounded by the decoder
_RAW_TOP = msgspec.json.Decoder(dict[str, msgspec.Raw])
_ANY = msgspec.json.Decoder()
_FRACTION = re.compile(r"(\.\d{6})\d+")


class Content:
    """One report: its bytes (UTF-8, without a mark of byte order), what stands at its top, and all of it as JSON.

    Raises:
        SourceError: it is too large or too deep; ``document`` and ``top`` where it is no JSON.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self.name = visible(name, 300)
        if len(data) > LARGEST:
            raise self.refused(
                f"It has more than {LARGEST >> 20:,} MiB.", "Write one report for each part of the code."
            )
        self.data = self._utf8(data)
        self.is_xml = self.data[:200].lstrip().startswith(b"<")

    @cached_property
    def top(self) -> dict[str, msgspec.Raw] | None:
        """The members of the object at the top, not yet read; None: it is a list, or something else."""
        if self.is_xml or not self.data.lstrip().startswith(b"{"):
            return None
        found: dict[str, msgspec.Raw] = self._decoded(_RAW_TOP, self.data)
        return found

    @cached_property
    def document(self) -> Any:
        """All of it."""
        if self.is_xml:
            return None
        return self.value(self.data)

    def value(self, raw: bytes | msgspec.Raw) -> Any:
        """A part of it, read.

        Raises:
            SourceError: it is no JSON.
        """
        return self._decoded(_ANY, raw)

    def _decoded(self, decoder: msgspec.json.Decoder[Any], raw: bytes | msgspec.Raw) -> Any:
        try:
            return decoder.decode(raw)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise self.refused(f"It is no JSON: {error}.", "Write the report again.") from error
        except RecursionError as error:
            raise self.refused("It nests too deep.", "Write the report again.") from error

    def refused(self, why: str, fix: str) -> SourceError:
        """The error that says why this report is not read."""
        return SourceError(f"{self.name} is not read.", why=why, fix=fix, where=self.name)

    def _utf8(self, data: bytes) -> bytes:
        try:
            if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
                return data.decode("utf-16").encode()
        except (UnicodeDecodeError, UnicodeEncodeError) as error:
            raise self.refused(f"It is no UTF-16: {error.reason}.", "Write the report as UTF-8.") from error
        return data.removeprefix(b"\xef\xbb\xbf")


def dig(value: object, *path: str | int) -> Any:
    """What stands at the end of a path of names and places; None where it does not lead anywhere."""
    for step in path:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value):
            value = value[step]
        else:
            return None
    return value


def items(value: object) -> Sequence[Any]:
    """The members of a list; nothing of anything else."""
    return value if isinstance(value, list) else ()


def pairs(value: object) -> Iterator[tuple[str, Any]]:
    """Names and values of an object; nothing of anything else."""
    if isinstance(value, dict):
        yield from value.items()


def text(value: object, limit: int = 500) -> str | None:
    """A text, made visible and bounded; None: it is none, or empty. A number becomes one."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return None
    shown = visible(" ".join(value[: limit * 8].split()), limit)
    return shown or None


def whole(value: object) -> int | None:
    """A line, or a count; None: it is none, or not above zero."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1 << 31 else None


def moment(value: object) -> int | None:
    """Unix seconds of an ISO 8601 time; one without a zone is taken as UTC. None: it is no time."""
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        told = datetime.fromisoformat(_FRACTION.sub(r"\1", value.strip().replace(" ", "T", 1)))
    except ValueError:
        return None
    seconds = (told if told.tzinfo else told.replace(tzinfo=UTC)).timestamp()
    return int(seconds) if seconds > 0 else None

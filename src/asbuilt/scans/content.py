"""The bytes of a report, opened with care: size, depth and encoding; and values of the kind that is asked for."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Final, TypeVar

import msgspec

from asbuilt.model.errors import SourceError
from asbuilt.model.text import visible
from asbuilt.scans.pieces import WINDOW, MalformedError, Pieces, take_apart
from asbuilt.scans.secrecy import holds_known
from asbuilt.scans.stored import Held, Stored, without_mark

T = TypeVar("T")
LARGEST: Final = 256 << 20  # bytes of one report
WHOLE: Final = 64 << 20  # bytes of one that is read whole: a document takes several times its bytes
MOST_VALUES: Final = 8_000_000  # of one that is read whole: about 80 bytes for each
MOST_DEPTH: Final = 200  # elements inside elements; JSON is bounded by the decoder
MOST_MEMBERS: Final = 10_000  # of an object that is read by the names of its members
Part = msgspec.Raw | Pieces  # of a JSON document, not yet read
_RAW_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
_RAW_LIST = msgspec.json.Decoder(list[msgspec.Raw])
_ANY = msgspec.json.Decoder()
_LEFT: Final = msgspec.Raw()
_TOP: Final = frozenset({"runs", "version", "$schema", "results"})  # what is read before the format is known
_FRACTION = re.compile(r"(\.\d{6})\d+")
_PACKED: Final = {
    b"\x1f\x8b": "gzip", b"PK\x03\x04": "zip", b"BZh": "bzip2", b"\xfd7zXZ": "xz", b"\x28\xb5\x2f\xfd": "zstd",
}  # fmt: skip


class Content:
    """One report: what stands at its top, all of it as JSON, or its bytes (UTF-8, without a mark of byte order).

    What is large and JSON is taken apart in pieces: ``top``, ``members``, ``elements`` and ``value`` read no more
    of it than they are asked for; ``document`` and ``data`` read all.

    Raises:
        SourceError: it is too large, too deep, or packed; ``document`` and ``top`` where it is no JSON.
    """

    def __init__(self, data: bytes | Stored, name: str) -> None:
        self.name = visible(name, 300)
        stored = Held(data) if isinstance(data, bytes) else data
        if stored.size > LARGEST:
            raise self.refused(
                f"It has more than {LARGEST >> 20:,} MiB.", "Write one report for each part of the code."
            )
        begun = stored.read(0, 200)
        packed = next((kind for mark, kind in _PACKED.items() if begun.startswith(mark)), None)
        if packed is not None:
            raise self.refused(f"It is packed ({packed}).", "Unpack it, and name the file that was in it.")
        try:
            self.stored = without_mark(stored)
        except UnicodeError as error:
            why = error.reason if isinstance(error, UnicodeDecodeError) else str(error)
            raise self.refused(f"It is no UTF-16: {why}.", "Write the report as UTF-8.") from error
        self.is_xml = self.stored.read(0, 200).lstrip().startswith(b"<")
        self._holds_known = False

    @cached_property
    def data(self) -> bytes:
        """All of its bytes."""
        if self.stored.size > WHOLE:
            raise self.refused(
                f"It has more than {WHOLE >> 20} MiB; of SARIF alone more is read.",
                "Write SARIF 2.1.0, or one report for each part of the code.",
            )
        return self.stored.read(0, self.stored.size)

    @cached_property
    def pieces(self) -> Pieces | None:
        """A large object, taken apart; None: it is small enough to be read whole, or something else."""
        if self.is_xml or self.stored.size <= WINDOW or not self._begins(b"{"):
            return None
        try:
            return take_apart(self.stored, self._look)
        except MalformedError as error:
            raise self.refused(str(error), "Write the report again.") from error

    @cached_property
    def top(self) -> Mapping[str, Part] | None:
        """The members of the object at the top, not yet read; None: it is a list, or something else."""
        if self.pieces is not None:
            return self.members(self.pieces, _TOP)
        if self.is_xml or not self._begins(b"{"):
            return None
        found: dict[str, Part] = self._decoded(_RAW_OBJECT, self.data)
        return found

    @cached_property
    def document(self) -> Any:
        """All of it."""
        if self.is_xml:
            return None
        data = self.data
        if data.count(b",") + data.count(b"[") + data.count(b"{") > MOST_VALUES:
            raise self.refused(
                f"It holds more than {MOST_VALUES:,} values.", "Write SARIF 2.1.0, or one report for each part."
            )
        return self.value(data)

    @property
    def holds_known(self) -> bool:
        """Whether it holds what looks like a well-known kind of secret."""
        return holds_known(self.data) if self.pieces is None else self._holds_known

    def members(self, part: Part, wanted: Collection[str] | None = None) -> Mapping[str, Part] | None:
        """The members of an object, not yet read, by their names; None: it is no object.

        Of a large one only those that are wanted (None: all) can be read.

        Raises:
            SourceError: it has too many.
        """
        if isinstance(part, msgspec.Raw):
            try:
                return _RAW_OBJECT.decode(part)
            except msgspec.ValidationError:
                return None
        found: dict[str, Part] = {}
        for name, value in self.each(part.members()):
            found[name] = value if wanted is None or name in wanted else _LEFT
            if len(found) > MOST_MEMBERS:
                raise self.refused(
                    f"An object in it has more than {MOST_MEMBERS:,} members.", "Write the report again."
                )
        return None if part.is_list else found

    def elements(self, part: Part) -> Iterator[Part] | None:
        """The elements of a list, not yet read; None: it is no list."""
        if isinstance(part, msgspec.Raw):
            try:
                return iter(_RAW_LIST.decode(part))
            except msgspec.ValidationError:
                return None
        return self.each(part.elements()) if part.is_list else None

    def each(self, found: Iterator[T]) -> Iterator[T]:
        """What comes out of pieces, with what goes wrong said as a refusal."""
        try:
            yield from found
        except MalformedError as error:
            raise self.refused(str(error), "Write the report again.") from error

    def value(self, raw: bytes | Part) -> Any:
        """A part of it, read.

        Raises:
            SourceError: it is no JSON, or too long to be read whole.
        """
        if isinstance(raw, Pieces):
            try:
                raw = raw.raw()
            except MalformedError as error:
                raise self.refused(str(error), "Write one report for each part of the code.") from error
        return self._decoded(_ANY, raw)

    def _begins(self, mark: bytes) -> bool:
        return self.stored.read(0, WINDOW).lstrip().startswith(mark)

    def _look(self, data: bytes) -> None:
        self._holds_known = self._holds_known or holds_known(data)

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

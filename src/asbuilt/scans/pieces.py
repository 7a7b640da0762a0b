"""A large JSON document in pieces: where its members and elements stand, so that each is read when it is wanted.

1. A window moves over the document. Values that stand in it whole are one piece, with others beside them.
2. Each piece is checked to be JSON when it is found: a document that is cut short is none, wherever that is.
3. A list or an object that no window holds is taken apart in the same way, down to a bounded depth; a text or a
   number that no window holds is a piece of its own, up to a bounded length.
Source: RFC 8259. Memory follows the size of a window, and 200 bytes for each of them.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

import msgspec

from asbuilt.scans.stored import Stored

WINDOW: Final = 256 << 10  # bytes
LONGEST: Final = 64 << 20  # bytes of one value that is read whole
MOST_LEVELS: Final = 24  # of lists and objects that no window holds, inside one another
_STRING: Final = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'


def _values(depth: int) -> bytes:
    """Whatever stands between two brackets, with so many levels of brackets in it."""
    inner = rb'[^"\[\]{}]*+(?:%b[^"\[\]{}]*+)*+' % _STRING
    for _ in range(depth):
        inner = rb'(?:[^"\[\]{}]++|%b|[\[{]%b[\]}])*+' % (_STRING, inner)
    return inner


# (1) Whole members or elements, each with the comma behind it: the engine counts brackets quicker than any loop.
_SOME: Final = re.compile(rb'(?:(?:[^"\[\]{},]++|%b|[\[{]%b[\]}])*+,)*+' % (_STRING, _values(14)), re.DOTALL)
_TOKEN: Final = re.compile(rb'[^"\[\]{},]*+(?:%b[^"\[\]{},]*+)*+([\[\]{},])' % _STRING, re.DOTALL)
_NAME: Final = re.compile(rb"\s*+(%b)\s*+:\s*+" % _STRING, re.DOTALL)
_BLANK: Final = re.compile(rb"[ \t\n\r]*+")
_OPENING, _CLOSING = {0x5B: 0x5D, 0x7B: 0x7D}, b"]}"
_LIST: Final = msgspec.json.Decoder(list[msgspec.Raw])
_OBJECT: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])
_TEXT: Final = msgspec.json.Decoder(str)


_DEEP: Final = "It nests too deep."
_LONG: Final = f"A single value in it has more than {LONGEST >> 20} MiB."


class MalformedError(Exception):
    """It is no JSON, or none that can be taken apart; the text is a sentence that says why."""


def _no_json(why: str, at: int) -> MalformedError:
    return MalformedError(f"It is no JSON: {why} (byte {at:,}).")


class Piece(NamedTuple):
    """Members or elements that stand behind one another; or (``inner``) one of them that no window holds."""

    start: int
    end: int
    name: str | None = None
    inner: "Pieces | None" = None


class Pieces:
    """A list or an object, by its pieces."""

    def __init__(self, stored: Stored, start: int, *, is_list: bool) -> None:
        self._stored, self.start, self.end, self.is_list = stored, start, start, is_list
        self._pieces: list[Piece] = []

    def take(self, piece: Piece) -> None:
        """Add the next piece, to the one before where both together are small."""
        last = self._pieces[-1] if self._pieces else None
        joins = last is not None and last.inner is piece.inner is None and piece.end - last.start <= WINDOW
        if last is not None and joins:
            self._pieces[-1] = Piece(last.start, piece.end)
        else:
            self._pieces.append(piece)

    def raw(self) -> bytes:
        """All of it, as it stands.

        Raises:
            MalformedError: it is too long to be read whole.
        """
        if self.end - self.start > LONGEST:
            raise MalformedError(_LONG)
        return self._stored.read(self.start, self.end)

    def elements(self) -> "Iterator[msgspec.Raw | Pieces]":
        """The elements of a list, in order; nothing of an object."""
        for piece in self._pieces if self.is_list else ():
            if piece.inner is None:
                yield from self._again(_LIST, b"[%b]", piece)
            else:
                yield piece.inner

    def members(self) -> "Iterator[tuple[str, msgspec.Raw | Pieces]]":
        """Names and values of an object, in order; nothing of a list. Of several of one name the last counts."""
        for piece in () if self.is_list else self._pieces:
            if piece.inner is None:
                yield from self._again(_OBJECT, b"{%b}", piece).items()
            else:
                yield piece.name or "", piece.inner

    def _again(self, decoder: msgspec.json.Decoder[Any], form: bytes, piece: Piece) -> Any:
        try:
            return decoder.decode(form % self._stored.read(piece.start, piece.end))
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise MalformedError("It was changed while it was read.") from error


def take_apart(stored: Stored, look: Callable[[bytes], None]) -> Pieces:
    """The pieces of a document that is a list or an object; ``look`` is given the bytes of each when it is found.

    Raises:
        MalformedError: it is no JSON, nests too deep, or holds a value that is too long.
    """
    return _Apart(stored, look).document()


class _Apart:
    """The window, and where in the document it stands."""

    def __init__(self, stored: Stored, look: Callable[[bytes], None]) -> None:
        self._stored, self._look = stored, look
        self._window, self._base = stored.read(0, WINDOW), 0

    def document(self) -> Pieces:
        at = self._blank(0)
        if self._byte(at) not in _OPENING:
            raise _no_json("it is neither a list nor an object", at)
        whole = self._apart(at, 1)
        if self._blank(whole.end) < self._stored.size:
            raise _no_json("something follows its end", whole.end)
        return whole

    def _apart(self, start: int, level: int) -> Pieces:
        """(3) A list or an object that begins at ``start``."""
        if level > MOST_LEVELS:
            raise MalformedError(_DEEP)
        opening = self._byte(start)
        found, closing = Pieces(self._stored, start, is_list=opening == 0x5B), _OPENING[opening]
        at = self._blank(start + 1)
        if self._byte(at) == closing:
            found.end = at + 1
            return found
        while True:
            # (1) As many whole ones as the window holds.
            end = self._past(_SOME, at)
            if end > at:
                self._keep(found, at, end - 1)
                at = self._following(end, closing)
                continue
            if self._base < at:
                self._load(at, WINDOW)
                continue
            # The next one is the last, or nests deep, or is larger than the window.
            over = self._over(at)
            if over is None:
                over = self._large(found, at, level)
            else:
                self._keep(found, at, over)
            at = self._blank(over)
            byte = self._byte(at)
            if byte == closing:
                found.end = at + 1
                return found
            if byte != 0x2C:
                raise _no_json("a comma or a closing bracket is missing", at)
            at = self._following(at + 1, closing)

    def _large(self, found: Pieces, start: int, level: int) -> int:
        """(3) One member or element that no window holds; where it ends."""
        at, name = start, None
        if not found.is_list:
            named = _NAME.match(self._window)
            if named is None:
                raise _no_json("the name of a member is missing or too long", start)
            name, at = self._decoded(_TEXT, named[1], start), start + named.end()
        if self._byte(at) in _OPENING:
            inner = self._apart(at, level + 1)
            found.take(Piece(start, inner.end, name, inner))
            if name is not None:
                self._look(name.encode("utf-8", "replace"))
            return inner.end
        size = WINDOW
        while size < LONGEST and self._base + size < self._stored.size:
            size = min(size * 4, LONGEST)
            self._load(start, size)
            over = self._over(start)
            if over is not None:
                self._keep(found, start, over)
                return over
        if size >= LONGEST:
            raise MalformedError(_LONG)
        raise _no_json("it is cut short", self._stored.size)

    def _over(self, at: int) -> int | None:
        """Where the member or element that begins there is over; None: not in this window."""
        depth, place = 0, at - self._base
        while token := _TOKEN.match(self._window, place):
            byte, place = token[1][0], token.end()
            if byte in _OPENING:
                depth += 1
            elif depth == 0:
                return self._base + place - 1
            elif byte in _CLOSING:
                depth -= 1
        return None

    def _keep(self, found: Pieces, start: int, end: int) -> None:
        """(2) A piece, checked."""
        data = self._window[start - self._base : end - self._base]
        decoder, form = (_LIST, b"[%b]") if found.is_list else (_OBJECT, b"{%b}")
        if not self._decoded(decoder, form % data, start):
            raise _no_json("a value is missing", start)
        self._look(data)
        found.take(Piece(start, end))

    def _decoded(self, decoder: msgspec.json.Decoder[Any], data: bytes, start: int) -> Any:
        try:
            return decoder.decode(data)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise _no_json(f"{error}, counted from there", start) from error
        except RecursionError as error:
            raise MalformedError(_DEEP) from error

    def _following(self, at: int, closing: int) -> int:
        """Where the next one begins, behind a comma."""
        at = self._blank(at)
        if self._byte(at) == closing:
            raise _no_json("a value is missing", at)
        return at

    def _blank(self, at: int) -> int:
        """The next byte that is no blank; the end, where there is none."""
        while at < self._stored.size:
            if not self._base <= at < self._base + len(self._window):
                self._load(at, WINDOW)
            over = self._past(_BLANK, at)
            if over < self._base + len(self._window):
                return over
            at = over
            if not self._window:
                break
        return at

    def _past(self, pattern: re.Pattern[bytes], at: int) -> int:
        """Where what the pattern takes from there is over, within the window."""
        found = pattern.match(self._window, at - self._base)
        return at if found is None else self._base + found.end()

    def _byte(self, at: int) -> int:
        if not self._base <= at < self._base + len(self._window):
            self._load(at, WINDOW)
        if not self._window:
            raise _no_json("it is cut short", at)
        return self._window[at - self._base]

    def _load(self, at: int, size: int) -> None:
        self._window, self._base = self._stored.read(at, at + size), at

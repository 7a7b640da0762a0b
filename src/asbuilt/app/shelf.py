"""A mapping of texts to rows that may grow large: so many in memory, all of them in a temporary file after that.

Like a dict it keeps the order in which keys first came. The file has no name, and goes with the shelf.
"""

import sqlite3
import weakref
from collections.abc import ItemsView, Iterator, MutableMapping, ValuesView
from hashlib import blake2b
from typing import Any, Final

import msgspec

Row = dict[str, Any]
MOST_HELD: Final = 2000  # rows in memory
_AT_ONCE: Final = 512
_PUT: Final = (
    "INSERT INTO rows (key, name, body) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET body = excluded.body"
)
_encode = msgspec.json.Encoder().encode
_SCHEMA: Final = "CREATE TABLE rows (n INTEGER PRIMARY KEY, key BLOB UNIQUE, name TEXT, body BLOB)"


class Shelf(MutableMapping[str, Row]):
    """Rows by their keys. A row that is taken out is a copy: put it back to change it."""

    def __init__(self) -> None:
        self._held: dict[str, Row] = {}  # all rows; once there is a file, those that are not in it yet
        self._file: sqlite3.Connection | None = None

    def __len__(self) -> int:
        if self._file is None:
            return len(self._held)
        self._put(self._file)
        count: int = self._file.execute("SELECT count(*) FROM rows").fetchone()[0]
        return count

    def __bool__(self) -> bool:
        return bool(self._held) or len(self) > 0

    def __contains__(self, key: object) -> bool:
        return key in self._held or (isinstance(key, str) and self._filed("1", key) is not None)

    def __getitem__(self, key: str) -> Row:
        if key in self._held:
            return self._held[key]
        found = self._filed("body", key)
        if found is None:
            raise KeyError(key)
        return _read(found[0])

    def __setitem__(self, key: str, row: Row) -> None:
        self._held[key] = row
        if len(self._held) > MOST_HELD:
            self._file = self._file or self._opened()
            self._put(self._file)

    def __delitem__(self, key: str) -> None:
        if self._file is None:
            del self._held[key]
            return
        self._put(self._file)
        if not self._file.execute("DELETE FROM rows WHERE key = ?", (_digest(key),)).rowcount:
            raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        return (key for key, _ in self._pairs())

    def items(self) -> ItemsView[str, Row]:
        """Keys and rows in order; what is changed while they are read shows from there on."""
        return _Items(self)

    def values(self) -> ValuesView[Row]:
        """The rows alone, in order."""
        return _Values(self)

    def _pairs(self) -> Iterator[tuple[str, Row]]:
        if self._file is None:
            yield from list(self._held.items())
            return
        self._put(self._file)
        last = -1
        while some := self._file.execute(
            "SELECT n, name, body FROM rows WHERE n > ? ORDER BY n LIMIT ?", (last, _AT_ONCE)
        ).fetchall():
            last = some[-1][0]
            for _, key, body in some:
                yield key, _read(body)

    def _filed(self, column: str, key: str) -> Any:
        if self._file is None:
            return None
        return self._file.execute(f"SELECT {column} FROM rows WHERE key = ?", (_digest(key),)).fetchone()  # noqa: S608 - our own words

    def _opened(self) -> sqlite3.Connection:
        # Whichever thread lets go of the shelf last closes the file.
        file = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        weakref.finalize(self, file.close)
        for statement in ("PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF", "PRAGMA cache_size = -2048"):
            file.execute(statement)
        file.execute(_SCHEMA)
        file.execute("BEGIN")
        return file

    def _put(self, file: sqlite3.Connection) -> None:
        """Bring what is held into the file; a row that is there already keeps its place."""
        if self._held:
            told = ((_digest(key), key, _encode(row)) for key, row in self._held.items())
            file.executemany(_PUT, told)
            self._held = {}


class _Items(ItemsView[str, Row]):
    _mapping: Shelf

    def __iter__(self) -> Iterator[tuple[str, Row]]:
        return self._mapping._pairs()  # noqa: SLF001 - a part of it


class _Values(ValuesView[Row]):
    _mapping: Shelf

    def __iter__(self) -> Iterator[Row]:
        return (row for _, row in self._mapping._pairs())  # noqa: SLF001 - a part of it


def _digest(key: str) -> bytes:
    return blake2b(key.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _read(body: bytes) -> Row:
    row: Row = msgspec.json.decode(body)
    return row

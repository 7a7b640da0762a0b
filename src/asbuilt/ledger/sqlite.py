"""A ledger in one SQLite file: WAL, flushed to the disk at every commit, one writer at a time."""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import quote

from asbuilt.ledger.older import bring_over, is_older, older
from asbuilt.ledger.store import Head, damaged, sealed_head
from asbuilt.model.errors import AsBuiltError, LedgerError, SourceError

WAIT_SECONDS = 60.0  # for another writer
FOUND_AT_ONCE = 250  # marks looked up in one statement
PAGE_BYTES = 8192

SCHEMA = {
    "head": (
        "CREATE TABLE head (one INTEGER PRIMARY KEY CHECK (one = 1), format INTEGER NOT NULL, origin TEXT NOT NULL,"
        " size INTEGER NOT NULL, root BLOB NOT NULL, indexed INTEGER NOT NULL, seal BLOB NOT NULL)"
    ),
    "bundles": "CREATE TABLE bundles (start INTEGER PRIMARY KEY, bundle BLOB NOT NULL)",
    "tiles": (
        "CREATE TABLE tiles (level INTEGER NOT NULL, number INTEGER NOT NULL, hashes BLOB NOT NULL,"
        " marks BLOB NOT NULL, PRIMARY KEY (level, number))"
    ),
    "marks": (
        "CREATE TABLE marks (mark INTEGER NOT NULL, position INTEGER NOT NULL,"
        " PRIMARY KEY (mark, position)) WITHOUT ROWID"
    ),
}
_OURS = {*SCHEMA.items(), ("sqlite_autoindex_tiles_1", None)}

_LARGEST = (1 << 63) - 1
_INSERT_MARKS = "INSERT INTO marks (mark, position) VALUES " + ", ".join(  # noqa: S608 - question marks only
    ["(?, ?)"] * FOUND_AT_ONCE
)

_BRING_OVER = (
    "Keep a copy of the folder; `asbuilt ledger checkpoint` brings it over, as does whatever writes to it."
)

# What the reader can mend outside of the ledger; everything else that SQLite reports is damage.
_OUTSIDE = {
    "SQLITE_AUTH": "There are no rights to it",
    "SQLITE_BUSY": "Another writer held it too long",
    "SQLITE_CANTOPEN": "It cannot be opened",
    "SQLITE_FULL": "The disk is full",
    "SQLITE_INTERRUPT": "It was interrupted",
    "SQLITE_IOERR": "The disk refused it",
    "SQLITE_LOCKED": "Another writer held it too long",
    "SQLITE_NOLFS": "The file system takes no file of that size",
    "SQLITE_NOMEM": "There is no memory left",
    "SQLITE_PERM": "There are no rights to it",
    "SQLITE_READONLY": "It can only be read",
}
_DAMAGE = {"SQLITE_IOERR_SHORT_READ", "SQLITE_IOERR_CORRUPTFS"}


class SqliteStore:
    """The store behind ``ledger.db``; see ``store.Store``."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self._path = path
        self.where = str(path)
        self._told = _Telling(self.where)
        self._written: tuple[object, ...] = ()  # the row of ``_put``, as it is read
        self._put: Head | None = None
        with self._told:
            self._connection = _connect(path, read_only=read_only)
            try:
                if is_older(self._connection):
                    if read_only:
                        raise older(self.where, _BRING_OVER)
                    bring_over(self, self._connection, SCHEMA)
            except (sqlite3.Error, LedgerError):
                self._connection.close()
                raise

    @classmethod
    def create(cls, path: Path, head: Head) -> "SqliteStore":
        """Make the file, with the tables and the head of an empty ledger."""
        path.touch(mode=0o600, exist_ok=False)
        store = cls(path)
        with store._told:
            store._connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
            store._connection.execute("PRAGMA journal_mode = WAL")
            store._connection.execute("BEGIN IMMEDIATE")
            for statement in SCHEMA.values():
                store._connection.execute(statement)
            store.put_head(head)
            store._connection.execute("COMMIT")
        return store

    @contextmanager
    def writing(self) -> Iterator[Head]:
        """See ``store.Store``."""
        with self._told:
            self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield self.head()
            with self._told:
                self._connection.execute("COMMIT")
        finally:
            if self._connection.in_transaction:  # it failed, whatever it was
                with self._told:
                    self._connection.execute("ROLLBACK")

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """See ``store.Store``."""
        with self._told:
            self._connection.execute("BEGIN")
        try:
            yield
        finally:
            with self._told:
                self._connection.execute("ROLLBACK")

    def head(self) -> Head:
        """See ``store.Store``."""
        rows = list(
            self._rows("SELECT CASE one WHEN 1 THEN format END, origin, size, root, indexed, seal FROM head")
        )
        if self._put is not None and rows == [self._written]:  # nobody else has written: its seal was made here
            return self._put
        told = [
            (form, _text(origin) if isinstance(origin, bytearray) else None, *rest) for form, origin, *rest in rows
        ]
        return sealed_head(told, self.where)

    def put_head(self, head: Head) -> None:
        """See ``store.Store``."""
        row = (head.format, head.origin, head.size, head.root, head.indexed, head.seal())
        self._run(
            "INSERT OR REPLACE INTO head (one, format, origin, size, root, indexed, seal)"
            " VALUES (1, ?, ?, ?, ?, ?, ?)",
            [row],
        )
        self._put, self._written = head, (row[0], head.origin.encode(), *row[2:])

    def bundles(self, start: int, end: int | None = None) -> Iterator[tuple[int, bytes]]:
        """See ``store.Store``."""
        last = _LARGEST if end is None else end - 1
        return self._rows(
            "SELECT start, bundle FROM bundles WHERE start BETWEEN"
            " coalesce((SELECT max(start) FROM bundles WHERE start <= ?), ?) AND ? ORDER BY start",
            *(start, start, last),
        )

    def add_bundles(self, rows: Iterable[tuple[int, bytes]]) -> None:
        """See ``store.Store``."""
        self._run("INSERT INTO bundles (start, bundle) VALUES (?, ?)", rows)

    def tile(self, level: int, number: int) -> bytes | None:
        """See ``store.Store``."""
        for (hashes,) in self._rows("SELECT hashes FROM tiles WHERE level = ? AND number = ?", level, number):
            return bytes(hashes) if isinstance(hashes, bytes) else b""
        return None

    def put_tiles(self, tiles: Iterable[tuple[int, int, bytes, bytes]]) -> None:
        """See ``store.Store``."""
        self._run(
            "INSERT INTO tiles (level, number, hashes, marks) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (level, number) DO UPDATE SET hashes = excluded.hashes, marks = excluded.marks",
            tiles,
        )

    def tile_names(self) -> Iterator[tuple[int, int, bool]]:
        """See ``store.Store``."""
        return self._rows("SELECT level, number, length(marks) > 0 FROM tiles NOT INDEXED")

    def tile_marks(self, first: int, last: int | None = None) -> Iterator[tuple[int, bytes]]:
        """See ``store.Store``."""
        return self._rows(
            "SELECT number, marks FROM tiles WHERE level = 0 AND number BETWEEN ? AND ? ORDER BY number",
            *(first, _LARGEST if last is None else last),
        )

    def add_marks(self, marks: Sequence[Sequence[int]]) -> None:
        """See ``store.Store``."""
        # Many rows in one statement: half the time of one by one.
        whole = len(marks) - len(marks) % FOUND_AT_ONCE
        pieces = range(0, whole, FOUND_AT_ONCE)
        self._run(_INSERT_MARKS, (list(chain(*marks[at : at + FOUND_AT_ONCE])) for at in pieces))
        self._run("INSERT INTO marks (mark, position) VALUES (?, ?)", marks[whole:])

    def find_marks(self, wanted: Sequence[int]) -> list[tuple[int, int]]:
        """See ``store.Store``."""
        found: list[tuple[int, int]] = []
        for at in range(0, len(wanted), FOUND_AT_ONCE):
            some = wanted[at : at + FOUND_AT_ONCE]
            values = ", ".join(["(?)"] * len(some))
            found += self._rows(
                f"WITH wanted (mark) AS (VALUES {values})"  # noqa: S608 - question marks only
                " SELECT mark, position FROM wanted CROSS JOIN marks USING (mark)",
                *some,
            )
        return found

    def marks(self, first: int | None = None, last: int | None = None) -> Iterator[tuple[int, int]]:
        """See ``store.Store``."""
        if first is None:
            return self._rows("SELECT mark, position FROM marks ORDER BY mark, position")
        return self._rows(
            "SELECT mark, position FROM marks WHERE mark BETWEEN ? AND ? ORDER BY mark, position", first, last
        )

    def defects(self) -> Iterator[str]:
        """See ``store.Store``."""
        schema = {
            (_text(name), None if sql is None else _text(sql))
            for name, sql in self._rows("SELECT name, sql FROM sqlite_schema")
        }
        yield from (f"The schema holds {name!r} as it was not made." for name, _ in sorted(schema - _OURS, key=str))
        yield from (f"The schema lacks {name!r} as it was made." for name, _ in sorted(_OURS - schema, key=str))
        for (line,) in self._rows("PRAGMA quick_check(20)"):
            if _text(line) != "ok":
                yield f"SQLite finds: {_text(line)}"

    def close(self) -> None:
        """See ``store.Store``."""
        self._connection.close()

    def _rows(self, statement: str, *values: object) -> Iterator[Any]:
        with self._told:
            yield from self._connection.execute(statement, values)

    def _run(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        with self._told:
            self._connection.executemany(statement, rows)


class _Telling:
    """What SQLite reports, said as the reader needs it; entered some ten times in every append."""

    __slots__ = ("_where",)

    def __init__(self, where: str) -> None:
        self._where = where

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, sqlite3.Error):
            raise _failure(error, self._where) from error


def _connect(path: Path, *, read_only: bool) -> sqlite3.Connection:
    mode = "rw"
    if read_only:
        # In a folder that takes no files SQLite can read a WAL database only when told that nobody writes to it.
        mode = "ro" if path.with_name(f"{path.name}-wal").exists() else "ro&immutable=1"
        mode = "ro" if _can_write(path.parent) else mode
    connection = sqlite3.connect(
        f"file:{quote(str(path.absolute()))}?mode={mode}",
        uri=True,
        timeout=WAIT_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.text_factory = bytearray  # so that text where bytes must be is told apart
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA fullfsync = ON")
    connection.execute("PRAGMA cache_size = -4096")  # KiB; the same however large the ledger is
    connection.execute("PRAGMA wal_autocheckpoint = 4000")
    return connection


def _can_write(folder: Path) -> bool:
    return os.access(folder, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _text(told: object) -> str:
    return told.decode("utf-8", "replace") if isinstance(told, bytes | bytearray) else str(told)


def _failure(error: sqlite3.Error, where: str) -> AsBuiltError:
    name = getattr(error, "sqlite_errorname", "")
    kind = "_".join(name.split("_")[:2])
    if kind in _OUTSIDE and name not in _DAMAGE:
        return SourceError(
            f"The ledger's database cannot be used: {error}.",
            why=f"{_OUTSIDE[kind]} ({name}). Nothing was half written.",
            fix="Make room, grant the rights, or wait for the other writer; then do it again.",
            where=where,
        )
    return damaged(where, f"SQLite: {error} ({name or type(error).__name__}).")

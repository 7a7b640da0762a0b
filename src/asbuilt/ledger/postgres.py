"""A ledger in a PostgreSQL database: its four tables stand in the first schema of the connection's search path.

Import this module late: the driver is an extra.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg

from asbuilt.ledger.older import RECENT, older
from asbuilt.ledger.store import Head, damaged, sealed_head
from asbuilt.model.errors import AsBuiltError, LedgerError, SourceError, UsageError

WAIT_SECONDS = 60  # for another writer
ROWS_AT_ONCE = 256
MARKS_AT_ONCE = 20_000
_LARGEST = (1 << 63) - 1

# Hashes do not get smaller: EXTERNAL saves the attempt.
SCHEMA = """
CREATE TABLE head (one integer PRIMARY KEY CHECK (one = 1), format integer NOT NULL, origin text NOT NULL,
    size bigint NOT NULL, root bytea NOT NULL, indexed bigint NOT NULL, seal bytea NOT NULL);
CREATE TABLE bundles (start bigint PRIMARY KEY, bundle bytea NOT NULL);
CREATE TABLE tiles (level integer, number bigint, hashes bytea NOT NULL, marks bytea NOT NULL,
    PRIMARY KEY (level, number));
CREATE TABLE marks (mark bigint, position bigint, PRIMARY KEY (mark, position));
ALTER TABLE tiles ALTER hashes SET STORAGE EXTERNAL
"""

# Classes of SQLSTATE that the reader can mend outside of the ledger (PostgreSQL, appendix A): connection, rights,
# no such database, rolled back, no room, limits, not in this state, an operator's doing, the system's own error.
_OUTSIDE = ("08", "25", "28", "3D", "3F", "40", "42501", "53", "54", "55", "57", "58")
_BRING_OVER = (
    "With the version that wrote it: `asbuilt ledger backup FOLDER --with-key`. With this one: `asbuilt ledger"
    " checkpoint --ledger FOLDER` brings the backup over; `asbuilt ledger restore FOLDER` puts it into a new one."
)
_THERE_ALREADY = "42P07"


class PostgresStore:
    """The store behind a URL; see ``store.Store``."""

    def __init__(self, url: str, *, read_only: bool = False) -> None:
        self.where = "the PostgreSQL database of store.toml"
        with self._told():
            self._connection = psycopg.connect(url, autocommit=True, application_name="asbuilt ledger")
            info = self._connection.info
            self.where = f"postgresql://{info.host}:{info.port}/{info.dbname}"
            self._connection.execute("SET synchronous_commit = on")
            if self._connection.execute("SELECT to_regclass(%s)", (RECENT,)).fetchone() != (None,):
                self._connection.close()
                raise older(self.where, _BRING_OVER)
            self._connection.execute(f"SET lock_timeout = '{WAIT_SECONDS}s'")
            if read_only:
                self._connection.execute("SET default_transaction_read_only = on")

    @classmethod
    def create(cls, url: str, head: Head) -> "PostgresStore":
        """Make the tables and the head of an empty ledger.

        Raises:
            UsageError: there is a ledger already.
        """
        store = cls(url)
        try:
            with store._connection.transaction():
                for statement in SCHEMA.split(";"):
                    store._connection.execute(statement)
                store.put_head(head)
        except psycopg.Error as error:
            store.close()
            if error.sqlstate == _THERE_ALREADY:
                raise UsageError(
                    "There is a ledger, or a table of its name, in that database already.",
                    fix="Name another database, or another schema: ?options=-csearch_path%3DNAME",
                    where=store.where,
                ) from error
            raise _failure(error, store.where) from error
        return store

    @contextmanager
    def writing(self) -> Iterator[Head]:
        """See ``store.Store``."""
        with self._told():
            self._connection.execute("BEGIN")
        try:
            yield self._head(" FOR UPDATE")
            with self._told():
                self._connection.execute("COMMIT")
        finally:
            self._roll_back()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """See ``store.Store``."""
        with self._told():
            self._connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            yield
        finally:
            self._roll_back()

    def head(self) -> Head:
        """See ``store.Store``."""
        return self._head("")

    def put_head(self, head: Head) -> None:
        """See ``store.Store``."""
        self._run(
            "INSERT INTO head (one, format, origin, size, root, indexed, seal) VALUES (1, %s, %s, %s, %s, %s, %s)"
            " ON CONFLICT (one) DO UPDATE SET (format, origin, size, root, indexed, seal) = (excluded.format,"
            " excluded.origin, excluded.size, excluded.root, excluded.indexed, excluded.seal)",
            [(head.format, head.origin, head.size, head.root, head.indexed, head.seal())],
        )

    def bundles(self, start: int, end: int | None = None) -> Iterator[tuple[int, bytes]]:
        """See ``store.Store``."""
        last = _LARGEST if end is None else end - 1
        (first,) = next(
            self._rows("SELECT coalesce(max(start), %s) FROM bundles WHERE start <= %s", start, start), (start,)
        )
        return self._pages(
            "SELECT start, bundle FROM bundles WHERE start >= %s AND start <= %s ORDER BY start LIMIT %s",
            (first,),
            (last, ROWS_AT_ONCE),
        )

    def add_bundles(self, rows: Iterable[tuple[int, bytes]]) -> None:
        """See ``store.Store``."""
        self._copy("COPY bundles (start, bundle) FROM STDIN (FORMAT binary)", ("int8", "bytea"), rows)

    def tile(self, level: int, number: int) -> bytes | None:
        """See ``store.Store``."""
        for (hashes,) in self._rows("SELECT hashes FROM tiles WHERE level = %s AND number = %s", level, number):
            return bytes(hashes)
        return None

    def put_tiles(self, tiles: Iterable[tuple[int, int, bytes, bytes]]) -> None:
        """See ``store.Store``."""
        self._run(
            "INSERT INTO tiles (level, number, hashes, marks) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (level, number) DO UPDATE SET hashes = excluded.hashes, marks = excluded.marks",
            list(tiles),
        )

    def tile_names(self) -> Iterator[tuple[int, int, bool]]:
        """See ``store.Store``."""
        return self._pages(
            "SELECT level, number, length(marks) > 0 FROM tiles WHERE (level, number) >= (%s, %s)"
            " ORDER BY level, number LIMIT %s",
            (-_LARGEST, -_LARGEST),
            (MARKS_AT_ONCE,),
        )

    def tile_marks(self, first: int, last: int | None = None) -> Iterator[tuple[int, bytes]]:
        """See ``store.Store``."""
        return self._pages(
            "SELECT number, marks FROM tiles WHERE level = 0 AND number >= %s AND number <= %s"
            " ORDER BY number LIMIT %s",
            (first,),
            (_LARGEST if last is None else last, ROWS_AT_ONCE),
        )

    def add_marks(self, marks: Sequence[Sequence[int]]) -> None:
        """See ``store.Store``."""
        self._copy("COPY marks (mark, position) FROM STDIN (FORMAT binary)", ("int8", "int8"), marks)

    def find_marks(self, wanted: Sequence[int]) -> list[tuple[int, int]]:
        """See ``store.Store``."""
        return list(
            self._rows(
                "SELECT mark, position FROM marks WHERE mark = ANY (%s::bigint[])", list(dict.fromkeys(wanted))
            )
        )

    def marks(self, first: int | None = None, last: int | None = None) -> Iterator[tuple[int, int]]:
        """See ``store.Store``."""
        return self._pages(
            "SELECT mark, position FROM marks WHERE (mark, position) >= (%s, %s) AND mark <= %s"
            " ORDER BY mark, position LIMIT %s",
            (-_LARGEST - 1 if first is None else first, -_LARGEST - 1),
            (_LARGEST if last is None else last, MARKS_AT_ONCE),
        )

    def defects(self) -> Iterator[str]:
        """See ``store.Store``."""
        for table, column in (("bundles", "start"), ("tiles", "level"), ("marks", "mark")):
            # A table and its index must tell of the same number of rows.
            counts: list[tuple[int]] = []
            for setting in ("enable_seqscan", "enable_indexscan"):
                with self._told(), self._connection.transaction():
                    self._connection.execute(f"SET LOCAL {setting} = off")
                    if setting == "enable_indexscan":
                        self._connection.execute("SET LOCAL enable_indexonlyscan = off")
                        self._connection.execute("SET LOCAL enable_bitmapscan = off")
                    counts += self._rows(f"SELECT count({column}) FROM {table}")  # noqa: S608 - names of ours
            if counts[0] != counts[1]:
                yield f"The table {table} has {counts[1][0]} rows, its index {counts[0][0]}."

    def close(self) -> None:
        """See ``store.Store``."""
        self._connection.close()

    def _head(self, how: str) -> Head:
        columns = "CASE one WHEN 1 THEN format END, origin, size, root, indexed, seal"
        rows = self._rows(f"SELECT {columns} FROM head{how}")  # noqa: S608 - both are written here
        return sealed_head(list(rows), self.where)

    def _pages(self, statement: str, first: tuple[int, ...], rest: tuple[int, ...]) -> Iterator[Any]:
        """The rows of a statement that begins at a key (as many columns as ``first`` has) and is cut off."""
        while True:
            rows = list(self._rows(statement, *first, *rest))
            yield from rows
            if len(rows) < rest[-1]:
                return
            *upper, lowest = rows[-1][: len(first)]
            first = (*upper, lowest + 1)

    def _rows(self, statement: str, *values: object) -> Iterator[Any]:
        with self._told():
            yield from self._connection.execute(statement, values, binary=True)

    def _run(self, statement: str, rows: Sequence[Sequence[object]]) -> None:
        with self._told(), self._connection.cursor() as cursor:
            cursor.executemany(statement, rows)

    def _copy(self, statement: str, types: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        with self._told(), self._connection.cursor() as cursor, cursor.copy(statement) as copy:
            copy.set_types(types)
            for row in rows:
                copy.write_row(row)

    def _roll_back(self) -> None:
        if self._connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
            try:
                self._connection.execute("ROLLBACK")
            except psycopg.Error:  # the connection is gone, and the transaction with it
                self._connection.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What PostgreSQL reports, said as the reader needs it."""
        try:
            yield
        except psycopg.Error as error:
            raise _failure(error, self.where) from error


def _failure(error: psycopg.Error, where: str) -> AsBuiltError:
    state = error.sqlstate or ""
    first = str(error).strip().partition("\n")[0]
    if not state or state.startswith(_OUTSIDE):
        return SourceError(
            f"The ledger's database cannot be used: {first}.",
            why=f"PostgreSQL refused it ({state or 'no connection'}). Nothing was half written.",
            fix="Reach the server, make room, grant the rights, or wait for the other writer; then do it again.",
            where=where,
        )
    found: LedgerError = damaged(where, f"PostgreSQL: {first} ({state}).")
    return found

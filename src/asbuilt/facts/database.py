"""The database of facts: a DuckDB file of our own in the user's cache, or one in memory.

It is deletable at will: everything in it comes from the ledger. So a file that is damaged, of another version, of
other schemas or of another ledger is deleted and made anew. One that cannot be opened costs time, not truth: the
facts are then derived in memory. Nothing outside can be reached from its SQL: no file, no extension, no setting.
"""

import hashlib
import os
import secrets
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import duckdb
import msgspec

from asbuilt.facts.payloads import OWN_COLUMNS, declared_columns, hashed_columns
from asbuilt.facts.schemas import TABLES, Table
from asbuilt.model.errors import LedgerError, UsageError
from asbuilt.model.inspection import Gap
from asbuilt.model.text import visible

DERIVED: Final = Path(__file__).with_name("derived")
_MACROS: Final = Path(__file__).with_name("macros.sql")
# Whatever decides what is in the file: another version of any of it makes another file.
_MADE_BY: Final = (
    "covering.py",
    "database.py",
    "deriving.py",
    "entries.py",
    "macros.sql",
    "payloads.py",
    "projection.py",
    "scripts.py",
)
_CLOSED: Final[dict[str, str | bool | int | float | list[str]]] = {
    "allow_community_extensions": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",  # a query must not read our own variables
    "pandas_analyze_sample": "0",  # types are declared, never guessed from a sample
    "memory_limit": "1200MB",
}
_KEPT: Final = """
CREATE SCHEMA kept;
CREATE TABLE kept.state (origin VARCHAR, digest VARCHAR, size BIGINT, root VARCHAR, derived BOOLEAN);
CREATE TABLE kept.refused (
  position BIGINT, record VARCHAR, kind VARCHAR, event VARCHAR, source VARCHAR, why VARCHAR
);
CREATE TABLE kept.scripts (
  place INTEGER, name VARCHAR, needs VARCHAR[], driver VARCHAR, covers VARCHAR[], reads VARCHAR[]
);
CREATE TABLE kept.coverage (population VARCHAR, covers_from TIMESTAMP, covers_until TIMESTAMP);
CREATE TABLE kept.part_coverage (population VARCHAR, part VARCHAR, covers_from TIMESTAMP, covers_until TIMESTAMP);
CREATE TABLE kept.identities (account VARCHAR, person VARCHAR);
CREATE TABLE kept.joined (address VARCHAR, login VARCHAR);
"""
PIECE: Final = 100_000  # rows
_LARGE: Final = 32_000_000  # bytes of a file into whose blocks each little thing is not written at once
_NAMED: Final = 100  # refused records that get a gap of their own; the others of their table share one


class Shape(msgspec.Struct, frozen=True):
    """What a store is made of: its tables, the SQL text of derived ones by file name, and a digest of all that."""

    tables: Mapping[str, Table]
    folder: Path
    texts: Mapping[str, str]
    digest: str


class FactStore:
    """Typed facts of one ledger; a context manager.

    ``connection`` holds a table or view of each fact table's name, with exactly its declared columns. ``size`` is
    the number of ledger entries it was made from, ``root`` the ledger's root hash at that size (empty: not told).
    ``piece`` is how many driving rows a table that is filled in pieces is given at a time.
    ``place`` is its file, None in memory; ``exchange`` the only folder that its SQL may write to.
    """

    def __init__(self, shape: Shape, origin: str, place: Path | None) -> None:
        self.shape = shape
        self.origin = origin
        self.place = place
        self.exchange = _exchange(place)
        self.connection = _connect(place, self.exchange)
        self.size, self.root, self.is_derived = 0, b"", False
        self.is_staged = False
        self.piece = PIECE
        try:
            self._open()
        except BaseException:
            self.connection.close()
            raise

    @property
    def tables(self) -> Mapping[str, Table]:
        """The schemas of the fact tables, by name."""
        return self.shape.tables

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the database; a file keeps what was projected."""
        self.connection.close()
        if self.place is not None:
            with suppress(OSError):
                _log_of(self.place).chmod(0o600)
        for folder in (self.exchange, _spill(self.exchange)):
            with suppress(OSError):
                folder.rmdir()

    def rebuild(self) -> None:
        """Delete everything, to be projected again from the first entry."""
        self.connection.close()
        if self.place is not None:
            delete_store(self.place)
        self.connection = _connect(self.place, self.exchange)
        self.size, self.root, self.is_derived = 0, b"", False
        self._open()

    def keep_state(self, size: int, root: bytes) -> None:
        """Note what the tables were made from."""
        self.connection.execute("UPDATE kept.state SET size = ?, root = ?, derived = true", [size, root.hex()])

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that happens inside is kept, or nothing; after a failure past ``stage`` the store is empty."""
        before = self.size, self.root, self.is_derived
        self.connection.execute("BEGIN")
        try:
            yield
            self.connection.execute("COMMIT")
        except BaseException:
            self.size, self.root, self.is_derived = before
            with suppress(duckdb.Error):  # what failed may have ended it
                self.connection.execute("ROLLBACK")
            if self.is_staged:
                self.rebuild()
            raise
        finally:
            self.is_staged = False

    def stage(self) -> None:
        """Write out what the transaction holds, so that it does not grow without bound in memory.

        Until the transaction ends the file says that it is unfinished: if it never ends, it is made anew.
        """
        self.is_staged = True
        self.connection.execute("UPDATE kept.state SET size = -1")
        self.connection.execute("COMMIT")
        self.connection.execute("BEGIN")

    def gaps(self, start: int = 0) -> tuple[Gap, ...]:
        """The records from ledger index ``start`` on that fit no table, as gaps, in the ledger's order."""
        found = self.connection.execute(
            "SELECT position, record, kind, event, source, why,"
            " row_number() OVER (PARTITION BY kind ORDER BY position)"
            " FROM kept.refused WHERE position >= ? ORDER BY position",
            [start],
        )
        gaps: list[Gap] = []
        rest: dict[str, int] = {}
        while rows := found.fetchmany(10_000):
            for position, record, kind, event, source, why, nth in rows:
                if nth > _NAMED:
                    rest[kind] = rest.get(kind, 0) + 1
                else:
                    gaps.append(_gap(f"{position} of the ledger ({record[:16]}…)", kind, event, source, why))
        gaps += [_gap_of_many(kind, count) for kind, count in sorted(rest.items())]
        return tuple(gaps)

    def _open(self) -> None:
        """Take over what is kept when it is ours; else start empty.

        Raises:
            duckdb.Error: the file is damaged.
        """
        found: list[Any] = self.connection.execute(
            "SELECT 1 FROM information_schema.tables WHERE table_schema = 'kept' AND table_name = 'state'"
        ).fetchall()
        if not found:
            self._create()
            return
        state = self.connection.execute("SELECT origin, digest, size, root, derived FROM kept.state").fetchall()
        if len(state) != 1 or state[0][:2] != (self.origin, self.shape.digest) or state[0][2] < 0:
            raise _OtherError
        _, _, self.size, root, self.is_derived = state[0]
        self.root = bytes.fromhex(root)

    def _create(self) -> None:
        with self.transaction():
            run = self.connection.execute
            run(_KEPT)
            own = ", ".join(f"{name} {kind}" for name, kind in OWN_COLUMNS)
            for table in self.tables.values():
                if table.recorded:
                    names = ", ".join(f'"{column.name}"' for column in table.columns)
                    hashes = "".join(f", {column}_hash UBIGINT" for column in hashed_columns(table.name))
                    run(f"CREATE TABLE kept.{table.name} ({declared_columns(table)}, {own}{hashes})")
                    run(f"CREATE VIEW {table.name} AS SELECT {names} FROM kept.{table.name}")  # noqa: S608 - names of our own schema
                else:
                    run(f"CREATE TABLE {table.name} ({declared_columns(table)})")
            run(_MACROS.read_text("utf-8"))
            run("INSERT INTO kept.state VALUES (?, ?, 0, '', false)", [self.origin, self.shape.digest])


class _OtherError(Exception):
    """The file is unfinished, or was made from another ledger, by other schemas or another version."""


def open_facts(
    place: Path | None,
    *,
    origin: str,
    root_at: Callable[[int], bytes] | None = None,
    tables: Mapping[str, Table] = TABLES,
    derived: Path = DERIVED,
    only: Collection[str] | None = None,
) -> FactStore:
    """The store of facts of one ledger, as far as it was projected before.

    A file that is damaged, or was made from another ledger, by other schemas, other SQL or another version, is
    deleted and starts empty. One that another process holds, or that cannot be written, is left alone: the facts
    are then kept in memory.

    Args:
        place: the DuckDB file; None keeps the facts in memory.
        origin: the ledger's name.
        root_at: the ledger's root hash at a size; with it, a store whose prefix the ledger does not have any more
            starts empty too.
        tables: the schemas.
        derived: the folder of ``NAME.sql`` and ``NAME.touched.sql``.
        only: the derived tables to fill, with what they need; None fills all.
    """
    shape = shape_of(tables, derived, only)
    store = _opened(shape, origin, place)
    if store.size and root_at is not None and not _stands(store, root_at):
        store.rebuild()
    return store


def shape_of(tables: Mapping[str, Table], folder: Path, only: Collection[str] | None = None) -> Shape:
    """What a store over these tables and SQL files is made of."""
    names = sorted(file.name for file in folder.glob("*.sql"))
    texts = {name: (folder / name).read_text("utf-8") for name in names}
    if only is not None:
        texts = {name: text for name, text in texts.items() if name.partition(".")[0] in only}
    own = Path(__file__).parent
    said = [
        duckdb.__version__,
        *(f"{name}\0{(own / name).read_text('utf-8')}" for name in _MADE_BY),
        *(f"{name}\0{text}" for name, text in texts.items()),
    ]
    digest = hashlib.sha256("\0\0".join(said).encode())
    for table in tables.values():
        digest.update(msgspec.json.encode(table))
    return Shape(tables, folder, texts, digest.hexdigest())


def delete_store(place: Path) -> None:
    """Delete a store's file and what DuckDB keeps beside it."""
    for file in (place, _log_of(place)):
        file.unlink(missing_ok=True)


def _log_of(place: Path) -> Path:
    """Where DuckDB keeps what is not in the file yet."""
    return place.with_name(place.name + ".wal")


def _opened(shape: Shape, origin: str, place: Path | None) -> FactStore:
    if place is None:
        return FactStore(shape, origin, None)
    try:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return FactStore(shape, origin, None)
    for _ in range(2):
        try:
            store = FactStore(shape, origin, place)
            place.chmod(0o600)
        except (_OtherError, duckdb.Error, UnicodeDecodeError, ValueError) as error:
            # ValueError, UnicodeDecodeError: a damaged file may hold anything.
            if _is_held(error):
                break
            try:
                delete_store(place)
            except OSError:
                break
        except OSError:
            break
        else:
            return store
    return FactStore(shape, origin, None)


def _is_held(error: Exception) -> bool:
    """Whether another process has the file open: it is not ours to delete."""
    return isinstance(error, duckdb.IOException) and "lock" in str(error).lower()


def _stands(store: FactStore, root_at: Callable[[int], bytes]) -> bool:
    """Whether the ledger still begins with what the store was made from."""
    try:
        return root_at(store.size) == store.root
    except (LedgerError, UsageError):  # it cannot be read there; or it is shorter now, so made anew
        return False


def _connect(place: Path | None, exchange: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:" if place is None else str(place), config=_CLOSED)
    try:
        # What does not fit into memory is spilt beside the exchange folder, never where the command happens to run.
        connection.execute(f"SET temp_directory = '{_literal(_spill(exchange))}'")
        connection.execute(f"SET allowed_directories = ['{_literal(exchange)}/']")
        if place is not None and place.stat().st_size > _LARGE:
            # What comes in stays in the log beside the file until there is some of it (16 MB): to close would else
            # write blocks of a hundred thousand rows anew for ten.
            connection.execute("PRAGMA disable_checkpoint_on_shutdown")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
    except BaseException:
        connection.close()
        raise
    return connection


def _exchange(place: Path | None) -> Path:
    """The folder through which snapshots leave: made when one is taken, and gone after."""
    if place is None:
        return Path(tempfile.gettempdir()) / f"asbuilt-{os.getpid()}-{secrets.token_hex(8)}"
    return place.absolute().with_name(place.name + ".out")


def _spill(exchange: Path) -> Path:
    """Where the database puts what does not fit into memory; it takes it away itself."""
    return exchange.with_name(exchange.name + ".spill")


def _literal(path: Path) -> str:
    return str(path).replace("'", "''")


def _gap(entry: str, kind: str, event: str, source: str, why: str) -> Gap:
    table = visible(kind.removeprefix("fact/"), 60) or "?"
    return Gap(
        code="GAP-RECORD",
        what=f"A record for {table!r} could not be used: {visible(event, 120)!r} from {visible(source, 60)!r}.",
        why=f"Entry {entry}: {visible(why, 300)}.",
        remedy="Record it again as the table's schema asks (`asbuilt record`); the newer record takes its place.",
    )


def _gap_of_many(kind: str, count: int) -> Gap:
    table = visible(kind.removeprefix("fact/"), 60) or "?"
    return Gap(
        code="GAP-RECORD",
        what=f"{count} more records for {table!r} could not be used.",
        why="They do not fit the table's schema, as those named before them.",
        remedy="Mend the source that tells them, and record them again.",
        count=count,
    )

"""The advisory store: one SQLite file, written once and only read after that.

Packages are found by (ecosystem, name), listed versions by (package, version); what is withdrawn is kept, so that
an older copy of it does not come back, and has no rows to match.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from asbuilt.model.advisory import Advisory
from asbuilt.supply.advisories.osv import Event
from asbuilt.supply.stored import StoreKind, open_stored

MARK: Final = 0x41734164  # application_id: "AsAd"
VERSION: Final = 2
DAY: Final = 86_400
SCHEMA: Final = f"""
PRAGMA application_id = {MARK};
PRAGMA user_version = {VERSION};
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE ecosystems (
  ecosystem TEXT PRIMARY KEY, records INTEGER NOT NULL, as_of INTEGER NOT NULL, whole INTEGER NOT NULL,
  why TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE advisories (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, modified INTEGER NOT NULL, withdrawn INTEGER,
  advisory BLOB NOT NULL, affected BLOB NOT NULL
);
CREATE TABLE packages (
  package INTEGER PRIMARY KEY, ecosystem TEXT NOT NULL, name TEXT NOT NULL, UNIQUE (ecosystem, name)
);
CREATE TABLE ranges (package INTEGER NOT NULL, advisory INTEGER NOT NULL, events TEXT NOT NULL);
CREATE TABLE versions (
  package INTEGER NOT NULL, version TEXT NOT NULL, advisory INTEGER NOT NULL,
  PRIMARY KEY (package, version,
  advisory)
) WITHOUT ROWID;
CREATE TABLE exploited (cve TEXT PRIMARY KEY, since TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE likely (cve TEXT PRIMARY KEY, epss REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE threats (name TEXT PRIMARY KEY, as_of TEXT NOT NULL, version TEXT NOT NULL, source TEXT NOT NULL);
CREATE TABLE bad (source TEXT NOT NULL, name TEXT NOT NULL, why TEXT NOT NULL);
"""
_KIND: Final = StoreKind(
    MARK,
    VERSION,
    "advisory store",
    "Advisories are read from a file on this machine, never asked for over the network.",
    "`asbuilt advisories import FILE|FOLDER|URL` makes one from OSV records.",
    "Import the advisories again.",
)
INDICES: Final = "CREATE INDEX ranges_package ON ranges (package);"
_AT_ONCE: Final = 500  # numbers in one question
_ADVISORY: Final = msgspec.msgpack.Decoder(Advisory)
_EVENTS: Final = msgspec.json.Decoder(tuple[Event, ...])


class Ecosystem(msgspec.Struct, frozen=True):
    """What a store holds of one ecosystem: ``whole`` when every advisory of it, else ``why`` not.

    ``as_of`` is the newest change of a record where it came from, in Unix seconds.
    """

    ecosystem: str
    records: int
    as_of: int
    whole: bool
    why: str


class Threats(msgspec.Struct, frozen=True):
    """One list of weaknesses in use that a store holds: ``KEV`` or ``EPSS``, its day (ISO), and its entries."""

    name: str
    as_of: str
    version: str
    source: str
    entries: int

    def days_old(self, now: int) -> int:
        """Whole days since its day began."""
        return max(now - int(datetime.fromisoformat(f"{self.as_of}T00:00:00+00:00").timestamp()), 0) // DAY


class Status(msgspec.Struct, frozen=True):
    """What a store holds, and how old it is. Times are Unix seconds."""

    path: str
    imported: int
    newest: int
    records: int
    withdrawn: int
    rows: int
    sources: tuple[str, ...]
    ecosystems: tuple[Ecosystem, ...]
    bad: tuple[tuple[str, str, str], ...]
    sample: bool
    threats: tuple[Threats, ...] = ()

    def days_old(self, now: int) -> int:
        """Whole days since the newest change that it knows of."""
        return max(now - self.newest, 0) // DAY


class Store:
    """An open store; read only, and not changed by anybody while it is open."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection
        self._advisories: dict[int, Advisory] = {}

    def package(self, ecosystem: str, name: str) -> int | None:
        """The number of a package, by its plain name; None when nothing is said against it."""
        found = self._connection.execute(
            "SELECT package FROM packages WHERE ecosystem = ? AND name = ?", (ecosystem, name)
        ).fetchone()
        return None if found is None else int(found[0])

    def listed(self, package: int, version: str) -> list[int]:
        """The numbers of the advisories that list this very version."""
        query = "SELECT advisory FROM versions WHERE package = ? AND version = ? ORDER BY advisory"
        found = self._connection.execute(query, (package, version))
        return [number for (number,) in found]

    def ranges(self, package: int) -> list[tuple[int, tuple[Event, ...]]]:
        """Every range of a package: the advisory's number and its events. No event: it tells of no version."""
        found = self._connection.execute("SELECT advisory, events FROM ranges WHERE package = ?", (package,))
        return [(number, _EVENTS.decode(events)) for number, events in found]

    def advisories(self, numbers: Iterable[int]) -> Mapping[int, Advisory]:
        """Advisories by their numbers here: those asked for, and others that were asked for before."""
        known = self._advisories
        missing = [number for number in numbers if number not in known]
        for start in range(0, len(missing), _AT_ONCE):
            part = missing[start : start + _AT_ONCE]
            query = f"SELECT number, advisory FROM advisories WHERE number IN ({','.join('?' * len(part))})"  # noqa: S608 - question marks alone
            for number, blob in self._connection.execute(query, part):
                known[number] = _ADVISORY.decode(blob)
        return known

    def ecosystems(self) -> dict[str, Ecosystem]:
        """What it holds, by ecosystem."""
        found = self._connection.execute("SELECT * FROM ecosystems ORDER BY ecosystem")
        return {name: Ecosystem(name, count, as_of, bool(whole), why) for name, count, as_of, whole, why in found}

    def status(self) -> Status:
        """What it holds altogether."""
        meta = dict(self._connection.execute("SELECT name, value FROM meta"))
        count = "SELECT (SELECT count(*) FROM ranges) + (SELECT count(*) FROM versions)"
        query = "SELECT count(*), count(withdrawn) FROM advisories"
        records, withdrawn = self._connection.execute(query).fetchone()
        return Status(
            path=str(self.path),
            imported=int(meta["imported"]),
            newest=int(meta["newest"]),
            records=records,
            withdrawn=withdrawn,
            rows=self._connection.execute(count).fetchone()[0],
            sources=tuple(msgspec.json.decode(meta["sources"], type=list[str])),
            ecosystems=tuple(self.ecosystems().values()),
            bad=tuple(self._connection.execute("SELECT source, name, why FROM bad ORDER BY source, name")),
            sample=meta["sample"] == "1",
            threats=self.threats(),
        )

    def threats(self) -> tuple[Threats, ...]:
        """The lists of weaknesses in use that it holds."""
        counts = {
            "KEV": "SELECT count(*) FROM exploited",
            "EPSS": "SELECT count(*) FROM likely",
        }
        found = []
        query = "SELECT name, as_of, version, source FROM threats ORDER BY name DESC"
        for name, as_of, version, source in self._connection.execute(query).fetchall():
            entries = self._connection.execute(counts[name]).fetchone()[0]
            found.append(Threats(name, as_of, version, source, entries))
        return tuple(found)


@contextmanager
def open_store(path: Path) -> Iterator[Store]:
    """The store in a file.

    Raises:
        UsageError: there is none.
        SourceError: the file is none of ours, of another version, or broken.
    """
    with open_stored(path, _KIND) as connection:
        yield Store(path, connection)

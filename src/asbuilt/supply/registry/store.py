"""The store of registry facts: one SQLite file, written as a whole beside the old one, and only read after that.

1. What the older store knows is taken over.
2. What was asked takes its place; an answer that could not be had does not displace one that was.
3. The file is closed, synced, and takes the old one's place in one step.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

import msgspec

from asbuilt.model.errors import SourceError
from asbuilt.model.registry_facts import PackageFacts
from asbuilt.supply.advisories.names import plain_name
from asbuilt.supply.stored import StoreKind, open_stored

MARK: Final = 0x41735267  # application_id: "AsRg"
VERSION: Final = 1
SCHEMA: Final = f"""
PRAGMA application_id = {MARK};
PRAGMA user_version = {VERSION};
CREATE TABLE indexes (
  ecosystem TEXT NOT NULL, address TEXT NOT NULL, probed INTEGER NOT NULL, doubted TEXT NOT NULL,
  PRIMARY KEY (ecosystem, address)
) WITHOUT ROWID;
CREATE TABLE packages (
  ecosystem TEXT NOT NULL, name TEXT NOT NULL, asked INTEGER NOT NULL, present INTEGER, facts BLOB NOT NULL,
  PRIMARY KEY (ecosystem, name)
) WITHOUT ROWID;
"""
_KIND: Final = StoreKind(
    MARK,
    VERSION,
    "store of registry facts",
    "Registries are asked only when somebody says so.",
    "`asbuilt registry fetch` makes one, through the index that you have configured.",
    "Name another file, or remove it and fetch again.",
)
_KEEP: Final = """
INSERT INTO packages VALUES (?, ?, ?, ?, ?)
ON CONFLICT (ecosystem, name)
DO UPDATE SET asked = excluded.asked, present = excluded.present, facts = excluded.facts
WHERE excluded.present IS NOT NULL OR packages.present IS NULL
"""
_COUNTS: Final = """
SELECT ecosystem, count(*), sum(present IS 1), sum(present IS 0), sum(present IS NULL), min(asked), max(asked)
FROM packages GROUP BY ecosystem ORDER BY ecosystem
"""
_FACTS: Final = msgspec.msgpack.Decoder(PackageFacts)
_DOUBTS: Final = msgspec.json.Decoder(dict[str, str])
_ENCODER: Final = msgspec.msgpack.Encoder()


class ProbedIndex(msgspec.Struct, frozen=True):
    """One index that was asked: when it was probed, and the fields that it is not believed in, each with why."""

    ecosystem: str
    index: str
    probed_at: int
    doubted: Mapping[str, str]


class EcosystemFacts(msgspec.Struct, frozen=True):
    """How many packages of an ecosystem the store tells of, and between which moments they were asked about."""

    ecosystem: str
    packages: int
    present: int
    absent: int
    unknown: int
    oldest: int
    newest: int


class RegistryStatus(msgspec.Struct, frozen=True):
    """What a store holds."""

    path: str
    ecosystems: tuple[EcosystemFacts, ...]
    indexes: tuple[ProbedIndex, ...]


class RegistryStore:
    """An open store; read only."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection

    def facts(self, ecosystem: str, name: str) -> PackageFacts | None:
        """What is known of a package, however its name is written; None: it was never asked about."""
        found = self._connection.execute(
            "SELECT facts FROM packages WHERE ecosystem = ? AND name = ?", (ecosystem, plain_name(ecosystem, name))
        ).fetchone()
        return None if found is None else _FACTS.decode(found[0])

    def asked(self) -> dict[tuple[str, str], tuple[int, bool | None]]:
        """When each package was asked about, and whether it was there."""
        rows = self._connection.execute("SELECT ecosystem, name, asked, present FROM packages")
        return {
            (ecosystem, name): (asked, None if present is None else bool(present))
            for ecosystem, name, asked, present in rows
        }

    def status(self) -> RegistryStatus:
        """What it holds altogether."""
        rows = self._connection.execute("SELECT * FROM indexes ORDER BY ecosystem, address")
        return RegistryStatus(
            path=str(self.path),
            ecosystems=tuple(EcosystemFacts(*row) for row in self._connection.execute(_COUNTS)),
            indexes=tuple(ProbedIndex(own, index, at, _DOUBTS.decode(told)) for own, index, at, told in rows),
        )


@contextmanager
def open_registry(place: Path) -> Iterator[RegistryStore]:
    """The store in a file.

    Raises:
        UsageError: there is none.
        SourceError: the file is none of ours, of another version, or broken.
    """
    with open_stored(place, _KIND) as connection:
        yield RegistryStore(place, connection)


def keep_facts(path: Path, told: Iterable[PackageFacts], indexes: Iterable[ProbedIndex]) -> RegistryStatus:
    """Write a store of what was told beside what it knew already, and swap it in; what it holds is returned.

    Raises:
        SourceError: the file is none of ours, or cannot be written; the old store stays as it is.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with closing(sqlite3.connect(part, isolation_level=None)) as connection:
            connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
            connection.executescript(SCHEMA)
            # (1)
            if path.is_file():
                with open_registry(path):
                    connection.execute("ATTACH ? AS earlier", (str(path),))
                    connection.execute("INSERT INTO indexes SELECT * FROM earlier.indexes")
                    connection.execute("INSERT INTO packages SELECT * FROM earlier.packages")
                    connection.execute("DETACH earlier")
            # (2)
            connection.execute("BEGIN")
            connection.executemany(_KEEP, (_row(own) for own in told))
            connection.executemany(
                "INSERT OR REPLACE INTO indexes VALUES (?, ?, ?, ?)",
                (
                    (own.ecosystem, own.index, own.probed_at, msgspec.json.encode(own.doubted).decode())
                    for own in indexes
                ),
            )
            connection.execute("COMMIT")
            status = RegistryStore(path, connection).status()
        # (3)
        part.chmod(0o600)
        with part.open("rb") as stream:
            os.fsync(stream.fileno())
        part.replace(path)
    except sqlite3.DatabaseError as error:
        raise SourceError("The store cannot be written.", why=f"{error}.", where=str(path)) from error
    finally:
        with suppress(FileNotFoundError):
            part.unlink()
    return status


def _row(own: PackageFacts) -> tuple[str, str, int, int | None, bytes]:
    present = None if own.exists is None else int(own.exists)
    return own.ecosystem, plain_name(own.ecosystem, own.name), own.asked_at, present, _ENCODER.encode(own)

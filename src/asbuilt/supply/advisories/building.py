"""Making an advisory store: records in, one new file beside the old, swapped in when it is whole.

1. Every record of every place is read; of two with one id the newer one stays. A bad one is kept out, and told.
2. What stands (is not withdrawn) becomes rows: a range each, a listed version each.
3. Every ecosystem gets its date and whether all of its advisories are there.
4. Lists of weaknesses in use are taken in, and told with each advisory that names one.
5. The file is closed, synced, and takes the old one's place in one step.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

import msgspec

from asbuilt.model.errors import SourceError
from asbuilt.supply.advisories.archives import Place, records
from asbuilt.supply.advisories.names import plain_version
from asbuilt.supply.advisories.osv import Affected, BadRecordError, Taken, read_osv
from asbuilt.supply.advisories.store import INDICES, SCHEMA, Ecosystem, Status, Store, open_store
from asbuilt.supply.advisories.threatening import Lists, lift, take_lists

_ENCODER: Final = msgspec.msgpack.Encoder()
_AFFECTED: Final = msgspec.msgpack.Decoder(tuple[Affected, ...])
_KEEP: Final = """
INSERT INTO advisories (id, modified, withdrawn, advisory, affected) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET modified = excluded.modified, withdrawn = excluded.withdrawn,
  advisory = excluded.advisory, affected = excluded.affected
WHERE excluded.modified >= modified
"""
_FAST: Final = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536;"
_COUNT: Final = """
SELECT p.ecosystem, count(DISTINCT r.advisory), max(a.modified) FROM packages p
JOIN (SELECT package, advisory FROM ranges UNION ALL SELECT package, advisory FROM versions) r USING (package)
JOIN advisories a ON a.number = r.advisory GROUP BY p.ecosystem ORDER BY p.ecosystem
"""
PART: Final = "it is not said that every advisory of it was imported"


def build_store(
    path: Path,
    sources: Iterable[Place],
    *,
    now: int,
    keep: Path | None = None,
    threats: Lists = Lists(),  # noqa: B008 - it is frozen
    sample: bool = False,
) -> Status:
    """Write a store of these places, and swap it in; what it holds is returned.

    Args:
        path: the file; its folder must be there.
        sources: where the records lie.
        now: Unix seconds, written as when they were imported.
        keep: an older store whose records stay, where no newer one comes; None: only what is named.
        threats: lists of weaknesses in use; one that is not named stays as ``path`` has it.
        sample: whether it is a sample alone, which is told wherever it is used.

    Raises:
        SourceError: an archive is refused, no record could be read, or the file cannot be written; the old store
            stays as it is.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with closing(sqlite3.connect(part, isolation_level=None)) as connection:
            connection.executescript(_FAST)
            connection.executescript(SCHEMA)
            connection.execute("BEGIN")
            _fill(connection, tuple(sources), now, keep, sample=sample)
            # (4)
            take_lists(connection, threats, path)
            lift(connection)
            connection.execute("COMMIT")
            status = Store(path, connection).status()
        # (5)
        with part.open("rb") as stream:
            os.fsync(stream.fileno())
        part.replace(path)
    except sqlite3.DatabaseError as error:
        raise SourceError("The advisory store cannot be written.", why=f"{error}.", where=str(path)) from error
    finally:
        with suppress(FileNotFoundError):
            part.unlink()
    return status


def _fill(
    connection: sqlite3.Connection, sources: tuple[Place, ...], now: int, keep: Path | None, *, sample: bool
) -> None:
    earlier = _earlier(connection, keep)
    # (1)
    covered: dict[str, int] = {}
    spoilt: dict[str, int] = {}
    for place in sources:
        newest, bad = _take(connection, place)
        for ecosystem in place.covers:
            covered[ecosystem] = min(covered.get(ecosystem, newest), newest)
            spoilt[ecosystem] = spoilt.get(ecosystem, 0) + bad
    # (2)
    _explode(connection)
    connection.execute(INDICES)
    # (3)
    for ecosystem, count, newest in connection.execute(_COUNT).fetchall():
        held = _held(Ecosystem(ecosystem, count, newest, whole=False, why=PART), covered, spoilt, earlier)
        row = (held.ecosystem, held.records, held.as_of, int(held.whole), held.why)
        connection.execute("INSERT INTO ecosystems VALUES (?, ?, ?, ?, ?)", row)
    newest = connection.execute("SELECT coalesce(max(modified), 0) FROM advisories").fetchone()[0]
    labels = msgspec.json.encode([place.label for place in sources] or _labels(keep)).decode()
    meta = {"imported": str(now), "newest": str(newest), "sources": labels, "sample": "1" if sample else "0"}
    connection.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())


def _held(
    told: Ecosystem, covered: dict[str, int], spoilt: dict[str, int], earlier: dict[str, Ecosystem]
) -> Ecosystem:
    name = told.ecosystem
    if name in covered and spoilt[name]:
        why = f"{spoilt[name]:,} of its records could not be read"
        return msgspec.structs.replace(told, as_of=covered[name], why=why)
    if name in covered:
        return msgspec.structs.replace(told, as_of=covered[name], whole=True, why="")
    if name in earlier:
        before = earlier[name]
        return msgspec.structs.replace(told, as_of=before.as_of, whole=before.whole, why=before.why)
    return told


def _earlier(connection: sqlite3.Connection, keep: Path | None) -> dict[str, Ecosystem]:
    if keep is None or not keep.is_file():
        return {}
    with open_store(keep) as store:
        held = store.ecosystems()
    connection.execute("COMMIT")  # a database is attached outside of a transaction
    connection.execute("ATTACH ? AS earlier", (str(keep),))
    connection.execute("BEGIN")
    connection.execute("INSERT INTO advisories SELECT * FROM earlier.advisories")
    connection.execute("INSERT INTO bad SELECT * FROM earlier.bad")
    connection.execute("COMMIT")
    connection.execute("DETACH earlier")
    connection.execute("BEGIN")
    return held


def _labels(keep: Path | None) -> list[str]:
    """Where the records of the older store came from, where nothing else is imported."""
    if keep is None or not keep.is_file():
        return []
    with open_store(keep) as store:
        return list(store.status().sources)


def _take(connection: sqlite3.Connection, place: Place) -> tuple[int, int]:
    """Take in one place: the newest change of its records, and how many are bad."""
    newest = bad = 0
    seen: dict[str, int] = {}
    connection.execute("DELETE FROM bad WHERE source = ?", (place.label,))
    for found in records(place):
        why = found.why
        if found.data is not None:
            try:
                taken = read_osv(found.data)
            except BadRecordError as error:
                why = str(error)
            else:
                newest = max(newest, taken.advisory.modified)
                connection.execute(_KEEP, _row(taken))
                if seen.setdefault(taken.advisory.id, hash(found.data)) == hash(found.data):
                    continue
                why = f"another record of {taken.advisory.id} says something else; the one that changed last counts"
        bad += 1
        connection.execute("INSERT INTO bad VALUES (?, ?, ?)", (place.label, found.name, why))
    if not newest:
        raise SourceError(
            "There is no OSV record that could be read.",
            why=f"{bad:,} were there, and none is one.",
            fix="Name a JSON file, a folder or an archive of OSV records.",
            where=place.label,
        )
    return newest, bad


def _row(taken: Taken) -> tuple[str, int, int | None, bytes, bytes]:
    told = taken.advisory
    return told.id, told.modified, told.withdrawn, _ENCODER.encode(told), _ENCODER.encode(taken.affected)


def _explode(connection: sqlite3.Connection) -> None:
    numbers: dict[tuple[str, str], int] = {}
    standing = connection.execute("SELECT number, affected FROM advisories WHERE withdrawn IS NULL ORDER BY number")
    ranges: list[tuple[int, int, str]] = []
    versions: list[tuple[int, str, int]] = []
    for number, blob in standing:
        for affected in _AFFECTED.decode(blob):
            package = numbers.setdefault((affected.ecosystem, affected.name), len(numbers) + 1)
            ranges += ((package, number, text) for text in _events(affected))
            versions += ((package, plain_version(affected.ecosystem, each), number) for each in affected.versions)
        if len(ranges) + len(versions) > 50_000:
            _write(connection, ranges, versions)
    _write(connection, ranges, versions)
    connection.executemany(
        "INSERT INTO packages VALUES (?, ?, ?)", ((number, *names) for names, number in numbers.items())
    )


def _events(affected: Affected) -> Iterator[str]:
    for events in affected.ranges:
        yield msgspec.json.encode(events).decode()
    if not affected.told:
        yield "[]"  # a package is named and no version: nothing can be decided


def _write(
    connection: sqlite3.Connection, ranges: list[tuple[int, int, str]], versions: list[tuple[int, str, int]]
) -> None:
    connection.executemany("INSERT INTO ranges VALUES (?, ?, ?)", ranges)
    connection.executemany("INSERT OR IGNORE INTO versions VALUES (?, ?, ?)", versions)
    ranges.clear()
    versions.clear()

"""Lists of weaknesses in use within a store: taken in, kept until a newer one comes, told with each advisory."""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Final
from urllib.parse import quote

import msgspec

from asbuilt.model.advisory import Advisory
from asbuilt.model.errors import SourceError
from asbuilt.supply.advisories.threats import Epss, Kev

_ENCODER: Final = msgspec.msgpack.Encoder()
_ADVISORY: Final = msgspec.msgpack.Decoder(Advisory)
_AT_ONCE: Final = 20_000  # advisories in memory
_TABLES: Final = {"KEV": "exploited", "EPSS": "likely"}


class Lists(msgspec.Struct, frozen=True):
    """What is imported of them, and from where; None: what the store has stays."""

    kev: Kev | None = None
    epss: Epss | None = None
    kev_source: str = ""
    epss_source: str = ""


def take_lists(connection: sqlite3.Connection, lists: Lists, earlier: Path) -> None:
    """Write what is imported, and what an earlier store has of the rest.

    Raises:
        SourceError: the earlier store holds a newer list of that name.
    """
    held = _held(connection, earlier, {"KEV": lists.kev, "EPSS": lists.epss})
    if lists.kev is not None:
        _expect_newer("KEV", lists.kev.as_of, held, lists.kev_source)
        connection.executemany("INSERT INTO exploited VALUES (?, ?)", lists.kev.since.items())
        row = ("KEV", lists.kev.as_of, lists.kev.version, lists.kev_source)
        connection.execute("INSERT INTO threats VALUES (?, ?, ?, ?)", row)
    if lists.epss is not None:
        _expect_newer("EPSS", lists.epss.as_of, held, lists.epss_source)
        connection.executemany("INSERT INTO likely VALUES (?, ?)", sorted(lists.epss.scores.items()))
        row = ("EPSS", lists.epss.as_of, lists.epss.model, lists.epss_source)
        connection.execute("INSERT INTO threats VALUES (?, ?, ?, ?)", row)


def _held(connection: sqlite3.Connection, earlier: Path, named: dict[str, Kev | Epss | None]) -> dict[str, str]:
    """Keep the lists that are not named; the days of those there are. A broken store has none."""
    if not earlier.is_file():
        return {}
    address = f"file:{quote(str(earlier.resolve()))}?mode=ro&immutable=1"
    found: dict[str, str] = {}
    with closing(sqlite3.connect(address, uri=True)) as older, suppress(sqlite3.DatabaseError):
        for row in older.execute("SELECT name, as_of, version, source FROM threats").fetchall():
            found[row[0]] = row[1]
            table = _TABLES[row[0]]
            if named[row[0]] is None:
                entries = older.execute(f"SELECT * FROM {table}")  # noqa: S608 - names of our own
                connection.executemany(f"INSERT INTO {table} VALUES (?, ?)", entries)  # noqa: S608
                connection.execute("INSERT INTO threats VALUES (?, ?, ?, ?)", row)
    return found


def _expect_newer(name: str, as_of: str, held: dict[str, str], source: str) -> None:
    if as_of < held.get(name, ""):
        raise SourceError(
            f"The store holds a newer {name}.",
            why=f"It is of {held[name]}, this one of {as_of}.",
            fix="Import the newest.",
            where=source,
        )


def lift(connection: sqlite3.Connection) -> None:
    """Write into each advisory that stands what the lists say of the weaknesses that it names."""
    since = dict(connection.execute("SELECT cve, since FROM exploited"))
    scores = dict(connection.execute("SELECT cve, epss FROM likely"))
    last = -1
    while since or scores:
        query = (
            "SELECT number, advisory FROM advisories WHERE number > ? AND withdrawn IS NULL ORDER BY number LIMIT ?"
        )
        standing = connection.execute(query, (last, _AT_ONCE)).fetchall()
        if not standing:
            break
        last = standing[-1][0]
        told = ((_lifted(_ADVISORY.decode(blob), since, scores), number) for number, blob in standing)
        rows = ((_ENCODER.encode(own), number) for own, number in told if own is not None)
        connection.executemany("UPDATE advisories SET advisory = ? WHERE number = ?", rows)


def _lifted(own: Advisory, since: dict[str, str], scores: dict[str, float]) -> Advisory | None:
    """The advisory with what the lists say; None: it says so already."""
    names = [name for name in (own.id, *own.aliases) if name.startswith("CVE-")]
    day = min((since[name] for name in names if name in since), default=None)
    score = max((scores[name] for name in names if name in scores), default=None)
    if (day, score) == (own.kev_since, own.epss):
        return None
    return msgspec.structs.replace(own, kev_since=day, epss=score)

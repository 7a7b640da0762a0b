"""Opening a store that this program wrote: one SQLite file with its mark and version, read only.

It is exchanged as a whole and never written to, so that no lock is needed and none can be left behind.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

import msgspec

from asbuilt.model.errors import SourceError, UsageError


class StoreKind(msgspec.Struct, frozen=True):
    """What a store is: its mark (``application_id``), its version, what it is called, and what makes it.

    ``origin`` is a sentence on why there may be none, ``made_by`` on what makes one, ``again`` on what to do when
    it cannot be used.
    """

    mark: int
    version: int
    name: str
    origin: str
    made_by: str
    again: str


@contextmanager
def open_stored(place: Path, kind: StoreKind) -> Iterator[sqlite3.Connection]:
    """The connection to a store in a file, while the block runs.

    Raises:
        UsageError: there is none.
        SourceError: the file is none of this kind and version, or broken.
    """
    if not place.is_file():
        raise UsageError(f"There is no {kind.name} at {str(place)!r}.", why=kind.origin, fix=kind.made_by)
    address = f"file:{quote(str(place.resolve()))}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True)) as connection:
            mark = connection.execute("PRAGMA application_id").fetchone()[0]
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if (mark, version) != (kind.mark, kind.version):
                raise SourceError(f"This file is no {kind.name} of this version.", fix=kind.again, where=str(place))
            yield connection
    except (sqlite3.DatabaseError, msgspec.DecodeError) as error:
        raise SourceError(
            f"The {kind.name} cannot be read.", why=f"{error}.", fix=kind.again, where=str(place)
        ) from error

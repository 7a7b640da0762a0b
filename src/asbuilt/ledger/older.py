"""A ledger that an older version laid out is brought over: the entries stay, byte for byte; the rest is made anew.

Before marks stood beside the hashes of their tile, they had a table ``recent`` of their own; still earlier every
entry had a row. The format's number is the same, as the entries, the tree and its root are.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from itertools import islice

from asbuilt.ledger.appending import Edge, Prepared
from asbuilt.ledger.bundles import unpack_bundle
from asbuilt.ledger.marks import marks_for
from asbuilt.ledger.store import Head, Store, damaged
from asbuilt.model.errors import LedgerError
from asbuilt.model.record import decode_entry

RECENT = "recent"  # the table that every older layout has, and none of today's
_AT_ONCE = 4096
_NAMES = "SELECT name FROM sqlite_schema WHERE type = 'table'"


def is_older(connection: sqlite3.Connection) -> bool:
    """Whether the tables of a SQLite file are laid out as an older version did it."""
    return bool(connection.execute(f"{_NAMES} AND name = ?", (RECENT,)).fetchall())


def older(where: str, fix: str) -> LedgerError:
    """What is said of such a ledger where it cannot be brought over."""
    return LedgerError(
        "The ledger was written by an older version of AsBuilt.",
        why="It is not damaged: its tables are laid out in another way than this version reads.",
        fix=fix,
        where=where,
    )


def bring_over(store: Store, connection: sqlite3.Connection, schema: Mapping[str, str]) -> None:
    """Lay an older ledger out anew, in one transaction: whoever breaks it off leaves the older one.

    1. No other writer comes between; one may have brought it over just now.
    2. The older tables are put aside, and today's are made.
    3. The entries are appended again as they stand.
    4. They must be as many as before, with the same root.
    5. The older tables go.

    Raises:
        LedgerError: the older ledger is damaged; it is left as it was.
    """
    # (1) Alone.
    connection.execute("BEGIN IMMEDIATE")
    try:
        if is_older(connection):
            # (2) Tables.
            before = store.head()
            names = [bytes(name).decode() for (name,) in connection.execute(_NAMES)]
            for name in names:
                connection.execute(f'ALTER TABLE "{name}" RENAME TO "older_{name}"')
            for statement in schema.values():
                connection.execute(statement)
            # (3) Entries.
            edge = Edge(store, Head(before.origin))
            entries = _entries(connection, is_bundled="bundles" in names)
            while some := list(islice(entries, _AT_ONCE)):
                told = [decode_entry(entry) for entry in some]
                edge.grow(store, Prepared(told, some, marks_for(told)))
            store.put_head(edge.head)
            # (4) The same.
            if (edge.head.size, edge.head.root) != (before.size, before.root):
                raise damaged(store.where, "An older version wrote it, and its entries do not lead to its root.")
            # (5) Away.
            for name in names:
                connection.execute(f'DROP TABLE "older_{name}"')
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _entries(connection: sqlite3.Connection, *, is_bundled: bool) -> Iterator[bytes]:
    rows = connection.execute(
        "SELECT bundle FROM older_bundles ORDER BY start"
        if is_bundled
        else "SELECT entry FROM older_entries ORDER BY position"
    )
    for (kept,) in rows:
        if not isinstance(kept, bytes):
            raise LedgerError(
                "An entry of an older ledger is no bytes.", fix="Bring the ledger back from a backup."
            )
        yield from unpack_bundle(kept) if is_bundled else (kept,)

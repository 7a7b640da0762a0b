"""From ledger entries to fact tables.

1. Read each entry; take those of kind ``fact/TABLE``. What fits no table is refused, by name, and kept as a gap.
2. Put the rows beside those that are there.
3. Of the records of one event keep the newest: the greatest (observed, recorded, digest of the payload, leaf hash).
   So the tables do not depend on the order in which the ledger took the records.
4. Derive the tables that these touch.
5. Note how far the ledger is projected. All of it happens, or nothing.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final

import duckdb
import msgspec
import numpy as np

from asbuilt.facts.database import FactStore
from asbuilt.facts.deriving import derive, tables_to_keep_fresh
from asbuilt.facts.entries import Told, in_batches, read_entries
from asbuilt.facts.payloads import Incoming, hash_of, hashed_columns
from asbuilt.model.inspection import Gap
from asbuilt.model.progress import Listener, silent
from asbuilt.model.record import FACT

_BATCH: Final = 20_000  # rows of one table handed over at once: some 30 MB on their way
_WAITING: Final = 60_000  # rows of all tables that wait: above that those of the fullest are handed over

_STAGE: Final = (
    400_000  # rows after which what is there is written out: three of its blocks, so that few are written twice
)


class Projected(msgspec.Struct, frozen=True):
    """What one projection did: rows read into tables, and the records that fit none."""

    rows: int
    refused: tuple[Gap, ...]


def project(
    store: FactStore,
    entries: Iterable[bytes],
    *,
    start: int,
    root_at: Callable[[int], bytes] | None = None,
    on: Listener = silent,
) -> Projected:
    """Project further ledger entries, then derive what they touch; all of it, or nothing.

    Args:
        store: projected up to ``start``.
        entries: the ledger's entries from index ``start``.
        start: must be ``store.size``.
        root_at: the ledger's root hash at a size, kept to know the prefix again.
        on: hears how far it is.

    Raises:
        ValueError: ``start`` is not where the store ends.
        CatalogueError: the SQL of a derived table is wrong.
    """
    if start != store.size:
        raise ValueError(f"The store holds {store.size} entries; the next cannot be number {start}.")
    with store.transaction(), ThreadPoolExecutor(1) as writer:
        # (1), (2)
        reading = _Reading(store, writer, start, on)
        for batch in in_batches(entries):
            reading.take(batch)
        reading.finish()
        # (3)
        if reading.rows > _STAGE:
            store.stage()
        fresh = tables_to_keep_fresh(store) if store.is_derived else frozenset()
        for name in reading.touched:
            _keep_newest(store.connection, name, start, is_fresh=name in fresh)
        # (4)
        if reading.touched or not store.is_derived:
            derive(store, reading.touched, on)
        for name in fresh:
            store.connection.execute(f"DROP TABLE IF EXISTS temp.fresh_{name}")
        # (5)
        store.size = reading.position
        store.root = root_at(store.size) if root_at is not None else b""
        store.keep_state(store.size, store.root)
    return Projected(reading.rows, store.gaps(start))


def update_facts(
    store: FactStore,
    entries: Callable[[int], Iterable[bytes]],
    *,
    root_at: Callable[[int], bytes] | None = None,
    on: Listener = silent,
) -> Projected:
    """Bring a store up to its ledger: ``entries(start)`` gives the entries from an index on.

    A file that turns out to be damaged on the way is deleted, and everything projected again.
    """
    try:
        return project(store, entries(store.size), start=store.size, root_at=root_at, on=on)
    except duckdb.Error:
        if store.place is None:
            raise
        store.rebuild()
        return project(store, entries(0), start=0, root_at=root_at, on=on)


class _Reading:
    """Entries on their way into the kept tables: one batch is written while the next is read."""

    def __init__(self, store: FactStore, writer: ThreadPoolExecutor, start: int, on: Listener) -> None:
        self._store = store
        self._writer = writer
        self._writing: Future[None] | None = None
        self._staged = 0
        self._incoming: dict[str, Incoming] = {}
        self._refused: list[tuple[int, str, str, str, str, str]] = []
        self._on = on
        self.position = start
        self.rows = 0
        self.touched: set[str] = set()

    def take(self, entries: Sequence[bytes]) -> None:
        by_kind, refused = read_entries(entries, self.position)
        self.position += len(entries)
        for own in refused:
            self._refuse(own.position, own.entry, ("", "", ""), own.why)
        for kind, told in by_kind.items():
            self._take_kind(kind, told)
        self._on("project", self.position, None)

    def _take_kind(self, kind: str, told: Told) -> None:
        incoming = self._incoming.get(kind)
        if incoming is None:
            if not kind.startswith(FACT):
                return
            table = self._store.tables.get(kind.removeprefix(FACT))
            if table is None or not table.recorded:
                none = "there is no such table" if table is None else "that table is derived and takes no records"
                self._refuse_told(kind, told, dict.fromkeys(range(len(told.entries)), none))
                return
            incoming = self._incoming[kind] = Incoming(table)
        self._refuse_told(kind, told, incoming.take_all(told))
        if len(incoming) >= _BATCH:
            self._hand_over(incoming)
        elif sum(map(len, self._incoming.values())) >= _WAITING:
            self._hand_over(max(self._incoming.values(), key=len))

    def finish(self) -> None:
        """Hand over what is still on its way."""
        for incoming in self._incoming.values():
            if len(incoming):
                self._hand_over(incoming)
        self._hand_over_refused()
        self._wait()
        self._on("project", self.position, self.position)

    def _hand_over(self, incoming: Incoming) -> None:
        name = incoming.table.name
        self.rows += len(incoming)
        self.touched.add(name)
        arrays, reads = incoming.hand_over()
        hashes = "".join(f", {hash_of(column)}" for column in hashed_columns(name))
        self._write(f"INSERT INTO kept.{name} SELECT {reads}{hashes} FROM incoming", arrays)  # noqa: S608 - names of our own schema

    def _write(self, sql: str, arrays: dict[str, Any]) -> None:
        """Write these rows while more are read; those before them are written then."""
        self._wait()
        stages = self.rows - self._staged >= _STAGE
        if stages:
            self._staged = self.rows
        self._writing = self._writer.submit(_write, self._store, sql, arrays, stages=stages)

    def _wait(self) -> None:
        if self._writing is not None:
            self._writing.result()
            self._writing = None

    def _refuse_told(self, kind: str, told: Told, reasons: Mapping[int, str]) -> None:
        for place, why in reasons.items():
            who = (kind, told.events[place], told.sources[place])
            self._refuse(int(told.positions[place]), told.entries[place], who, why)

    def _refuse(self, position: int, entry: bytes, who: tuple[str, str, str], why: str) -> None:
        leaf = hashlib.sha256(b"\0" + entry).hexdigest()
        self._refused.append((position, leaf, *who, why))
        if len(self._refused) >= _BATCH:
            self._hand_over_refused()

    def _hand_over_refused(self) -> None:
        if not self._refused:
            return
        positions, *texts = zip(*self._refused, strict=True)
        self._refused = []
        arrays: dict[str, Any] = {"position": np.array(positions, dtype=np.int64)}
        for name, values in zip(("record", "kind", "event", "source", "why"), texts, strict=True):
            arrays[name] = np.empty(len(values), dtype=object)
            arrays[name][:] = values
        self._write("INSERT INTO kept.refused SELECT * FROM incoming", arrays)


def _write(store: FactStore, sql: str, arrays: dict[str, Any], *, stages: bool) -> None:
    store.connection.register("incoming", arrays)
    store.connection.execute(sql)
    store.connection.unregister("incoming")
    if stages:
        store.stage()


def _keep_newest(connection: duckdb.DuckDBPyConnection, name: str, start: int, *, is_fresh: bool) -> None:
    """Of the records of one event keep the newest; with ``is_fresh`` set all of them aside before, old and new."""
    run = connection.execute
    kept = f"kept.{name}"
    hashes = f"SELECT record_id_hash FROM {kept} WHERE position >= {start}"  # noqa: S608 - names of our own schema
    here = f"record_id_hash IN ({hashes})" if start else "true"
    # By their hashes: what comes in besides has no rival of its own id, and stays.
    run(
        f"CREATE TEMP TABLE rivals AS SELECT position FROM {kept} WHERE record_id_hash IN ("  # noqa: S608 - names of our own schema
        f"SELECT record_id_hash FROM {kept} WHERE {here} GROUP BY record_id_hash HAVING count(*) > 1)"
    )
    rivals = f"FROM {kept} WHERE position IN (SELECT position FROM rivals)"  # noqa: S608 - names of our own schema
    if is_fresh:
        run(
            f"CREATE TEMP TABLE fresh_{name} AS SELECT * FROM {kept} WHERE position >= {start}"  # noqa: S608 - names of our own schema
            f" UNION ALL SELECT * {rivals} AND position < {start}"
        )
    if run("SELECT 1 FROM rivals LIMIT 1").fetchone():
        run(
            f"DELETE FROM {kept} WHERE position IN (SELECT position FROM (SELECT position, row_number() OVER ("  # noqa: S608 - names of our own schema
            "PARTITION BY record_id"
            " ORDER BY observed_at DESC, recorded_at DESC, payload_digest DESC, record DESC, position) AS place"
            f" {rivals}) WHERE place > 1)"
        )
    run("DROP TABLE rivals")

"""A good year's facts, and for a while those of a year in which something else was recorded.

Opening a store for every wrong thing would take minutes. So the store of the good year is changed inside a
transaction that is rolled back: rows go and come in the recorded tables, and the derived tables that need them are
made anew. ``test_company_year`` holds this against stores that were opened for the spoilt year alone.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from asbuilt.engine.audit import Tested, test_controls
from asbuilt.facts import covering, deriving
from asbuilt.facts.payloads import Incoming, hash_of, hashed_columns
from asbuilt.facts.store import FactStore, open_facts, project
from asbuilt.ledger.merkle import leaf_hash
from asbuilt.model.record import FACT, Record, encode_entry
from asbuilt.model.result import Control
from asbuilt.model.window import Window
from tests.company_year.world import NOW, WINDOW, columns_of

_READS_EXTRACTS = re.compile(r"\b(?:FROM|JOIN)\s+extracts\b", re.IGNORECASE)


class _Inside:
    """Facts as the transaction under way sees them; another cursor would see what was there before."""

    engine = "DuckDB"

    def __init__(self, store: FactStore) -> None:
        self._store = store
        self.tables = store.tables

    def rows(self, sql: str) -> Iterator[tuple[Any, ...]]:
        yield from self._store.connection.execute(sql).fetchall()


class Books:
    """The facts of a good year, to be looked at as they are or as they would be."""

    def __init__(self, records: Sequence[Record]) -> None:
        self.records = records
        self.store: FactStore = open_facts(None, origin="company year")
        self.refused = project(self.store, map(encode_entry, records), start=0).refused
        self._needs = {own.name: own.needs for own in deriving.kept_scripts(self.store)}

    def tested(self, controls: Sequence[Control], window: Window = WINDOW) -> tuple[Tested, ...]:
        """The results of these controls on what the store holds now."""
        return test_controls(_Inside(self.store), controls, window, now=NOW)

    def needed(self, control: Control) -> set[str]:
        """All tables that a control's verdicts come from, the recorded ones behind the derived ones too."""
        found: set[str] = set()
        waiting = [name for name in (control.population, control.subjects) if name]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += self._needs.get(name, ())
        return found

    @contextmanager
    def spoilt(self, records: Iterable[Record], controls: Sequence[Control]) -> Iterator[list[Control]]:
        """Inside, the store holds these records instead; gives those of the controls that they touch.

        The tables that none of the controls needs may be out of date inside.
        """
        good, told = set(self.records), list(records)
        come = [record for record in told if record not in good]
        gone = good.difference(told)
        touched = {record.kind.removeprefix(FACT) for record in (*come, *gone)}
        extracts = f"{FACT}extracts"
        recounted = {columns_of(record)["population"] for record in (*come, *gone) if record.kind == extracts}
        wanted = {name for control in controls for name in self.needed(control)}
        run = self.store.connection.execute
        run("BEGIN")
        try:
            for table in touched:
                leaves = [_leaf(record) for record in gone if record.kind == f"{FACT}{table}"]
                run(f"DELETE FROM kept.{table} WHERE record IN (SELECT unnest(?::VARCHAR[]))", [leaves])
            self._insert(come)
            changed = self._derive(touched, wanted)
            yield [control for control in controls if self._is_affected(control, changed, recounted)]
        finally:
            run("ROLLBACK")

    def _is_affected(self, control: Control, changed: set[str], recounted: set[str]) -> bool:
        names = [name for name in (control.population, control.subjects) if name]
        behind = {own for name in names for own in self.store.tables[name].covered_by}
        return not changed.isdisjoint(names) or not behind.isdisjoint({*recounted, *changed})

    def _insert(self, records: Iterable[Record]) -> None:
        for position, record in enumerate(records, self.store.size):
            table = self.store.tables[record.kind.removeprefix(FACT)]
            incoming = Incoming(table)
            refused = incoming.take(position, encode_entry(record), record)
            assert refused is None, refused
            arrays, reads = incoming.hand_over()
            run = self.store.connection.execute
            run(f"DELETE FROM kept.{table.name} WHERE record_id = ?", [record.event])
            self.store.connection.register("incoming", arrays)
            hashes = "".join(f", {hash_of(column)}" for column in hashed_columns(table.name))
            run(f"INSERT INTO kept.{table.name} SELECT {reads}{hashes} FROM incoming")
            self.store.connection.unregister("incoming")

    def _derive(self, touched: Collection[str], wanted: Collection[str]) -> set[str]:
        """Make anew what the touched tables change and somebody wants; gives all that they change."""
        run = self.store.connection.execute
        changed = set(touched)
        covers_the_same = True
        if not {"extracts", *covering.part_tables(self.store.tables)}.isdisjoint(touched):
            before = self._covered()
            covering.fill_coverage(self.store)
            covers_the_same = self._covered() == before
            changed.add("extracts")
        if "people" in touched:
            run("DELETE FROM kept.identities")
            run(f"INSERT INTO kept.identities {deriving._IDENTITIES}")
        for script in deriving.kept_scripts(self.store):
            needs = set(script.needs)
            if covers_the_same and not _READS_EXTRACTS.search(self.store.shape.texts[f"{script.name}.sql"]):
                needs.discard("extracts")  # it asks for coverage alone
            if changed & needs:
                changed.add(script.name)
                if script.name in wanted:
                    deriving._fill(self.store, script)
        return changed if "extracts" in touched else changed - {"extracts"}

    def _covered(self) -> list[tuple[Any, ...]]:
        run = self.store.connection.execute
        return (
            run("FROM kept.part_coverage ORDER BY ALL").fetchall()
            + run("FROM kept.coverage ORDER BY ALL").fetchall()
        )


def _leaf(record: Record) -> str:
    return leaf_hash(encode_entry(record)).hex()


def deviating(tested: Iterable[Tested]) -> dict[str, set[str]]:
    """The items that deviate, by control; controls without any are left out."""
    found: dict[str, Any] = {
        own.result.control: {
            item
            for item, letter in zip(own.outcomes.items, own.outcomes.letters.decode(), strict=True)
            if letter == "D"
        }
        for own in tested
    }
    return {control: items for control, items in found.items() if items}

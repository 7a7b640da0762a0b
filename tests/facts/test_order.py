"""Every derived table of a company's year is the same, in whatever order and pieces its records came."""

import random

import pytest

from asbuilt.facts.schemas import TABLES
from asbuilt.facts.store import open_facts, project
from asbuilt.model.record import encode_entry
from tests.company_year import year
from tests.company_year.world import World

DERIVED = tuple(name for name, table in TABLES.items() if not table.recorded)


def tables(entries: list[bytes], pieces: int) -> dict[str, list[tuple[object, ...]]]:
    step = -(-len(entries) // pieces)
    with open_facts(None, origin="test") as store:
        for start in range(0, len(entries), step):
            project(store, entries[start : start + step], start=start)
        return {name: store.connection.execute(f"FROM {name} ORDER BY ALL").fetchall() for name in DERIVED}


@pytest.mark.slow
def test_order_and_pieces_change_no_derived_table() -> None:
    told = [encode_entry(record) for record in year(World(changes=40))]
    whole = tables(told, 1)
    assert [name for name, rows in whole.items() if not rows] == []
    for entries, pieces in ((told[::-1], 1), (random.Random(1).sample(told, len(told)), 3)):
        again = tables(entries, pieces)
        assert [name for name in DERIVED if again[name] != whole[name]] == []

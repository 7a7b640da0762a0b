"""Every fact table, whichever module declares it."""

import re

import pytest

from asbuilt.facts.schemas import HELD, PROVENANCE, TABLES, Table

_NAME = re.compile(r"[a-z][a-z0-9_]*")
# Words of SQL that would have to be quoted in an expression of a control.
_RESERVED = {"at", "end", "from", "to", "order", "group", "user", "check", "table", "column", "when", "case"}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_a_table_is_well_declared(table: Table) -> None:
    names = [column.name for column in table.columns]
    assert TABLES[table.name] is table
    assert all(_NAME.fullmatch(name) for name in (table.name, *names))
    assert not set(names) & _RESERVED
    assert len(names) == len(set(names))
    assert table.key in names
    assert table.doc.endswith(".")
    assert all(column.doc.endswith(".") for column in table.columns)
    assert all(("NULL" in column.doc) is column.nullable for column in table.columns)
    assert all(TABLES[own].recorded for own in table.covered_by if own in TABLES)


@pytest.mark.parametrize("table", [each for each in TABLES.values() if each.recorded], ids=lambda each: each.name)
def test_a_recorded_table_says_what_identifies_a_row_and_when_it_happened(table: Table) -> None:
    told = {column.name: column for column in table.told}
    assert table.identity
    assert set(table.identity) <= told.keys()
    assert all(not told[name].nullable or table.state for name in table.identity)
    assert table.occurred is None or told[table.occurred].type == "timestamp"
    assert table.columns[-len(PROVENANCE) :] == PROVENANCE
    assert not table.state or set(HELD) <= set(table.columns)


@pytest.mark.parametrize(
    "table", [each for each in TABLES.values() if not each.recorded], ids=lambda each: each.name
)
def test_a_derived_table_cites_its_record_and_says_what_makes_it_complete(table: Table) -> None:
    assert table.columns[-1].name == "record"
    assert table.covered_by
    assert set(table.covered_by) <= TABLES.keys()

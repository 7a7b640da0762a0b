"""Every fact table, whichever module declares it."""

import re
from pathlib import Path

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


@pytest.mark.parametrize("table", [each for each in TABLES.values() if each.part], ids=lambda each: each.name)
def test_a_table_that_is_read_in_parts_says_which_and_what_lists_them(table: Table) -> None:
    assert table.recorded
    assert any(column.name == table.part and not column.nullable for column in table.told)
    if table.parts is not None:
        lister = TABLES[table.parts]
        told = {column.name: column.type for column in lister.told}
        assert lister.identity == (lister.key,) == (table.part,)
        assert lister.part is None
        assert [told[name] for name in ("in_scope", "in_use_from", "in_use_until")] == [
            "bool",
            "timestamp",
            "timestamp",
        ]


def test_the_reference_names_the_tables_that_are_read_in_parts() -> None:
    text = (Path(__file__).parents[2] / "docs/reference/record.md").read_text("utf-8")
    (paragraph,) = (each for each in text.split("\n\n") if each.startswith("`--part NAME`"))
    said = re.split(r"by repository:|by system:|\bOf (?=`)", paragraph)[1:]
    for parts, words in zip(("repositories", "systems", None), said, strict=True):
        named = {each for each in re.findall(r"`(\w+)`", words) if each in TABLES}
        assert named == {table.name for table in TABLES.values() if table.part and table.parts == parts}


@pytest.mark.parametrize(
    "table", [each for each in TABLES.values() if not each.recorded], ids=lambda each: each.name
)
def test_a_derived_table_cites_its_record_and_says_what_makes_it_complete(table: Table) -> None:
    assert table.columns[-1].name == "record"
    assert table.covered_by
    assert set(table.covered_by) <= TABLES.keys()

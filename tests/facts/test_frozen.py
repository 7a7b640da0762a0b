"""Facts as they leave the store: one text for each table, and no two tables with one text."""

import csv
import hashlib
import io
import json
from pathlib import Path

import duckdb
import pytest

from asbuilt.facts.store import FactStore, snapshot_parquet, table_csv, table_digest
from tests.facts.telling import facts_of, tell

PEOPLE = [
    tell(
        "people", person="b", name="", starts_at="2026-01-02T03:04:05Z", role='say "hi",\nthen go', is_engineer=True
    ),
    tell("people", person="a", name="Ä", starts_at="2026-01-02T03:04:05.25Z", team="", identities=["x", 'y"', ""]),
    tell("people", person="c", name="null", identities=[]),
]


@pytest.fixture
def store() -> FactStore:
    return facts_of(PEOPLE, only=[])


def test_the_text_of_a_table(store: FactStore) -> None:
    text = b"".join(table_csv(store, "people")).decode()
    head, *lines = text.split("\n", 1)
    assert head == ",".join(column.name for column in store.tables["people"].columns)
    assert lines[0].startswith(
        '"a","Ä",2026-01-02T03:04:05.250000Z,,,"",,,,"[""x"",""y\\"""",""""]","a","test",2026-01-02T03:04:05Z,'
    )
    rows = list(csv.reader(io.StringIO(text)))
    assert [row[0] for row in rows] == ["person", "a", "b", "c"]
    assert rows[2][4] == 'say "hi",\nthen go'
    assert rows[2][7] == "true"
    assert json.loads(rows[1][9]) == ["x", 'y"', ""]


def test_null_the_empty_text_and_the_empty_list_are_three() -> None:
    digests = set()
    for more in ({}, {"team": ""}, {"role": ""}, {"identities": []}, {"identities": [""]}, {"team": "null"}):
        with facts_of([tell("people", person="p", name="n", **more)], only=[]) as store:
            text = b"".join(table_csv(store, "people")).decode()
            digests.add(text.rsplit(",", 6)[0])  # without where it comes from
    assert len(digests) == 6


def test_the_digest_is_that_of_the_text(store: FactStore) -> None:
    assert table_digest(store, "people") == hashlib.sha256(b"".join(table_csv(store, "people"))).hexdigest()
    with facts_of(PEOPLE[::-1], only=[]) as other:
        assert table_digest(other, "people") == table_digest(store, "people")
    with facts_of(PEOPLE[1:], only=[]) as other:
        assert table_digest(other, "people") != table_digest(store, "people")


def test_a_large_table_comes_in_pieces_and_in_order() -> None:
    with facts_of(
        [tell("systems", system=f"s{number:05}", name="n") for number in range(12_000)], only=[]
    ) as store:
        pieces = list(table_csv(store, "systems"))
    assert len(pieces) > 2
    keys = [line.split(",")[0] for line in b"".join(pieces).decode().splitlines()[1:]]
    assert keys == [f'"s{number:05}"' for number in range(12_000)]


@pytest.mark.parametrize("in_memory", [True, False])
def test_snapshots(tmp_path: Path, in_memory: bool) -> None:
    with facts_of(PEOPLE, only=["changes"], place=None if in_memory else tmp_path / "c" / "facts.duckdb") as store:
        digests = snapshot_parquet(store, tmp_path / "out", ["people", "changes"])
        again = snapshot_parquet(store, tmp_path / "again")
        assert not store.exchange.exists()
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == ["changes.parquet", "people.parquet"]
    assert len(again) == len(store.tables)
    for name, digest in digests.items():
        assert again[name] == digest
        assert hashlib.sha256((tmp_path / "out" / f"{name}.parquet").read_bytes()).hexdigest() == digest
    found = duckdb.sql(
        f"SELECT person, identities, starts_at FROM read_parquet('{tmp_path}/out/people.parquet')"
    ).fetchall()
    assert [row[:2] for row in found] == [("a", ["x", 'y"', ""]), ("b", None), ("c", [])]

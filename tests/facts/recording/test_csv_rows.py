"""CSV: places that are right even where cells hold line ends, and files that are none."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asbuilt.facts.recording.csv_rows import check_csv
from asbuilt.facts.recording.rows import Checked
from asbuilt.facts.recording.values import moment_text
from asbuilt.facts.schemas import TABLES
from asbuilt.model.evidence import EvidenceError, Problems
from asbuilt.model.record import Record, encode_entry
from tests.facts.telling import facts_of, rows_of

NOW = 1_782_900_000
PEOPLE = TABLES["people"]


def check(data: bytes) -> Checked:
    problems = Problems()
    checked = check_csv(PEOPLE, data, name="p.csv", observed=NOW, problems=problems)
    problems.refuse()
    return checked


def test_names_cells_and_places() -> None:
    data = b'\xef\xbb\xbfperson , name,starts_at,identities\r\n\r\nana,"Ana\r\nLima",2026-01-05,a; b\r\nben,Ben,2026-01-05,\r\n'
    checked = check(data)
    assert [(row.event, row.line) for row in checked.rows] == [("ana", 3), ("ben", 5)]
    assert b"identities" not in checked.rows[1].payload


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", ["p.csv:1: The file is empty. Its first row names the columns: --template csv shows it."]),
        (b"person;name;starts_at\na;b;c\n", ["p.csv:1: The columns are not separated by commas. Save it with commas between cells."]),
        (b"person,name,starts_at\na,\xff,2026-01-01\n", ["p.csv:2: The text is not UTF-8. Save the file as UTF-8."]),
        (b"person,name\n\0", ["p.csv:2: The file holds a NUL character. Save it as CSV in UTF-8."]),
        (
            b"person,person,,name,starts_at\n",
            ["p.csv:1: person: The column stands there twice. Keep one of them.", "p.csv:1: Column 3 has no name. Name it, or take it out."],
        ),
        (
            b"person,starts_at\nana,2026-01-05\n",
            ["p.csv:1: name: The header has no column name. It holds: The person's name."],
        ),
        (
            b"person,name,starts_at\nana,Ana\nben,Ben,2026-01-05,x\n",
            [
                "p.csv:2: The row has 2 cells, the header 3. Put a cell that holds a comma in quotes; leave none out.",
                "p.csv:3: The row has 4 cells, the header 3. Put a cell that holds a comma in quotes; leave none out.",
            ],
        ),
        (
            b'person,name,starts_at\nana,"Ana" L,2026-01-05\n',
            [
                ("p.csv:2: This is no CSV: ',' expected after '\"'. Put cells that hold quotes or commas in quotes, and "
                 'double the quotes inside them (""). A cell has at most 131,072 characters.')
            ],
        ),
        (
            b'person,name,starts_at\nana,"Ana\n\nL",2026-01-05\nben,,2026-13-05\n',
            [
                "p.csv:5: name: It is empty, and every row needs it. It holds: The person's name.",
                ("p.csv:5: starts_at: '2026-13-05' is no moment of the calendar. "
                 "Write 2026-01-31 (00:00:00 UTC) or 2026-01-31T12:00:00Z."),
            ],
        ),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_in_these_words(data: bytes, told: list[str]) -> None:
    with pytest.raises(EvidenceError) as caught:
        check(data)
    assert [str(problem) for problem in caught.value.problems] == told


def test_problems_are_counted_beyond_those_that_are_shown() -> None:
    rows = b"".join(b"p%d,,2026-01-05\n" % number for number in range(120))
    with pytest.raises(EvidenceError) as caught:
        check(b"person,name,starts_at\n" + rows)
    assert caught.value.what == "Nothing was recorded: 120 problems. The first 50 are shown."
    assert len(caught.value.problems) == 50


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    problems = Problems()
    checked = check_csv(PEOPLE, b"person,name,starts_at\n" + data, name="p", observed=NOW, problems=problems)
    assert problems.count or len(checked.rows) <= data.count(b"\n") + data.count(b"\r") + 1


_WORD = st.text(st.characters(blacklist_categories=("C", "Z")), min_size=1, max_size=12)
_PERSON = st.fixed_dictionaries(
    {"person": _WORD, "name": _WORD, "starts_at": st.integers(0, NOW).map(moment_text)},
    optional={
        "is_engineer": st.sampled_from(["true", "false"]),
        "identities": st.lists(_WORD.filter(lambda word: ";" not in word and word[0] != "["), min_size=1, max_size=3),
    },
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=8)  # each fills a database
@given(st.lists(_PERSON, max_size=5, unique_by=lambda row: row["person"]))
def test_what_is_valid_comes_back_from_the_store_of_facts_as_the_same_row(people: list[dict[str, object]]) -> None:
    names = ["person", "name", "starts_at", "is_engineer", "identities"]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(names)
    for row in people:
        cells = [row.get(name, "") for name in names]
        writer.writerow(["; ".join(cell) if isinstance(cell, list) else cell for cell in cells])
    checked = check(out.getvalue().encode())
    records = [
        Record("HR", row.event, "fact/people", row.payload, NOW, NOW, "ben", "csv", occurred=row.occurred)
        for row in checked.rows
    ]
    assert all(encode_entry(record) for record in records)
    with facts_of(records, only=()) as store:
        found = rows_of(store, "people")
    told = [
        {
            name: (row[name] == "true" if name == "is_engineer" else row[name]) if name in row else None
            for name in names
        }
        for row in sorted(people, key=lambda row: str(row["person"]).encode())
    ]
    assert [{name: row[name] for name in names} for row in found] == told

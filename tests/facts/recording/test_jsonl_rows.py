"""JSON Lines: strict types, places, and lines that are none."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.facts.recording.jsonl_rows import LONGEST_LINE, check_jsonl
from asbuilt.facts.recording.rows import Checked
from asbuilt.facts.schemas import TABLES
from asbuilt.model.evidence import EvidenceError, Problems

NOW = 1_782_900_000
GOOD = {"person": "ana", "name": "A\u2028L", "starts_at": "2026-01-05", "is_engineer": True, "role": None}


def check(data: bytes) -> Checked:
    problems = Problems()
    checked = check_jsonl(TABLES["people"], data, name="p.jsonl", observed=NOW, problems=problems)
    problems.refuse()
    return checked


def test_each_line_is_a_row_and_only_a_line_feed_ends_one() -> None:
    data = b"\n".join(
        [json.dumps(GOOD, ensure_ascii=False).encode(), b"", json.dumps(GOOD | {"person": "b"}).encode()]
    )
    checked = check(data)
    assert [(row.event, row.line) for row in checked.rows] == [("ana", 1), ("b", 3)]
    assert b"role" not in checked.rows[0].payload


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"{", "p.jsonl:1:2: This is no JSON: Expecting property name enclosed in double quotes."),
        (b"[1]", "p.jsonl:1: The line is no object. Write"),
        (b'{"person": "a", "person": "b"}', "p.jsonl:1: The key 'person' stands there twice. Keep one of them."),
        (b'{"person": NaN}', "p.jsonl:1: The line holds a number or a nesting that no column has."),
        (b'{"person": ' + b"9" * 5000 + b"}", "p.jsonl:1: The line holds a number or a nesting"),
        (b"[" * 200_000, "p.jsonl:1: The line holds a number or a nesting"),
        (b'{"person": "' + b"x" * LONGEST_LINE + b'"}', "p.jsonl:1: The line has 1,048,590 characters"),
        (
            b'{"person": "\\ud800", "name": "n", "starts_at": "2026-01-05"}',
            "p.jsonl:1: person: '\\ud800' holds the",
        ),
        (b'{"person": "a", "name": 3, "starts_at": "2026-01-05"}', "p.jsonl:1: name: The number 3 is not a text."),
        (b"\xff", "p.jsonl:1: The text is not UTF-8."),
    ],
)
def test_a_bad_line_is_refused_in_these_words(line: bytes, told: str) -> None:
    with pytest.raises(EvidenceError) as caught:
        check(line)
    assert str(caught.value.problems[0]).startswith(told)


@given(st.binary(max_size=100))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    problems = Problems()
    checked = check_jsonl(TABLES["people"], data, name="p", observed=NOW, problems=problems)
    assert checked.rows == ()

"""Rows for records: the quick way and the careful way say the same."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.app.sync_rows import Encoded, encode_row
from asbuilt.facts.recording.rows import RawRow, check_rows
from asbuilt.facts.schemas import TABLES
from asbuilt.model.evidence import Problems

NOW = 1_770_000_000
TEXTS = st.one_of(
    st.sampled_from(["", " ", "a", "a b", " a", "a | b", "é", "\x1b[31m", "a\u202eb", "x" * 600, "acme/shop"]),
    st.text(max_size=6),
)
MOMENTS = st.sampled_from(
    [
        "2026-01-31T12:00:00Z",
        "2026-01-31",
        "2026-01-31T12:00:00+02:00",
        "2026-02-30T12:00:00Z",
        "2099-01-01T00:00:00Z",
        "1850-01-01T00:00:00Z",
        "0999-01-01T00:00:00Z",
        "soon",
        "",
    ]
)
OTHERS = st.one_of(st.none(), st.booleans(), st.integers(-(2**60), 2**60), st.lists(TEXTS, max_size=3))
VALUES = {"text": TEXTS, "timestamp": MOMENTS, "int": st.integers(-(2**60), 2**60), "bool": st.booleans()}


def carefully(name: str, told: dict[str, Any]) -> Encoded | None:
    problems = Problems()
    values = {column: value for column, value in told.items() if value is not None}
    checked = check_rows(TABLES[name], [RawRow(0, values)], name=name, observed=NOW, problems=problems, typed=True)
    if problems.count:
        return None
    row = checked.rows[0]
    return Encoded(row.event, row.payload, row.occurred)


@st.composite
def rows(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    name = draw(
        st.sampled_from(["requests", "reviews", "branch_rules", "checks", "extracts", "credentials", "pushes"])
    )
    told: dict[str, Any] = {}
    for column in TABLES[name].told:
        if not column.nullable or draw(st.booleans()):
            usual = VALUES.get(column.type, st.lists(TEXTS, max_size=3))
            told[column.name] = draw(st.one_of(usual, usual, usual, OTHERS))
    if draw(st.integers(0, 9)) == 0:
        told["nonsense"] = 1
    return name, told


@given(rows())
def test_both_ways_say_the_same(row: tuple[str, dict[str, Any]]) -> None:
    found = encode_row(*row, NOW)
    assert (None if isinstance(found, str) else found) == carefully(*row)


def test_a_plain_row() -> None:
    told = {"repository": "acme/shop", "number": 7, "opened_at": "2026-01-31T12:00:00Z", "title": None}
    assert encode_row("requests", told, NOW) == Encoded(
        "acme/shop | 7",
        b'{"number":7,"opened_at":"2026-01-31T12:00:00Z","repository":"acme/shop"}',
        1_769_860_800,
    )


def test_a_look_at_a_setting_is_named_after_its_moment() -> None:
    found = encode_row("branch_rules", {"repository": "acme/shop", "branch": "main"}, NOW)
    assert isinstance(found, Encoded)
    assert found.event == "acme/shop | main | 2026-02-02T02:40:00Z"


@pytest.mark.parametrize("told", [{}, {"repository": "acme/shop"}, {"repository": "a", "number": "7"}])
def test_what_is_no_row_is_told_in_a_sentence(told: dict[str, object]) -> None:
    assert isinstance(encode_row("requests", told, NOW), str)

"""Lines of a text: places in characters, and what may be shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.scans.lines import Lines


@given(st.text(alphabet="aé𝒳\n", max_size=40), st.data())
def test_a_place_is_where_the_characters_are(text: str, data: st.DataObject) -> None:
    lines = Lines(text + "x")
    at = data.draw(st.integers(0, len(text)))
    start = len(text[:at].encode())
    place = lines.place(start, start + len((text + "x")[at].encode()))
    assert place.line == text[:at].count("\n") + 1
    assert place.column == at - (text.rfind("\n", 0, at) + 1) + 1


@pytest.mark.parametrize(("text", "count"), [("", 1), ("a", 1), ("a\n", 1), ("a\nb", 2), ("\n\n", 2)])
def test_lines_are_counted(text: str, count: int) -> None:
    assert Lines(text).count == count


def test_what_is_hidden_is_hidden_in_every_line_that_it_touches() -> None:
    lines = Lines("a SECRET b\nSEC\nRET c\nplain\n")
    lines.hide(2, 8)
    lines.hide(11, 18)
    assert lines.shown(1, 4) == "a [redacted] b\n[redacted]\n[redacted] c\nplain"


@given(st.integers(0, 2000), st.integers(1, 400))
def test_what_is_hidden_never_shows_however_long_the_line(before: int, length: int) -> None:
    lines = Lines("." * before + "S" * length + "." * 900)
    lines.hide(before, before + length)
    assert "S" not in lines.shown(1, 1)


def test_long_lines_and_many_are_cut() -> None:
    lines = Lines(f"{'a' * 5000}\n" * 30)
    shown = lines.shown(1, 30).split("\n")
    assert len(shown) == 10
    assert all(len(line) <= 300 for line in shown)
    assert lines.shown(99, 100) == "\n"


def test_quoted_texts_are_hidden_on_demand_and_beside_names_of_secrets() -> None:
    lines = Lines("call('one', \"t'wo\")\nlogin(password='hunter2', name='ann')\nd['token'] = 'abc'\n")
    assert lines.shown(1, 1, literals=False) == "call('[redacted]', \"[redacted]\")"
    assert lines.shown(2, 2) == "login(password='[redacted]', name='ann')"
    assert "abc" not in lines.shown(3, 3)

"""Text from outside is shown harmlessly, and paths turn into text and back without loss."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.model.text import path_bytes, path_quoted, path_text, visible


@given(st.text())
def test_nothing_that_acts_hides_or_reorders_is_shown_raw(text: str) -> None:
    shown = visible(text)
    assert {unicodedata.category(char) for char in shown} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} == set()


@given(st.text(st.characters(categories=["L", "N", "P", "S"])))
def test_ordinary_text_is_shown_as_it_is(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J", "\\x1b[2J"),
        ("a\u202eb", "a\\u202eb"),
        ("\x9b", "\\x9b"),
        ("\U000e0001", "\\U000e0001"),
        ("line\nbreak", "line\\x0abreak"),
        ("naïve 漢字 🙂", "naïve 漢字 🙂"),
    ],
)
def test_escapes(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text(), st.integers(1, 50))
def test_a_limit_is_kept(text: str, limit: int) -> None:
    assert len(visible(text, limit)) <= limit


@given(st.binary())
def test_a_path_comes_back(path: bytes) -> None:
    assert path_bytes(path_text(path)) == path
    assert path_bytes(path_quoted(path)) == path


@given(st.binary(), st.binary())
def test_no_two_paths_give_one_text(one: bytes, other: bytes) -> None:
    assert (path_text(one) == path_text(other)) == (one == other)


def test_bytes_that_are_no_utf_8_are_quoted_as_git_quotes_them() -> None:
    assert path_text(b"caf\xc3\xa9") == "café"
    assert path_text(b"caf\xe9\t") == '"caf\\351\\t"'
    assert path_text(b'"quoted"') == '"\\"quoted\\""'

"""Words of build files: literals and what is computed, brackets, arguments and statements."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.supply import code_words
from asbuilt.supply.code_words import closing, literal, named, parts, statements, symbols, words_of
from asbuilt.supply.formats import RefusedError


def test_literals_are_told_apart_from_what_is_computed() -> None:
    told = words_of('a \'b\' "c" // d\n"$e" /* f\n */ \'$g\' """h\n""" "\\n"', "slashes")
    assert [(own.kind, own.text, own.line) for own in told] == [
        ("word", "a", 1),
        ("text", "b", 1),
        ("text", "c", 1),
        ("break", "\n", 1),
        ("computed", "$e", 2),
        ("text", "$g", 3),
        ("computed", '"""h\n"""', 3),
        ("computed", "\\n", 4),
    ]
    assert [own.kind for own in words_of("'a' \"#{b}\" # c", "hash")] == ["text", "computed"]


def test_arguments_and_their_names() -> None:
    words = words_of('"a", [1, 2], b: "c", :d => "e", g = "h"', "hash")
    own = parts(words)
    assert [literal(each) for each in own] == ["a", None, None, None, None]
    assert [told and (told[0], literal(told[1])) for told in map(named, own)] == [
        None,
        None,
        ("b", "c"),
        ("d", "e"),
        ("g", "h"),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [(":a", ["a"]), ("[:a, :b]", ["a", "b"]), ("%i[a b]", ["a", "b"]), ("['a']", ["a"]), ("x", None), ("[]", None)],
)
def test_symbols(text: str, told: list[str] | None) -> None:
    assert symbols(words_of(text, "hash")) == told


def test_statements_end_with_lines_outside_of_brackets() -> None:
    own = statements(words_of("a b,\nc\nd (\ne)\n;f", "hash"), lambda each: each.text == ";")
    assert [[each.text for each in row] for row in own] == [
        ["a", "b", ",", "c"],
        ["d", "(", "e", ")"],
        [";"],
        ["f"],
    ]


def test_a_bracket_is_closed_by_its_own_or_by_the_end() -> None:
    words = words_of("(a[b](c)) d", "hash")
    assert words[closing(words, 0) + 1].text == "d"
    assert closing(words_of("((a)", "hash"), 0) == 4


def test_what_is_no_text_and_too_much_is_refused() -> None:
    with pytest.raises(RefusedError, match="zero byte"):
        words_of("a\0", "hash")
    with pytest.raises(RefusedError, match="words"):
        words_of("a " * (code_words.MOST_WORDS + 1), "hash")


@given(st.text(st.sampled_from("a\"'/*#${}()[],:=> \n\\")), st.sampled_from(["slashes", "hash"]))
def test_any_text_has_words_on_its_lines(text: str, style: code_words.Style) -> None:
    words = words_of(text, style)
    assert all(1 <= own.line <= text.count("\n") + 1 for own in words)
    parts(words)
    list(statements(words, lambda each: each.text == ";"))


def test_long_rows_take_one_pass() -> None:
    begun = time.process_time()
    for piece in ('"', "'", '"\\', "a.", "/* "):
        words_of(piece * 100_000, "slashes")
    assert time.process_time() - begun < 10

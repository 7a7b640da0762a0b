from hypothesis import given
from hypothesis import strategies as st

from asbuilt.model.text import visible
from asbuilt.reports.foreign import shown


def test_a_pile_of_marks_is_cut_and_writing_that_needs_marks_is_not() -> None:
    assert shown("e" + "\u0301" * 9) == "e" + "\u0301" * 4 + "\\u0301" * 5
    assert shown("नमस्ते, tiếng Việt, שָׁלוֹם") == "नमस्ते, tiếng Việt, שָׁלוֹם"


@given(st.text(st.characters(max_codepoint=0x2FF)))
def test_text_without_marks_is_what_the_model_shows(text: str) -> None:
    assert shown(text) == visible(text)


@given(st.text(), st.integers(0, 40))
def test_a_limit_holds(text: str, limit: int) -> None:
    assert len(shown(text, limit)) <= max(limit, 1)

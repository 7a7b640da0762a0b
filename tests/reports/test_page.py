from hypothesis import given
from hypothesis import strategies as st

from asbuilt.reports.page import advice, cells, fit, fit_path, pad, wrap


@given(st.text(), st.integers(0, 60))
def test_text_fits_its_cells(text: str, width: int) -> None:
    assert cells(fit(text, width)) <= width
    assert cells(fit_path(text, width)) <= width
    assert cells(pad(fit(text, width), width)) == width


def test_a_path_is_cut_in_front_and_a_name_at_the_end() -> None:
    assert fit_path("src/very/long/path/file.py", 12) == "…ath/file.py"
    assert fit("a name that is long", 8) == "a name …"


def test_wide_characters_are_cut_whole() -> None:
    assert fit("松本行弘", 6) == "松本…"
    assert fit_path("松本行弘", 6) == "…行弘"


@given(st.text("ab cd松", max_size=200), st.integers(10, 60))
def test_wrapping_keeps_every_word_in_order(text: str, width: int) -> None:
    lines = wrap(text, width, first="> ", rest="  ")
    assert " ".join(line[2:] for line in lines).split() == text.split()


def test_a_command_is_never_broken() -> None:
    lines = advice("Read the forge's side: asbuilt sync github some-owner/some-repository", 40)
    assert lines[-1] == "asbuilt sync github some-owner/some-repository"

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.model.attribution import Authorship
from asbuilt.model.chain import Grade
from asbuilt.model.change import Landing
from asbuilt.model.result import Outcome, Severity
from asbuilt.reports import words
from asbuilt.reports.words import apportion, day, headline, in_order, many, outcome_of, place, share
from tests.world import harbor


@given(st.lists(st.integers(0, 10**7), max_size=8), st.integers(0, 100))
def test_cells_are_shared_out_whole_and_nobody_is_left_out(counts: list[int], room: int) -> None:
    given_cells = apportion(counts, room)
    some = sum(count > 0 for count in counts)
    assert all((cell > 0) == (count > 0) for cell, count in zip(given_cells, counts, strict=True)) or not room
    assert sum(given_cells) == (max(room, some) if some and room else 0)


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_only_none_and_all_are_said_to_be_none_and_all(part: int, whole: int) -> None:
    said = share(min(part, whole), whole)
    assert (said == "0 %") == (part == 0)
    assert (said == "100 %") == (part >= whole)


def test_one_and_many() -> None:
    assert many(1, "change") == "1 change"
    assert many(12408, "file") == "12,408 files"


def test_every_class_grade_landing_and_outcome_has_a_name_and_a_mark_of_its_own() -> None:
    for kinds, nouns in (
        (words.AUTHORSHIPS, Authorship),
        (words.GRADES, Grade),
        (words.LANDINGS, Landing),
        (words.OUTCOMES, Outcome),
        (words.SEVERITIES, Severity),
    ):
        assert set(kinds) == set(nouns)
        assert len({kind.mark for kind in kinds.values()}) == len(kinds)
        assert len({kind.name for kind in kinds.values()}) == len(kinds)


def test_a_kind_that_is_not_known_comes_last_and_is_shown() -> None:
    rows = in_order({"new\x1b": 3, "merge": 1}, words.LANDINGS)
    assert [(key, count) for key, _, count in rows if count] == [("merge", 1), ("new\x1b", 3)]
    assert rows[-1][1].name == "new\\x1b"


def test_a_place_is_the_most_exact_that_is_known() -> None:
    assert place("a.py", 3, "c" * 40, "repo") == "a.py:3"
    assert place("a.py", None, "c" * 40, "repo") == "a.py"
    assert place(None, None, "c" * 40, "repo") == "c" * 10
    assert place(None, None, None, "repo") == "repo"


def test_a_day_is_utc_and_none_is_a_dash() -> None:
    assert day(0) == "1970-01-01"
    assert day(10**18) == "9999-12-31"
    assert day(None) == "–"


def test_the_headline_adds_up() -> None:
    inspection = harbor().inspection()
    found = headline(inspection)
    assert found.ai_lines == 976 + 3860
    assert found.reviewed == 36
    assert found.changes == 97


def test_a_control_that_crashed_is_unknown_and_one_with_nothing_to_test_is_neither() -> None:
    result = harbor().inspection().results[1]
    assert outcome_of(result) == Outcome.DEVIATION
    empty = msgspec.structs.replace(result, counts={})
    assert outcome_of(empty) == ""
    assert outcome_of(msgspec.structs.replace(empty, failure="boom")) == Outcome.UNKNOWN

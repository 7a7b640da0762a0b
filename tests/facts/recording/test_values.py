"""One value of one column: what it is read as, and the exact words of what is refused."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.facts.recording.values import (
    LARGEST,
    LONGEST,
    Moment,
    RefusedValueError,
    moment_text,
    quoted,
    read_json,
    read_moment,
    read_text,
    read_untyped,
)
from asbuilt.facts.schemas import Column
from asbuilt.facts.schemas.table import Type


def of(kind: Type) -> Column:
    return Column("it", kind, nullable=True, doc="")


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("text", " Ana ", "Ana"),
        ("text", "no", "no"),
        ("text", "012", "012"),
        ("text", "a\tb\nc", "a\tb\nc"),
        ("text", "", None),
        ("bool", "YES", True),
        ("bool", "false", False),
        ("bool", " no", False),
        ("int", "-012", -12),
        ("int", str(LARGEST), LARGEST),
        ("timestamp", "2026-01-31", Moment("2026-01-31T00:00:00Z", 1769817600, plain=True)),
        ("timestamp", "2026-01-31T02:00:00+02:00", Moment("2026-01-31T00:00:00Z", 1769817600)),
        ("timestamp", "2026-01-31 00:00z", Moment("2026-01-31T00:00:00Z", 1769817600)),
        ("timestamp", "2026-01-31T00:00:00.250Z", Moment("2026-01-31T00:00:00.25Z", 1769817600)),
        ("timestamp", "2026-01-30T18:30:00-05:30", Moment("2026-01-31T00:00:00Z", 1769817600)),
        ("text[]", "a; b;c", ["a", "b", "c"]),
        ("text[]", '["a; b", "c"]', ["a; b", "c"]),
        ("text[]", "[]", []),
        ("text[]", " ", None),
    ],
)
def test_a_text_is_read_as_its_column_says(kind: Type, text: str, value: object) -> None:
    assert read_text(of(kind), text) == value


@pytest.mark.parametrize(
    ("kind", "text", "what", "fix"),
    [
        ("bool", "1", "'1' is neither true nor false.", "Write true or false (yes and no will do)."),
        ("bool", "y", "'y' is neither true nor false.", "Write true or false (yes and no will do)."),
        ("int", "1.0", "'1.0' is no whole number.", "Write digits alone, such as 12."),
        ("int", "٣", "'٣' is no whole number.", "Write digits alone, such as 12."),
        ("int", "9007199254740992", "The number is larger than 9,007,199,254,740,991.", "Write a smaller one."),
        ("int", "9" * 17, f"'{'9' * 17}' is no whole number.", "Write digits alone, such as 12."),
        (
            "timestamp",
            "2026-01-31T10:00:00",
            "'2026-01-31T10:00:00' does not say in which time zone it is.",
            "Add Z for UTC, or an offset such as +02:00.",
        ),
        (
            "timestamp",
            "31.01.2026",
            "'31.01.2026' is no date.",
            "Write 2026-01-31 (00:00:00 UTC) or 2026-01-31T12:00:00Z.",
        ),
        (
            "timestamp",
            "2026-02-30",
            "'2026-02-30' is no moment of the calendar.",
            "Write 2026-01-31 (00:00:00 UTC) or 2026-01-31T12:00:00Z.",
        ),
        (
            "timestamp",
            "1769817600",
            "'1769817600' is no date.",
            "Write 2026-01-31 (00:00:00 UTC) or 2026-01-31T12:00:00Z.",
        ),
        (
            "text[]",
            "a;;b",
            "An item of the list is empty.",
            "Take it out, or the separator that is too many.",
        ),
        (
            "text[]",
            "[a]",
            "'[a]' begins like a JSON list and is none.",
            'Write ["a", "b"], or a; b without brackets.',
        ),
        ("text[]", "[1]", "The number 1 in a list of texts is no text.", "Put it in quotes."),
        ("text", "a\x1b[2Jb", "'a\\x1b[2Jb' holds the control character \\x1b.", "Take it out."),
        ("text", "x\ud800", "'x\\ud800' holds the control character \\ud800.", "Take it out."),
        (
            "text",
            "x" * (LONGEST + 1),
            "The text has 32,769 characters; at most 32,768 are kept.",
            "Put it in a file, and attach that with --attach.",
        ),
    ],
)
def test_what_a_column_cannot_hold_is_refused_in_these_words(kind: Type, text: str, what: str, fix: str) -> None:
    with pytest.raises(RefusedValueError) as caught:
        read_text(of(kind), text)
    assert (caught.value.what, caught.value.fix) == (what, fix)


@pytest.mark.parametrize(
    ("kind", "value", "what"),
    [
        ("text", 3, "The number 3 is not a text."),
        ("text", True, "true is not a text."),
        ("text", "", "The text is empty."),
        ("bool", "true", "The text 'true' is not true or false."),
        ("bool", 1, "The number 1 is not true or false."),
        ("int", True, "true is not a whole number."),
        ("int", 1.0, "The number 1.0 is not a whole number."),
        ("int", 2**60, "The number is larger than 9,007,199,254,740,991."),
        ("timestamp", 0, "The number 0 is not a date."),
        ("text[]", "a; b", "The text 'a; b' is not a list of texts."),
        ("text[]", ["a", None], "An object in a list of texts is no text."),
        ("text", {}, "An object is not a text."),
        ("text", ["a"], "A list is not a text."),
        ("text[]", ["x"] * 10_001, "The list has 10,001 items; at most 10,000 are kept."),
    ],
)
def test_json_is_of_its_columns_type_and_nothing_is_bent_into_it(kind: Type, value: object, what: str) -> None:
    with pytest.raises(RefusedValueError) as caught:
        read_json(of(kind), value)
    assert caught.value.what == what
    assert caught.value.fix


def test_null_is_null_and_a_list_is_no_single_value() -> None:
    assert read_json(of("text"), None) is None
    assert read_untyped(of("int"), None) is None
    assert read_untyped(of("text[]"), ["a"]) == ["a"]
    with pytest.raises(RefusedValueError, match="A list stands where one value belongs"):
        read_untyped(of("text"), ["a"])


def test_a_refused_value_is_shown_safely_and_short() -> None:
    assert quoted("\u202egnp.exe") == "'\\u202egnp.exe'"
    assert len(quoted("x" * 1000)) == 62


@given(
    at=st.datetimes(datetime(1000, 1, 2), datetime(9999, 12, 30)),  # noqa: DTZ001 - the zone is drawn
    minutes=st.integers(-23 * 60, 23 * 60),
)
def test_a_moment_is_the_same_whatever_zone_it_is_written_in(at: datetime, minutes: int) -> None:
    told = at.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    read = read_moment(told.isoformat())
    assert datetime.fromisoformat(read.text) == told.astimezone(UTC)
    assert read.seconds == int(told.replace(microsecond=0).timestamp())
    assert read_moment(read.text) == read


@given(st.integers(-2_000_000_000, 4_000_000_000))
def test_seconds_are_written_and_read(seconds: int) -> None:
    assert read_moment(moment_text(seconds)).seconds == seconds


@given(st.text(), st.sampled_from(["text", "bool", "int", "timestamp", "text[]"]))
def test_any_text_is_read_or_refused_with_what_to_write(text: str, kind: Type) -> None:
    said = "read"
    try:
        read_text(of(kind), text)
    except RefusedValueError as error:
        said = error.fix
    assert said

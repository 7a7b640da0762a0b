"""Dates are ISO 8601 and UTC unless they say otherwise."""

import click
import pytest

from asbuilt.cli.moments import Moment


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1970-01-02", 86_400),
        ("1970-01-01T01:00", 3_600),
        ("1970-01-01T01:00:00Z", 3_600),
        ("1970-01-01T01:00:00+01:00", 0),
        ("2024-02-29", 1_709_164_800),
    ],
)
def test_iso_dates_are_read_as_utc(text: str, seconds: int) -> None:
    assert Moment().convert(text, None, None) == seconds


@pytest.mark.parametrize("text", ["yesterday", "2 weeks ago", "2026-02-30", "1/2/2026", ""])
def test_anything_else_says_how_to_write_it(text: str) -> None:
    with pytest.raises(click.BadParameter, match=r"2026-01-31"):
        Moment().convert(text, None, None)


def test_seconds_stay_seconds() -> None:
    assert Moment().convert(5, None, None) == 5

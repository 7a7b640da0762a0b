"""Moments as forges write them."""

import pytest

from asbuilt.sources.moments import seconds_of, text_of


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2026-01-31T12:00:00Z", 1_769_860_800),
        ("2026-01-31T14:00:00+02:00", 1_769_860_800),
        ("2026-01-31T12:00:00", None),
        ("2026-13-31T12:00:00Z", None),
        ("x" * 100, None),
        (17, None),
        (None, None),
    ],
)
def test_a_moment_has_a_zone(text: object, seconds: int | None) -> None:
    assert seconds_of(text) == seconds


def test_it_is_written_as_it_is_read() -> None:
    assert seconds_of(text_of(1_769_860_800)) == 1_769_860_800

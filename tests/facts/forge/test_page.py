"""What the key of a page names."""

import pytest

from asbuilt.facts.forge import ForgePage


@pytest.mark.parametrize(
    ("key", "number", "subject"),
    [
        ("17", 17, "17"),
        ("17 | 2", 17, "17"),
        ("main | 1", None, "main"),
        ("", None, ""),
        ("-1", None, "-1"),
        ("١٧", None, "١٧"),
        ("9" * 30, None, "9" * 30),
    ],
)
def test_the_subject_of_a_key(key: str, number: int | None, subject: str) -> None:
    page = ForgePage("pull", key, None, "acme/shop", None, 0)
    assert (page.number, page.subject) == (number, subject)

"""Levels: the publisher's word first, then CVSS 3."""

import pytest

from asbuilt.model.advisory import Severity
from asbuilt.supply.advisories.severity import base_score, level_of


# Vectors and scores as FIRST's own examples (CVSS 3.1) and the National Vulnerability Database give them.
@pytest.mark.parametrize(
    ("vector", "score"),
    [
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10.0),
        ("CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1),
        ("CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:N/A:H", 5.9),
        ("CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:L/I:N/A:N", 3.3),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0.0),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", None),
        ("CVSS:3.1/AV:N", None),
        ("", None),
    ],
)
def test_the_base_score_is_the_published_one(vector: str, score: float | None) -> None:
    assert base_score(vector) == score


def test_the_publishers_word_goes_before_the_vector() -> None:
    worst = Severity("CVSS_V3", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H")
    assert level_of([None, 3, "MODERATE"], [worst]) == "medium"
    assert level_of([None, "odd"], [worst]) == "critical"
    assert level_of([], []) is None

"""The words that statements are exchanged in."""

from typing import get_args

from asbuilt.model.vex import Justification
from asbuilt.reports.vex_cyclonedx import vex_cyclonedx
from tests.reports.test_vex_openvex import ALL


def test_the_words_are_those_of_openvex() -> None:
    assert len(get_args(Justification)) == 5
    assert vex_cyclonedx(ALL)

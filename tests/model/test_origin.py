"""Runs of lines."""

from asbuilt.model.attribution import Authorship
from asbuilt.model.origin import LineRun


def test_a_run_counts_both_ends() -> None:
    run = LineRun("a", 3, 5, "c", "a", 3, "c", Authorship.UNKNOWN)
    assert run.count == 3

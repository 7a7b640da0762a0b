"""Silence."""

import pytest

from asbuilt.model.progress import silent


def test_silent_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    silent("Reading", 1, 2)
    assert capfd.readouterr() == ("", "")

"""The token: from the environment or a file, shown to nobody."""

import os
import pickle
from pathlib import Path

import pytest

from asbuilt.model.errors import UsageError
from asbuilt.sources.credentials import Token, read_token

SECRET = "a-secret-of-the-company"


def test_the_first_variable_that_is_set_is_taken() -> None:
    told = {"B": f" {SECRET}\n", "C": "another-token"}
    assert read_token(None, ("A", "B", "C"), told).reveal() == SECRET
    with pytest.raises(UsageError, match="no token"):
        read_token(None, ("A",), told)


def test_a_file_of_ones_own_is_read(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(f"{SECRET}\n")
    file.chmod(0o600)
    assert read_token(file, ("A",), {"A": "another-token"}).reveal() == SECRET


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o602])
def test_a_file_that_others_may_read_is_refused(mode: int, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(SECRET)
    file.chmod(mode)
    with pytest.raises(UsageError, match="Others than its owner") as caught:
        read_token(file, ())
    assert SECRET not in str(caught.value)


def test_what_is_no_file_or_no_token_is_refused_without_showing_it(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_token(tmp_path / "none", ())
    os.mkfifo(tmp_path / "two", 0o600)
    file = tmp_path / "words"
    file.write_text(f"{SECRET} and more")
    file.chmod(0o600)
    with pytest.raises(UsageError, match="no token") as caught:
        read_token(file, ())
    assert SECRET not in str(caught.value)


def test_it_cannot_be_shown_or_written() -> None:
    token = Token(SECRET, "here")
    assert SECRET not in f"{token} {token!r} {[token]}"
    with pytest.raises(TypeError):
        pickle.dumps(token)
    with pytest.raises(AttributeError):
        token.other = 1  # type: ignore[attr-defined]

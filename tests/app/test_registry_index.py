"""One index, and the credential that its address carried."""

from pathlib import Path

import pytest

from asbuilt.app.registry_index import Surroundings, index_of, is_asked, netrc_secrets, own_surroundings, own_text
from asbuilt.model.errors import UsageError


def test_a_credential_leaves_the_address_and_is_shown_nowhere() -> None:
    own = index_of("PyPI", "https://ana:p%40ss@a.example/simple/?x=1#y", "pip.conf")
    assert own.address == "https://a.example/simple"
    assert own.scheme == "Basic"
    assert "p@ss" not in repr(own)
    assert index_of("PyPI", "https://a.example", "x").token is None


@pytest.mark.parametrize("address", ["nonsense", "", "https://x:port"])
def test_what_is_no_address_is_said(address: str) -> None:
    with pytest.raises(UsageError, match="is no address"):
        index_of("PyPI", address, "pip.conf")


def test_files_are_bounded_and_may_be_missing(tmp_path: Path) -> None:
    assert own_text(tmp_path / "none") == ""
    (tmp_path / "big").write_bytes(b"x" * (2 << 20))
    assert len(own_text(tmp_path / "big")) == 1 << 20
    assert netrc_secrets(tmp_path / "none") == {}
    assert (is_asked("https://a.example"), is_asked("file:///a")) == (True, False)
    assert isinstance(own_surroundings(), Surroundings)

"""Where reading goes on: a file of our own, or nothing."""

from pathlib import Path

import pytest

from asbuilt.app.sync_state import Kept, Tally, read_state, state_file, write_state
from asbuilt.model.errors import SourceError

SOURCE = "github:acme/shop"


def test_what_is_written_is_read(tmp_path: Path) -> None:
    kept = Kept(source=SOURCE, state={"a": [1, None]}, tallies={"requests": Tally(2, rows={"requests": 5})})
    write_state(tmp_path, kept)
    assert read_state(tmp_path, SOURCE) == kept
    assert read_state(tmp_path, "github:acme/other") == Kept(source="github:acme/other")
    assert state_file(tmp_path, SOURCE).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b'{"version":9}', b'{"version":1,"source":"x"}', b"[" * 100_000, b'{"state":5}', b"\xff"],
)
def test_what_is_none_of_ours_counts_as_nothing(data: bytes, tmp_path: Path) -> None:
    file = state_file(tmp_path, SOURCE)
    file.parent.mkdir()
    file.write_bytes(data)
    assert read_state(tmp_path, SOURCE) == Kept(source=SOURCE)


def test_a_disk_that_refuses_says_so(tmp_path: Path) -> None:
    (tmp_path / "sync").write_text("a file where the folder should be")
    with pytest.raises(SourceError, match="cannot be written down"):
        write_state(tmp_path, Kept(source=SOURCE))


def test_the_digest_depends_on_every_page_and_their_order() -> None:
    def digest(*pages: str) -> str:
        tally = Tally()
        for page in pages:
            tally.add_page(page * 64)
        return tally.digest

    assert len({digest(), digest("a"), digest("a", "b"), digest("b", "a"), digest("a", "a")}) == 5

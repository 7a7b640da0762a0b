"""Objects one by one: whole, in any order, bounded."""

from pathlib import Path

import pytest

from asbuilt.history.git import open_repository
from asbuilt.history.objects import read_objects
from tests.repos import Repo


def test_an_object_is_whole_or_an_error_and_the_next_one_is_still_read(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    repo.write("a", "one\n").write("b", "x" * 3_000_000).write("c", "").commit("First")
    ids = [repo.git("rev-parse", f"HEAD:{name}").decode().strip() for name in "abc"]
    with open_repository(repo.path) as opened, read_objects(opened) as objects:
        assert objects.read(ids[0]) == b"one\n"
        with pytest.raises(FileNotFoundError):
            objects.read("0" * 40)
        with pytest.raises(OSError, match="too large"):
            objects.read(ids[1], 1_000_000)
        assert objects.read(ids[2]) == b""
        assert len(objects.read(ids[1])) == 3_000_000
        assert objects.read(ids[0], 4) == b"one\n"

"""Keeping writes whole files, few of them, and says nothing where it cannot."""

from pathlib import Path

from asbuilt.app.gather import gather
from asbuilt.app.keeping import keep_history
from asbuilt.history.git import open_repository
from tests.repos import Repo


def test_few_revisions_are_kept(repo: Repo, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    for number in range(5):
        repo.write("a", f"{number}\n").commit()
        with open_repository(repo.path) as repository:
            keep_history(gather(repository, "HEAD"), folder)
    assert len(list(folder.iterdir())) == 3


def test_a_folder_that_is_not_there_keeps_nothing(repo: Repo, tmp_path: Path) -> None:
    repo.write("a", "1\n").commit()
    with open_repository(repo.path) as repository:
        keep_history(gather(repository, "HEAD"), tmp_path / "absent")
    assert not (tmp_path / "absent").exists()

"""The files of a tree: of git's objects, and of a folder."""

import os
from pathlib import Path

from asbuilt.app.sbom_tree import revision_files, work_tree_files
from asbuilt.history.git import open_repository
from tests.repos import Repo


def test_objects_are_read_whole_and_in_any_order(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "acme")
    commit = repo.write("b/mix.lock", "%{\n}\n").write("a.txt", "").commit("First")
    with open_repository(repo.path) as opened, revision_files(opened, "HEAD", "") as (files, unread):
        told = {path: (size, load()) for path, size, load in reversed(files)}
    assert commit
    assert told == {"a.txt": (0, b""), "b/mix.lock": (5, b"%{\n}\n")}
    assert unread == []


def test_a_pipe_in_the_work_tree_is_said_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "go.mod")
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "go.mod").write_text("x")
    files, unread = work_tree_files(tmp_path, "")
    assert files == []
    assert [(own.path, own.why) for own in unread] == [("go.mod", "It is no plain file.")]

"""The files of a tree: of git's objects, and of a folder."""

import os
from pathlib import Path

from asbuilt.app.component_history import component_history
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


def test_submodules_and_links_are_said_of_a_revision_and_of_a_work_tree(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "acme")
    repo.write("go.mod", "module a\n").write("readme", "").commit("First")
    module = '[submodule "x"]\n\tpath = ext/x\n\turl = https://example.com/x\n'
    repo.write(".gitmodules", module)
    (repo.path / "yarn.lock").symlink_to("elsewhere")
    (repo.path / "linked").symlink_to("readme")
    repo.git("add", "yarn.lock", "linked", ".gitmodules")
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{'ab' * 20},ext/x")
    repo.commit("A submodule and links")
    (repo.path / "ext/x").mkdir(parents=True)
    (repo.path / "ext/x/Cargo.lock").write_text("version = 4\n")
    with open_repository(repo.path) as opened, revision_files(opened, "HEAD", "") as (files, unread):
        assert sorted(path for path, _, _ in files) == [".gitmodules", "go.mod", "readme"]
    of_folder, told = work_tree_files(repo.path, "")
    assert "ext/x/Cargo.lock" not in [path for path, _, _ in of_folder]
    expected = [
        ("ext/x", "It is a submodule: what it is built from is told by its own repository."),
        ("yarn.lock", "It is a symbolic link, which is not followed."),
    ]
    assert sorted((own.path, own.why) for own in unread) == expected
    assert sorted((own.path, own.why) for own in told) == expected
    (repo.path / "docs").mkdir()
    assert work_tree_files(repo.path, "docs")[1] == []
    with open_repository(repo.path) as opened:
        history = component_history(opened, opened.resolve("HEAD"))
    assert sorted((own.path, own.why) for own in history.unread) == expected

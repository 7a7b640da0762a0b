"""An export as a commit of a git repository: modes, absent objects, and what else stands there."""

import os
from pathlib import Path

import pytest

from asbuilt.app.export_tree import GitTree, open_tree
from asbuilt.model.errors import SourceError, UsageError
from asbuilt.sources.github.export import FolderTree
from tests.exports import committed, request, write_export


def bodies(path: Path) -> dict[str, bytes | None]:
    """All files of an export that are to be read, and their bytes."""
    with open_tree(path) as tree:
        entries = [entry for entry in tree.entries() if entry.refused is None]
        return {content.entry.path: content.body for content in tree.read(entries)}


def test_a_commit_holds_what_the_folder_held(tmp_path: Path) -> None:
    write_export(tmp_path, request(2), request(10))
    before = bodies(tmp_path)
    repo = committed(tmp_path)
    (tmp_path / "pulls" / "2.json").write_text("not committed")
    with open_tree(tmp_path) as tree:
        assert isinstance(tree, GitTree)
        assert tree.name == tree.identity() == f"git {repo.head()}"
        assert tree.taken == 1_774_000_030
    assert bodies(tmp_path) == before
    assert len(before) == 4


def test_a_bare_repository_is_read_and_a_folder_within_another_is_a_folder(tmp_path: Path) -> None:
    write_export(tmp_path / "export", request(2))
    repo = committed(tmp_path / "export")
    repo.git("clone", "-q", "--bare", str(tmp_path / "export"), str(tmp_path / "bare"))
    assert bodies(tmp_path / "bare") == bodies(tmp_path / "export")
    inner = write_export(tmp_path / "export" / "inner", request(3))
    with open_tree(inner) as tree:
        assert isinstance(tree, FolderTree)


def test_links_and_submodules_in_a_commit_are_refused(tmp_path: Path) -> None:
    write_export(tmp_path, request(2))
    (tmp_path / "pulls" / "3.json").symlink_to("/etc/passwd")
    repo = committed(tmp_path)
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{repo.head()},pulls/4.json")
    repo.commit("A submodule")
    with open_tree(tmp_path) as tree:
        refused = {entry.path: entry.refused for entry in tree.entries() if entry.refused}
    assert refused == {"pulls/3.json": "it is a link", "pulls/4.json": "it is no file"}


def test_an_object_that_this_copy_leaves_out_is_named_and_makes_another_identity(tmp_path: Path) -> None:
    write_export(tmp_path, request(2), request(3))
    repo = committed(tmp_path)
    own = repo.git("rev-parse", "HEAD:pulls/2.json").decode().strip()
    with open_tree(tmp_path) as tree:
        before = tree.identity()
    (tmp_path / ".git" / "objects" / own[:2] / own[2:]).unlink()
    with open_tree(tmp_path) as tree:
        assert tree.identity() != before
        found = {content.entry.path: content.fault for content in tree.read(tree.entries())}
    assert own in found["pulls/2.json"]
    assert not found["pulls/3.json"]
    assert bodies(tmp_path)["pulls/3.json"] is not None


def test_names_that_are_no_text(tmp_path: Path) -> None:
    write_export(tmp_path, request(2))
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/pulls/\xff.json")).write_text("{}")
    committed(tmp_path)
    with open_tree(tmp_path) as tree:
        assert "pulls/\\xff.json" in [entry.path for entry in tree.entries()]


def test_what_is_no_folder_or_has_no_commit(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no folder"), open_tree(tmp_path / "nothing"):
        pass
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / ".git").mkdir()
    with pytest.raises(SourceError), open_tree(tmp_path / "empty"):
        pass

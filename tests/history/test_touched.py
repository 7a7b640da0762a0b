"""Kinds of paths by step, on a real history."""

from pathlib import Path

from asbuilt.catalogue.touched_paths import load_touched_paths
from asbuilt.history.git import open_repository
from asbuilt.history.touched import touched_kinds
from tests.repos import Repo


def test_each_step_is_compared_with_its_first_parent(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    first = repo.write("go.mod", "module x\n").write("app.go", "package x\n").commit("Start")
    plain = repo.write("app.go", "package y\n").commit("Plain")
    repo.checkout("topic", new=True)
    repo.write("db/migrate/1.rb", "x\n").write("Dockerfile", "FROM scratch\n").commit("Topic")
    repo.checkout("main")
    merge = repo.merge("topic")
    gone = repo.remove("go.mod").commit("Drop")
    with open_repository(repo.path) as opened:
        found = touched_kinds(opened, [gone, merge, plain, first], load_touched_paths())
    assert found == {first: {"dependencies"}, merge: {"migrations", "infrastructure"}, gone: {"dependencies"}}

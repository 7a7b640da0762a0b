"""The routes of a repository, a commit or a folder, with what the company says of its own guards."""

from pathlib import Path

import pytest

from asbuilt.app.config import Config
from asbuilt.app.scan_routes import RouteFindings, read_routes
from asbuilt.model.errors import ConfigError, SourceError
from tests.repos import Repo

APP = """from flask import Flask
from shop.rules import tenant
app = Flask(__name__)

@app.post("/a")
@tenant
def a(): return 1

@app.post("/b")
def b(): return 1
"""


def verdicts(path: Path, **more) -> dict[str, str]:
    return {route.path: route.verdict for route in read_routes(path, **more).routes}


def test_of_a_commit_and_of_the_work_tree(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "shop")
    repo.write("app.py", APP).commit("one")
    assert verdicts(repo.path) == {"/a": "unguarded", "/b": "unguarded"}
    repo.write("app.py", APP.replace("/b", "/c"))
    assert "/c" in verdicts(repo.path)
    assert "/c" not in verdicts(repo.path, rev="HEAD")


def test_the_company_names_its_guards_and_public_routes(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "shop")
    repo.write("app.py", APP).write("asbuilt.toml", '[scan]\nguards = ["tenant"]\npublic = ["POST /b"]\n').commit(
        "one"
    )
    assert verdicts(repo.path) == {"/a": "guarded", "/b": "public"}


def test_a_mistake_in_the_configuration_is_told_with_its_line(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "shop")
    repo.write("asbuilt.toml", '[scan]\nguards = "tenant"\n').commit("one")
    with pytest.raises(ConfigError, match=r"asbuilt\.toml:2"):
        read_routes(repo.path)


def test_of_a_folder_in_no_repository(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(APP, "utf-8")
    assert verdicts(tmp_path) == {"/a": "unguarded", "/b": "unguarded"}
    assert verdicts(tmp_path, exclude=["app.py"]) == {}
    with pytest.raises(SourceError):
        read_routes(tmp_path, rev="HEAD")


def test_files_pass_through_on_their_way_to_the_rules() -> None:
    passing = RouteFindings(Config(guards=("tenant",)))
    files = [("app.py", APP.encode()), ("readme.md", b"# Shop\n")]
    assert list(passing.passing(files)) == files
    findings, table, note = passing.found()
    assert [(own.path, own.line, own.rule) for own in findings] == [("app.py", 10, note.id)]
    assert len(table.routes) == 2

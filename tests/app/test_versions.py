"""Versions, and what happens where something is not there."""

import re
import tomllib
from pathlib import Path

import pytest

from asbuilt.app.versions import LIBRARIES, git_on_path, library_versions, versions


def test_versions_are_named() -> None:
    own, python, git = versions()
    assert all(re.match(r"\d+\.\d+", each) for each in (own, python, git))


def test_no_git_on_the_path_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert git_on_path() is None
    assert versions()[2] == "not found"


def test_the_libraries_are_those_of_the_package() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))["project"]
    assert set(LIBRARIES) == {re.split(r"[><=]", each)[0] for each in project["dependencies"]}
    assert all(library_versions().values())

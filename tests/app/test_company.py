"""Where the company's configuration is found."""

from pathlib import Path

import pytest

from asbuilt.app.company import read_company
from asbuilt.model.errors import ConfigError


def test_the_nearest_file_upwards_counts(tmp_path: Path) -> None:
    (tmp_path / "asbuilt.toml").write_text('[audit]\ncompany = "Acme"\n')
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    found = read_company(None, inner)
    assert (found.config.audit.company, found.base) == ("Acme", tmp_path.resolve())


def test_the_search_ends_where_the_project_does(tmp_path: Path) -> None:
    (tmp_path / "asbuilt.toml").write_text('[audit]\ncompany = "Another"\n')
    inner = tmp_path / "project"
    (inner / ".git").mkdir(parents=True)
    assert read_company(None, inner).config.source is None


def test_a_pyproject_without_a_word_of_ours_is_passed(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    (tmp_path / ".git").mkdir()
    assert read_company(None, tmp_path).config.source is None


def test_a_named_file_counts_alone(tmp_path: Path) -> None:
    file = tmp_path / "our.toml"
    file.write_text('[audit]\nsystem = "Cloud"\n')
    found = read_company(file, Path("/"))
    assert (found.config.audit.system, found.base) == ("Cloud", tmp_path.resolve())
    file.write_text("[adit]\n")
    with pytest.raises(ConfigError, match="Nothing is called adit"):
        read_company(file, Path("/"))

"""A tree is read whole, and kept only where it may be."""

from pathlib import Path

import pytest

from asbuilt.app.attributed import attribute_tree
from asbuilt.history.git import open_repository
from tests.company import Company


def test_every_line_has_an_origin_and_a_writer(company: Company) -> None:
    with open_repository(company.repo.path) as repository:
        tree = attribute_tree(repository, "HEAD", keep_index=False)
    assert tree.folder is None
    assert tree.found.tip == tree.origins.tip == company.revert
    assert sum(run.count for run in tree.lines.runs()) == tree.origins.lines


def test_history_and_lines_are_kept_beside_each_other(
    company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASBUILT_CACHE", str(tmp_path / "own"))
    with open_repository(company.repo.path) as repository:
        first = attribute_tree(repository, "HEAD")
        again = attribute_tree(repository, "HEAD")
    assert {file.suffix for file in first.folder.iterdir()} == {".history", ".origins"}
    assert list(first.lines.runs()) == list(again.lines.runs())

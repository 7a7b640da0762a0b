"""Fixtures that every test may use."""

import os
from pathlib import Path

import pytest

from tests.repos import Repo


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """An empty repository."""
    return Repo(tmp_path / "repo")


def fetched(name: str) -> Path:
    """A public repository's copy (``owner+name``) below ASBUILT_REPOS; the test is skipped when there is none."""
    root = os.environ.get("ASBUILT_REPOS")
    found = Path(root, name, "repo") if root else None
    if found is None or not found.is_dir():
        pytest.skip(f"no copy of {name} below ASBUILT_REPOS")
    return found

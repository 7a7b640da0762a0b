"""Fixtures that every test may use."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from tests.company import Company
from tests.repos import Repo

# How long an example takes says how busy the machine is, not whether the code is right.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


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


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """A small company's repository; read it, never change it."""
    return Company(tmp_path_factory.mktemp("company") / "harbor")


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test has a cache of its own; none touches the user's."""
    monkeypatch.setenv("ASBUILT_CACHE", str(tmp_path / "cache"))

"""What names one version for good."""

import pytest

from asbuilt.model.component import is_locked, locked_folder
from tests.reports.bills import component


@pytest.mark.parametrize(
    ("ecosystem", "version", "expected"),
    [
        ("npm", "1.0.0", True),
        ("npm", None, False),
        ("GitHub Actions", "v4", False),
        ("GitHub Actions", "main", False),
        ("GitHub Actions", "0123456789" * 4, True),
        ("Docker", "3.12", False),
        ("Docker", None, False),
        ("Docker", "sha256:" + "ab" * 32, True),
    ],
)
def test_a_tag_of_an_action_or_an_image_can_move(ecosystem: str, version: str | None, expected: bool) -> None:
    assert is_locked(component("a", version, ecosystem=ecosystem)) is expected


@pytest.mark.parametrize(
    ("path", "folder"),
    [
        ("Cargo.lock", ""),
        ("a/b/Cargo.lock", "a/b"),
        ("gradle/verification-metadata.xml", ""),
        ("a/gradle/verification-metadata.xml", "a"),
        ("a/verification-metadata.xml", "a"),
        ("gradle/gradle.lockfile", "gradle"),
    ],
)
def test_a_lock_file_speaks_for_its_folder(path: str, folder: str) -> None:
    assert locked_folder(path) == folder

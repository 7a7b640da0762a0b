"""A folder of evidence that may be hostile: nothing outside of it is ever read."""

import os
from pathlib import Path

import pytest

from asbuilt.app.evidence_folder import evidence_files, read_attachment, read_plain
from asbuilt.model.errors import UsageError
from asbuilt.model.evidence import Problems


def test_files_in_the_order_of_their_names(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / ".git").mkdir()
    for name in ("b/1.yaml", "a.yml", "z.yaml", "scan.pdf", ".hidden.yaml", ".git/x.yaml"):
        (tmp_path / name).write_text("x")
    found, others = evidence_files(tmp_path, Problems())
    assert [file.relative_to(tmp_path).as_posix() for file in found] == ["a.yml", "b/1.yaml", "z.yaml"]
    assert others == [tmp_path / "scan.pdf"]
    assert evidence_files(tmp_path / "z.yaml", Problems()) == ([tmp_path / "z.yaml"], [])


def test_links_are_problems_and_empty_folders_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").symlink_to("/etc/passwd")
    (tmp_path / "b").symlink_to("/etc")
    problems = Problems()
    evidence_files(tmp_path, problems)
    assert problems.count == 2
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="holds no YAML file"):
        evidence_files(tmp_path / "empty", Problems())
    with pytest.raises(UsageError, match="is not there"):
        evidence_files(tmp_path / "nowhere", Problems())


def test_only_plain_files_are_read(tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(b"x")
    (tmp_path / "link").symlink_to("plain")
    os.mkfifo(tmp_path / "pipe")
    assert read_plain(tmp_path / "plain") == b"x"
    assert read_plain(tmp_path / "link", follow=True) == b"x"
    for name, what in (("link", "it is a symbolic link"), ("pipe", "no plain file"), ("none", "is not there")):
        with pytest.raises(UsageError, match=what):
            read_plain(tmp_path / name)


def test_an_attachment_is_not_reached_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a").write_bytes(b"x")
    (tmp_path / "way").symlink_to("real")
    assert read_attachment(tmp_path, "real/a") == b"x"
    with pytest.raises(UsageError, match="leads through a symbolic link"):
        read_attachment(tmp_path, "way/a")

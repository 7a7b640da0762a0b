"""``asbuilt sbom`` as a user runs it."""

import json
from pathlib import Path

from tests.commands import asbuilt
from tests.repos import Repo


def make(tmp_path: Path) -> Path:
    repo = Repo(tmp_path / "acme")
    repo.write("requirements.txt", "a==1.0\nb>=2\n").commit("First")
    return repo.path


def test_a_table_is_printed(tmp_path: Path) -> None:
    done = asbuilt("sbom", cwd=make(tmp_path))
    assert done.code == 0, done.said
    assert "requirements.txt:1" in done.text
    assert "1 locked, 1 declared and not locked" in done.text


def test_formats_are_written_to_files(tmp_path: Path) -> None:
    path = make(tmp_path)
    words = ("--output", "cyclonedx=c.json", "--output", "spdx=s.json", "--output", "json=j.json")
    done = asbuilt("sbom", "--rev", "HEAD", "--spec-version", "1.7", *words, cwd=path)
    assert (done.code, done.out) == (0, b"")
    assert json.loads((path / "c.json").read_bytes())["specVersion"] == "1.7"
    assert json.loads((path / "s.json").read_bytes())["spdxVersion"] == "SPDX-2.3"
    assert len(json.loads((path / "j.json").read_bytes())["entries"]) == 2


def test_what_was_not_read_is_exit_code_3(tmp_path: Path) -> None:
    path = make(tmp_path)
    (path / "bun.lockb").write_bytes(b"\0")
    done = asbuilt("sbom", "--format", "spdx", cwd=path)
    assert done.code == 3
    assert "binary lock file of Bun" in done.text

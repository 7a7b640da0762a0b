"""A changed file that nobody could look at keeps the change from landing, unless the base says otherwise."""

import os
from pathlib import Path

import pytest

from asbuilt.app.gate_unseen import is_shown_only
from asbuilt.model.gate import Answer, Gate, Standing
from tests.app.test_gate import asked
from tests.app.test_gate_brought import OPEN
from tests.repos import Repo

TLS = 'import requests\nrequests.get("https://x.example", verify=False)\n'
TOKEN = "glpat-" + "q7RmX2vK9pLw4TzB8nYc"
DEEP = f"{TLS}X = {'(' * 300}1{')' * 300}\n"
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(64))


@pytest.fixture(autouse=True)
def _stores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASBUILT_ADVISORIES", str(tmp_path / "advisories.sqlite"))
    monkeypatch.setenv("ASBUILT_REGISTRY", str(tmp_path / "registry.sqlite"))


def brought(repo: Repo, files: dict[str, str | bytes], policy: str = OPEN) -> Gate:
    repo.write("asbuilt.toml", policy).write("package-lock.json", '{"lockfileVersion": 3, "packages": {}}\n')
    repo.commit("Begin")
    repo.checkout("topic", new=True)
    for name, content in files.items():
        repo.write(name, content)
    repo.commit("Change")
    return asked(repo)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("tool", b"\x7fELF\2\1\1\0\0", "holds no text"),
        ("logo.png", b"\x7fELF\2\1\1\0\0", "holds no text"),  # it only calls itself a picture
        ("big.txt", "words\n" * 1_500_000, "too large"),
        ("run.py", DEEP, "levels deep"),
        ("run.py", "#\n" * 600_000 + TLS, "more than 1 MiB"),
        ("run.js", f"fetch(x, {{rejectUnauthorized: false}}); y = '{'a' * 20_000}'\n", "minified"),
        ("package-lock.json", "<<<<<<< HEAD\n", "no JSON"),
        ("package-lock.json", '{"lockfileVersion": 99, "packages": {}}\n', "99 is not known"),
        ("package-lock.json", "version https://git-lfs.github.com/spec/v1\noid sha256:aa\nsize 3\n", "Git LFS"),
    ],
)
def test_what_nobody_could_look_at_is_no_pass(repo: Repo, name: str, content: str | bytes, said: str) -> None:
    found = brought(repo, {name: content})
    assert found.answer is Answer.NOT_SEEN
    (own,) = found.refusing
    assert (own.kind, own.what, own.standing, own.path) == ("file", "unread", Standing.UNKNOWN, name)
    assert said in own.message
    assert found.next_step == own.remedy != ""
    assert name in found.verdict


def test_a_picture_that_is_one_stands_in_nobodys_way_and_is_said(repo: Repo) -> None:
    found = brought(repo, {"logo.png": PICTURE})
    assert (found.answer, found.brought) == (Answer.MAY_LAND, ())
    assert any("logo.png" in gap.what for gap in found.not_seen)


@pytest.mark.parametrize(
    "policy", ['unread = "report"\n', 'unread_paths = ["run.py"]\n', 'unread_paths = ["*.py"]\n']
)
def test_the_base_may_let_files_stay_unread(repo: Repo, policy: str) -> None:
    found = brought(repo, {"run.py": DEEP}, OPEN + policy)
    assert (found.answer, found.refusing) == (Answer.MAY_LAND, ())
    assert any("run.py" in gap.what for gap in found.not_seen)


def test_a_link_in_the_place_of_a_lock_file_is_no_lock_file(repo: Repo) -> None:
    repo.write("asbuilt.toml", OPEN).write("requirements.txt", "flask==3.0\n").commit("Begin")
    repo.checkout("topic", new=True).write("data.bin", "evil==1\n").remove("requirements.txt")
    (repo.path / "requirements.txt").symlink_to("data.bin")
    repo.git("add", "requirements.txt")
    repo.commit("Change")
    found = asked(repo)
    assert found.answer is Answer.NOT_SEEN
    assert [(own.path, "link" in own.message) for own in found.refusing] == [("requirements.txt", True)]


def test_another_repository_that_moved_was_not_looked_into(repo: Repo) -> None:
    repo.write("asbuilt.toml", OPEN).commit("Begin")
    repo.checkout("topic", new=True)
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{'a' * 40},vendored")
    repo.commit("Change")
    found = asked(repo)
    assert [own.path for own in found.refusing] == ["vendored"]


@pytest.mark.parametrize(
    "content",
    [
        f'/*\0*/ const token = "{TOKEN}"\n'.encode(),
        f'$token = "{TOKEN}"\n'.encode("utf-16-le"),
        f'$token = "{TOKEN}"\n'.encode("utf-16-be"),
        f'$token = "{TOKEN}"\n'.encode("utf-32"),
    ],
)
def test_no_encoding_hides_a_secret(repo: Repo, content: bytes) -> None:
    found = brought(repo, {"a.ps1": content})
    assert [own.name for own in found.refusing] == ["secret-provider-token"]


def test_what_a_name_says_is_held_against_how_the_file_begins() -> None:
    assert is_shown_only("a/LOGO.PNG", PICTURE)
    assert is_shown_only("a/photo.jpg", PICTURE)
    assert not is_shown_only("a/logo.png", b"PK\3\4")
    assert not is_shown_only("a/logo", PICTURE)
    assert not is_shown_only(os.fsdecode(b"a.so"), PICTURE)

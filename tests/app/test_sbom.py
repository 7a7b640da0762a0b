"""What a product is built from, of the work tree and of a revision."""

from pathlib import Path

import msgspec
import pytest

from asbuilt.app.sbom import make_bill
from asbuilt.model.errors import SourceError, UsageError
from asbuilt.model.sbom import Bill
from tests.repos import Repo

LOCK = '{"lockfileVersion": 3, "packages": {"node_modules/a": {"version": "%s", "license": "MIT License"}}}\n'


def names(bill: Bill) -> list[tuple[str, str | None, str | None]]:
    return [(own.component.name, own.component.version, own.component.declared) for own in bill.entries]


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    repo = Repo(tmp_path / "acme")
    repo.write("package-lock.json", LOCK % "1.0.0").write("web/package-lock.json", LOCK % "1.0.0").commit("First")
    return repo


def test_a_revision_is_read_out_of_git(repo: Repo) -> None:
    repo.write("package-lock.json", LOCK % "2.0.0").commit("Second")
    (repo.path / "package-lock.json").unlink()
    assert names(make_bill(repo.path, rev="HEAD~1")) == [("a", "1.0.0", None)]
    assert names(make_bill(repo.path, rev="HEAD")) == [("a", "1.0.0", None), ("a", "2.0.0", None)]
    assert names(make_bill(repo.path)) == [("a", "1.0.0", None)]


def test_places_that_name_the_same_component_come_together(repo: Repo) -> None:
    (entry,) = make_bill(repo.path).entries
    assert entry.places == (("package-lock.json", 1), ("web/package-lock.json", 1))
    assert entry.licence == "MIT"


def test_below_a_folder_only_what_lies_there_is_read(repo: Repo) -> None:
    for rev in (None, "HEAD"):
        assert make_bill(repo.path / "web", rev=rev).files == ("web/package-lock.json",)


def test_work_tree_and_revision_tell_the_same_when_nothing_is_changed(repo: Repo) -> None:
    tree, revision = make_bill(repo.path), make_bill(repo.path, rev="HEAD")
    assert msgspec.structs.replace(tree, is_work_tree=False) == revision
    assert tree == make_bill(repo.path)


def test_a_range_that_is_locked_beside_it_is_told_once(repo: Repo) -> None:
    repo.write("py/pyproject.toml", '[project]\ndependencies = ["My_B>=1", "c"]\n')
    repo.write(
        "py/uv.lock", 'version = 1\n[[package]]\nname = "my-b"\nversion = "1.5"\nsource = {registry = "r"}\n'
    )
    repo.commit("Python")
    assert names(make_bill(repo.path / "py")) == [("c", None, "*"), ("my-b", "1.5", None)]


def test_an_address_is_told_once_where_the_lock_file_has_one_and_beside_what_a_registry_gave(repo: Repo) -> None:
    lock = """version = 4
[[package]]
name = "a"
version = "1.0.0"
source = "git+https://example.com/a?rev=01#0123456"
[[package]]
name = "b"
version = "2.0.0"
source = "registry+https://example.com/index"
"""
    manifest = """[dependencies]
a = { git = "https://example.com/a", rev = "01" }
b = { path = "../b" }
"""
    repo.write("rs/Cargo.lock", lock).write("rs/member/Cargo.toml", manifest).commit("Rust")
    assert names(make_bill(repo.path / "rs")) == [("a", "1.0.0", None), ("b", None, "../b"), ("b", "2.0.0", None)]


def test_links_are_not_followed_and_said(repo: Repo) -> None:
    secret = repo.path.parent / "outside.txt"
    secret.write_text("token==1\n")
    (repo.path / "requirements.txt").symlink_to(secret)
    repo.git("add", "-A")
    repo.commit("Link")
    for rev in (None, "HEAD"):
        bill = make_bill(repo.path, rev=rev)
        assert [(own.path, "link" in own.why) for own in bill.unread] == [("requirements.txt", True)]
        assert "token" not in str(bill.entries)


def test_a_bare_repository_is_read_at_its_head(repo: Repo, tmp_path: Path) -> None:
    repo.git("clone", "-q", "--bare", str(repo.path), str(tmp_path / "bare.git"))
    bill = make_bill(tmp_path / "bare.git")
    assert (bill.product, bill.is_work_tree, len(bill.entries)) == ("bare", False, 1)


def test_what_cannot_be_read_at_all_is_an_error(repo: Repo, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        make_bill(repo.path, rev="nowhere")
    (tmp_path / "plain").mkdir()
    with pytest.raises(SourceError):
        make_bill(tmp_path / "plain")


def test_what_gradle_lists_one_folder_below_answers_its_builds(repo: Repo) -> None:
    row = '<component group="g" name="a" version="1.0"/>'
    repo.write("jvm/gradle/verification-metadata.xml", f"<verification-metadata>{row}</verification-metadata>")
    repo.write("jvm/app/build.gradle", "dependencies { api 'g:a:[1,2)', 'g:b:2' }\n").commit("Java")
    assert names(make_bill(repo.path / "jvm")) == [("g:a", "1.0", None), ("g:b", None, "2")]

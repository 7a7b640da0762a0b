"""Commits are read in bulk, as git stores them."""

from pathlib import Path

import pytest

from asbuilt.history.commits import read_commit_set, read_commits
from asbuilt.history.git import open_repository
from asbuilt.model.commit import SignatureKind
from asbuilt.model.errors import SourceError
from tests.repos import Repo


def raw(repo: Repo, text: bytes) -> str:
    """A commit object made by hand."""
    tree = repo.git("write-tree").strip()
    made = repo.git(
        "hash-object", "-t", "commit", "-w", "--literally", "--stdin", stdin=b"tree " + tree + b"\n" + text
    )
    return made.decode().strip()


def test_commits_come_children_first_with_their_parents(repo: Repo) -> None:
    first = repo.write("a", "1\n").commit("one", author="Ana <ana@example.com>", at=1_000_000_000)
    repo.checkout("side", new=True)
    side = repo.write("b", "2\n").commit("two\n\nbody\n", author="Bo <bo@example.com>", committer="Web <web@x>")
    repo.checkout("main")
    third = repo.write("c", "3\n").commit("three")
    merge = repo.merge("side")
    with open_repository(repo.path) as repository:
        commits = read_commits(repository, [merge])
        fewer = read_commits(repository, [merge], exclude=[first])
    assert {commit.id: commit.parents for commit in commits} == {
        merge: (third, side), third: (first,), side: (first,), first: (),
    }  # fmt: skip
    order = [commit.id for commit in commits]
    assert all(order.index(commit.id) < order.index(parent) for commit in commits for parent in commit.parents)
    assert {commit.id for commit in fewer} == {merge, third, side}
    two = next(commit for commit in commits if commit.id == side)
    assert (two.author.name, two.committer.email, two.subject, two.message) == (
        "Bo",
        "web@x",
        "two",
        "two\n\nbody\n",
    )
    assert next(commit for commit in commits if commit.id == first).author_time == 1_000_000_000


def test_a_set_leaves_out_what_is_absent_or_no_commit(repo: Repo) -> None:
    head = repo.write("a", "1\n").commit()
    tree = repo.git("rev-parse", "HEAD^{tree}").decode().strip()
    with open_repository(repo.path) as repository:
        assert set(read_commit_set(repository, [head, tree, "1" * 40])) == {head}
        assert read_commit_set(repository, ["1" * 40]) == {}
        assert read_commit_set(repository, []) == {}


@pytest.mark.parametrize(
    ("header", "message", "text"),
    [
        (b"encoding ISO-8859-1\n", b"caf\xe9\n", "café\n"),
        (b"", b"caf\xc3\xa9\n", "café\n"),
        (b"", b"caf\xe9\n", "caf\ufffd\n"),
        (b"encoding no-such-thing\n", b"caf\xc3\xa9\n", "café\n"),
    ],
)
def test_messages_are_decoded(header: bytes, message: bytes, text: str, repo: Repo) -> None:
    own = raw(repo, b"author A <a@x> 1 +0000\ncommitter A <a@x> 1 +0000\n" + header + b"\n" + message)
    with open_repository(repo.path) as repository:
        assert read_commits(repository, [own])[0].message == text


@pytest.mark.parametrize(
    ("identity", "name", "email", "time"),
    [
        (b"A <a@x> 5 +0000", "A", "a@x", 5),
        (b"A <b> <a@x> 5 +0000", "A", "b> <a@x", 5),
        (b"<> -5 +0000", "", "", -5),
        (b"A <a@x> never", "A", "a@x", 0),
        (b"A <a@x>", "A", "a@x", 0),
    ],
)
def test_identities_of_every_shape(identity: bytes, name: str, email: str, time: int, repo: Repo) -> None:
    own = raw(repo, b"author " + identity + b"\ncommitter A <a@x> 1 +0000\n\nm\n")
    with open_repository(repo.path) as repository:
        (commit,) = read_commits(repository, [own])
    assert (commit.author.name, commit.author.email, commit.author_time) == (name, email, time)


@pytest.mark.parametrize(
    ("mark", "kind"),
    [
        (b"-----BEGIN SSH SIGNATURE-----", SignatureKind.SSH),
        (b"-----BEGIN PGP SIGNATURE-----", SignatureKind.GPG),
        (b"-----BEGIN SIGNED MESSAGE-----", SignatureKind.X509),
    ],
)
def test_the_kind_of_a_signature_is_seen(mark: bytes, kind: SignatureKind, repo: Repo) -> None:
    own = raw(repo, b"author A <a@x> 1 +0000\ncommitter A <a@x> 1 +0000\ngpgsig " + mark + b"\n abc\n\nm\n")
    with open_repository(repo.path) as repository:
        (commit,) = read_commits(repository, [own])
    assert (commit.signature, commit.message) == (kind, "m\n")


def test_an_absent_commit_is_an_error(repo: Repo) -> None:
    first = repo.write("a", "1\n").commit()
    repo.write("a", "2\n").commit()
    (repo.path / ".git" / "objects" / first[:2] / first[2:]).unlink()
    with open_repository(repo.path) as repository, pytest.raises(SourceError):
        read_commits(repository, [repository.resolve("HEAD")])


def test_parents_are_those_after_replace_refs_and_a_shallow_cut(repo: Repo, tmp_path: Path) -> None:
    repo.write("a", "1\n").commit()
    head = repo.write("a", "2\n").commit()
    repo.git("clone", "-q", "--depth=1", f"file://{repo.path}", str(tmp_path / "cut"))
    with open_repository(tmp_path / "cut") as repository:
        assert [commit.parents for commit in read_commits(repository, [head])] == [()]
    repo.git("replace", "--graft", head)
    with open_repository(repo.path) as repository:
        assert [commit.parents for commit in read_commits(repository, [head])] == [()]

"""The stream holds every commit, its parents as git uses them, and what it changed, whatever the paths are."""

from pathlib import Path

import pytest

from asbuilt.history.git import open_repository
from asbuilt.history.origins.stream import Stream, compare, read_change, read_stream
from asbuilt.model.errors import SourceError
from tests.history.origins.grown import grow
from tests.history.origins.histories import History
from tests.repos import Repo


def told_by_git(repo: Repo, parent: str, commit: str) -> dict[bytes, tuple[bytes, ...]]:
    words = repo.git("diff-tree", "-r", "-z", "--no-renames", "--no-abbrev", parent, commit).split(b"\0")
    return {
        path: tuple(meta.lstrip(b":").split(b" ")[:4]) for meta, path in zip(words[::2], words[1::2], strict=False)
    }


def read(repo: Repo, folder: Path, *tips: str, **kwargs: object) -> Stream:
    folder.mkdir()
    with open_repository(repo.path) as opened:
        return read_stream(opened, [opened.resolve(tip) for tip in tips], folder, **kwargs)


@pytest.mark.parametrize("processes", [1, 2, 5])
def test_every_commit_and_change_is_there(repo: Repo, tmp_path: Path, processes: int) -> None:
    grow(5, 40).build(repo)
    stream = read(repo, tmp_path / "stream", "main", processes=processes)
    listed = [line.split() for line in repo.git("rev-list", "--parents", "main").decode().splitlines()]
    assert stream.inside == len(stream.commits) == len(listed)
    merges = 0
    for commit, *parents in listed:
        number = stream.number[commit]
        assert [stream.commits[parent] for parent in stream.parents[number]] == parents
        assert all(parent > number for parent in stream.parents[number])
        if parents:
            paths, entries = stream.changes(number)
            found = dict(zip(paths, map(read_change, entries), strict=True))
            assert found == told_by_git(repo, parents[0], commit)
        if len(parents) == 2:
            merges += 1
            sides = [told_by_git(repo, parent, commit) for parent in parents]
            combined = stream.combined(number)
            assert set(combined) == sides[0].keys() & sides[1].keys()
            for path, views in combined.items():
                assert list(views) == [side[path] for side in sides]
    assert merges > 3


def test_paths_may_hold_anything_but_nul(repo: Repo, tmp_path: Path) -> None:
    names = [b"\x01", b"a\nb", b":100644 100644 x", b" ", b"\xff\xfe", b"d\t/e", b"0" * 40, b"M", b'"q"', b"\\n"]
    h = History()
    first = h.commit({b"z": b"z\n"})
    second = h.commit({b"z": b"z\n"} | {name: b"%d\n" % place for place, name in enumerate(names)}, first)
    h.commit({b"z": b"z\n"}, second)
    ids = h.build(repo)
    stream = read(repo, tmp_path / "stream", "main")
    assert set(stream.changes(stream.number[ids[1]])[0]) == set(names)
    assert set(stream.changes(stream.number[ids[2]])[0]) == set(names)
    with open_repository(repo.path) as opened:
        assert set(compare(opened, ids[0], ids[1])) == set(names)
        assert compare(opened, ids[0], ids[2]) == {}


def test_excluded_commits_are_named_and_no_more(repo: Repo, tmp_path: Path) -> None:
    one = repo.write("a", "1\n").commit()
    two = repo.write("a", "2\n").commit()
    three = repo.write("a", "3\n").commit()
    stream = read(repo, tmp_path / "stream", "main", exclude=[one])
    assert stream.commits == [three, two, one]
    assert stream.inside == 2
    assert stream.parents == [(1,), (2,)]


def test_a_commit_without_changes_has_none(repo: Repo, tmp_path: Path) -> None:
    repo.write("a", "1\n").commit()
    empty = repo.commit("nothing")
    repo.write("a", "2\n").commit()
    stream = read(repo, tmp_path / "stream", "main")
    assert stream.changes(stream.number[empty]) == ([], [])
    assert stream.combined(stream.number[empty]) == {}


def test_sha256(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo", object_format="sha256")
    repo.write("a", "1\n").commit()
    tip = repo.write("a", "2\n").commit()
    stream = read(repo, tmp_path / "stream", "main")
    paths, entries = stream.changes(stream.number[tip])
    assert paths == [b"a"]
    assert len(read_change(entries[0]).new) == 64


def test_an_absent_tree_is_an_error(repo: Repo, tmp_path: Path) -> None:
    one = repo.write("d/a", "1\n").commit()
    repo.write("d/a", "2\n").commit()
    tree = repo.git("rev-parse", f"{one}:d").decode().strip()
    (repo.path / ".git" / "objects" / tree[:2] / tree[2:]).unlink()
    with pytest.raises(SourceError):
        read(repo, tmp_path / "stream", "main")


def test_answers_of_another_form_are_refused(repo: Repo, tmp_path: Path) -> None:
    repo.write("a", "1\n").commit()
    repo.write("a", "2\n").commit()
    read(repo, tmp_path / "stream", "main")
    file = next((tmp_path / "stream").glob("first.*.raw"))
    file.write_bytes(file.read_bytes() + b"warning: of a git to come\n")
    with pytest.raises(SourceError):
        Stream(tmp_path / "stream", 40).changes(0)

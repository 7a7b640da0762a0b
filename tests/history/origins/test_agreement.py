"""Every line of every text file has the origin that plain ``git blame --porcelain`` names."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.history.origins.corpus import SHAPES, numbered, text
from tests.history.origins.grown import grow
from tests.history.origins.histories import SUBMODULE, Entry, History, blame_tree, git_plain
from tests.history.origins.reading import assert_same, lines_of, origins_of, walked
from tests.repos import Repo


def agree(repo: Repo, revision: str = "main") -> None:
    assert_same(lines_of(walked(repo, revision)), blame_tree(repo, revision))


@pytest.mark.parametrize("name", SHAPES)
def test_every_shape_by_the_way_that_fits_its_size(name: str, repo: Repo) -> None:
    SHAPES[name]().build(repo)
    asked, full = origins_of(repo), walked(repo)
    assert_same(lines_of(asked), lines_of(full))
    assert (asked.blobs, asked.skipped, asked.gaps) == (full.blobs, full.skipped, full.gaps)
    for one in ("first", "count", "origin_line", "file_start"):  # the same runs, not only the same lines
        assert getattr(asked, one).tolist() == getattr(full, one).tolist()


@pytest.mark.parametrize("name", SHAPES)
def test_every_shape(name: str, repo: Repo) -> None:
    ids = SHAPES[name]().build(repo)
    for commit in dict.fromkeys([ids[-1], ids[-2], ids[len(ids) // 2], ids[0]]):
        agree(repo, commit)


@pytest.mark.parametrize(
    "name", ["octopus", "rename_and_recreate", "strange_names_and_bytes", "links_and_submodules"]
)
def test_sha256(name: str, tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo", object_format="sha256")
    history = SHAPES[name]()
    long = History()
    for tree, parents in zip(history.trees, history.parents, strict=True):
        modules = {p: Entry(SUBMODULE, b"1" * 64) for p, entry in tree.items() if entry.mode == SUBMODULE}
        long.commit(tree | modules, *parents)
    long.build(repo)
    agree(repo)
    assert walked(repo).object_format == "sha256"


def test_shallow(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    grow(11, 40).build(repo)
    for depth in (1, 3, 8):
        git_plain(tmp_path, "clone", "-q", f"--depth={depth}", f"file://{repo.path}", f"shallow{depth}")
        cut = Repo(tmp_path / f"shallow{depth}")
        agree(cut, "HEAD")
        origins = walked(cut, "HEAD")
        other = origins_of(cut, "HEAD")
        assert {other.commits[number] for number in other.boundary} == {
            origins.commits[number] for number in origins.boundary
        }
        boundary = {origins.commits[number] for number in origins.boundary}
        file = (cut.path / ".git" / "shallow").read_text().split()
        assert boundary == set(file) & set(origins.commits)
        assert boundary


def test_grafts(repo: Repo) -> None:
    h = History()
    a = h.commit({b"a": text(*numbered(1, 5))})
    b = h.commit({b"a": text(*numbered(1, 6))}, a)
    c = h.commit({b"a": text(*numbered(1, 7))}, b)
    other = h.commit({b"a": text(*numbered(2, 7)), b"b": text("b")})
    tip = h.commit({b"a": text(*numbered(1, 8)), b"b": text("b")}, c)
    ids = h.build(repo)
    grafts = repo.path / ".git" / "info" / "grafts"
    for graft in (f"{ids[tip]} {ids[other]}\n", f"{ids[c]}\n", f"{ids[tip]} {ids[c]} {ids[other]}\n"):
        grafts.write_text(graft)
        agree(repo)


def test_replace_refs(repo: Repo) -> None:
    h = History()
    a = h.commit({b"a": text(*numbered(1, 5))})
    b = h.commit({b"a": text(*numbered(1, 6))}, a)
    other = h.commit({b"a": text("x", *numbered(1, 6)), b"gone": text(*numbered(1, 9, "gone"))}, a)
    tip = h.commit({b"a": text(*numbered(1, 8)), b"new": text(*numbered(1, 9, "gone"))}, b)
    ids = h.build(repo)
    agree(repo)
    repo.git("replace", ids[b], ids[other])
    agree(repo)
    assert ids[tip] == repo.head()
    repo.git("replace", "--graft", ids[other])
    agree(repo)


def test_replaced_blob(repo: Repo) -> None:
    ids = SHAPES["straight"]().build(repo)
    new = repo.git("hash-object", "-w", "--stdin", stdin=b"1\ntwo\nother\n4\n").decode().strip()
    old = repo.git("rev-parse", f"{ids[1]}:a").decode().strip()
    repo.git("replace", old, new)
    agree(repo)


def test_attributes_in_the_tree_do_not_change_origins(repo: Repo) -> None:
    h = History()
    body = text(*numbered(1, 12))
    a = h.commit({b"a.c": body, b"x.dat": body, b".gitattributes": b"*.dat diff\n*.c diff=cpp text eol=crlf\n"})
    b = h.commit({b"a.c": body + b"z\n", b"y.dat": body + b"z\n", b".gitattributes": b"*.c diff=cpp\n"}, a)
    h.commit({b"b.c": b"0\n" + body + b"z\n", b"y.dat": body, b".gitattributes": b"*.c diff=cpp\n"}, b)
    h.build(repo)
    agree(repo)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), steps=st.integers(1, 30))
def test_histories_grown_at_random(tmp_path_factory: pytest.TempPathFactory, seed: int, steps: int) -> None:
    repo = Repo(tmp_path_factory.mktemp("grown") / "repo")
    grow(seed, steps).build(repo)
    agree(repo)


@pytest.mark.parametrize("seed", range(12))
def test_grown_histories_that_stay_the_same(seed: int, repo: Repo) -> None:
    ids = grow(seed, 60).build(repo)
    agree(repo)
    agree(repo, ids[len(ids) // 2])

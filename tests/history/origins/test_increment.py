"""An index that grows says what a full pass says, at whatever revision it was begun."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asbuilt.history.git import open_repository
from asbuilt.history.origins.ancestry import is_ancestor
from asbuilt.history.origins.full import full_pass
from asbuilt.history.origins.increment import extend_origins, list_later
from asbuilt.history.origins.index import indexed_tips
from tests.history.origins.corpus import SHAPES, numbered, text
from tests.history.origins.grown import grow
from tests.history.origins.histories import History, blame_tree
from tests.history.origins.reading import assert_same, lines_of, origins_of
from tests.repos import Repo


def assert_grows(repo: Repo, old: str, new: str) -> None:
    """The increment itself, with no way around it."""
    with open_repository(repo.path) as opened:
        full, earlier = full_pass(opened, new, workers=1), full_pass(opened, old, workers=1)
        files = list_later(opened, earlier, new)
        grown = extend_origins(opened, earlier, new, files)
        assert grown is not None
        assert_same(lines_of(grown), lines_of(full))
        assert (grown.tip, grown.blobs, grown.skipped) == (new, full.blobs, full.skipped)


def ancestors(history: History, commit: int) -> list[int]:
    found, waiting = set(), [commit]
    while waiting:
        for parent in history.parents[waiting.pop()]:
            if parent not in found:
                found.add(parent)
                waiting.append(parent)
    return sorted(found)


@pytest.mark.parametrize("name", SHAPES)
def test_every_shape_from_every_ancestor(name: str, repo: Repo) -> None:
    history = SHAPES[name]()
    ids = history.build(repo)
    last = len(ids) - 1
    known = ancestors(history, last)
    for old in dict.fromkeys([known[0], known[len(known) // 2], known[-1]]):
        assert_grows(repo, ids[old], ids[last])


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32), steps=st.integers(2, 30))
def test_histories_grown_at_random(tmp_path_factory: pytest.TempPathFactory, seed: int, steps: int) -> None:
    repo = Repo(tmp_path_factory.mktemp("grown") / "repo")
    history = grow(seed, steps)
    ids = history.build(repo)
    known = ancestors(history, len(ids) - 1)
    for old in random.Random(seed).sample(known, min(len(known), 3)):
        assert_grows(repo, ids[old], ids[-1])


@pytest.mark.parametrize("seed", range(100, 103))
def test_step_by_step(seed: int, repo: Repo, tmp_path: Path) -> None:
    history = grow(seed, 30)
    ids = history.build(repo)
    line = [len(ids) - 1]
    while history.parents[line[-1]]:
        line.append(history.parents[line[-1]][0])
    for commit in reversed(line):
        grown = origins_of(repo, ids[commit], index=tmp_path / "index")
        assert_same(lines_of(grown), lines_of(origins_of(repo, ids[commit])))
    assert_same(lines_of(grown), blame_tree(repo, ids[-1]))


def test_rewritten_history_is_walked_anew(repo: Repo, tmp_path: Path) -> None:
    first = grow(7, 30)
    ids = first.build(repo)
    origins_of(repo, index=tmp_path / "index")
    h = History()
    for tree, parents in zip(first.trees[:10], first.parents[:10], strict=True):
        h.commit(tree, *parents, at=1_500_000_000)
    h.commit({b"a": text(*numbered(1, 5))}, len(h.trees) - 1)
    again = h.build(repo)
    with open_repository(repo.path) as opened:
        assert not is_ancestor(opened, ids[-1], again[-1])
        assert not is_ancestor(opened, "0" * 40, again[-1])
        assert is_ancestor(opened, again[-2], again[-1])
    found = origins_of(repo, again[-1], index=tmp_path / "index")
    assert_same(lines_of(found), blame_tree(repo, again[-1]))


def test_an_older_revision_than_the_index(repo: Repo, tmp_path: Path) -> None:
    ids = grow(9, 30).build(repo)
    origins_of(repo, index=tmp_path / "index")
    found = origins_of(repo, ids[8], index=tmp_path / "index")
    assert_same(lines_of(found), blame_tree(repo, ids[8]))
    assert set(indexed_tips(tmp_path / "index")) == {ids[-1], ids[8]}


def test_lines_that_the_old_revision_has_lost(repo: Repo) -> None:
    """The branch forked before lines went; it brings them back: only git blame still knows their origin."""
    h = History()
    body = numbered(1, 20)
    root = h.commit({b"a": text(*body[:10]), b"k": text("k")})
    base = h.commit({b"a": text(*body), b"k": text("k")}, root)
    main = h.commit({b"a": text(*body[:5], *body[15:]), b"k": text("k")}, base)
    old = h.commit({b"a": text(*body[:5], *body[15:]), b"k": text("k", "k2")}, main)
    side = h.commit({b"a": text(*body, "side"), b"k": text("k")}, base)
    new = h.commit({b"a": text(*body, "side"), b"k": text("k", "k2")}, old, side)
    ids = h.build(repo)
    assert_grows(repo, ids[old], ids[new])


def test_a_file_that_was_binary_before(repo: Repo) -> None:
    h = History()
    body = text(*numbered(1, 10))
    a = h.commit({b"a": body + b"\0", b"b": b"", b"c": body})
    b = h.commit({b"a": body, b"b": b"x\n", b"c": body + b"\0"}, a)
    ids = h.build(repo)
    assert_grows(repo, ids[a], ids[b])

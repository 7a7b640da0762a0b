"""What is answered without a diff is what libgit2 answers, for every pair of files and every set of pending lines."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.history.origins.diff import (
    Ends,
    _ask_libgit2,
    _only_answer,
    carry,
    count_lines,
    find_hunks,
    split_lines,
    split_runs,
)
from tests.history.origins.histories import History
from tests.repos import Repo

# Few different lines, blank and indented ones among them: groups that can slide, and diffs with several answers.
LINES = st.sampled_from(["a\n", "b\n", "\n", "  c\n", "}\n", "\t\n", "d\r\n"])


@st.composite
def pairs(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """Two versions that share much, either with or without a newline at the end."""
    head, tail = draw(st.lists(LINES, max_size=30)), draw(st.lists(LINES, max_size=30))
    gone, come = draw(st.lists(LINES, max_size=8)), draw(st.lists(LINES, max_size=8))
    unique = [f"{number}\n" for number in range(draw(st.integers(0, 3)))]
    cut = draw(st.sampled_from(["", "x"]))
    other = draw(st.sampled_from(["", "x"]))
    old = "".join([*head, *unique, *gone, *unique, *tail]) + cut
    new = "".join([*head, *unique, *come, *unique, *tail]) + other
    return old.encode(), new.encode()


def whole(old: bytes, new: bytes) -> list[tuple[int, int, int, int]]:
    return _ask_libgit2(Ends(old, new)) if old != new else []


def lines_of(runs: list[tuple[int, int, int]]) -> dict[int, int]:
    """Global number to position, one line at a time; no line twice."""
    found = [(gid + step, at + step) for at, lines, gid in runs for step in range(lines)]
    assert len(dict(found)) == len(found)
    return dict(found)


@given(pairs())
def test_the_only_answer_is_libgit2s(pair: tuple[bytes, bytes]) -> None:
    old, new = pair
    assert find_hunks(old, new) == whole(old, new)


@given(pairs(), st.integers(0, 2**32))
def test_lines_go_where_libgit2_sends_them(pair: tuple[bytes, bytes], seed: int) -> None:
    old, new = pair
    if old == new:
        return
    chance = random.Random(seed)
    runs, at, gid = [], 0, 0
    while at < count_lines(new):
        length = min(chance.randint(1, 4), count_lines(new) - at)
        if chance.random() < 0.3:
            runs.append((at, length, gid))
        gid += length
        at += length
    own, moved = carry(old, new, runs)
    expected_own, expected_moved = split_runs(runs, whole(old, new))
    assert lines_of(own) == lines_of(expected_own)
    assert lines_of(moved) == lines_of(expected_moved)
    for gid, at in lines_of(moved).items():
        position = next(start + gid - first for start, lines, first in runs if first <= gid < first + lines)
        assert split_lines(old)[at] == split_lines(new)[position]


def test_answers_without_a_diff_are_given() -> None:
    """The short way is taken at all: else the comparison above would compare libgit2 with itself."""
    old = b"".join(b"line %d\n" % number for number in range(50))
    assert _only_answer(Ends(old, old.replace(b"line 20\n", b"other\nlines\n"))) == [(20, 1, 20, 2)]
    assert _only_answer(Ends(old, old.replace(b"line 20\n", b""))) == [(20, 1, 20, 0)]
    assert _only_answer(Ends(old, old.replace(b"line 20\n", b"line 20\nnew\n"))) == [(21, 0, 21, 1)]
    # One that can slide is left to libgit2.
    assert _only_answer(Ends(old, old.replace(b"line 20\n", b"line 20\nline 20\n"))) is None


@pytest.mark.parametrize("size", [1, 1023, 1024, 1025, 5000])
def test_a_common_tail_of_any_size_goes_as_git_lets_it_go(size: int) -> None:
    tail = b"".join(b"%d\n" % (number % 7) for number in range(size))[:size]
    for old, new in ((b"a\n", b"b\n"), (b"", b"3\n"), (b"x\ny\n", b"y\n")):
        assert find_hunks(old + tail, new + tail) == whole(old + tail, new + tail)


def test_lines_are_counted_with_and_without_a_last_newline() -> None:
    for content in (b"", b"\n", b"a", b"a\n", b"a\nb", b"\r\n\r", b"x\n" * 100_000 + b"y"):
        assert count_lines(content) == len(split_lines(content))
        assert b"".join(split_lines(content)) == content


def test_hunks_are_those_of_git_itself(repo: Repo) -> None:
    """Not only libgit2's: versions long enough that git takes their common tails off in blocks."""
    dice = random.Random(5)
    versions = []
    for _ in range(60):
        body = [dice.choice([b"}\n", b"\n", b"  return\n", b"line %d\n" % dice.randrange(400)]) for _ in range(300)]
        other = list(body)
        for _ in range(dice.choice((1, 1, 2, 5))):
            at, size = dice.randrange(300), dice.randrange(4)
            other[at : at + dice.randrange(4)] = dice.choices(body, k=size)
        tail = dice.choice(body) * dice.choice((0, 50, 700)) + dice.choice((b"", b"end"))
        versions.append((b"".join(body) + tail, b"".join(other) + dice.choice((b"", b"x\n")) + tail))
    history, before = History(), 0
    for old, new in versions:
        before = history.commit({b"f": old}, *([before] if history.trees else []))
        before = history.commit({b"f": new}, before)
    history.build(repo)
    said = repo.git("log", "--reverse", "-p", "-U0", "--text", "--format=%x00", "main").split(b"\0")[1:]
    compared = 0
    for (old, new), patch in zip(versions, said[1::2], strict=True):
        hunks = []
        for numbers in re.findall(rb"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@", patch, re.MULTILINE):
            at, gone, start, come = (int(number or b"1") for number in numbers)
            hunks.append((at - (gone > 0), gone, start - (come > 0), come))
        assert list(find_hunks(old, new)) == hunks
        compared += len(hunks)
    assert compared > 60

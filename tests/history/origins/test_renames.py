"""Renames are found, weighed and chosen as ``git blame`` does it."""

import random

import pytest

from asbuilt.history.origins.renames import Source, Weight, find_source, similarity, weigh
from tests.history.origins.histories import History, blame_tree
from tests.history.origins.reading import assert_same, lines_of, walked
from tests.repos import Repo


class Shelf:
    """Blobs by name, for weighing without a repository."""

    def __init__(self, **contents: bytes) -> None:
        self.contents = {name.encode(): content for name, content in contents.items()}
        self.weights: dict[bytes, Weight] = {}

    def content(self, blob: bytes) -> bytes:
        return self.contents[blob]

    def weight(self, blob: bytes) -> Weight:
        if blob not in self.weights:
            self.weights[blob] = Weight(blob, len(self.contents[blob]))
        return self.weights[blob]


def weighed(old: bytes, new: bytes, *, last_piece: bool = False) -> int:
    shelf = Shelf(old=old, new=new)
    pair = [shelf.weight(b"old"), shelf.weight(b"new")]
    weigh(pair, shelf, last_piece=last_piece)
    return similarity(*pair)


def agree(repo: Repo, history: History) -> None:
    history.build(repo)
    assert_same(lines_of(walked(repo)), blame_tree(repo, "main"))


def word(dice: random.Random, size: int) -> bytes:
    return bytes(dice.choices(b"abcdefghij ", k=size))


def content(dice: random.Random) -> list[bytes]:
    ends = [b"\n", b"\n", b"\n", b"\r\n", b"\r\r\n", b"\0\n"]
    return [
        word(dice, dice.choice((0, 3, 30, 62, 63, 64, 65, 127, 128, 200))) + dice.choice(ends) for _ in range(40)
    ]


def git_scores(repo: Repo, pairs: list[tuple[bytes, bytes]]) -> list[int]:
    """What git says of renames, each in a commit of its own, in percent; 0 where it sees none."""
    h = History()
    at = h.commit({b"keep": b"k\n"})
    for number, (old, new) in enumerate(pairs):
        at = h.commit({b"keep": b"k\n", b"old%d" % number: old}, at)
        at = h.commit({b"keep": b"k\n", b"new%d" % number: new}, at)
    h.build(repo)
    said = repo.git("log", "--reverse", "--raw", "-M50%", "--format=", "-z", "main").split(b"\0")
    found = [0] * len(pairs)
    for place, token in enumerate(said):
        meta = token.lstrip(b"\n")
        if meta.startswith(b":") and meta.split(b" ")[4].startswith(b"R"):
            found[int(said[place + 1][3:])] = int(meta.split(b" ")[4][1:])
    return found


@pytest.mark.parametrize("seed", range(3))
def test_similarity_is_what_git_says(seed: int, repo: Repo) -> None:
    dice = random.Random(seed)
    pairs = []
    for _ in range(40):
        old = content(dice)
        new = [line if dice.random() < 0.75 else word(dice, len(line)) + b"\n" for line in old]
        dice.shuffle(new)
        pairs.append((b"".join(old), b"".join(new[: dice.randint(24, 40)]) + b"end\n"))
    said = git_scores(repo, pairs)
    assert sum(1 for score in said if score) > 10
    for (old, new), score in zip(pairs, said, strict=True):
        found = weighed(old, new)
        assert (found * 100 // 60_000 if found >= 30_000 else 0) == score


def test_pieces_with_one_number_count_as_the_same(repo: Repo) -> None:
    dice = random.Random(1)
    numbers: dict[int, bytes] = {}
    old, new = [], []
    while len(old) < 25:
        line = word(dice, 20) + b"\n"
        shelf = Shelf(line=line)
        weight = shelf.weight(b"line")
        weigh([weight], shelf, last_piece=False)
        other = numbers.setdefault(int(weight.numbers[0]), line)
        if other != line and other not in old:
            old.append(other)
            new.append(line)
    assert weighed(b"".join(old), b"".join(new)) == 60_000
    assert git_scores(repo, [(b"".join(old), b"".join(new))]) == [100]


def test_a_last_piece_without_newline_counts_from_some_git_on() -> None:
    old, new = b"a\n" * 10 + b"x" * 20, b"b\n" * 10 + b"x" * 20
    assert weighed(old, new, last_piece=False) == 0
    assert weighed(old, new, last_piece=True) == 30_000


def test_sizes_alone_can_decide_and_then_nothing_is_read() -> None:
    shelf = Shelf(new=b"a\n" * 100)
    shelf.weights[b"large"] = Weight(b"large", 10_000)  # its content cannot be had
    assert find_source(b"n", b"new", [Source(b"o", b"large")], shelf, last_piece=False) is None


def test_the_same_blob_with_the_same_name_is_best() -> None:
    sources = [Source(b"a/x", b"1"), Source(b"b/y", b"1"), Source(b"c/y", b"1")]
    assert find_source(b"d/y", b"1", sources, Shelf(), last_piece=False) == sources[1]
    assert find_source(b"d/z", b"1", sources, Shelf(), last_piece=False) == sources[0]


@pytest.mark.parametrize("place", [50, 98, 99, 100, 101, 109])
def test_many_identical_files(place: int, repo: Repo) -> None:
    h = History()
    body = b"one\ntwo\nthree\n"
    names = [b"d%03d/%s" % (number, b"same" if number == place else b"other") for number in range(110)]
    first = h.commit(dict.fromkeys(names, body) | {b"keep": b"k\n"})
    h.commit({b"new/same": body, b"keep": b"k\n"}, first)
    agree(repo, h)


@pytest.mark.parametrize("seed", range(8))
def test_the_best_of_many_candidates(seed: int, repo: Repo) -> None:
    dice = random.Random(seed)
    body = [b"line number %02d\n" % number for number in range(20)]
    h = History()
    first = {b"keep": b"k\n"}
    for number in range(dice.randint(4, 14)):
        shared = dice.sample(body, dice.choice((8, 10, 11, 12, 12, 13)))
        own = [b"other line %04d\n" % dice.randrange(10_000) for _ in range(20 - len(shared))]
        first[b"s%02d/%s" % (number, dice.choice((b"x", b"y", b"z")))] = b"".join(shared + own)
    start = h.commit(first)
    h.commit({b"keep": b"k\n", b"new/x": b"".join(body), b"new/y": b"".join(body[:19])}, start)
    agree(repo, h)

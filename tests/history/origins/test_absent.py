"""Blobs that are not there (a partial clone): what cannot be known is a gap, and nothing else comes out wrong."""

import random

import pytest

from asbuilt.history.git import open_repository
from asbuilt.history.origins import line_origins
from asbuilt.history.origins.full import full_pass
from tests.history.origins.corpus import SHAPES
from tests.history.origins.grown import grow
from tests.history.origins.histories import blame_tree
from tests.history.origins.reading import assert_same, lines_of
from tests.repos import Repo


def loose_blobs(repo: Repo) -> list[str]:
    for pack in (repo.path / ".git" / "objects" / "pack").glob("*.pack"):
        body = pack.read_bytes()
        for part in pack.parent.glob(f"{pack.stem}.*"):
            part.unlink()
        repo.git("unpack-objects", "-q", stdin=body)
    listed = repo.git("cat-file", "--batch-all-objects", "--batch-check").decode().splitlines()
    return [line.split()[0] for line in listed if line.split()[1] == "blob"]


def check_without(repo: Repo, blobs: list[str]) -> int:
    """How many files are gaps once these blobs are gone; every other file is as it was."""
    whole = blame_tree(repo, "main")
    for blob in blobs:
        (repo.path / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    with open_repository(repo.path) as opened:
        tip = opened.resolve("main")
        found = full_pass(opened, tip, workers=1)
        other = line_origins(opened, tip)
    gone = {gap.path for gap in found.gaps}
    assert {gap.code for gap in found.gaps} <= {"GAP-BLOB"}
    lines = lines_of(found)
    assert_same(lines, {path: whole[path] for path in lines})
    assert_same(lines_of(other), {path: whole[path] for path in other.paths})
    assert len(gone) >= len(whole) - len(lines)
    return len(gone)


@pytest.mark.parametrize("seed", range(300, 312))
def test_any_blob_may_be_absent(seed: int, repo: Repo) -> None:
    grow(seed, 25).build(repo)
    blobs = loose_blobs(repo)
    check_without(repo, random.Random(seed).sample(blobs, min(3, len(blobs))))


def test_the_file_that_it_may_have_been_renamed_from(repo: Repo) -> None:
    SHAPES["edited_rename_near_the_threshold"]().build(repo)
    source = repo.git("rev-parse", "main^:f8.old").decode().strip()
    loose_blobs(repo)
    # Every new file is compared with every deleted one: none can be told.
    assert check_without(repo, [source]) == 9


def test_lines_that_two_files_have_from_one_are_lost_to_both(repo: Repo) -> None:
    text = "".join(f"line {number}\n" for number in range(40))
    repo.write("a", text).write("gone", text[::-1]).write("else", "x\n").commit("Start")
    lost = repo.git("rev-parse", "HEAD:gone").decode().strip()
    # A file under a new name, edited: it may have been any of those that went.
    repo.remove("a").remove("gone").write("b", text.replace("line 7", "line seven")).commit("Rename, edit")
    repo.checkout("side", new=True)
    repo.remove("b").write("x", text.replace("line 7", "line seven")).commit("One name")
    repo.checkout("main")
    repo.remove("b").write("y", text.replace("line 7", "line seven")).commit("Another name")
    repo.git(
        "merge",
        "-q",
        "-s",
        "ours",
        "--no-commit",
        "side",
        env=repo._identity("N <n@example.com>", None, repo.clock),
    )
    repo.write("x", text.replace("line 7", "line seven")).commit("Both names")
    loose_blobs(repo)
    assert check_without(repo, [lost]) == 2

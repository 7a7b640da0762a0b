"""The builder of test repositories builds what it says."""

from tests.repos import Repo


def test_a_merge_has_two_parents(repo: Repo) -> None:
    repo.write("a", "1\n").commit("one")
    repo.checkout("side", new=True).write("b", "2\n").commit("two")
    repo.checkout("main").write("c", "3\n").commit("three")
    merge = repo.merge("side", message="Merge branch 'side'")
    assert len(repo.git("rev-list", "--parents", "-1", merge).split()) == 3
    repo.tag("v1", message="first").note("refs/notes/ai", merge, "note").ref("refs/pull/1/head", merge)
    assert repo.git("notes", "--ref=refs/notes/ai", "show", merge) == b"note\n"

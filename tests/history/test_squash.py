import re
from pathlib import Path

import pytest

from asbuilt.history.commits import read_commits
from asbuilt.history.git import open_repository
from asbuilt.history.pull_refs import pull_heads
from asbuilt.history.squash import replay_squashes
from asbuilt.model.attribution import Replay, SquashReplay
from tests.conftest import fetched
from tests.repos import Repo

LINES = [f"line {number}\n" for number in range(1, 41)]
SUBJECT = re.compile(r"\(#([1-9][0-9]*)\)$")


def text(**changes: str) -> str:
    """Forty lines, some replaced: ``text(n3="x")`` replaces line 3."""
    lines = list(LINES)
    for name, content in changes.items():
        lines[int(name[1:]) - 1] = content + "\n"
    return "".join(lines)


def replay(path: Path, rev: str = "HEAD") -> tuple[dict[str, SquashReplay], int]:
    with open_repository(path) as repository:
        commits = read_commits(repository, [repository.resolve(rev)])
        candidates = {
            commit.id: int(match[1])
            for commit in commits
            if len(commit.parents) < 2 and (match := SUBJECT.search(commit.subject))
        }
        objects = len(list((repository.common_dir / "objects").rglob("*")))
        found = replay_squashes(repository, commits, candidates, pull_heads(repository))
        assert (
            len(list((repository.common_dir / "objects").rglob("*"))) == objects
        )  # the repository is not written to
        return found, len(candidates)


def only(repo: Repo) -> SquashReplay:
    found, _ = replay(repo.path)
    (one,) = found.values()
    return one


def branch(repo: Repo, *versions: str, number: int = 7, path: str = "a") -> list[str]:
    """A branch from main with one commit a version, its pull ref, and main checked out again."""
    repo.checkout("topic", new=True)
    own = [repo.write(path, version).commit("work") for version in versions]
    repo.ref(f"refs/pull/{number}/head", own[-1]).checkout("main")
    return own


def test_the_target_did_not_move(repo: Repo) -> None:
    base = repo.write("a", text()).commit("start")
    own = branch(repo, text(n3="x"), text(n3="x", n9="y"))
    squash = repo.squash("topic", "Work (#7)")
    assert only(repo) == SquashReplay(squash, 7, Replay.IDENTITY, own[-1], base, tuple(own))


def test_the_target_moved_in_other_files(repo: Repo) -> None:
    base = repo.write("a", text()).commit("start")
    own = branch(repo, text(n3="x"))
    repo.write("b", "other\n").commit("elsewhere")
    squash = repo.squash("topic", "Work (#7)")
    assert only(repo) == SquashReplay(squash, 7, Replay.PATCH_ID, own[-1], base, tuple(own))


def test_the_target_moved_in_the_same_file(repo: Repo) -> None:
    repo.write("a", text()).commit("start")
    branch(repo, text(n9="x"))
    repo.write("a", "first\n" + text()).commit("elsewhere")
    repo.squash("topic", "Work (#7)")
    assert only(repo).replay is Replay.PATCH_ID


def test_only_the_merge_gives_the_squash(repo: Repo) -> None:
    # Both sides change neighbouring lines: the context of the two patches differs, the merge is clean all the same.
    repo.write("a", text()).commit("start")
    own = branch(repo, text(n3="x"))
    repo.write("a", text(n5="moved")).commit("elsewhere")
    squash = repo.squash("topic", "Work (#7)")
    found = only(repo)
    assert (found.commit, found.replay, found.commits) == (squash, Replay.MERGE_TREE, tuple(own))


def test_the_branch_renames_what_the_target_changed(repo: Repo) -> None:
    repo.write("a", text()).commit("start")
    repo.checkout("topic", new=True).rename("a", "b")
    head = repo.commit("rename")
    repo.ref("refs/pull/7/head", head).checkout("main")
    repo.write("a", text(n20="moved")).commit("elsewhere")
    repo.squash("topic", "Work (#7)")
    assert only(repo).replay in {Replay.PATCH_ID, Replay.MERGE_TREE}


def test_a_hand_edit_while_squashing(repo: Repo) -> None:
    repo.write("a", text()).commit("start")
    own = branch(repo, text(n3="x"))
    repo.git("merge", "-q", "--squash", "topic")  # a fast-forward: git asks for no name
    repo.write("a", text(n3="x", n30="by hand")).commit("Work (#7)")
    found = only(repo)
    assert (found.replay, found.head, found.commits) == (Replay.RESIDUAL, own[-1], tuple(own))


def test_a_hand_edit_of_another_file_is_never_a_merge(repo: Repo) -> None:
    repo.write("a", text()).write("b", "b\n").commit("start")
    branch(repo, text(n3="x"))
    repo.git("merge", "-q", "--squash", "topic")  # a fast-forward: git asks for no name
    repo.write("b", "by hand\n").commit("Work (#7)")
    assert only(repo).replay is Replay.RESIDUAL


def test_a_change_left_out_by_hand_is_residual(repo: Repo) -> None:
    repo.write("a", text()).write("b", "b\n").commit("start")
    repo.checkout("topic", new=True).write("a", text(n3="x")).write("b", "x\n")
    repo.ref("refs/pull/7/head", repo.commit("work")).checkout("main")
    repo.write("c", "elsewhere\n").commit("elsewhere")
    repo.write("a", text(n3="x")).commit("Work (#7)")
    assert only(repo).replay is Replay.RESIDUAL


def test_binary_contents_are_compared(repo: Repo) -> None:
    repo.write("a", b"\0one").write("b", "b\n").commit("start")
    repo.checkout("topic", new=True).write("a", b"\0two")
    repo.ref("refs/pull/7/head", repo.commit("work")).checkout("main")
    repo.write("b", "moved\n").commit("elsewhere")
    repo.write("a", b"\0three").commit("Work (#7)")
    assert only(repo).replay is Replay.RESIDUAL


def test_no_ref(repo: Repo) -> None:
    repo.write("a", text()).commit("start")
    squash = repo.write("a", text(n3="x")).commit("Work (#7)")
    assert only(repo) == SquashReplay(squash, 7, Replay.MIXED_POSSIBLE, note="No ref for pull request 7 is here.")


def test_a_head_that_is_not_among_the_objects(repo: Repo) -> None:
    repo.write("a", text()).commit("start")
    repo.write("a", text(n3="x")).commit("Work (#7)")
    with open_repository(repo.path) as repository:
        commits = read_commits(repository, ["HEAD"])
        absent = replay_squashes(repository, commits, {commits[0].id: 7}, {7: "0" * 39 + "1"})
    (found,) = absent.values()
    assert (found.replay, found.note) == (
        Replay.MIXED_POSSIBLE, "The head of pull request 7 is not among the objects here.",
    )  # fmt: skip


def test_a_head_that_is_no_commit(repo: Repo) -> None:
    own = repo.write("a", text()).commit("start")
    repo.write("a", text(n3="x")).commit("Work (#7)")
    repo.ref("refs/pull/7/head", repo.git("rev-parse", f"{own}^{{tree}}").decode().strip())
    assert only(repo).replay is Replay.MIXED_POSSIBLE


def test_a_number_that_names_another_projects_pull_request(repo: Repo) -> None:
    repo.write("a", text()).commit("start")
    repo.git("checkout", "-q", "--orphan", "foreign")
    repo.ref("refs/pull/7/head", repo.write("z", "foreign\n").commit("foreign"))
    repo.git("checkout", "-q", "-f", "main")
    repo.write("a", text(n3="x")).commit("Work (#7)")
    found = only(repo)
    assert (found.replay, found.head) == (Replay.MIXED_POSSIBLE, None)
    assert found.note == "The head of pull request 7 shares no history with this commit."


def test_a_number_of_a_pull_request_that_was_merged_before(repo: Repo) -> None:
    repo.write("a", text()).commit("start")
    branch(repo, text(n3="x"))
    repo.merge("topic", message="Merge pull request #7")
    repo.write("a", text(n3="y")).commit("Mend what it broke (#7)")
    found = only(repo)
    assert (found.replay, found.note) == (Replay.MIXED_POSSIBLE, "Pull request 7 was merged before this commit.")


def test_pushed_to_after_the_merge(repo: Repo) -> None:
    base = repo.write("a", text()).commit("start")
    own = branch(repo, text(n3="x"))
    squash = repo.squash("topic", "Work (#7)")
    repo.checkout("topic")
    later = repo.write("a", text(n3="x", n4="later")).commit("later")
    repo.ref("refs/pull/7/head", later).checkout("main")
    found = only(repo)
    assert (found.commit, found.replay, found.head, found.base) == (squash, Replay.IDENTITY, own[-1], base)
    assert found.commits == tuple(own)
    assert found.note == "The branch was pushed to after the merge."


def test_a_branch_that_was_retargeted(repo: Repo) -> None:
    # The branch grew on another line of work; only its end was squashed.
    repo.write("a", text()).commit("start")
    repo.checkout("next", new=True)
    other = repo.write("b", "next\n").commit("next")
    repo.checkout("topic", new=True)
    one = repo.write("a", text(n3="x")).commit("one")
    head = repo.write("a", text(n3="x", n9="y")).commit("two")
    repo.ref("refs/pull/7/head", head).checkout("main")
    repo.write("c", "elsewhere\n").commit("elsewhere")
    repo.write("a", text(n3="x", n9="y")).commit("Work (#7)")
    found = only(repo)
    assert (found.replay, found.head, found.base, found.commits) == (Replay.PATCH_ID, head, other, (one, head))
    assert found.note == "1 commit at the start of the branch is not in the squash."


def test_the_target_was_merged_into_the_branch(repo: Repo) -> None:
    repo.write("a", text()).commit("start")
    repo.checkout("topic", new=True)
    one = repo.write("a", text(n3="x")).commit("one")
    repo.checkout("main")
    moved = repo.write("b", "moved\n").commit("elsewhere")
    repo.checkout("topic")
    sync = repo.merge("main", message="Merge branch main")
    two = repo.write("a", text(n3="x", n9="y")).commit("two")
    repo.ref("refs/pull/7/head", two).checkout("main")
    repo.write("c", "later\n").commit("later")
    repo.squash("topic", "Work (#7)")
    found = only(repo)
    assert (found.replay, found.base) == (Replay.PATCH_ID, moved)
    assert found.commits == (one, sync, two)


def test_a_commit_that_landed_as_it_was(repo: Repo) -> None:
    base = repo.write("a", text()).commit("start")
    own = repo.write("a", text(n3="x")).commit("Work (#7)")
    repo.ref("refs/pull/7/head", own)
    assert only(repo) == SquashReplay(own, 7, Replay.IDENTITY, own, base, (own,))


def test_merges_and_roots(repo: Repo) -> None:
    repo.write("a", text()).commit("Import (#7)")
    branch(repo, text(n3="x"))
    repo.merge("topic", message="Work (#7)")
    found, candidates = replay(repo.path)
    assert candidates == 1  # the merge was not asked for
    assert [one.replay for one in found.values()] == [Replay.MIXED_POSSIBLE]
    with open_repository(repo.path) as repository:
        commits = read_commits(repository, ["HEAD"])
        assert replay_squashes(repository, commits, {commits[0].id: 7}, pull_heads(repository)) == {}


def test_a_squash_off_the_first_parent_line(repo: Repo) -> None:
    repo.write("a", text()).commit("start")
    repo.checkout("release", new=True)
    own = branch_from(repo, "release")
    squash = repo.squash("topic", "Work (#7)")
    repo.checkout("main").write("b", "b\n").commit("elsewhere")
    repo.merge("release")
    found, _ = replay(repo.path)
    assert (found[squash].replay, found[squash].commits) == (Replay.IDENTITY, tuple(own))


def branch_from(repo: Repo, target: str) -> list[str]:
    repo.checkout("topic", new=True)
    own = [repo.write("a", text(n3="x")).commit("work")]
    repo.ref("refs/pull/7/head", own[-1]).checkout(target)
    return own


def test_an_empty_squash_is_not_tied_by_its_emptiness(repo: Repo) -> None:
    repo.write("a", text()).commit("start")
    branch(repo, text(n3="x"))
    repo.write("b", "b\n").commit("elsewhere")
    repo.commit("Work (#7)")
    assert only(repo).replay is Replay.RESIDUAL


def test_many_at_once_and_two_squashes_of_one_head(repo: Repo) -> None:
    repo.write("a", text()).commit("start")
    expected = {}
    for number in range(1, 7):
        repo.checkout(f"topic{number}", new=True)
        head = repo.write(f"f{number}", text(n1=str(number))).commit("work")
        repo.ref(f"refs/pull/{number}/head", head).checkout("main")
        if number % 2:
            repo.write("b", f"{number}\n").commit("elsewhere")
        expected[repo.squash(f"topic{number}", f"Work (#{number})")] = (
            Replay.PATCH_ID if number % 2 else Replay.IDENTITY
        )
    repo.git("revert", "--no-edit", "HEAD", env=repo._identity("Ana <a@example.com>", None, None))
    again = repo.write("f6", text(n1="6")).commit("Work again (#6)")
    expected[again] = Replay.IDENTITY
    found, _ = replay(repo.path)
    assert {own: one.replay for own, one in found.items()} == expected


def test_an_absent_blob_leaves_the_others_decided(repo: Repo) -> None:
    repo.write("a", text()).commit("start")
    branch(repo, text(n3="x"))
    repo.write("a", "first\n" + text()).commit("elsewhere")
    lost = repo.squash("topic", "Work (#7)")
    blob = repo.git("rev-parse", f"{lost}:a").decode().strip()
    repo.checkout("topic8", new=True)
    head = repo.write("b", text()).commit("work")
    repo.ref("refs/pull/8/head", head).checkout("main")
    repo.write("c", "c\n").commit("elsewhere")
    kept = repo.squash("topic8", "More (#8)")
    (repo.path / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    found, _ = replay(repo.path)
    assert found[kept].replay is Replay.PATCH_ID
    assert found[lost].replay in {Replay.RESIDUAL, Replay.MERGE_TREE}


def test_a_sha256_repository(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "wide", object_format="sha256")
    repo.write("a", text()).commit("start")
    branch(repo, text(n3="x"))
    repo.write("a", text(n5="moved")).commit("elsewhere")
    repo.squash("topic", "Work (#7)")
    assert only(repo).replay is Replay.MERGE_TREE


def test_refs_of_every_forge(repo: Repo) -> None:
    one, two = repo.commit("one"), repo.commit("two")
    for name in (
        "refs/pull/1/head", "refs/merge-requests/2/head", "refs/remotes/origin/pr/3", "refs/remotes/up/pull/4/head",
        "refs/remotes/origin/merge-requests/5",
    ):  # fmt: skip
        repo.ref(name, one)
    for name in (
        "refs/pull/9/merge", "refs/pull/x/head", "refs/pull/0/head", "refs/heads/pr/6", "refs/remotes/origin/pr/x",
        "refs/pull/12345678901/head", "refs/remotes/origin/pr/1", "refs/merge-requests/1/head",
    ):  # fmt: skip
        repo.ref(name, two)
    with open_repository(repo.path) as repository:
        assert pull_heads(repository) == dict.fromkeys(range(1, 6), one)


# Squashes named "... (#N)" of whole public histories: identity, patch-id, merge-tree, residual.
PUBLIC = {
    "anthropics+claude-code-action": (190, 202, 9, 0),
    "cloudflare+workers-oauth-provider": (116, 12, 2, 0),
    "getsentry+sentry-mcp": (609, 157, 4, 0),
    "github+github-mcp-server": (443, 62, 4, 0),
    "microsoft+playwright-mcp": (374, 141, 25, 0),
    "modelcontextprotocol+python-sdk": (403, 271, 15, 0),
    "simonw+datasette": (145, 125, 11, 0),
}


@pytest.mark.fetched
@pytest.mark.parametrize("name", PUBLIC)
def test_public_histories_replay_exactly(name: str) -> None:
    found, _ = replay(fetched(name))
    counts = {kind: sum(1 for one in found.values() if one.replay is kind) for kind in Replay}
    expected = (Replay.IDENTITY, Replay.PATCH_ID, Replay.MERGE_TREE, Replay.RESIDUAL)
    assert tuple(counts[kind] for kind in expected) == PUBLIC[name]


@pytest.mark.fetched
@pytest.mark.slow
def test_the_bulk_agrees_with_git_asked_one_by_one() -> None:
    path = fetched("cloudflare+workers-oauth-provider")
    found, _ = replay(path)
    with open_repository(path) as repository:

        def ask(*words: str, stdin: bytes | None = None, ok: tuple[int, ...] = (0,)) -> str:
            return repository.run(*words, stdin=stdin, ok=ok).decode("utf-8", "replace").strip()

        def patch(before: str, after: str) -> str:
            diff = repository.run("diff", "--full-index", before, after)
            return ask("patch-id", "--stable", stdin=diff).split(" ")[0]

        for own, one in found.items():
            head = ask("rev-parse", f"refs/pull/{one.number}/head")
            base = ask("merge-base", f"{own}^", head)
            assert (one.head, one.base) == (head, base)
            assert set(one.commits) == set(ask("rev-list", head, f"^{own}^").split())
            if ask("rev-parse", f"{own}^{{tree}}") == ask("rev-parse", f"{head}^{{tree}}"):
                expected = Replay.IDENTITY
            elif patch(f"{own}^", own) == patch(base, head):
                expected = Replay.PATCH_ID
            else:
                merged = ask("merge-tree", "--write-tree", "--no-messages", f"{own}^", head, ok=(0, 1))
                same = merged == ask("rev-parse", f"{own}^{{tree}}")
                expected = Replay.MERGE_TREE if same else Replay.RESIDUAL
            assert one.replay is expected

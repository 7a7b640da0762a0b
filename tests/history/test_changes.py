"""Changes, read from real small repositories: how each landed, what it brought, what it says."""

import pytest

from asbuilt.model.change import Basis, Landing
from asbuilt.model.commit import Person, SignatureKind
from tests.history.reading_changes import changes_of
from tests.repos import Repo

WEB = "GitHub <noreply@github.com>"
BEN = "Ben Berg <ben@example.com>"


def start(repo: Repo) -> str:
    return repo.write("base", "0\n").commit("first")


def branch(repo: Repo, name: str, *messages: str, author: str = BEN) -> list[str]:
    """Commits on a new branch; afterwards main is checked out."""
    repo.checkout(name, new=True)
    commits = [
        repo.write(f"{name.replace('/', '_')}-{at}", f"{at}\n").commit(message, author=author)
        for at, message in enumerate(messages)
    ]
    repo.checkout("main")
    return commits


def test_the_first_commit_is_an_import(repo: Repo) -> None:
    root = start(repo)
    (change,) = changes_of(repo)
    assert (change.id, change.parent, change.landing, change.commits) == (root, None, Landing.INITIAL, (root,))
    assert change.number is None


def test_a_plain_commit_is_a_direct_push_and_a_bots_is_the_bots(repo: Repo) -> None:
    start(repo)
    repo.write("a", "1\n").commit(
        "Bump a", author="renovate[bot] <29139614+renovate[bot]@users.noreply.github.com>"
    )
    repo.write("b", "1\n").commit("Add b")
    assert [change.landing for change in changes_of(repo)] == [Landing.DIRECT, Landing.BOT, Landing.INITIAL]


@pytest.mark.parametrize(
    ("message", "number", "source"),
    [
        ("Merge pull request #12 from octo/fix-login\n\nFix the login", 12, "fix-login"),
        ("[ci skip] Merge pull request #13 from octo/fix/deep", 13, "fix/deep"),
        ("Merge PR #14", 14, None),
        ("Merge pull request #15 in PROJ/repo from feature/x to main", 15, "feature/x"),
        ("Merge pull request 'Fix it' (#16) from ben/fix into main", 16, "ben/fix"),
        ("Merged in feature/x (pull request #17)\n\nFix", 17, "feature/x"),
        ("Merged PR 18: Fix it", 18, None),
        ("Merge branch 'fix' into 'main'\n\nFix it\n\nSee merge request group/sub/project!19", 19, "fix"),
        ("Auto merge of #20 - ben:fix, r=ana", 20, "fix"),
        ("Merge #21", 21, None),
        ("Merge octo/app#24: tidy up (#9)", None, "octo/app#24"),
        ("Fix it (#22)", 22, None),
        ('Merge "Fix it"\n\nReviewed-on: https://review.example.com/c/project/+/23', 23, None),
        ("Merge branch 'fix'", None, "fix"),
        ("Merge branch 'main-menu'", None, "main-menu"),
    ],
)  # fmt: skip
def test_merges_of_every_forge(repo: Repo, message: str, number: int | None, source: str | None) -> None:
    start(repo)
    brought = branch(repo, "fix", "one", "two")
    merge = repo.merge("fix", message=message, author="Ana Alves <ana@example.com>", committer=WEB)
    change = changes_of(repo)[0]
    assert change.landing is Landing.MERGE
    assert (change.number, change.branch) == (number, source)
    assert change.number_basis is (Basis.MESSAGE if number else None)
    assert change.commits == (*brought, merge)
    assert change.authors == (Person("Ben Berg", "ben@example.com"),)
    assert change.landed_by == Person("GitHub", "noreply@github.com")


@pytest.mark.parametrize(
    ("message", "landing", "number"),
    [
        ("Fix it (#12)", Landing.SQUASH, 12),
        ("Fix it (!13)", Landing.SQUASH, 13),
        ("Fix (#9) it (#14)", Landing.SQUASH, 14),
        ("Fix it\n\nSee merge request group/project!15", Landing.SQUASH, 15),
        ("Merged in fix (pull request #16)", Landing.SQUASH, 16),
        ("Merged PR 17: Fix it", Landing.SQUASH, 17),
        ("Fix it\n\nCloses #18 from ben/fix.\n", Landing.SQUASH, 18),
        ("Fix it\n\nDifferential Revision: https://reviews.example.com/D19", Landing.SQUASH, None),
        ("Fix it\n\nSquashed commit of the following:\n\ncommit 1234", Landing.SQUASH, None),
        ("Merge pull request from GHSA-cfjv-5498-mph5\n\nFix it", Landing.SQUASH, None),
        ("Fix it\n\nPR-URL: https://github.com/o/r/pull/20\nReviewed-By: Ana Alves <ana@example.com>", Landing.REBASE, 20),
        ("Fix it\n\nChange-Id: I12\nReviewed-on: https://review.example.com/c/project/+/21", Landing.REBASE, 21),
        ('Revert "Fix it (#12)"', Landing.DIRECT, None),
        ("Fix (#12) it", Landing.DIRECT, None),
        ("Three things:\n\n* one\n\n* two", Landing.DIRECT, None),
        ("C#(#)", Landing.DIRECT, None),
    ],
)  # fmt: skip
def test_single_commits_of_every_forge(repo: Repo, message: str, landing: Landing, number: int | None) -> None:
    start(repo)
    repo.write("a", "1\n").commit(message)
    change = changes_of(repo)[0]
    assert (change.landing, change.number) == (landing, number)


def test_a_list_in_the_body_is_a_squash_only_when_a_forge_committed_it(repo: Repo) -> None:
    start(repo)
    repo.write("a", "1\n").commit("Login\n\n* one\n\nwhy\n\n* two", committer=WEB)
    assert changes_of(repo)[0].landing is Landing.SQUASH


def test_a_number_that_is_no_pull_request_is_an_issues(repo: Repo) -> None:
    root = start(repo)
    repo.write("a", "1\n").commit("One (#3)", committer=WEB)
    repo.write("b", "1\n").commit("Two (#4)")
    heads = {3: root}
    change = changes_of(repo, heads=heads)[0]
    assert (change.landing, change.number) == (Landing.DIRECT, None)
    assert [(mention.kind, mention.text) for mention in change.requests] == [("issue", "#4")]
    # Without the refs nothing refutes it.
    assert changes_of(repo)[0].number == 4


def test_a_ref_that_is_part_of_the_merge_is_a_better_basis_than_the_message(repo: Repo) -> None:
    start(repo)
    brought = branch(repo, "fix", "one")
    repo.merge("fix", message="Merge pull request #5 from octo/fix")
    assert changes_of(repo, heads={5: brought[-1]})[0].number_basis is Basis.REF


def test_a_merge_without_a_number_is_found_by_its_ref(repo: Repo) -> None:
    start(repo)
    brought = branch(repo, "fix", "one")
    repo.merge("fix", message="Merge branch 'fix' of https://example.com/ben/project")
    change = changes_of(repo, heads={5: brought[-1]})[0]
    assert (change.number, change.number_basis) == (5, Basis.REF)


@pytest.mark.parametrize("message", ["Sync with 2.1", "Merge branch 'maint'", "Merge branch '2.1.x'"])
def test_a_stray_pull_request_of_a_long_lived_branch_did_not_bring_it(repo: Repo, message: str) -> None:
    start(repo)
    brought = branch(repo, "fix", "one")
    repo.merge("fix", message=message)
    assert changes_of(repo, heads={5: brought[-1]})[0].number is None


def rebase_onto_main(repo: Repo, commits: list[str]) -> list[str]:
    """Copies of commits on top of main, author and message kept, committer as a forge's."""
    copies = []
    for commit in commits:
        repo.clock += 3600
        when = f"{repo.clock} +0000"
        env = {
            "GIT_COMMITTER_NAME": "GitHub",
            "GIT_COMMITTER_EMAIL": "noreply@github.com",
            "GIT_COMMITTER_DATE": when,
        }
        repo.git("cherry-pick", commit, env=env)
        copies.append(repo.head())
    return copies


def test_a_rebase_run_is_one_change_when_a_ref_proves_it(repo: Repo) -> None:
    start(repo)
    brought = branch(repo, "topic", "one", "two", "three")
    base = repo.write("other", "1\n").commit("meanwhile")
    copies = rebase_onto_main(repo, brought)
    repo.write("later", "1\n").commit("later")
    later, change, meanwhile, _ = changes_of(repo, heads={7: brought[-1]})
    assert (change.landing, change.number, change.number_basis) == (Landing.REBASE, 7, Basis.REF)
    assert change.commits == tuple(copies)
    assert (change.id, change.parent) == (copies[-1], base)
    assert [later.landing, meanwhile.landing] == [Landing.DIRECT, Landing.DIRECT]


def test_a_rebase_without_a_ref_is_never_guessed(repo: Repo) -> None:
    start(repo)
    brought = branch(repo, "topic", "one", "two")
    repo.write("other", "1\n").commit("meanwhile")
    rebase_onto_main(repo, brought)
    assert {change.landing for change in changes_of(repo)} == {Landing.DIRECT, Landing.INITIAL}


def test_two_requests_with_the_same_commit_prove_neither(repo: Repo) -> None:
    start(repo)
    brought = branch(repo, "topic", "one")
    repo.git("branch", "again", brought[-1])
    repo.checkout("again")
    other = repo.write("more", "1\n").commit("more", author=BEN)
    repo.checkout("main").write("other", "1\n").commit("meanwhile")
    rebase_onto_main(repo, brought)
    assert changes_of(repo, heads={7: brought[-1], 8: brought[-1]})[0].number is None
    assert changes_of(repo, heads={7: brought[-1], 8: other})[0].number == 7


def test_a_backport_made_later_does_not_explain_its_original(repo: Repo) -> None:
    root = start(repo)
    original = repo.write("a", "1\n").commit("Fix it", author=BEN)
    repo.git("branch", "stable", root)
    repo.checkout("stable").write("s", "1\n").commit("stable")
    (backport,) = rebase_onto_main(repo, [original])
    repo.checkout("main")
    assert changes_of(repo, heads={9: backport})[0].landing is Landing.DIRECT


def test_the_same_words_on_another_patch_prove_nothing(repo: Repo) -> None:
    start(repo)
    repo.checkout("topic", new=True)
    head = repo.write("a", "branch\n").commit("Fix it", author=BEN, at=1_800_000_000)
    repo.checkout("main").write("a", "main\n").commit("Fix it", author=BEN, at=1_800_000_000)
    assert changes_of(repo, heads={9: head})[0].number is None


def test_a_squash_whose_title_lost_its_number_is_found_by_its_tree(repo: Repo) -> None:
    start(repo)
    brought = branch(repo, "topic", "one", "two")
    squash = repo.squash("topic", "A better title", author=BEN, committer=WEB)
    change = changes_of(repo, heads={9: brought[-1]})[0]
    assert (change.id, change.landing, change.number, change.number_basis) == (squash, Landing.SQUASH, 9, Basis.REF)


def test_the_same_tree_by_another_hand_proves_nothing(repo: Repo) -> None:
    start(repo)
    brought = branch(repo, "topic", "one")
    repo.squash("topic", "The same mend, made by me")
    assert changes_of(repo, heads={9: brought[-1]})[0].landing is Landing.DIRECT


def test_an_octopus_brings_all_its_branches(repo: Repo) -> None:
    start(repo)
    one, two = branch(repo, "one", "one"), branch(repo, "two", "two", author="Cem Can <cem@example.com>")
    repo.write("own", "1\n").commit("own")
    merge = repo.merge("one", "two", message="Merge branches 'one' and 'two'")
    change = changes_of(repo)[0]
    assert set(change.commits) == {*one, *two, merge}
    assert change.commits[-1] == merge
    assert {person.name for person in change.authors} == {"Ben Berg", "Cem Can"}


def test_a_merge_of_main_into_a_branch_brings_the_branch_alone(repo: Repo) -> None:
    start(repo)
    repo.checkout("topic", new=True)
    first = repo.write("t", "1\n").commit("topic", author=BEN)
    repo.checkout("main")
    direct = repo.write("m", "1\n").commit("main goes on")
    repo.checkout("topic")
    back = repo.merge("main", message="Merge branch 'main' into topic", author=BEN)
    repo.checkout("main")
    merge = repo.merge("topic", message="Merge pull request #3 from octo/topic")
    top, below, _ = changes_of(repo)
    assert top.commits == (first, back, merge)
    assert below.commits == (direct,)


def test_a_criss_cross_gives_every_commit_to_its_oldest_step(repo: Repo) -> None:
    start(repo)
    repo.checkout("side", new=True)
    side = repo.write("s", "1\n").commit("side", author=BEN)
    repo.checkout("main")
    own = repo.write("m", "1\n").commit("main")
    repo.git("branch", "old-main", own)
    first = repo.merge("side", message="Merge pull request #1 from octo/side")
    repo.checkout("side")
    cross = repo.merge("old-main", message="Merge old-main", author=BEN)
    repo.checkout("main")
    second = repo.merge("side", message="Merge pull request #2 from octo/side")
    top, below, middle, _ = changes_of(repo)
    assert top.commits == (cross, second)
    assert below.commits == (side, first)
    assert middle.commits == (own,)


def test_a_pull_does_not_swallow_what_others_landed(repo: Repo) -> None:
    start(repo)
    repo.git("branch", "local")
    theirs = branch(repo, "topic", "their work")
    merged = repo.merge("topic", message="Merge pull request #4 from octo/topic", committer=WEB)
    repo.checkout("local")
    mine = repo.write("mine", "1\n").commit("my work")
    pull = repo.merge("main", message="Merge branch 'main' of https://example.com/octo/project")
    changes = {change.id: change for change in changes_of(repo)}
    assert changes[merged].number == 4
    assert changes[merged].commits == (*theirs, merged)
    assert changes[mine].landing is Landing.DIRECT
    assert (changes[pull].landing, changes[pull].commits) == (Landing.DIRECT, (pull,))


def test_pull_requests_on_a_maintenance_branch_stay_visible_when_it_is_merged_forward(repo: Repo) -> None:
    start(repo)
    repo.git("branch", "2.1.x")
    repo.write("main", "1\n").commit("main goes on")
    repo.checkout("2.1.x")
    fix = repo.write("fix", "1\n").commit("Fix it (#8)", author=BEN, committer=WEB)
    repo.checkout("main")
    forward = repo.merge("2.1.x", message="Merge branch '2.1.x'")
    changes = {change.id: change for change in changes_of(repo)}
    assert changes[fix].number == 8
    assert changes[forward].commits == (forward,)


def test_a_branch_of_a_fork_called_main_is_a_branch(repo: Repo) -> None:
    start(repo)
    brought = branch(repo, "fork", "one", "two")
    merge = repo.merge("fork", message="Merge branch 'main' of https://example.com/ben/project")
    change = changes_of(repo)[0]
    assert (change.landing, change.commits) == (Landing.MERGE, (*brought, merge))


def test_a_shallow_boundary_is_no_initial_import(repo: Repo, tmp_path) -> None:
    start(repo)
    branch(repo, "fix", "one")
    repo.merge("fix", message="Merge pull request #12 from octo/fix")
    repo.git("clone", "-q", "--depth=1", f"file://{repo.path}", str(tmp_path / "shallow"))
    shallow = Repo(tmp_path / "shallow")
    (change,) = changes_of(shallow)
    assert (change.landing, change.number, change.parent) == (Landing.MERGE, 12, None)


def test_trailers_are_read_at_the_start_of_a_line_wherever_they_stand(repo: Repo) -> None:
    start(repo)
    message = (
        'Add it\n\nReviewed-by: Cem Can <cem@example.com>\n\n* more\n\nAcked-by: "Dee, D." <dee@example.com>\n'
        "Tested-by: Eve <eve@example.com>\nSigned-off-by: Ana Alves <ana@example.com>\n"
        "  Reviewed-by: Indented <indented@example.com>\n> Reviewed-by: Quoted <quoted@example.com>\n"
        "Co-authored-by: Ben Berg <ben@example.com>\nReviewed-by: @octo\n"
    )  # fmt: skip
    own = repo.write("a", "1\n").commit(message)
    change = changes_of(repo)[0]
    assert [(mention.kind, mention.person) for mention in change.reviews] == [
        ("reviewed-by", Person("Cem Can", "cem@example.com")),
        ("acked-by", Person("Dee, D.", "dee@example.com")),
        ("tested-by", Person("Eve", "eve@example.com")),
        ("signed-off-by", Person("Ana Alves", "ana@example.com")),
        ("reviewed-by", Person("@octo", "")),
    ]
    assert {mention.commit for mention in change.reviews} == {own}
    assert change.authors == (Person("Ana Alves", "ana@example.com"), Person("Ben Berg", "ben@example.com"))


def test_people_of_a_trailer_are_joined_by_the_mailmap_of_the_inspected_revision(repo: Repo) -> None:
    repo.write(".mailmap", "Cem Can <cem@example.com> <cem@old.example.com>\n").commit("first")
    repo.write("a", "1\n").commit("Add it\n\nReviewed-by: cem <CEM@old.example.com>")
    repo.write(".mailmap", "").commit("forget everybody", at=1_900_000_000)
    assert changes_of(repo, tip="HEAD~1")[0].reviews[0].person == Person("Cem Can", "cem@example.com")


def test_bors_names_its_reviewer_and_an_equation_does_not(repo: Repo) -> None:
    start(repo)
    branch(repo, "fix", "Set r=3 in the model")
    repo.merge("fix", message="Auto merge of #20 - ben:fix, r=ana,cem")
    change = changes_of(repo)[0]
    assert [(mention.kind, mention.person) for mention in change.reviews] == [
        ("r", Person("ana", "")),
        ("r", Person("cem", "")),
    ]


def test_a_revert_names_the_commit_in_full(repo: Repo) -> None:
    start(repo)
    one = repo.write("a", "1\n").commit("one")
    two = repo.write("b", "1\n").commit("two")
    repo.write("a", "0\n").commit(f'Revert "one"\n\nThis reverts commit {one[:9]}.')
    repo.write("b", "0\n").commit(f'Revert "two"\n\nThis reverts commit {two}, reversing\nchanges made to {one}.')
    repo.write("c", "0\n").commit("Revert nothing\n\nThis reverts commit 0123456789.")
    assert [change.reverts for change in changes_of(repo)[:3]] == [("0123456789",), (two,), (one,)]


@pytest.mark.parametrize(
    ("message", "emergency"),
    [
        ("hotfix: stop the loop", True),
        ("Merge pull request #3 from octo/hotfix/loop", True),
        ("Merge pull request #3 from octo/loop\n\nHOTFIX: stop the loop", True),
        ("Stop the loop\n\nEmergency: yes", True),
        ("Remove emergency contacts", False),
        ("Stop the loop\n\nEmergency: no", False),
    ],
)
def test_an_emergency_says_so(repo: Repo, message: str, emergency: bool) -> None:
    start(repo)
    branch(repo, "loop", "loop")
    repo.merge("loop", message=message)
    assert changes_of(repo)[0].emergency is emergency


def test_guarded_paths_of_a_merge_are_those_of_the_whole_branch(repo: Repo) -> None:
    start(repo)
    repo.write("src/a.py", "1\n").write("docs/x.md", "1\n").commit("plain")
    repo.checkout("fix", new=True)
    repo.write(".github/workflows/ci.yml", "on: push\n").commit("ci")
    repo.write("web/AGENTS.md", "obey\n").write("src/b.py", "1\n").commit("agents")
    repo.checkout("main").write("CODEOWNERS", "* @ana\n").commit("owners")
    repo.merge("fix", message="Merge branch 'fix'")
    assert [change.guarded for change in changes_of(repo)] == [
        (".github/workflows/ci.yml", "web/AGENTS.md"),
        ("CODEOWNERS",),
        (),
        (),
    ]


def test_a_path_made_to_look_like_a_record_of_git_is_a_path(repo: Repo) -> None:
    root = start(repo)
    (repo.path / ":100644 100644").write_text("1\n")
    repo.git("--literal-pathspecs", "add", ":100644 100644")
    repo.write(root, "1\n").write(b"\xff/AGENTS.md", "1\n").commit("hostile")
    newest, oldest = changes_of(repo)
    assert newest.guarded == ('"\\377/AGENTS.md"',)
    assert oldest.guarded == ()


def test_a_signature_is_seen_and_not_taken_for_verified(repo: Repo) -> None:
    start(repo)
    body = repo.git("cat-file", "commit", "HEAD").replace(
        b"\n\n", b"\ngpgsig -----BEGIN SSH SIGNATURE-----\n forged\n -----END SSH SIGNATURE-----\n\n", 1
    )
    forged = repo.git("hash-object", "-t", "commit", "-w", "--stdin", stdin=body).decode().strip()
    repo.git("update-ref", "HEAD", forged)
    assert changes_of(repo)[0].signature is SignatureKind.SSH


def test_committers_are_those_before_it_landed(repo: Repo) -> None:
    start(repo)
    repo.checkout("fix", new=True)
    repo.write("a", "1\n").commit("one", author=BEN, committer="Cem Can <cem@example.com>")
    repo.write("b", "1\n").commit("two", author=BEN, committer=WEB)
    repo.checkout("main")
    repo.merge("fix", message="Merge pull request #1 from octo/fix")
    repo.write("c", "1\n").commit("Fix it (#2)", author=BEN, committer="Dee <dee@example.com>")
    direct = repo.write("d", "1\n").commit("patch", author=BEN, committer="Eve <eve@example.com>")
    changes = changes_of(repo)
    assert changes[0].id == direct
    assert [[person.name for person in change.committers] for change in changes[:3]] == [["Eve"], [], ["Cem Can"]]


def test_a_tip_that_was_not_read_has_no_changes(repo: Repo) -> None:
    start(repo)
    assert changes_of(repo)
    with pytest.raises(Exception, match="nowhere"):
        changes_of(repo, tip="nowhere")


def test_a_request_named_in_full_has_its_number_when_its_ref_was_merged(repo: Repo) -> None:
    start(repo)
    brought = branch(repo, "fix", "one")
    repo.merge("fix", message="Merge octo/app#24: tidy up (#9)", author="Ana Alves <ana@example.com>")
    assert changes_of(repo, heads={9: brought[-1], 24: brought[-1]})[0].number == 24
    assert changes_of(repo, heads={9: brought[-1], 24: "0" * 40})[0].number is None

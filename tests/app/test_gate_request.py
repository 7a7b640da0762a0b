"""A request is believed in what its forge tells of it; whatever is broken in it lets nothing pass."""

import io
import sys
from pathlib import Path

import msgspec
import pytest

from asbuilt.app.gate import Asked, gate
from asbuilt.app.gate_request import LARGEST, outline_of, read_file, request_of
from asbuilt.model.errors import SourceError, UsageError
from asbuilt.model.gate import Answer, Gate, Standing
from tests.app.requests import NOW, REPOSITORY, bundle, pull, review, run
from tests.app.test_gate import proposed
from tests.repos import Repo


def asked(repo: Repo, request: bytes, **more: object) -> Gate:
    words = {"path": str(repo.path), "base": "main", "head": "topic", "now": NOW, "request": request, **more}
    return gate(Asked(**words))  # type: ignore[arg-type]


def head_of(repo: Repo) -> str:
    return repo.git("rev-parse", "topic").decode().strip()


def standing(found: Gate, control: str) -> Standing:
    return next(test.standing for test in found.tests if test.control == control)


def test_a_request_that_a_person_approved_and_whose_checks_are_green_may_land(repo: Repo) -> None:
    proposed(repo)
    found = asked(repo, bundle(repo))
    assert (found.answer, found.change.request, found.change.repository) == (Answer.MAY_LAND, 7, REPOSITORY)
    assert found.change.approvers
    assert found.seen_in == ("git", "request")


@pytest.mark.parametrize(
    ("login", "state", "named"),
    [
        ("ana", "APPROVED", "author"),
        ("review-app[bot]", "APPROVED", "bot"),
        ("ben", "DISMISSED", "dismissed"),
        ("ben", "CHANGES_REQUESTED", None),
        ("ben", "COMMENTED", None),
    ],
)
def test_an_approval_that_is_none_is_named_with_the_test_it_fails(
    repo: Repo, login: str, state: str, named: str | None
) -> None:
    proposed(repo)
    found = asked(repo, bundle(repo, reviews=[review(1, login, head_of(repo), state)]))
    assert found.answer is Answer.REFUSED
    assert standing(found, "CHG-01") is Standing.DEVIATION
    assert any(named in one for one in found.change.rejected) if named else not found.change.rejected


def test_an_approval_of_an_older_head_is_not_of_this_one(repo: Repo) -> None:
    proposed(repo)
    older = head_of(repo)
    repo.write("page.md", "another page\n").commit("Push after the approval")
    found = asked(repo, bundle(repo, reviews=[review(1, "ben", older)]))
    assert found.answer is not Answer.MAY_LAND


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ([("tests", "failure")], Standing.DEVIATION),
        ([("tests", "success"), ("lint", "skipped")], Standing.DEVIATION),
        ([("tests", None)], Standing.DEVIATION),
        ([], Standing.DEVIATION),
    ],
)
def test_checks_must_have_succeeded_on_this_head(
    repo: Repo, runs: list[tuple[str, str | None]], expected: Standing
) -> None:
    proposed(repo)
    told = [run(at, name, head_of(repo), conclusion) for at, (name, conclusion) in enumerate(runs, 1)]
    found = asked(repo, bundle(repo, check_runs={"total_count": len(told), "check_runs": told}))
    assert standing(found, "CHG-05") is expected
    assert found.answer is Answer.REFUSED


def test_the_gates_own_check_is_not_waited_for_when_the_base_says_so(repo: Repo) -> None:
    proposed(repo, policy='[gate]\nown_checks = ["gate"]\n')
    head = head_of(repo)
    told = [run(1, "tests", head), run(2, "gate", head, None)]
    found = asked(repo, bundle(repo, check_runs={"total_count": 2, "check_runs": told}))
    assert found.answer is Answer.MAY_LAND


def test_a_check_that_the_base_names_must_have_run(repo: Repo) -> None:
    proposed(repo, policy='[gate]\nchecks = ["tests", "scan"]\n')
    assert standing(asked(repo, bundle(repo)), "CHG-05") is Standing.DEVIATION


def test_what_was_not_read_to_its_end_is_unknown_and_no_pass(repo: Repo) -> None:
    proposed(repo)
    found = asked(repo, bundle(repo, reviews=[], complete=[]))
    assert found.answer is Answer.NOT_SEEN
    assert {test.control for test in found.blocking} >= {"CHG-01", "CHG-05"}


def test_an_export_is_read_too(repo: Repo) -> None:
    proposed(repo)
    told = {"type": "pull", "pull": pull(repo), "events": [], "comments": []}
    found = asked(repo, msgspec.json.encode(told))
    assert found.answer is Answer.NOT_SEEN


def test_the_request_alone_says_nothing_of_its_reviews(repo: Repo) -> None:
    proposed(repo)
    assert asked(repo, msgspec.json.encode(pull(repo))).answer is Answer.NOT_SEEN


def test_a_request_with_another_head_is_another_change(repo: Repo) -> None:
    proposed(repo)
    with pytest.raises(SourceError, match="head"):
        asked(repo, bundle(repo, pull=pull(repo, head="c" * 40)))


def test_a_request_of_another_number_or_repository_is_refused(repo: Repo) -> None:
    proposed(repo)
    for other in ({"number": 8}, {"repository": "acme/other"}):
        with pytest.raises(UsageError, match="The request that was given"):
            asked(repo, bundle(repo), **other)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b'{"number": true}',
        b'{"number": 0}',
        b'{"number": "7"}',
        b'{"pull": []}',
        b'{"number": 7, "number": 8}',
        b"\xff",
        b"[" * 100_000,
        b'{"number": 1' + b"0" * 5000 + b"}",
        b'{"number": NaN}',
    ],
)
def test_what_is_no_request_is_refused(data: bytes) -> None:
    with pytest.raises(SourceError):
        outline_of(data)


def test_what_cannot_be_read_in_it_makes_no_list_complete(repo: Repo) -> None:
    proposed(repo)
    data = bundle(repo, reviews=[{"id": None, "user": 7, "state": ["APPROVED"]}])
    known = request_of(data, outline_of(data), repository=REPOSITORY, head=head_of(repo), now=NOW)
    assert known.covered == frozenset()
    assert known.gaps[0].code == "GAP-RECORD"
    assert asked(repo, data).answer is not Answer.MAY_LAND


def test_a_file_is_read_up_to_a_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    large = tmp_path / "large.json"
    with large.open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(UsageError, match="larger"):
        read_file(str(large))
    with pytest.raises(UsageError, match="cannot be read"):
        read_file(str(tmp_path / "absent.json"))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"{}")))
    assert read_file("-") == b"{}"


def approved_then(repo: Repo) -> str:
    """A change of which Ben approved the head; what comes after is the test's."""
    proposed(repo, policy='[gate]\nrequire = ["CHG-01", "CHG-02"]\n')
    return head_of(repo)


def test_an_approval_stands_when_only_the_base_was_merged_in_after_it(repo: Repo) -> None:
    approved = approved_then(repo)
    repo.checkout("main").write("other.md", "elsewhere\n").commit("Meanwhile")
    repo.checkout("topic").merge("main", message="Merge branch 'main' into topic")
    found = asked(repo, bundle(repo, reviews=[review(1, "ben", approved)]))
    assert (found.answer, found.change.rejected) == (Answer.MAY_LAND, ())


def test_an_approval_falls_when_the_merge_of_the_base_hides_a_change(repo: Repo) -> None:
    approved = approved_then(repo)
    newer = repo.checkout("main").write("other.md", "elsewhere\n").commit("Meanwhile")
    repo.checkout("topic").write("other.md", "elsewhere\n").write("page.md", "smuggled in\n")
    repo.commit("Merge branch 'main' into topic", parents=(approved, newer))
    found = asked(repo, bundle(repo, reviews=[review(1, "ben", approved)]))
    assert found.answer is Answer.REFUSED
    assert any("not-covering" in one or "pushed-after" in one for one in found.change.rejected)


def test_an_approval_stands_when_the_same_change_was_moved_onto_a_newer_base(repo: Repo) -> None:
    approved = approved_then(repo)
    repo.checkout("main").write("other.md", "elsewhere\n").commit("Meanwhile")
    repo.checkout("topic").git("reset", "-q", "--hard", "main")
    repo.write("page.md", "a page\n").commit("Add a page")
    found = asked(repo, bundle(repo, reviews=[review(1, "ben", approved)]))
    assert found.answer is Answer.MAY_LAND


def test_an_approval_of_a_commit_that_is_not_here_is_unknown(repo: Repo) -> None:
    approved_then(repo)
    found = asked(repo, bundle(repo, reviews=[review(1, "ben", "e" * 40)]))
    assert found.answer is Answer.NOT_SEEN


def queued(repo: Repo, *, squash: bool = False, smuggled: bool = False) -> tuple[str, str]:
    """What a merge queue makes of the request on a base that went on: the request's head, and the queue's."""
    approved = approved_then(repo)
    newer = repo.checkout("main").write("other.md", "elsewhere\n").commit("Meanwhile")
    repo.checkout("queue", new=True).write("page.md", "a page\n")
    if smuggled:
        repo.write("page.md", "smuggled in\n")
    web = {"author": "Ana Alves <ana@example.com>", "committer": "GitHub <noreply@github.com>"}
    parents = (newer,) if squash else (newer, approved)
    return approved, repo.commit("Merge pull request #7 from acme/topic", parents=parents, **web)  # type: ignore[arg-type]


@pytest.mark.parametrize("squash", [False, True])
def test_what_a_queue_makes_of_an_approved_head_may_land(repo: Repo, squash: bool) -> None:
    approved, head = queued(repo, squash=squash)
    data = bundle(
        repo,
        reviews=[review(1, "ben", approved)],
        check_runs={"total_count": 1, "check_runs": [run(5, "tests", head)]},
    )
    found = asked(repo, data, head="queue", queued=True)
    assert (found.answer, found.change.head) == (Answer.MAY_LAND, head)
    with pytest.raises(SourceError, match="head"):
        asked(repo, data, head="queue")


@pytest.mark.parametrize("squash", [False, True])
def test_what_a_queue_made_of_something_else_may_not(repo: Repo, squash: bool) -> None:
    approved, _ = queued(repo, squash=squash, smuggled=True)
    data = bundle(repo, reviews=[review(1, "ben", approved)])
    assert asked(repo, data, head="queue", queued=True).answer is Answer.REFUSED


def test_a_queued_head_that_is_not_here_is_no_pass(repo: Repo) -> None:
    queued(repo)
    data = bundle(repo, pull=pull(repo, head="e" * 40), reviews=[review(1, "ben", "e" * 40)])
    assert asked(repo, data, head="queue", queued=True).answer is not Answer.MAY_LAND


@pytest.mark.parametrize(
    ("association", "expected"),
    [
        ("OWNER", Standing.MET),
        ("MEMBER", Standing.MET),
        ("COLLABORATOR", Standing.MET),
        ("CONTRIBUTOR", Standing.DEVIATION),
        ("NONE", Standing.DEVIATION),
        ("FIRST_TIME_CONTRIBUTOR", Standing.DEVIATION),
        ("something new", Standing.DEVIATION),
    ],
)
def test_an_approval_of_a_stranger_does_not_count(repo: Repo, association: str, expected: Standing) -> None:
    proposed(repo)
    told = {**review(1, "ben", head_of(repo)), "author_association": association}
    found = asked(repo, bundle(repo, reviews=[told]))
    assert standing(found, "CHG-01") is expected
    assert any("not-entitled" in one for one in found.change.rejected) is (expected is Standing.DEVIATION)

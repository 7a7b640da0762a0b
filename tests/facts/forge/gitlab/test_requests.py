"""A merge request, and how it landed."""

import pytest

from tests.facts.forge.gitlab.payloads import LANDED, B, request_answers
from tests.facts.forge.gitlab.projected import project_request, rows


def test_its_row() -> None:
    (found,) = rows(project_request(request_answers()), "requests")
    assert found == {
        "repository": "a/b",
        "number": 17,
        "opened_at": "2026-01-10T10:00:00Z",
        "title": "Bring it",
        "author": "ana",
        "author_kind": "user",
        "base_branch": "main",
        "head_branch": "work",
        "head_commit": B,
        "state": "merged",
        "is_draft": False,
        "merged_at": "2026-01-10T10:40:00Z",
        "merged_by": "ben",
        "merge_commit": LANDED,
        "closed_at": "2026-01-10T10:40:00Z",
        "auto_merge_by": "ben",
        "labels": ["backend"],
        "changed_files": 3,
        "commit_count": 1,
        "comment_count": 1,
        "threads_resolved": False,
        "linked_issues": ["#3"],
    }


def test_its_commit_with_the_co_author_and_no_parents_that_were_not_told() -> None:
    (found,) = rows(project_request(request_answers()), "request_commits")
    assert found["author"] == "Ana Alves <ana@example.com>"
    assert found["co_authors"] == ["Cleo Cruz <cleo@example.com>"]
    assert found["committed_at"] == "2026-01-10T10:19:00Z"
    assert "parents" not in found
    assert "author_login" not in found


@pytest.mark.parametrize(
    ("merge", "squash", "landed"),
    [
        (LANDED, None, LANDED),
        (LANDED, "e" * 40, LANDED),
        (None, "e" * 40, "e" * 40),
        (None, None, B),
        ("?", B, None),
    ],
)
def test_the_commit_by_which_it_landed(merge: str | None, squash: str | None, landed: str | None) -> None:
    answers = request_answers()
    answers["merge_request"] |= {"merge_commit_sha": merge, "squash_commit_sha": squash}
    (found,) = rows(project_request(answers), "requests")
    assert found.get("merge_commit") == landed


@pytest.mark.parametrize(
    "spoilt", [{"merged_at": None}, {"merged_at": "soon"}, {"state": "opened"}, {"iid": 18}, {"iid": "17"}]
)
def test_a_merge_that_cannot_be_read_whole_is_no_row(spoilt: dict[str, object]) -> None:
    answers = request_answers()
    answers["merge_request"] |= spoilt
    found = project_request(answers)
    assert rows(found, "requests") == []
    assert len(found.refused) == 1


def test_pipelines_are_checks_of_the_head() -> None:
    found = {each["check_id"]: each for each in rows(project_request(request_answers()), "checks")}
    assert {own: (each["commit"], each["conclusion"]) for own, each in found.items()} == {
        "pipeline-50": (B, "success"),
        "pipeline-51": (B, "pending"),  # on what GitLab made of the head and the base
    }
    assert "completed_at" not in found["pipeline-51"]

"""Jobs as checks."""

import pytest

from tests.facts.forge.gitlab.payloads import JOB, B, bind
from tests.facts.forge.gitlab.projected import project, rows

RESULT = {"id": 51, "ref": "refs/merge-requests/17/merge", "sha": "e" * 40}


def jobs(**changed: object) -> list[dict[str, object]]:
    return rows(project("pipeline/jobs", "50", bind({"pipeline/jobs": [JOB | changed]})), "checks")


def test_a_job_is_a_check_of_its_commit() -> None:
    assert jobs() == [
        {
            "check_id": "job-70",
            "repository": "a/b",
            "commit": B,
            "name": "unit-tests",
            "kind": "tests",
            "conclusion": "success",
            "completed_at": "2026-01-10T10:24:00Z",
            "app": "ana",
        }
    ]


@pytest.mark.parametrize(
    ("pipeline", "message", "commit"),
    [
        (RESULT, f"Merge {B} into {'a' * 40}", B),
        (RESULT | {"ref": "refs/merge-requests/17/train"}, f"Merge {B} into {'a' * 40}", B),
        (RESULT | {"ref": "main"}, f"Merge {B} into {'a' * 40}", "e" * 40),
        (RESULT, f"Merge {B} into {'a' * 40}\n\nand more", "e" * 40),
        (RESULT, "work", "e" * 40),
    ],
)
def test_a_job_on_what_gitlab_made_of_the_head_counts_for_the_head(
    pipeline: dict[str, object], message: str, commit: str
) -> None:
    (found,) = jobs(pipeline=pipeline, commit={"id": "e" * 40, "message": message})
    assert found["commit"] == commit


@pytest.mark.parametrize(
    ("status", "conclusion"), [("failed", "failure"), ("manual", "pending"), ("skipped", "skipped")]
)
def test_how_it_ended(status: str, conclusion: str) -> None:
    (found,) = jobs(status=status, allow_failure=True)
    assert found["conclusion"] == conclusion


def test_a_status_that_is_not_known_is_no_row() -> None:
    assert jobs(status="fine") == []

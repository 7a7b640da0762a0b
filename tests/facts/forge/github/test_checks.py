"""Check runs and statuses: conclusions, names of kinds, ids that do not meet."""

import pytest

from tests.facts.forge.github.payloads import (
    HEAD,
    check_run,
    connection,
    graphql_check,
    node,
    project,
    rows,
    user,
)


def one_run(**changes: object) -> dict[str, object]:
    """The row of one check run."""
    (row,) = rows("commit/check-runs", {"check_runs": [check_run(**changes)]}, "checks", HEAD)
    return row


@pytest.mark.parametrize(
    ("told", "conclusion"),
    [
        ("success", "success"),
        ("FAILURE", "failure"),
        ("action_required", "failure"),
        ("startup_failure", "failure"),
        ("cancelled", "cancelled"),
        ("skipped", "skipped"),
        ("neutral", "neutral"),
        ("timed_out", "timed-out"),
        ("stale", "timed-out"),
    ],
)
def test_conclusions(told: str, conclusion: str) -> None:
    assert one_run(conclusion=told)["conclusion"] == conclusion


def test_what_still_runs_is_pending_and_what_nobody_knows_is_refused() -> None:
    row = one_run(conclusion=None, status="in_progress", completed_at=None)
    assert row["conclusion"] == "pending"
    assert "completed_at" not in row
    for changes in (
        {"conclusion": "fine"},
        {"conclusion": None},
        {"conclusion": True},
        {"conclusion": ["success"]},
    ):
        found = project("commit/check-runs", {"check_runs": [check_run(**changes)]}, HEAD)
        assert found.rows == ()
        assert "no conclusion that is known" in found.refused[0]


def test_kinds_by_name_and_by_app() -> None:
    assert one_run()["kind"] == "tests"
    assert one_run(name="CodeQL")["kind"] == "static-analysis"
    assert one_run(name="x", app={"slug": "gitguardian"})["kind"] == "secret-scan"
    assert one_run(name="x", app=None)["kind"] == "other"


def test_statuses_have_ids_of_their_own() -> None:
    told = {
        "id": 55,
        "state": "error",
        "context": "ci/circleci: build",
        "created_at": "2026-03-02T09:00:00Z",
        "creator": user("ci[bot]", "Bot"),
    }
    (row,) = rows("commit/statuses", [told], "checks", f"{HEAD} | 1")
    assert row == {
        "check_id": "status-55",
        "repository": "acme/shop",
        "commit": HEAD,
        "name": "ci/circleci: build",
        "kind": "tests",
        "conclusion": "failure",
        "completed_at": "2026-03-02T09:00:00Z",
        "app": "ci[bot]",
    }
    (row,) = rows("commit/statuses", [told | {"state": "pending"}], "checks", HEAD)
    assert row["conclusion"] == "pending"
    assert "completed_at" not in row
    assert "no state that is known" in project("commit/statuses", [told | {"state": "green"}], HEAD).refused[0]


def test_graphql_s_rollup_holds_both() -> None:
    status = {
        "__typename": "StatusContext",
        "id": "MDEzOlN0YXR1c0NvbnRleHQ3Nw==",
        "context": "lint",
        "state": "SUCCESS",
        "createdAt": "2026-03-02T09:00:00Z",
        "creator": {"login": "ci", "__typename": "Bot"},
    }
    contexts = connection([graphql_check(), status])
    head = {"nodes": [{"commit": {"oid": HEAD, "statusCheckRollup": {"contexts": contexts}}}]}
    told = {"data": {"node": node(headCommit=head)}}
    found = rows("graphql/request-checks", told, "checks", "")
    assert [(row["check_id"], row["commit"], row["kind"]) for row in found] == [
        ("55", HEAD, "tests"),
        ("status-77", HEAD, "other"),
    ]


def test_a_check_without_its_commit_is_refused() -> None:
    found = project("commit/check-runs", {"check_runs": [check_run(head_sha=None)]}, "main")
    assert "no commit" in found.refused[0]
    assert "no list of check runs" in project("commit/check-runs", []).refused[0]
    assert "no list of statuses" in project("commit/statuses", {}).refused[0]

"""Answers and payloads as GitHub really sent them: recorded by others, with accounts that are gone among them."""

import json
from pathlib import Path
from typing import Any

import pytest

from asbuilt.facts.forge import Row
from asbuilt.facts.forge.github.deployments import deployment_row
from asbuilt.facts.forge.page import ForgePage
from tests.facts.forge.github.payloads import OBSERVED, project

VECTORS = Path(__file__).parents[3] / "vectors"
WEBHOOKS = VECTORS / "github-webhooks"


def recorded(name: str) -> Any:
    """A recorded answer."""
    return json.loads((VECTORS / "github-recordings" / name).read_text("utf-8"))


def payload(name: str) -> Any:
    """An example of a webhook's payload."""
    return json.loads((WEBHOOKS / name).read_text("utf-8"))


def told(name: str, document: object, key: str) -> list[dict[str, object]]:
    """The rows of a page, of which nothing may be refused."""
    found = project(name, document, key)
    assert found.refused == ()
    return [row.told for row in found.rows]


def test_a_request_whose_author_is_gone() -> None:
    (row,) = told("pull", recorded("pull.2.json"), "2")
    assert "author" not in row
    assert (row["number"], row["state"], row["head_branch"]) == (2, "closed", "hub4j-test-org-test1-patch-1")
    assert "merge_commit" not in row


def test_an_approval_whose_reviewer_is_gone_is_nobody_s() -> None:
    (row,) = told("pull/reviews", recorded("pull-reviews.1.json"), "1")
    assert (row["review_id"], row["state"], row["body_length"]) == ("793823252", "approved", 8)
    assert not {"reviewer", "is_bot"} & row.keys()


def test_a_review_that_was_never_handed_in_is_no_row() -> None:
    assert told("pull/reviews", recorded("pull-reviews.482.json"), "482") == []


def test_commits_of_a_request() -> None:
    found = told("pull/commits", recorded("pull-commits.473.json"), "473")
    assert len(found) == 3
    for row in found:
        assert {"commit", "author", "committer", "tree", "parents", "committed_at", "is_verified"} <= row.keys()


def test_check_runs_and_statuses() -> None:
    (run,) = told("commit/check-runs", recorded("commit-check-runs.json"), "x")
    assert (run["name"], run["conclusion"], run["app"], run["kind"]) == (
        "build-only (Java 17)",
        "success",
        "github-actions",
        "other",
    )
    found = told("commit/statuses", recorded("commit-statuses.json"), "8051615e" * 5)
    assert [(row["check_id"], row["conclusion"]) for row in found] == [
        ("status-9027542286", "success"),
        ("status-9027541768", "pending"),
        ("status-9027541296", "pending"),
    ]


@pytest.mark.parametrize("name", sorted(file.name for file in WEBHOOKS.glob("pull_request*.json")))
def test_requests_inside_webhooks(name: str) -> None:
    pull = payload(name)["pull_request"]
    (row,) = told("pull", pull, str(pull["number"]))
    assert row["number"] == pull["number"]
    assert row["author"] == pull["user"]["login"]
    assert (row["state"] == "merged") == bool(pull["merged_at"])


def test_reviews_inside_webhooks() -> None:
    for name, state in (("pull_request_review.0.json", "commented"), ("pull_request_review.1.json", "dismissed")):
        (row,) = told("pull/reviews", [payload(name)["review"]], "2")
        assert (row["state"], row["reviewer"], row["is_bot"]) == (state, "Codertocat", False)


def test_checks_statuses_and_a_deployment_inside_webhooks() -> None:
    for name in ("check_run.1.json", "check_run.5.json"):
        run = payload(name)["check_run"]
        (row,) = told("commit/check-runs", {"check_runs": [run]}, "")
        assert (row["check_id"], row["commit"]) == (str(run["id"]), run["head_sha"])
    (row,) = told("commit/statuses", [payload("status.0.json")], "")
    assert row["commit"] == payload("status.0.json")["sha"]
    whole = payload("deployment_status.0.json")
    page = ForgePage("webhook/deployment_status", "", whole, "Codertocat/Hello-World", None, OBSERVED)
    (found,) = deployment_row(page, whole["deployment"], [whole["deployment_status"]])
    assert isinstance(found, Row)
    assert (found.told["deployment_id"], found.told["is_production"], found.told["deployed_at"]) == (
        "145988746",
        True,
        "2019-05-15T15:20:55Z",
    )

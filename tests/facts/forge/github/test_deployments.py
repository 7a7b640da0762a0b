"""Deployments that reached somebody, environments, and who let them through."""

import pytest

from asbuilt.facts.forge.github.deployments import is_production
from tests.facts.forge.github.payloads import HEAD, actor, connection, project, rows, user


def deployment(**changes: object) -> dict[str, object]:
    """A deployment as GraphQL tells it."""
    statuses = [
        {"state": "INACTIVE", "createdAt": "2026-03-04T00:00:00Z"},
        {"state": "SUCCESS", "createdAt": "2026-03-03T01:00:00Z"},
        {"state": "SUCCESS", "createdAt": "2026-03-03T00:30:00Z"},
        {"state": "IN_PROGRESS", "createdAt": "2026-03-03T00:00:00Z"},
    ]
    return {
        "databaseId": 8,
        "environment": "production",
        "commitOid": HEAD,
        "createdAt": "2026-03-02T23:00:00Z",
        "creator": actor("github-actions", "Bot"),
        "statuses": connection(statuses),
    } | changes


def answer(*found: dict[str, object]) -> dict[str, object]:
    """The answer to the query for deployments."""
    return {"data": {"repository": {"deployments": connection(list(found))}}}


def test_the_first_success_is_when() -> None:
    assert rows("graphql/deployments", answer(deployment()), "deployments", "") == [
        {
            "deployment_id": "8",
            "repository": "acme/shop",
            "environment": "production",
            "is_production": True,
            "deployed_at": "2026-03-03T00:30:00Z",
            "commit": HEAD,
            "deployed_by": "github-actions[bot]",
            "by_pipeline": True,
        }
    ]


def test_what_never_succeeded_reached_nobody_unless_statuses_are_missing() -> None:
    failed = [{"state": "FAILURE", "createdAt": "2026-03-03T01:00:00Z"}]
    assert project("graphql/deployments", answer(deployment(statuses=connection(failed)))) == ((), ())
    for statuses in (connection(failed, more=True), None, {"nodes": failed}):
        found = project("graphql/deployments", answer(deployment(statuses=statuses)))
        assert found.rows == ()
        assert "did not all come" in found.refused[0]


def test_a_success_without_a_time_is_refused() -> None:
    statuses = connection(
        [{"state": "SUCCESS", "createdAt": None}, {"state": "SUCCESS", "createdAt": "2026-03-03T01:00:00Z"}]
    )
    assert "no deployed_at" in project("graphql/deployments", answer(deployment(statuses=statuses))).refused[0]


def test_a_person_s_deployment_may_still_be_a_pipeline_s() -> None:
    (row,) = rows("graphql/deployments", answer(deployment(creator=actor("ana"))), "deployments", "")
    assert row["deployed_by"] == "ana"
    assert "by_pipeline" not in row


@pytest.mark.parametrize(
    "name", ["production", "prod-eu", "live", "github-pages", "pypi", "eu-west-1", "product", "latest", ""]
)
def test_production_and_what_says_nothing(name: str) -> None:
    assert is_production(name)


@pytest.mark.parametrize(
    "name",
    [
        "staging",
        "Staging-2",
        "dev",
        "development",
        "qa",
        "UAT",
        "preview",
        "Preview – shop",
        "pre-prod",
        "non-production",
        "test",
        "pr-17",
        "sandbox",
    ],
)
def test_trials(name: str) -> None:
    assert not is_production(name)
    assert is_production(name, marked=True)


def test_environments_and_what_they_ask() -> None:
    reviewers = [
        {"type": "User", "reviewer": user("bo")},
        {"type": "Team", "reviewer": {"slug": "core"}},
        {"type": "User", "reviewer": None},
    ]
    told = {
        "environments": [
            {
                "name": "production",
                "can_admins_bypass": False,
                "protection_rules": [
                    {"type": "wait_timer"},
                    {"type": "required_reviewers", "prevent_self_review": True, "reviewers": reviewers},
                ],
                "deployment_branch_policy": {"protected_branches": True, "custom_branch_policies": False},
            },
            {"name": "free", "protection_rules": [], "deployment_branch_policy": None},
            {"name": "dark"},
        ]
    }
    strict, free, dark = rows("environments", told, "environment_rules", "")
    assert strict == {
        "repository": "acme/shop",
        "environment": "production",
        "reviewers": ["bo", "team core", "account that is gone"],
        "prevents_self_review": True,
        "branches": ["protected branches"],
        "administrators_may_bypass": False,
    }
    assert free == {"repository": "acme/shop", "environment": "free", "reviewers": []}
    assert dark == {"repository": "acme/shop", "environment": "dark"}
    assert "no list of environments" in project("environments", []).refused[0]


def test_approvals_of_a_run() -> None:
    told = [
        {"state": "approved", "user": user("bo"), "environments": [{"name": "production"}, {"name": "eu"}]},
        {"state": "rejected", "user": None, "environments": [{"name": "production"}]},
    ]
    found = rows("run/approvals", told, "deployment_approvals", "400")
    assert [(row["approval_id"], row.get("approver"), row["run"]) for row in found] == [
        ("run 400 production bo approved", "bo", "400"),
        ("run 400 eu bo approved", "bo", "400"),
        ("run 400 production ? rejected", None, "400"),
    ]
    assert (
        len(
            project(
                "run/approvals", [{"state": "ok", "environments": [{"name": "x"}]}, {"state": "approved"}], "4"
            ).refused
        )
        == 2
    )
    assert "no list of approvals" in project("run/approvals", {}).refused[0]


def test_an_answer_with_errors_says_so() -> None:
    assert "Nope" in project("graphql/deployments", {"errors": [{"message": "Nope"}], "data": None}).refused[0]

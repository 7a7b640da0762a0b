"""Links 8 to 10 with what the build and the platform told, and the chain put together."""

from typing import Any

import pytest

from asbuilt.facts.forge_chain_after import build_link, deployment_link, join_facts, watch_link
from asbuilt.model.chain import Chain, Grade, LinkName
from tests.facts.told import CHANGE, NOON, OTHER, READ, link, request, row, told


def provenance(**columns: Any) -> dict[str, Any]:
    return row(predicate_type="https://slsa.dev/provenance/v1", subject="sha256:12", **columns)


def deployment(**columns: Any) -> dict[str, Any]:
    usual = {"environment": "production", "is_production": True, "deployed_at": NOON, "commit": CHANGE}
    return row(**(usual | columns))


@pytest.mark.parametrize(
    ("fields", "grade"),
    [
        ({"attestations": [provenance(is_verified=True)]}, Grade.PROVED),
        ({"attestations": [provenance(is_verified=None)]}, Grade.STATED),
        ({"attestations": [provenance(is_verified=True), provenance(is_verified=False)]}, Grade.CONTRADICTED),
        ({"attestations": [row(predicate_type="review", subject="x", is_verified=True)]}, Grade.UNKNOWN),
        ({"covered": READ}, Grade.MISSING),
        ({}, Grade.UNKNOWN),
        ({"deployments": [deployment(artifact_digest="a", attested_digest="b")]}, Grade.CONTRADICTED),
        ({"deployments": [deployment(artifact_digest="a", attested_digest="a")]}, Grade.UNKNOWN),
        ({"deployments": [deployment(artifact_digest="a")]}, Grade.UNKNOWN),
    ],
)
def test_builds(fields: dict[str, Any], grade: Grade) -> None:
    assert build_link(link(LinkName.BUILD), told(**fields)).grade is grade


@pytest.mark.parametrize(
    ("fields", "grade", "says"),
    [
        ({"deployments": [deployment(deployed_by="bot")]}, Grade.PROVED, "12:00 by bot"),
        ({"first_live": deployment(commit=OTHER)}, Grade.PROVED, "with eeeeeeeeeeee"),
        (
            {"deployments": [deployment(environment="staging", is_production=False)]},
            Grade.UNKNOWN,
            "Deployed to staging",
        ),
        (
            {
                "deployments": [deployment(environment="staging", is_production=False)],
                "first_live": deployment(commit=OTHER),
            },
            Grade.PROVED,
            "Deployed to production",
        ),
        ({"covered": READ, "until": {"deployments": NOON}}, Grade.MISSING, "until 2026-01-31: none"),
        ({}, Grade.UNKNOWN, "As git has it"),
    ],
)
def test_deployments(fields: dict[str, Any], grade: Grade, says: str) -> None:
    found = deployment_link(link(LinkName.DEPLOYMENT), told(**fields))
    assert (found.grade, says in found.summary) == (grade, True), found.summary


def test_a_revert_that_the_forge_landed_is_proved() -> None:
    assert watch_link(link(LinkName.WATCH, Grade.STATED), told()).grade is Grade.STATED
    found = watch_link(link(LinkName.WATCH, Grade.STATED), told(reverted_by=[request(9)]))
    assert (found.grade, "#9" in found.summary) == (Grade.PROVED, True)


def test_every_link_has_its_part() -> None:
    stated = Chain(CHANGE, tuple(link(name) for name in LinkName))
    own = told(
        request=request(linked_issues=["#1"]), claimed=request(linked_issues=["#1"]),
        change={"review_verdict": "reviewed", "approvers": ["ben"], "checks_succeeded": True},
        reviews=[row(state="approved", reviewer="ben", submitted_at=NOON)],
        checks=[row(conclusion="success", name="tests", commit=CHANGE)],
        commits=[row(commit=CHANGE, is_verified=True, agents=["x"], author="X <x@y>")],
        events=[row(kind="agent-started", actor="ana", happened_at=NOON)],
        attestations=[provenance(is_verified=True)], deployments=[deployment()], reverted_by=[request(9)],
    )  # fmt: skip
    found = join_facts(stated, own)
    assert {each.grade for each in found.links} == {Grade.PROVED}
    assert [each.name for each in found.links] == list(LinkName)
    assert join_facts(stated, told(request=None, claimed=None, number=None)) == stated

"""Deployments of GitLab, and who let them through; a deployment is a row once it succeeded."""

from collections.abc import Iterator
from typing import Any

from asbuilt.facts.forge.github.deployments import is_production
from asbuilt.facts.forge.gitlab.answers import account_of
from asbuilt.facts.forge.page import ForgePage, Row
from asbuilt.facts.forge.values import commit_id, dig, fields, items, moment, own_id, text

_TRIALS = frozenset({"staging", "testing", "development"})
_DECISIONS = {"approved": "approved", "rejected": "rejected"}


def project_deployments(page: ForgePage) -> Iterator[Row | str]:
    """``deployments``: a list of them."""
    if not isinstance(page.document, list):
        yield "it is no list of deployments."
    for deployment in items(page.document):
        yield from _deployment(page, fields(deployment))


def project_deployment(page: ForgePage) -> Iterator[Row | str]:
    """``deployment``: one of them, with who approved it."""
    yield from _deployment(page, fields(page.document))


def _deployment(page: ForgePage, told: Any) -> Iterator[Row | str]:
    own, environment = own_id(told.get("id")), text(dig(told, "environment", "name"))
    commit = commit_id(told.get("sha"))
    if told.get("status") == "success":
        job = told.get("deployable")
        yield deployment_row(
            page,
            own,
            environment=environment,
            tier=dig(told, "environment", "tier"),
            at=moment(dig(job, "finished_at")) or moment(told.get("updated_at")) or moment(told.get("created_at")),
            commit=commit,
            by=told.get("user"),
            by_pipeline=isinstance(job, dict),
        )
    for approval in items(told.get("approvals")):
        state, who = dig(approval, "status"), account_of(dig(approval, "user")).login
        decision = _DECISIONS.get(state) if isinstance(state, str) else None
        if decision is None or own is None or environment is None:
            yield "an approval does not tell its state, or its deployment."
            continue
        yield Row(
            "deployment_approvals",
            {
                "repository": page.repository,
                "approval_id": f"deployment {own} {environment} {who or '?'} {decision}",
                "environment": environment,
                "state": decision,
                "deployment_id": own,
                "commit": commit,
                "approver": who,
                "decided_at": moment(dig(approval, "created_at")),
            },
        )


def deployment_row(
    page: ForgePage,
    own: str | None,
    *,
    environment: str | None,
    tier: object,
    at: str | None,
    commit: str | None,
    by: object,
    by_pipeline: bool,
) -> Row:
    """One deployment that succeeded: by whom (a user object), and whether a pipeline's job did it."""
    word = text(tier, 40)
    return Row(
        "deployments",
        {
            "deployment_id": own,
            "repository": page.repository,
            "environment": environment,
            "is_production": word not in _TRIALS and is_production(environment or "", word == "production"),
            "deployed_at": at,
            "commit": commit,
            "deployed_by": account_of(by).login,
            "by_pipeline": True if by_pipeline else None,
        },
    )


PAGES = {"deployments": project_deployments, "deployment": project_deployment}

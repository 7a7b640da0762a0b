"""Deployments, the environments that they go to, and who let them through.

A deployment is a row when one of its statuses says that it succeeded; the first of these is when. One that failed,
or still runs, reached nobody. Whether customers use an environment is told by its own mark (REST) or by its name; a
name that says neither counts as production, since what is not known to be a trial is to be held to the rules.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from asbuilt.facts.forge.accounts import account_of
from asbuilt.facts.forge.github.answers import graphql_error
from asbuilt.facts.forge.github.node_ids import any_id
from asbuilt.facts.forge.page import ForgePage, Row
from asbuilt.facts.forge.values import commit_id, dig, fields, flag, is_whole, items, moment, nodes, text, texts

_PART = r"(?:^|[^a-z0-9])(?:{})(?:$|[^a-z0-9])"
_TRIAL = re.compile(
    r"(?:^|[^a-z0-9])(?:non|pre|not)[^a-z0-9]?prod"
    "|"
    + _PART.format(
        r"dev(?:elop(?:ment|er)?)?\d*|tests?(?:ing)?\d*|qa\d*|uat|stag(?:e|ing)\d*|stg|preview|review|sandbox|demo|ci|"
        r"int(?:egration)?|local(?:host)?|playground|ephemeral|canary-test|perf(?:ormance)?|pr-?\d+|copilot|docs-preview"
    )
)
_STATES = {"approved": "approved", "rejected": "rejected", "pending": "pending"}


def project_deployments(page: ForgePage) -> Iterator[Row | str]:
    """``graphql/deployments``: deployments with their statuses."""
    error = graphql_error(page)
    if error:
        yield error
    data = dig(page.document, "data")
    found = [*nodes(dig(data, "repository", "deployments")), *items(dig(data, "nodes")), dig(data, "node")]
    for deployment in found:
        if isinstance(deployment, dict):
            statuses = deployment.get("statuses")
            yield from deployment_row(page, deployment, nodes(statuses), whole=is_whole(statuses))


def deployment_row(
    page: ForgePage, deployment: object, statuses: list[Any], *, whole: bool = True
) -> Iterator[Row | str]:
    """One deployment, of REST or GraphQL, with its statuses; nothing of one that never succeeded.

    Args:
        page: where it stands.
        deployment: what tells it.
        statuses: its statuses, in any order.
        whole: whether these are all.
    """
    told = fields(deployment)
    own = any_id(told)
    succeeded = [status for status in statuses if _word(dig(status, "state")) == "success"]
    if not succeeded:
        if not whole:
            yield f"deployment {own or '?'}: its statuses did not all come, and none that came is a success."
        return
    times = [moment(dig(status, "created_at")) or moment(dig(status, "createdAt")) for status in succeeded]
    creator = account_of(told.get("creator"))
    environment = text(told.get("environment")) or text(told.get("latestEnvironment"))
    by_pipeline = creator.kind in {"bot", "app"} or isinstance(told.get("performed_via_github_app"), dict)
    yield Row(
        "deployments",
        {
            "deployment_id": own,
            "repository": page.repository,
            "environment": environment,
            "is_production": is_production(environment or "", told.get("production_environment")),
            "deployed_at": None if None in times else min(each for each in times if each),
            "commit": commit_id(told.get("sha")) or commit_id(told.get("commitOid")),
            "deployed_by": creator.login,
            "by_pipeline": True if by_pipeline else None,
        },
    )


@lru_cache(1 << 10)
def _is_trial(name: str) -> bool:
    return _TRIAL.search(name.casefold()) is not None


def is_production(environment: str, marked: object = None) -> bool:
    """Whether customers use an environment: marked so, or not named as one for trials."""
    return marked is True or not _is_trial(environment)


def project_environments(page: ForgePage) -> Iterator[Row | str]:
    """``environments``: what each environment asks before something is deployed to it."""
    listed = dig(page.document, "environments")
    if not isinstance(listed, list):
        yield "it holds no list of environments."
    for environment in items(listed):
        told = fields(environment)
        rules = told.get("protection_rules")
        asked = [rule for rule in items(rules) if dig(rule, "type") == "required_reviewers"]
        reviewers = [_reviewer(each) for rule in asked for each in items(dig(rule, "reviewers"))]
        yield Row(
            "environment_rules",
            {
                "repository": page.repository,
                "environment": text(told.get("name")),
                "reviewers": texts(iter(reviewers)) if isinstance(rules, list) else None,
                "prevents_self_review": flag(dig(asked[0], "prevent_self_review")) if asked else None,
                "branches": _branches(told.get("deployment_branch_policy")),
                "administrators_may_bypass": flag(told.get("can_admins_bypass")),
            },
        )


def _reviewer(value: object) -> str | None:
    reviewer = dig(value, "reviewer")
    if dig(value, "type") == "Team":
        slug = text(dig(reviewer, "slug")) or text(dig(reviewer, "name"))
        return f"team {slug}" if slug else "team"
    return account_of(reviewer).login or "account that is gone"


def _branches(policy: object) -> list[str] | None:
    if dig(policy, "protected_branches") is True:
        return ["protected branches"]
    return ["branches that are named there"] if dig(policy, "custom_branch_policies") is True else None


def project_approvals(page: ForgePage) -> Iterator[Row | str]:
    """``run/approvals``: who let a workflow's run deploy, and who refused; GitHub does not say when."""
    if not isinstance(page.document, list):
        yield "it is no list of approvals."
    for approval in items(page.document):
        state = _STATES.get(_word(dig(approval, "state")) or "")
        approver = account_of(dig(approval, "user")).login
        for environment in items(dig(approval, "environments")) or [None]:
            name = text(dig(environment, "name"))
            if state is None or name is None:
                yield "an approval does not tell its state, or its environment."
                continue
            yield Row(
                "deployment_approvals",
                {
                    "repository": page.repository,
                    "approval_id": f"run {page.subject} {name} {approver or '?'} {state}",
                    "environment": name,
                    "state": state,
                    "run": page.subject or None,
                    "approver": approver,
                },
            )


def _word(value: object) -> str | None:
    return value.casefold() if isinstance(value, str) else None


PAGES = {
    "graphql/deployments": project_deployments,
    "environments": project_environments,
    "run/approvals": project_approvals,
}

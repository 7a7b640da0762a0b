"""Checks: pipelines of a merge request, each as one check named ``pipeline``, and their jobs.

A pipeline on the result of a merge runs on a commit that GitLab made of the request's head and the base, below
``refs/merge-requests/N``, where nobody else may write: it counts for the head.
"""

import re
from collections.abc import Iterator
from typing import Any

from asbuilt.catalogue.check_kinds import check_kind
from asbuilt.facts.forge.gitlab.answers import Answers, account_of, answers_of
from asbuilt.facts.forge.gitlab.heads import Heads
from asbuilt.facts.forge.page import ForgePage, Row
from asbuilt.facts.forge.values import commit_id, dig, fields, moment, own_id, text

PIPELINE = "pipeline"
PENDING = "pending"
_CONCLUSIONS = {
    "success": "success",
    "failed": "failure",
    "canceled": "cancelled",
    "skipped": "skipped",
    **dict.fromkeys(
        (
            *("created", "waiting_for_resource", "preparing", "waiting_for_callback", "pending", "running"),
            *("manual", "scheduled", "canceling"),
        ),
        PENDING,
    ),
}
_RESULT = re.compile(r"refs/merge-requests/[0-9]{1,10}/(?:merge|train)")
_MADE_OF = re.compile(r"Merge ([0-9a-f]{40}(?:[0-9a-f]{24})?) into [0-9a-f]{40,64}")


def project_pipelines(page: ForgePage, told: Answers, heads: Heads) -> Iterator[Row | str]:
    """The pipelines of one request."""
    for each in told.listed("pipelines") or []:
        pipeline = fields(each)
        ref = pipeline.get("ref")
        commit = commit_id(pipeline.get("sha"))
        if isinstance(ref, str) and _RESULT.fullmatch(ref):
            commit = heads.at(pipeline.get("created_at")) or commit
        yield from pipeline_row(page, pipeline, commit, moment(pipeline.get("updated_at")))


def pipeline_row(page: ForgePage, pipeline: Any, commit: str | None, ended: str | None) -> Iterator[Row | str]:
    """One pipeline: of which commit, and when it ended if it did."""
    conclusion = conclusion_of(pipeline.get("status"))
    if conclusion is None:
        yield f"a pipeline has no status that is known: {text(pipeline.get('status'), 40) or 'none'}."
        return
    own = own_id(pipeline.get("id"))
    yield Row(
        "checks",
        {
            "check_id": own and f"pipeline-{own}",
            "repository": page.repository,
            "commit": commit,
            "name": PIPELINE,
            "kind": "other",
            "conclusion": conclusion,
            "completed_at": None if conclusion == PENDING else ended,
            "app": text(pipeline.get("source")),
        },
    )


def project_jobs(page: ForgePage) -> Iterator[Row | str]:
    """``pipeline/jobs``: the jobs of one pipeline."""
    told = answers_of(page)
    jobs = None if told is None else told.listed("pipeline/jobs")
    if jobs is None:
        yield "it binds no list of jobs."
        return
    for each in jobs:
        yield from job_row(page, fields(each))


def job_row(page: ForgePage, job: Any) -> Iterator[Row | str]:
    """One job, as the list of a pipeline's jobs tells it."""
    conclusion = conclusion_of(job.get("status"))
    if conclusion is None:
        yield f"a job has no status that is known: {text(job.get('status'), 40) or 'none'}."
        return
    name, own = text(job.get("name")), own_id(job.get("id"))
    yield Row(
        "checks",
        {
            "check_id": own and f"job-{own}",
            "repository": page.repository,
            "commit": _commit_of(job),
            "name": name,
            "kind": check_kind(name or "", None),
            "conclusion": conclusion,
            "completed_at": None if conclusion == PENDING else moment(job.get("finished_at")),
            "app": account_of(job.get("user")).login,
        },
    )


def _commit_of(job: Any) -> str | None:
    """The commit that a job ran on; the head, where GitLab made that commit of it."""
    own = commit_id(dig(job, "commit", "id")) or commit_id(dig(job, "pipeline", "sha"))
    ref, message = dig(job, "pipeline", "ref"), dig(job, "commit", "message")
    if isinstance(ref, str) and isinstance(message, str) and _RESULT.fullmatch(ref):
        match = _MADE_OF.fullmatch(message[:2000].strip())
        return (commit_id(match[1]) if match else None) or own
    return own


def conclusion_of(word: object) -> str | None:
    """What a status comes to; None where it is none that GitLab has."""
    return _CONCLUSIONS.get(word) if isinstance(word, str) else None


PAGES = {"pipeline/jobs": project_jobs}

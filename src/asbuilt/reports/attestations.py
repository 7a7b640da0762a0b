"""The statements that AsBuilt writes about a commit: its review, bound to trees, and its decision chain.

The envelope is in-toto Statement v1. The review follows the proposed predicate *source review coverage*: approvals
name the tree that was approved, the merge is recomputed, and authorship is what was declared. The same input gives
the same bytes.
"""

from collections.abc import Sequence
from typing import Any, Final

import rfc8785

from asbuilt.model.attestation import Approval, CheckRun, MergeTransform
from asbuilt.model.chain import Chain
from asbuilt.model.commit import moment

STATEMENT: Final = "https://in-toto.io/Statement/v1"
REVIEW: Final = "https://asbuilt.dev/attestation/review/v1"
CHAIN: Final = "https://asbuilt.dev/attestation/decision-chain/v1"


def review_statement(
    commit: str,
    repository: str,
    *,
    transform: MergeTransform,
    approvals: Sequence[Approval],
    checks: Sequence[CheckRun],
    verdict: str,
    authorship: str,
    tools: Sequence[str],
    operators: Sequence[str],
) -> bytes:
    """The review of a commit as a statement.

    Args:
        commit: the commit on the branch.
        repository: ``owner/name``.
        transform: what became of the reviewed head, recomputed.
        approvals: all that were given, those that do not count too.
        checks: all that ran on the head or the commit.
        verdict: the review's verdict.
        authorship: the class of who wrote it.
        tools: AI tools that had a part.
        operators: persons who answer for these.
    """
    predicate = {
        "repository": repository,
        "verdict": verdict,
        "reviewCoverage": {
            "result": transform.result,
            "residualBase": transform.expected_tree if transform.result == "residual" else None,
        },
        "approvals": [_approval(own) for own in approvals],
        "checks": [_check(own) for own in checks],
        "mergeTransform": {
            "kind": transform.kind,
            "reviewedHead": transform.reviewed_head,
            "baseAtMerge": transform.base_at_merge,
            "parents": list(transform.parents),
            "expectedTree": transform.expected_tree,
            "replayClean": transform.replay_clean,
            "strategy": transform.strategy,
            "gitVersion": transform.git_version,
        },
        "authorship": {"declaredBy": authorship, "agents": list(tools), "humanOperators": list(operators)},
        "objectFormat": "sha256" if len(commit) == 64 else "sha1",
    }
    return _statement(commit, transform.tree, REVIEW, predicate)


def chain_statement(commit: str, tree: str, repository: str, chain: Chain) -> bytes:
    """The decision chain of a commit as a statement: ten links, each with its grade and its evidence."""
    predicate = {
        "repository": repository,
        "change": chain.change,
        "unbroken": chain.unbroken,
        "links": [
            {
                "name": link.name.value,
                "grade": link.grade.value,
                "summary": link.summary,
                "evidence": [{"ref": own.ref, "text": own.text} for own in link.evidence],
                "people": [f"{own.name} <{own.email}>" for own in link.people],
            }
            for link in chain.links
        ],
    }
    return _statement(commit, tree, CHAIN, predicate)


def _statement(commit: str, tree: str, kind: str, predicate: dict[str, Any]) -> bytes:
    told: dict[str, Any] = {
        "_type": STATEMENT,
        "subject": [{"name": "commit", "digest": {"gitCommit": commit, "gitTree": tree}}],
        "predicateType": kind,
        "predicate": predicate,
    }
    return rfc8785.dumps(told)


def _approval(own: Approval) -> dict[str, Any]:
    return {
        "approver": own.approver,
        "overCommit": own.over_commit,
        "overTree": own.over_tree,
        "approvedAt": _written(own.approved_at),
        "fails": list(own.fails),
    }


def _check(own: CheckRun) -> dict[str, Any]:
    return {
        "name": own.name,
        "overCommit": own.over_commit,
        "overTree": own.over_tree,
        "outcome": own.outcome,
        "runnerIdentity": own.runner,
    }


def _written(seconds: int) -> str:
    return moment(seconds).strftime("%Y-%m-%dT%H:%M:%SZ")

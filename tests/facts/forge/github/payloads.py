"""One request as GitHub's three faces tell it: REST, GraphQL, and the file of an export."""

import json
from typing import Any

from asbuilt.facts.forge import Projection, project_page

REPOSITORY = "acme/shop"
OBSERVED = 1_800_000_000  # 2027-01-15
HEAD, LANDED, BEFORE, TREE = "a1" * 20, "b2" * 20, "c3" * 20, "d4" * 20
MESSAGE = "Add a till\n\nCloses the old one.\n\nCo-authored-by: Cy <cy@acme.example>\nCo-authored-by: Claude <noreply@anthropic.com>\n"

Json = dict[str, Any]


def project(name: str, document: object, key: str = "17", **kwargs: Any) -> Projection:
    """What a page becomes; ``document`` is JSON, or the bytes themselves."""
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    told = {"repository": REPOSITORY, "organization": None, "observed": OBSERVED} | kwargs
    return project_page("github", name, key, body, **told)


def rows(name: str, document: object, table: str, key: str = "17") -> list[Json]:
    """The rows of one table that a page becomes; nothing of it may be refused."""
    found = project(name, document, key)
    assert found.refused == ()
    return [row.told for row in found.rows if row.table == table]


def user(login: str, kind: str = "User") -> Json:
    """An account as REST tells it."""
    return {"login": login, "id": 7, "type": kind}


def actor(login: str, kind: str = "User") -> Json:
    """An account as GraphQL tells it."""
    return {"login": login, "__typename": kind}


def pull(**changes: Any) -> Json:
    """REST's object of a merged request."""
    return {
        "id": 900,
        "number": 17,
        "state": "closed",
        "title": "Add a till",
        "user": user("ana"),
        "body": "Fixes #3, and closes acme/till#4.",
        "labels": [{"name": "feature"}],
        "draft": False,
        "created_at": "2026-03-01T09:00:00Z",
        "closed_at": "2026-03-02T12:00:00Z",
        "merged": True,
        "merged_at": "2026-03-02T12:00:00Z",
        "merged_by": user("bo"),
        "merge_commit_sha": LANDED,
        "auto_merge": None,
        "base": {"ref": "main", "repo": {"full_name": REPOSITORY}},
        "head": {"ref": "till", "sha": HEAD, "label": "acme:till", "repo": {"full_name": REPOSITORY}},
        "comments": 2,
        "review_comments": 1,
        "commits": 1,
        "additions": 40,
        "deletions": 2,
        "changed_files": 3,
    } | changes


def node(**changes: Any) -> Json:
    """The same request as GraphQL tells it, with its inner lists."""
    return {
        "id": "PR_x",
        "fullDatabaseId": "900",
        "number": 17,
        "state": "MERGED",
        "title": "Add a till",
        "author": actor("ana"),
        "labels": connection([{"name": "feature"}]),
        "isDraft": False,
        "createdAt": "2026-03-01T09:00:00Z",
        "closedAt": "2026-03-02T12:00:00Z",
        "merged": True,
        "mergedAt": "2026-03-02T12:00:00Z",
        "mergedBy": actor("bo"),
        "mergeCommit": {"oid": LANDED},
        "autoMergeRequest": None,
        "baseRefName": "main",
        "headRefName": "till",
        "headRefOid": HEAD,
        "isCrossRepository": False,
        "totalCommentsCount": 3,
        "additions": 40,
        "deletions": 2,
        "changedFiles": 3,
        "closingIssuesReferences": connection(
            [
                {"number": 3, "createdAt": "2026-02-01T00:00:00Z", "url": "https://github.com/acme/shop/issues/3"},
                {"number": 4, "createdAt": "2026-01-01T00:00:00Z", "url": "https://github.com/acme/till/issues/4"},
            ]
        ),
        "reviews": connection([graphql_review()]),
        "commits": connection([{"commit": graphql_commit()}]),
        "headCommit": {
            "nodes": [{"commit": {"oid": HEAD, "statusCheckRollup": {"contexts": connection([graphql_check()])}}}]
        },
        "timelineItems": connection(graphql_events()),
    } | changes


def connection(found: list[Any], *, more: bool = False) -> Json:
    """A GraphQL connection."""
    return {
        "totalCount": len(found) + more,
        "pageInfo": {"hasNextPage": more, "endCursor": "x"},
        "nodes": found,
    }


def answer(*requests: Json) -> Json:
    """The answer to the query for requests."""
    return {"data": {"repository": {"nameWithOwner": REPOSITORY, "pullRequests": connection(list(requests))}}}


def review(**changes: Any) -> Json:
    """REST's review."""
    return {
        "id": 790439425,
        "node_id": "PRR_kwDOAP4Jqs4vHSYB",
        "user": user("bo"),
        "body": "Fine.",
        "state": "APPROVED",
        "commit_id": HEAD,
        "submitted_at": "2026-03-02T10:00:00Z",
    } | changes


def graphql_review(**changes: Any) -> Json:
    """The same review as GraphQL tells it."""
    return {
        "id": "PRR_kwDOAP4Jqs4vHSYB",
        "fullDatabaseId": "790439425",
        "author": actor("bo"),
        "body": "Fine.",
        "state": "APPROVED",
        "commit": {"oid": HEAD},
        "submittedAt": "2026-03-02T10:00:00Z",
    } | changes


def commit(**changes: Any) -> Json:
    """REST's commit of a request."""
    person = {"name": "Ana", "email": "ana@acme.example", "date": "2026-03-01T08:00:00Z"}
    git = {
        "author": person,
        "committer": person,
        "message": MESSAGE,
        "tree": {"sha": TREE},
        "verification": {"verified": True},
    }
    return {
        "sha": HEAD,
        "commit": git,
        "author": user("ana"),
        "committer": user("ana"),
        "parents": [{"sha": BEFORE}],
    } | changes


def graphql_commit(**changes: Any) -> Json:
    """The same commit as GraphQL tells it."""
    person = {"name": "Ana", "email": "ana@acme.example", "user": {"login": "ana"}}
    return {
        "oid": HEAD,
        "message": MESSAGE,
        "committedDate": "2026-03-01T08:00:00Z",
        "author": person,
        "committer": person,
        "tree": {"oid": TREE},
        "parents": {"nodes": [{"oid": BEFORE}]},
        "signature": {"isValid": True},
    } | changes


def check_run(**changes: Any) -> Json:
    """REST's check run."""
    return {
        "id": 55,
        "name": "unit tests",
        "head_sha": HEAD,
        "status": "completed",
        "conclusion": "success",
        "completed_at": "2026-03-02T09:00:00Z",
        "app": {"slug": "github-actions"},
    } | changes


def graphql_check(**changes: Any) -> Json:
    """The same check run as GraphQL tells it."""
    return {
        "__typename": "CheckRun",
        "id": "CR_x",
        "databaseId": 55,
        "name": "unit tests",
        "status": "COMPLETED",
        "conclusion": "SUCCESS",
        "completedAt": "2026-03-02T09:00:00Z",
        "checkSuite": {"app": {"slug": "github-actions"}},
    } | changes


def events() -> list[Json]:
    """REST's timeline: what bears on the review, and one event that does not."""
    return [
        {"event": "labeled", "id": 1, "actor": user("ana"), "created_at": "2026-03-01T09:00:01Z"},
        {
            "event": "head_ref_force_pushed",
            "id": 5551504674,
            "node_id": "HRFPE_lADOAP4Jqs49xgVTzwAAAAFK5T0i",
            "actor": user("ana"),
            "commit_id": HEAD,
            "created_at": "2026-03-01T10:00:00Z",
        },
        {
            "event": "review_dismissed",
            "id": 61,
            "actor": user("cy"),
            "created_at": "2026-03-02T11:00:00Z",
            "dismissed_review": {"state": "approved", "review_id": 790439425, "dismissal_message": "Too quick."},
        },
        {
            "event": "merged",
            "id": 101354033,
            "node_id": "MDExOk1lcmdlZEV2ZW50MTAxMzU0MDMz",
            "actor": user("bo"),
            "commit_id": LANDED,
            "created_at": "2026-03-02T12:00:00Z",
        },
    ]


def graphql_events() -> list[Json]:
    """The same events as GraphQL tells them; a push by force has its head before, too."""
    return [
        {
            "__typename": "HeadRefForcePushedEvent",
            "id": "HRFPE_lADOAP4Jqs49xgVTzwAAAAFK5T0i",
            "actor": actor("ana"),
            "createdAt": "2026-03-01T10:00:00Z",
            "beforeCommit": None,
            "afterCommit": {"oid": HEAD},
        },
        {
            "__typename": "ReviewDismissedEvent",
            "databaseId": 61,
            "actor": actor("cy"),
            "createdAt": "2026-03-02T11:00:00Z",
            "previousReviewState": "APPROVED",
            "dismissalMessage": "Too quick.",
            "review": {"fullDatabaseId": "790439425"},
        },
        {
            "__typename": "MergedEvent",
            "id": "MDExOk1lcmdlZEV2ZW50MTAxMzU0MDMz",
            "actor": actor("bo"),
            "createdAt": "2026-03-02T12:00:00Z",
            "commit": {"oid": LANDED},
        },
    ]


def exported(**changes: Any) -> Json:
    """The file of an export."""
    committed = {
        "event": "committed",
        "sha": HEAD,
        "parents": [{"sha": BEFORE}],
        **commit()["commit"],
    }
    return {
        "type": "pull",
        "pull": pull(),
        "events": [committed, *events(), review() | {"event": "reviewed", "state": "approved"}],
        "comments": [{"id": 1, "pull_request_review_id": 790439425}, {"id": 2, "pull_request_review_id": 1}],
    } | changes

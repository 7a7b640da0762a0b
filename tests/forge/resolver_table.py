"""Each type's fields and what answers them; a field that is not here answers with an error, never with a guess."""

from collections.abc import Callable
from typing import Any

from tests.forge import resolvers as of
from tests.forge.resolvers import WEB, pages, present, user, when
from tests.forge.state import node_id

Fields = dict[str, Callable[..., Any]]


def plain(**names: str) -> Fields:
    """Fields that are attributes: name in the API -> name here."""
    return {field: lambda source, _info, _name=name, **_: getattr(source, _name) for field, name in names.items()}


def times(**names: str) -> Fields:
    """Fields that are times."""
    return {
        field: lambda source, _info, _name=name, **_: when(getattr(source, _name)) for field, name in names.items()
    }


def account(field: str, name: str) -> Fields:
    return {field: lambda source, _info, **_: present(getattr(source, name))}


def told(*names: str) -> Fields:
    """Fields of what is already a dictionary."""
    return {name: lambda source, _info, _name=name, **_: source[_name] for name in names}


CONNECTION = told("nodes", "edges", "pageInfo", "totalCount")
ACCOUNT: Fields = (
    plain(id="node_id", login="login", databaseId="id", name="name")
    | times(createdAt="created_at", updatedAt="created_at")
    | {
        "url": lambda each, _i: f"{WEB}/{each.login}",
        "resourcePath": lambda each, _i: f"/{each.login}",
        "avatarUrl": lambda each, _i, **_: f"{WEB}/{each.login}.png",
        "email": lambda each, _i: (each.emails or ("",))[0],
    }
)
ID = plain(id="node_id")
EVENT: Fields = (
    ID
    | account("actor", "actor")
    | times(createdAt="at")
    | plain(pullRequest="request", databaseId="id", closable="request")
    | {
        "resourcePath": lambda each, _i: (
            f"/{each.request.repository.full_name}/pull/{each.request.number}#event-{each.id}"
        ),
        "url": lambda each, _i: (
            f"{WEB}/{each.request.repository.full_name}/pull/{each.request.number}#event-{each.id}"
        ),
        "beforeCommit": lambda each, _i: of.commit_of(each.request.repository, each.told.get("before")),
        "afterCommit": lambda each, _i: of.commit_of(each.request.repository, each.told.get("after")),
        "ref": lambda each, _i: None,
        "commit": lambda each, _i: of.commit_of(each.request.repository, each.told.get("commit")),
        "mergeRefName": lambda each, _i: each.request.base,
        "mergeRef": lambda each, _i: None,
        "enqueuer": lambda each, _i: user(each.actor),
        "enabler": lambda each, _i: user(each.actor),
        "disabler": lambda each, _i: user(each.actor),
        "reason": lambda each, _i: each.told.get("reason"),
        "reasonCode": lambda each, _i: each.told.get("reason_code"),
        "mergeQueue": lambda each, _i: None,
        "previousReviewState": lambda each, _i: each.told["before"],
        "dismissalMessage": lambda each, _i: each.told.get("message") or None,
        "review": lambda each, _i: each.told.get("review"),
        "pullRequestCommit": lambda each, _i: None,
        "previousRefName": lambda each, _i: each.told["from"],
        "currentRefName": lambda each, _i: each.told["to"],
        "oldBase": lambda each, _i: each.told["from"],
        "newBase": lambda each, _i: each.told["to"],
        "requestedReviewer": lambda each, _i: each.told.get("reviewer"),
        "stateReason": lambda each, _i: None,
        "closer": lambda each, _i: None,
        "headRefName": lambda each, _i: each.request.head,
        "headRef": lambda each, _i: None,
        "label": lambda each, _i: {"name": each.told["label"], "id": each.told["label"], "__typename": "Label"},
        "previousTitle": lambda each, _i: each.told["from"],
        "currentTitle": lambda each, _i: each.told["to"],
    }
)
COMMIT: Fields = (
    ID
    | plain(oid="oid", message="message", repository="repository")
    | times(authoredDate="authored_at", committedDate="committed_at")
    | {
        "pushedDate": lambda each, _i: None,
        "abbreviatedOid": lambda each, _i: each.oid[:7],
        "messageHeadline": lambda each, _i: each.message.partition("\n")[0],
        "messageBody": lambda each, _i: each.message.partition("\n\n")[2],
        "additions": lambda each, _i: each.lines[0],
        "deletions": lambda each, _i: each.lines[1],
        "changedFilesIfAvailable": lambda each, _i: 1,
        "committedViaWeb": lambda each, _i: each.committer[1] == "noreply@github.com",
        "authoredByCommitter": lambda each, _i: each.author == each.committer,
        "url": lambda each, _i: f"{WEB}/{each.repository.full_name}/commit/{each.oid}",
        "author": lambda each, _i: (each.author, each.author_account, each.authored_at),
        "committer": lambda each, _i: (each.committer, each.committer_account, each.committed_at),
        "authors": lambda each, i, **a: pages(of.authors(each), i, a),
        "signature": lambda each, _i: {"__typename": "GpgSignature", "commit": each} if each.verified else None,
        "tree": lambda each, _i: {
            "__typename": "Tree",
            "oid": each.tree,
            "id": node_id("TR", int(each.tree[:12], 16)),
        },
        "parents": lambda each, i, **a: pages(of.parents(each), i, a),
        "statusCheckRollup": of.rollup,
        "history": of.history,
        "associatedPullRequests": lambda each, i, **a: pages(of.requests_of(each), i, a),
        "deployments": lambda each, i, **a: pages(
            [d for d in each.repository.deployments if d.commit == each.oid], i, a
        ),
    }
)
REQUEST: Fields = (
    ID
    | plain(
        number="number",
        title="title",
        body="body",
        isDraft="draft",
        state="state",
        baseRefName="base",
        baseRefOid="base_commit",
        headRefName="head",
        headRefOid="head_commit",
        repository="repository",
        changedFiles="files",
        databaseId="id",
    )
    | times(
        createdAt="created_at",
        updatedAt="updated_at",
        mergedAt="merged_at",
        closedAt="closed_at",
        publishedAt="created_at",
    )
    | account("author", "author")
    | account("mergedBy", "merged_by")
    | {
        "fullDatabaseId": lambda each, _i: str(each.id),
        "url": lambda each, _i: f"{WEB}/{each.repository.full_name}/pull/{each.number}",
        "permalink": lambda each, _i: f"{WEB}/{each.repository.full_name}/pull/{each.number}",
        "resourcePath": lambda each, _i: f"/{each.repository.full_name}/pull/{each.number}",
        "bodyText": lambda each, _i: each.body,
        "merged": lambda each, _i: each.state == "MERGED",
        "closed": lambda each, _i: each.state != "OPEN",
        "locked": lambda each, _i: False,
        "additions": lambda each, _i: each.lines[0],
        "deletions": lambda each, _i: each.lines[1],
        "authorAssociation": lambda each, _i: "MEMBER",
        "mergeable": lambda each, _i: "UNKNOWN" if each.state != "OPEN" else "MERGEABLE",
        "maintainerCanModify": lambda each, _i: each.fork is not None,
        "isInMergeQueue": lambda each, _i: False,
        "isCrossRepository": lambda each, _i: each.fork is not None,
        "headRepository": lambda each, _i: each.repository if each.fork is None else None,
        "headRepositoryOwner": lambda each, _i: of.owner(each),
        "baseRepository": lambda each, _i: each.repository,
        "baseRef": lambda each, _i: None,
        "headRef": lambda each, _i: None,
        "mergeCommit": lambda each, _i: of.commit_of(each.repository, each.merge_commit),
        "autoMergeRequest": lambda each, _i: of.auto_merge(each),
        "reviewDecision": lambda each, _i: of.decision(each),
        "totalCommentsCount": lambda each, _i: each.comments + sum(given.comments for given in each.reviews),
        "comments": lambda each, i, **a: pages([None] * each.comments, i, a),
        "labels": lambda each, i, **a: pages(
            [{"__typename": "Label", "name": n, "id": n} for n in each.labels], i, a
        ),
        "reviews": lambda each, i, **a: pages(of.reviews(each, a.get("states")), i, a),
        "latestReviews": lambda each, i, **a: pages(
            list({given.author: given for given in each.reviews}.values()), i, a
        ),
        "reviewRequests": lambda each, i, **a: pages([], i, a),
        "commits": lambda each, i, **a: pages(of.request_commits(each), i, a),
        "statusCheckRollup": lambda each, i: of.rollup(of.commit_of(each.repository, each.head_commit), i),
        "timelineItems": of.timeline_items,
        "closingIssuesReferences": lambda each, i, **a: pages(of.issues(each), i, a),
        "participants": lambda each, i, **a: pages([], i, a),
        "assignees": lambda each, i, **a: pages([], i, a),
    }
)
REVIEW: Fields = (
    ID
    | plain(state="state", body="body", databaseId="id", pullRequest="request")
    | times(
        createdAt="submitted_at", submittedAt="submitted_at", publishedAt="submitted_at", updatedAt="updated_at"
    )
    | account("author", "author")
    | {
        "fullDatabaseId": lambda each, _i: str(each.id),
        "bodyText": lambda each, _i: each.body,
        "commit": lambda each, _i: of.commit_of(each.request.repository, each.commit),
        "authorAssociation": lambda each, _i: "MEMBER",
        "authorCanPushToRepository": lambda each, _i: of.can_push(each),
        "lastEditedAt": lambda each, _i: None,
        "editor": lambda each, _i: None,
        "isMinimized": lambda each, _i: False,
        "url": lambda each, _i: (
            f"{WEB}/{each.request.repository.full_name}/pull/{each.request.number}#pullrequestreview-{each.id}"
        ),
        "repository": lambda each, _i: each.request.repository,
        "comments": lambda each, i, **a: pages([None] * each.comments, i, a),
        "onBehalfOf": lambda each, i, **a: pages(each.on_behalf_of, i, a),
    }
)
CHECK: Fields = (
    ID
    | plain(name="name", databaseId="id", repository="repository")
    | times(startedAt="started_at", completedAt="completed_at")
    | {
        "status": lambda each, _i: each.status.upper(),
        "conclusion": lambda each, _i: each.conclusion.upper() if each.conclusion else None,
        "isRequired": lambda each, _i, **_: of.is_required(each, _),
        "detailsUrl": lambda each, _i: f"{WEB}/{each.repository.full_name}/runs/{each.id}",
        "url": lambda each, _i: f"{WEB}/{each.repository.full_name}/runs/{each.id}",
        "permalink": lambda each, _i: f"{WEB}/{each.repository.full_name}/runs/{each.id}",
        "resourcePath": lambda each, _i: f"/{each.repository.full_name}/runs/{each.id}",
        "externalId": lambda each, _i: None,
        "title": lambda each, _i: None,
        "summary": lambda each, _i: None,
        "text": lambda each, _i: None,
        "checkSuite": lambda each, _i: {"__typename": "CheckSuite", "check": each},
    }
)
RESOLVERS: dict[str, Fields] = {
    "Query": {
        "repository": of.repository_of,
        "node": of.node_of,
        "nodes": lambda _, i, ids: [of.node_of(_, i, id=each) for each in ids],
        "rateLimit": lambda _, i, **__: i.context,
        "viewer": lambda _, i: i.context.forge.account(i.context.login),
        "organization": lambda _, i, login: i.context.forge.organizations.get(login),
    },
    "RateLimit": plain(cost="points", nodeCount="nodes", limit="limit")
    | times(resetAt="reset")
    | {
        "remaining": lambda each, _i: max(0, each.remaining - each.points),
        "used": lambda each, _i: each.limit - each.remaining + each.points,
    },
    "PageInfo": told("hasNextPage", "hasPreviousPage", "startCursor", "endCursor"),
    "User": ACCOUNT,
    "Bot": ACCOUNT,
    "Mannequin": ACCOUNT,
    "Organization": ID | plain(login="login", databaseId="id", name="login"),
    "Team": ID | plain(slug="slug", name="name", databaseId="id"),
    "Label": told("name", "id"),
    "Issue": told("number", "id", "createdAt", "url", "title", "state"),
    "Repository": ID
    | plain(databaseId="id", name="name", nameWithOwner="full_name", isPrivate="private")
    | times(createdAt="created_at", pushedAt="pushed_at")
    | {
        "url": lambda each, _i: f"{WEB}/{each.full_name}",
        "owner": lambda each, _i: of.owner_of(each),
        "defaultBranchRef": lambda each, i: of.ref_of(each, i, qualifiedName=f"refs/heads/{each.default_branch}"),
        "isArchived": lambda each, _i: False,
        "isFork": lambda each, _i: False,
        "mergeCommitAllowed": lambda each, _i: True,
        "squashMergeAllowed": lambda each, _i: True,
        "rebaseMergeAllowed": lambda each, _i: True,
        "autoMergeAllowed": lambda each, _i: True,
        "deleteBranchOnMerge": lambda each, _i: False,
        "pullRequest": of.request_of,
        "pullRequests": of.pull_requests,
        "deployments": of.deployments,
        "ref": of.ref_of,
        "object": of.object_of,
    },
    "Ref": {
        "id": lambda each, _i: node_id("REF", each["repository"].id) + each["name"],
        "name": lambda each, _i: each["name"],
        "prefix": lambda each, _i: "refs/heads/",
        "repository": lambda each, _i: each["repository"],
        "target": lambda each, _i: each["target"],
        "branchProtectionRule": lambda each, _i: None,
    },
    "PullRequest": REQUEST,
    "PullRequestReview": REVIEW,
    "PullRequestCommit": ID
    | plain(commit="commit", pullRequest="request")
    | {
        "url": lambda each, _i: (
            f"{WEB}/{each.request.repository.full_name}/pull/{each.request.number}/commits/{each.commit.oid}"
        ),
        "resourcePath": lambda each, _i: (
            f"/{each.request.repository.full_name}/pull/{each.request.number}/commits/{each.commit.oid}"
        ),
    },
    "AutoMergeRequest": told("enabledAt", "enabledBy", "mergeMethod", "pullRequest"),
    "Commit": COMMIT,
    "GitActor": {
        "name": lambda each, _i: each[0][0],
        "email": lambda each, _i: each[0][1],
        "user": lambda each, _i: user(each[1]),
        "date": lambda each, _i: when(each[2]),
        "avatarUrl": lambda each, _i, **_: WEB,
    },
    "Tree": told("oid", "id"),
    "GpgSignature": {
        "isValid": lambda each, _i: True,
        "state": lambda each, _i: "VALID",
        "email": lambda each, _i: each["commit"].committer[1],
        "signer": lambda each, _i: user(each["commit"].committer_account),
        "wasSignedByGitHub": lambda each, _i: each["commit"].committer[1] == "noreply@github.com",
        "keyId": lambda each, _i: "B5690EEEBB952194",
        "verifiedAt": lambda each, _i: when(each["commit"].committed_at),
    },
    "StatusCheckRollup": {
        "id": lambda each, _i: node_id("SCR", int(each.commit.oid[:12], 16)),
        "commit": lambda each, _i: each.commit,
        "state": lambda each, _i: of.rollup_state(each.commit),
        "contexts": lambda each, i, **a: of.context_pages(each.commit, i, a),
    },
    "StatusCheckRollupContextConnection": CONNECTION | told("checkRunCount", "statusContextCount"),
    "CheckRun": CHECK,
    "CheckSuite": {
        "id": lambda each, _i: node_id("CS", each["check"].suite),
        "databaseId": lambda each, _i: each["check"].suite,
        "app": lambda each, _i: each["check"].app,
        "commit": lambda each, _i: of.commit_of(each["check"].repository, each["check"].commit),
        "workflowRun": lambda each, _i: each["check"].run,
        "status": lambda each, _i: each["check"].status.upper(),
        "conclusion": lambda each, _i: each["check"].conclusion.upper() if each["check"].conclusion else None,
        "createdAt": lambda each, _i: when(each["check"].started_at),
        "updatedAt": lambda each, _i: when(each["check"].completed_at or each["check"].started_at),
        "creator": lambda each, _i: None,
    },
    "App": ID | plain(slug="slug", name="name", databaseId="id"),
    "WorkflowRun": ID
    | plain(databaseId="id", event="event", runNumber="number")
    | times(createdAt="at", updatedAt="at")
    | {
        "url": lambda each, _i: f"{WEB}/{each.repository.full_name}/actions/runs/{each.id}",
        "workflow": lambda each, _i: {"__typename": "Workflow", "name": each.name, "id": each.name},
    },
    "Workflow": told("name", "id"),
    "StatusContext": ID
    | plain(context="context", description="description")
    | times(createdAt="at")
    | account("creator", "creator")
    | {
        "state": lambda each, _i: each.state.upper(),
        "isRequired": lambda each, _i, **_: True,
        "targetUrl": lambda each, _i: None,
        "commit": lambda each, _i: of.commit_of(each.repository, each.commit),
    },
    "Deployment": ID
    | plain(databaseId="id", environment="environment", commitOid="commit", repository="repository")
    | plain(originalEnvironment="environment", latestEnvironment="environment")
    | times(createdAt="at", updatedAt="updated_at")
    | {
        "creator": lambda each, _i: present(each.creator) or each.repository.forge.ghost,
        "commit": lambda each, _i: of.commit_of(each.repository, each.commit),
        "ref": lambda each, i: of.ref_of(each.repository, i, qualifiedName=f"refs/heads/{each.ref}"),
        "task": lambda each, _i: "deploy",
        "payload": lambda each, _i: None,
        "description": lambda each, _i: None,
        "state": lambda each, _i: of.deployment_state(each),
        "latestStatus": lambda each, _i: each.statuses[-1] if each.statuses else None,
        "statuses": lambda each, i, **a: pages(each.statuses[::-1], i, a),
    },
    "DeploymentStatus": ID
    | plain(description="description", deployment="deployment")
    | times(createdAt="at", updatedAt="at")
    | {
        "state": lambda each, _i: each.state.upper(),
        "creator": lambda each, _i: present(each.creator) or each.deployment.repository.forge.ghost,
        "environment": lambda each, _i: each.deployment.environment,
        "environmentUrl": lambda each, _i: None,
        "logUrl": lambda each, _i: None,
    },
    "PullRequestTimelineItemsConnection": CONNECTION | told("filteredCount", "pageCount", "updatedAt"),
} | dict.fromkeys(of.TIMELINE.values(), EVENT)
for _name in (
    "PullRequest", "PullRequestReview", "PullRequestCommit", "Commit", "CommitHistory", "Deployment",
    "DeploymentStatus", "Label", "Issue", "IssueComment", "PullRequestReviewComment", "GitActor", "Team", "User",
    "ReviewRequest",
):  # fmt: skip
    RESOLVERS[f"{_name}Connection"] = CONNECTION
for _name in (
    "PullRequest",
    "PullRequestReview",
    "PullRequestCommit",
    "PullRequestTimelineItems",
    "Commit",
    "CheckRun",
):
    RESOLVERS[f"{_name}Edge"] = told("node", "cursor")

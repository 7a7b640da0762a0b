"""What answers each field of the GraphQL API."""

import re
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLError

from tests.forge.acts import rfc3339
from tests.forge.connections import connection
from tests.forge.state import (
    Account,
    App,
    Check,
    Commit,
    Deployment,
    DeploymentStatus,
    Event,
    Forge,
    Organization,
    Repository,
    Request,
    Review,
    Run,
    Status,
    Team,
    node_id,
)

FORBIDDEN, NOT_FOUND = "FORBIDDEN", "NOT_FOUND"
WEB = "https://github.com"


@dataclass
class Asked:
    """Who asks, with what, and what the query costs."""

    permissions: dict[str, str] | None = None  # None: everything
    cap: int | None = None
    login: str = "auditor"
    limit: int = 5_000
    remaining: int = 5_000
    reset: int = 0
    points: int = 1
    nodes: int = 0
    forge: Forge = field(default_factory=Forge)

    def may(self, permission: str) -> bool:
        return self.permissions is None or permission in self.permissions


def when(seconds: int | None) -> str | None:
    """RFC 3339, as GitHub writes it."""
    if seconds is None:
        return None
    return rfc3339(seconds)


@dataclass(eq=False)
class RequestCommit:
    """A commit in a request."""

    request: Request
    commit: Commit

    @property
    def node_id(self) -> str:
        return node_id("PURC", int(self.commit.oid[:10], 16) ^ self.request.number)


@dataclass(eq=False)
class Rollup:
    commit: Commit


TIMELINE = {
    "review_dismissed": "ReviewDismissedEvent",
    "head_ref_force_pushed": "HeadRefForcePushedEvent",
    "base_ref_force_pushed": "BaseRefForcePushedEvent",
    "base_ref_changed": "BaseRefChangedEvent",
    "automatic_base_change_succeeded": "AutomaticBaseChangeSucceededEvent",
    "merged": "MergedEvent",
    "closed": "ClosedEvent",
    "reopened": "ReopenedEvent",
    "ready_for_review": "ReadyForReviewEvent",
    "convert_to_draft": "ConvertToDraftEvent",
    "review_requested": "ReviewRequestedEvent",
    "review_request_removed": "ReviewRequestRemovedEvent",
    "added_to_merge_queue": "AddedToMergeQueueEvent",
    "removed_from_merge_queue": "RemovedFromMergeQueueEvent",
    "auto_merge_enabled": "AutoMergeEnabledEvent",
    "auto_merge_disabled": "AutoMergeDisabledEvent",
    "head_ref_deleted": "HeadRefDeletedEvent",
    "head_ref_restored": "HeadRefRestoredEvent",
    "labeled": "LabeledEvent",
    "renamed": "RenamedTitleEvent",
}
KINDS = {
    Repository: "Repository", Request: "PullRequest", Review: "PullRequestReview", Commit: "Commit",
    Check: "CheckRun", Status: "StatusContext", Deployment: "Deployment", DeploymentStatus: "DeploymentStatus",
    RequestCommit: "PullRequestCommit", Team: "Team", App: "App", Organization: "Organization", Run: "WorkflowRun",
}  # fmt: skip


def kind_of(value: Any) -> str:
    """The name of its type in the schema."""
    if isinstance(value, Account):
        return value.kind
    if isinstance(value, Event):
        return TIMELINE[value.kind]
    if isinstance(value, dict):
        return str(value["__typename"])
    return KINDS[type(value)]


def present(account: Account | None) -> Account | None:
    """None for an account that is gone."""
    return None if account is None or account.gone else account


def user(account: Account | None) -> Account | None:
    """The account where only a User fits."""
    return account if account is not None and account.kind == "User" and not account.gone else None


def pages(items: Any, info: Any, args: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A connection within one object: cut where the simulator is told to cut."""
    window = {name: args[name] for name in ("first", "last", "after", "before") if name in args}
    return connection(items, cap=info.context.cap, **window, **more)


def need(info: Any, permission: str) -> None:
    """Refuse what the token may not see, as GitHub does."""
    if not info.context.may(permission):
        raise GraphQLError("Resource not accessible by personal access token", extensions={"type": FORBIDDEN})


def repository_of(_: Any, info: Any, *, owner: str, name: str, **__: Any) -> Repository:
    forge: Forge = info.context.forge
    found = next(
        (each for key, each in forge.repositories.items() if key.lower() == f"{owner}/{name}".lower()), None
    )
    if found is None or not info.context.may("metadata"):
        raise GraphQLError(
            f"Could not resolve to a Repository with the name '{owner}/{name}'.", extensions={"type": NOT_FOUND}
        )
    return found


def node_of(_: Any, info: Any, *, id: str) -> Any:  # noqa: A002  (the API's own name)
    found = info.context.forge.nodes.get(id)
    if found is None:
        raise GraphQLError(
            f"Could not resolve to a node with the global id of '{id}'", extensions={"type": NOT_FOUND}
        )
    return found


def ordered(requests: list[Request], order: dict[str, str] | None) -> list[tuple[str, Request]]:
    """Requests in the order asked for, each with a key that ascends in it."""
    name = {"UPDATED_AT": "updated_at", "CREATED_AT": "created_at"}[(order or {}).get("field", "CREATED_AT")]
    down = (order or {}).get("direction", "ASC") == "DESC"

    def key(each: Request) -> str:
        told = getattr(each, name), each.id
        return "{:015d} {:015d}".format(*(10**14 - value if down else value for value in told))

    return sorted(((key(each), each) for each in requests), key=lambda each: each[0])


def pull_requests(source: Repository, info: Any, **args: Any) -> dict[str, Any]:
    """The one connection whose cursors hold places in an order, not numbers."""
    need(info, "pull_requests")
    chosen = [
        each
        for each in source.requests.values()
        if args.get("baseRefName") in {None, each.base} and each.state in (args.get("states") or [each.state])
    ]
    window = {name: args[name] for name in ("first", "last", "after", "before") if name in args}
    found = connection(ordered(chosen, args.get("orderBy")), key=lambda pair: pair[0], **window)
    found["nodes"] = [each for _, each in found["nodes"]]
    found["edges"] = [{"node": edge["node"][1], "cursor": edge["cursor"]} for edge in found["edges"]]
    return found


def deployments(source: Repository, info: Any, **args: Any) -> dict[str, Any]:
    need(info, "deployments")
    chosen = [
        each for each in source.deployments if each.environment in (args.get("environments") or [each.environment])
    ]
    down = (args.get("orderBy") or {}).get("direction", "ASC") == "DESC"
    chosen.sort(key=lambda each: (each.at, each.id), reverse=down)
    window = {name: args[name] for name in ("first", "last", "after", "before") if name in args}
    return connection(chosen, **window)


def contexts(commit: Commit) -> list[Check | Status]:
    """Checks and the newest status of each context, on one commit."""
    newest = {each.context: each for each in commit.repository.statuses.get(commit.oid, ())}
    return [*commit.repository.checks.get(commit.oid, ()), *newest.values()]


def rollup(commit: Commit | None, info: Any) -> Rollup | None:
    """GitHub tells null where nothing ran."""
    if commit is None:
        return None
    need(info, "checks")
    return Rollup(commit) if contexts(commit) else None


def rollup_state(commit: Commit) -> str:
    """The worst of all."""
    words = {
        each.state.upper() if isinstance(each, Status) else (each.conclusion or "pending").upper()
        for each in contexts(commit)
    }
    if words & {"FAILURE", "ERROR", "TIMED_OUT", "CANCELLED", "ACTION_REQUIRED", "STARTUP_FAILURE"}:
        return "FAILURE"
    return "PENDING" if "PENDING" in words else "SUCCESS"


def commit_of(repository: Repository, oid: str | None) -> Commit | None:
    return repository.commits.get(oid) if oid else None


def request_commits(request: Request) -> list[RequestCommit]:
    found = (request.repository.commits.get(oid) for oid in request.commits)
    return [RequestCommit(request, each) for each in found if each is not None]


def timeline(request: Request, types: list[str] | None, since: str | None) -> list[Any]:
    """Events, reviews and commits by time; ``types`` are names of PullRequestTimelineItemsItemType."""
    items: list[tuple[int, int, Any]] = [
        (each.at, each.id, each) for each in request.events if each.kind in TIMELINE
    ]
    items += [(each.submitted_at, each.id, each) for each in request.reviews]
    items += [(each.commit.committed_at, place, each) for place, each in enumerate(request_commits(request))]
    if since is not None:
        items = [each for each in items if (when(each[0]) or "") >= since]
    wanted = None if types is None else set(types)
    items.sort(key=lambda each: each[:2])
    return [each for _, _, each in items if wanted is None or item_type(kind_of(each)) in wanted]


def item_type(kind: str) -> str:
    """ReviewDismissedEvent -> REVIEW_DISMISSED_EVENT."""
    return "".join(f"_{letter}" if letter.isupper() else letter.upper() for letter in kind).lstrip("_")


def timeline_items(source: Request, info: Any, **args: Any) -> dict[str, Any]:
    chosen = timeline(source, args.get("itemTypes"), args.get("since"))
    page = pages(chosen, info, args, filteredCount=len(chosen), updatedAt=when(source.updated_at))
    return page | {"pageCount": len(page["nodes"])}


def decision(source: Request) -> str | None:
    """APPROVED when the newest word of anyone is an approval, and none asks for changes."""
    newest = {
        each.author: each.state
        for each in source.reviews
        if each.state in {"APPROVED", "CHANGES_REQUESTED", "DISMISSED"}
    }
    if "CHANGES_REQUESTED" in newest.values():
        return "CHANGES_REQUESTED"
    return "APPROVED" if "APPROVED" in newest.values() else "REVIEW_REQUIRED"


def authors(commit: Commit) -> list[tuple[tuple[str, str], Account | None, int]]:
    """The author, then the co-authors that the message names."""
    found = [(commit.author, commit.author_account, commit.authored_at)]
    accounts = commit.repository.forge.accounts.values()
    for name, email in re.findall(
        r"^co-authored-by: (.+?) <([^>]*)>", commit.message, re.MULTILINE | re.IGNORECASE
    ):
        account = next((each for each in accounts if email in each.emails), None)
        found.append(((name, email), account, commit.authored_at))
    return found


def parents(commit: Commit) -> list[Commit]:
    found = (commit.repository.commits.get(oid) for oid in commit.parents)
    return [each for each in found if each is not None]


def requests_of(commit: Commit) -> list[Request]:
    """Requests that hold a commit or landed as it."""
    every = commit.repository.requests.values()
    return [each for each in every if commit.oid in each.commits or commit.oid == each.merge_commit]


def history(source: Commit, info: Any, **args: Any) -> dict[str, Any]:
    """The commits that one reaches, newest first, in a time."""
    need(info, "contents")
    chosen = list(source.repository.history(source.oid))
    if since := args.get("since"):
        chosen = [each for each in chosen if (when(each.committed_at) or "") >= since]
    if until := args.get("until"):
        chosen = [each for each in chosen if (when(each.committed_at) or "") <= until]
    return pages(chosen, info, args)


def owner_of(repository: Repository) -> Organization | Account:
    forge = repository.forge
    return forge.organizations.get(repository.owner) or forge.account(repository.owner)


def owner(request: Request) -> Organization | Account | None:
    if request.fork is not None:
        return request.repository.forge.accounts.get(request.fork)
    return owner_of(request.repository)


def ref_of(source: Repository, info: Any, *, qualifiedName: str) -> dict[str, Any] | None:  # noqa: N803
    name = qualifiedName.removeprefix("refs/heads/")
    oid = source.branches.get(name)
    if oid is None:
        return None
    return {"__typename": "Ref", "repository": source, "name": name, "target": source.commits[oid]}


def object_of(
    source: Repository, info: Any, *, oid: str | None = None, expression: str | None = None
) -> Commit | None:
    name = oid or expression or ""
    return source.commits.get(source.branches.get(name.removeprefix("refs/heads/"), name))


def request_of(source: Repository, info: Any, number: int) -> Request:
    need(info, "pull_requests")
    found = source.requests.get(number)
    if found is None:
        words = f"Could not resolve to a PullRequest with the number of {number}."
        raise GraphQLError(words, extensions={"type": NOT_FOUND})
    return found


def auto_merge(request: Request) -> dict[str, Any] | None:
    """GitHub tells it only while the request is open."""
    if request.auto_merge_by is None or request.state != "OPEN":
        return None
    return {
        "__typename": "AutoMergeRequest",
        "enabledAt": when(request.created_at),
        "enabledBy": present(request.auto_merge_by),
        "mergeMethod": "SQUASH",
        "pullRequest": request,
    }


def reviews(request: Request, states: list[str] | None) -> list[Review]:
    """By time; those of others that are not submitted yet are not shown."""
    chosen = [each for each in request.reviews if each.state in (states or [each.state])]
    return sorted(
        (each for each in chosen if each.state != "PENDING"), key=lambda each: (each.submitted_at, each.id)
    )


def issues(request: Request) -> list[dict[str, Any]]:
    """What it closes."""
    web = f"{WEB}/{request.repository.full_name}/issues"
    return [
        {
            "__typename": "Issue",
            "number": number,
            "id": node_id("I", number),
            "createdAt": when(at),
            "url": f"{web}/{number}",
            "title": f"Issue {number}",
            "state": "CLOSED",
        }
        for number, at in request.issues
    ]


def can_push(given: Review) -> bool:
    repository = given.request.repository
    role = repository.collaborators.get(given.author.login, "") if given.author else ""
    return role in {"write", "maintain", "admin"}


def is_required(check: Check, asked: dict[str, Any]) -> bool:
    if not asked.get("pullRequestId") and asked.get("pullRequestNumber") is None:
        raise GraphQLError("A pull request ID or pull request number is required.")
    return check.required


def context_pages(commit: Commit, info: Any, args: dict[str, Any]) -> dict[str, Any]:
    every = contexts(commit)
    runs = sum(isinstance(each, Check) for each in every)
    return pages(every, info, args, checkRunCount=runs, statusContextCount=len(every) - runs)


def deployment_state(made: Deployment) -> str:
    if not made.statuses:
        return "PENDING"
    word = made.statuses[-1].state.upper()
    return {"SUCCESS": "ACTIVE"}.get(word, word)

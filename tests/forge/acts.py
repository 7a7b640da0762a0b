"""What people do on the simulated forge: each act leaves what it leaves on GitHub, and moves ``updated_at``."""

import datetime as dt
from typing import Any

from tests.forge.state import (
    Account,
    App,
    Check,
    Commit,
    Deployment,
    DeploymentStatus,
    Event,
    Push,
    Repository,
    Request,
    Review,
    Run,
    Status,
)

ZERO = "0" * 40


def rfc3339(at: int) -> str:
    """As GitHub writes times."""
    return dt.datetime.fromtimestamp(at, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def touch(request: Request, at: int) -> None:
    """GitHub moves it with reviews, pushes, labels and merges; never with checks or deployments."""
    request.updated_at = max(request.updated_at, at)


def add_commit(repository: Repository, commit: Commit) -> Commit:
    commit.repository = repository
    repository.commits[commit.oid] = commit
    repository.forge.nodes[commit.node_id] = commit
    return commit


def open_request(
    repository: Repository,
    *,
    author: Account | None,
    title: str,
    head: str,
    commits: list[str],
    base: str = "main",
    base_commit: str,
    at: int,
    **told: Any,
) -> Request:
    """A new request with the next number."""
    repository.last_number += 1
    request = Request(
        repository.forge.next_id(), repository.last_number, title, author, at, base, base_commit, head,
        commits[-1], repository=repository, commits=list(commits), **told,
    )  # fmt: skip
    repository.requests[request.number] = request
    repository.forge.nodes[request.node_id] = request
    touch(request, at)
    return request


def note(
    request: Request, kind: str, at: int, actor: Account | None, *, app: App | None = None, **told: Any
) -> Event:
    """An event of its timeline."""
    event = Event(request.repository.forge.next_id(), kind, at, actor, told, app, request)
    request.events.append(event)
    request.repository.forge.nodes[event.node_id] = event
    touch(request, at)
    return event


def review(
    request: Request,
    author: Account | None,
    at: int,
    *,
    state: str = "APPROVED",
    commit: str | None = None,
    **told: Any,
) -> Review:
    """A submitted review of the head (or of an older commit)."""
    given = Review(
        request.repository.forge.next_id(), author, state, at, commit or request.head_commit,
        updated_at=at, request=request, **told,
    )  # fmt: skip
    request.reviews.append(given)
    request.repository.forge.nodes[given.node_id] = given
    touch(request, at)
    return given


def dismiss(given: Review, actor: Account | None, at: int, *, message: str = "") -> Event:
    """The review's state becomes DISMISSED, and the timeline says what it was."""
    before, given.state, given.updated_at = given.state, "DISMISSED", at
    return note(given.request, "review_dismissed", at, actor, review=given, before=before, message=message)


def push(request: Request, commits: list[str], at: int, actor: Account | None) -> None:
    """Further commits on the head branch."""
    before = request.head_commit
    request.commits.extend(commits)
    request.head_commit = commits[-1]
    log_push(request.repository, request.head, at, "push", actor, before, request.head_commit)
    touch(request, at)


def force_push(request: Request, commits: list[str], at: int, actor: Account | None) -> Event:
    """The head branch is replaced."""
    before = request.head_commit
    request.commits[:] = commits
    request.head_commit = commits[-1]
    log_push(request.repository, request.head, at, "force_push", actor, before, request.head_commit)
    return note(request, "head_ref_force_pushed", at, actor, before=before, after=request.head_commit)


def merge(request: Request, commit: str, at: int, actor: Account | None, *, kind: str = "pr_merge") -> None:
    """The base branch moves to ``commit``; the request is merged."""
    repository = request.repository
    before = repository.branches.get(request.base, ZERO)
    repository.branches[request.base] = commit
    repository.pushed_at = at
    request.state, request.merged_at, request.closed_at = "MERGED", at, at
    request.merged_by, request.merge_commit = actor, commit
    note(request, "merged", at, actor, commit=commit)
    note(request, "closed", at, actor)
    log_push(repository, request.base, at, kind, actor, before, commit)


def close(request: Request, at: int, actor: Account | None) -> None:
    request.state, request.closed_at = "CLOSED", at
    note(request, "closed", at, actor)


def log_push(
    repository: Repository, branch: str, at: int, kind: str, actor: Account | None, before: str, after: str
) -> Push:
    """An entry of the activity log."""
    entry = Push(repository.forge.next_id(), branch, at, kind, actor, before, after)
    repository.pushes.append(entry)
    return entry


def direct_push(
    repository: Repository, commit: str, at: int, actor: Account | None, *, force: bool = False
) -> Push:
    """The default branch moves without any request."""
    branch = repository.default_branch
    before = repository.branches.get(branch, ZERO)
    repository.branches[branch] = commit
    kind = "force_push" if force else "push" if before != ZERO else "branch_creation"
    return log_push(repository, branch, at, kind, actor, before, commit)


def check(
    repository: Repository,
    commit: str,
    name: str,
    at: int,
    *,
    conclusion: str | None = "success",
    app: App | None = None,
    seconds: int = 60,
    run: Run | None = None,
    required: bool = True,
) -> Check:
    """A check run; with no conclusion it is still running."""
    ids = repository.forge
    made = Check(
        ids.next_id(), name, commit, "completed" if conclusion else "in_progress", conclusion, at,
        at + seconds if conclusion else None, app, ids.next_id(), run, required, repository,
    )  # fmt: skip
    repository.checks.setdefault(commit, []).append(made)
    repository.forge.nodes[made.node_id] = made
    return made


def status(
    repository: Repository, commit: str, context: str, at: int, creator: Account | None, *, state: str = "success"
) -> Status:
    """A commit status."""
    made = Status(repository.forge.next_id(), context, commit, state, at, creator, repository=repository)
    repository.statuses.setdefault(commit, []).append(made)
    repository.forge.nodes[made.node_id] = made
    return made


def run_workflow(
    repository: Repository,
    commit: str,
    name: str,
    at: int,
    actor: Account | None,
    *,
    event: str = "push",
    **told: Any,
) -> Run:
    """A workflow run."""
    number = len(repository.runs) + 1
    made = Run(
        repository.forge.next_id(), name, commit, told.pop("branch", repository.default_branch), event, actor, at,
        number, repository=repository, **told,
    )  # fmt: skip
    repository.runs.append(made)
    return made


def deploy(
    repository: Repository,
    commit: str,
    environment: str,
    at: int,
    creator: Account | None,
    *,
    states: tuple[str, ...] = ("in_progress", "success"),
    ref: str = "main",
    app: App | None = None,
) -> Deployment:
    """A deployment with a status each minute."""
    made = Deployment(
        repository.forge.next_id(), commit, ref, environment, creator, at, app=app, repository=repository
    )
    for minute, state in enumerate(states, 1):
        add_deployment_status(made, state, at + 60 * minute, creator)
    repository.deployments.append(made)
    repository.forge.nodes[made.node_id] = made
    return made


def add_deployment_status(made: Deployment, state: str, at: int, creator: Account | None) -> DeploymentStatus:
    """A further status."""
    given = DeploymentStatus(made.repository.forge.next_id(), state, at, creator, deployment=made)
    made.statuses.append(given)
    return given

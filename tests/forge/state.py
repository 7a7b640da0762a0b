"""What a simulated forge holds. Times are Unix seconds; ids are the forge's own numbers."""

from __future__ import annotations

import base64
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

FIRST_ID = 40_000_001


@dataclass(eq=False)
class Account:
    """A user, bot, organisation or mannequin; ``gone`` makes it null wherever it is told."""

    id: int
    login: str
    kind: str = "User"
    name: str = ""
    emails: tuple[str, ...] = ()
    two_factor: bool = True
    created_at: int = 1_500_000_000
    gone: bool = False

    @property
    def node_id(self) -> str:
        return node_id({"User": "U", "Bot": "BOT", "Organization": "O"}.get(self.kind, "MDEw"), self.id)


@dataclass(eq=False)
class App:
    """A GitHub App, as checks and events name it."""

    id: int
    slug: str
    name: str
    permissions: dict[str, str] = field(default_factory=dict)

    @property
    def node_id(self) -> str:
        return node_id("A", self.id)


@dataclass(eq=False)
class Team:
    id: int
    slug: str
    name: str
    members: list[Account] = field(default_factory=list)
    permissions: dict[str, str] = field(default_factory=dict)  # repository name -> pull, push, admin …

    @property
    def node_id(self) -> str:
        return node_id("T", self.id)


@dataclass(eq=False)
class Commit:
    oid: str
    tree: str
    parents: tuple[str, ...]
    author: tuple[str, str]
    committer: tuple[str, str]
    authored_at: int
    committed_at: int
    message: str
    author_account: Account | None = None
    committer_account: Account | None = None
    verified: bool = False
    repository: Repository = None  # type: ignore[assignment]
    lines: tuple[int, int] = (1, 0)

    @property
    def node_id(self) -> str:
        return node_id("C", int(self.oid[:12], 16))


@dataclass(eq=False)
class Review:
    id: int
    author: Account | None
    state: str  # APPROVED, CHANGES_REQUESTED, COMMENTED, DISMISSED, PENDING
    submitted_at: int
    commit: str
    body: str = ""
    updated_at: int = 0
    comments: int = 0
    on_behalf_of: list[Team] = field(default_factory=list)
    request: Request = None  # type: ignore[assignment]

    @property
    def node_id(self) -> str:
        return node_id("PRR", self.id)


@dataclass(eq=False)
class Event:
    """An event of a request's timeline; ``kind`` is REST's word, ``told`` what else it says."""

    id: int
    kind: str
    at: int
    actor: Account | None
    told: dict[str, Any] = field(default_factory=dict)
    app: App | None = None
    request: Request = None  # type: ignore[assignment]

    @property
    def node_id(self) -> str:
        return node_id("EV", self.id)


@dataclass(eq=False)
class Check:
    id: int
    name: str
    commit: str
    status: str
    conclusion: str | None
    started_at: int
    completed_at: int | None
    app: App | None
    suite: int
    run: Run | None = None
    required: bool = True
    repository: Repository = None  # type: ignore[assignment]

    @property
    def node_id(self) -> str:
        return node_id("CR", self.id)


@dataclass(eq=False)
class Status:
    id: int
    context: str
    commit: str
    state: str
    at: int
    creator: Account | None
    description: str = ""
    repository: Repository = None  # type: ignore[assignment]

    @property
    def node_id(self) -> str:
        return node_id("SC", self.id)


@dataclass(eq=False)
class Run:
    """A workflow run; ``approvals`` are (reviewer, environment, state, at)."""

    id: int
    name: str
    commit: str
    branch: str
    event: str
    actor: Account | None
    at: int
    number: int
    conclusion: str | None = "success"
    approvals: list[tuple[Account | None, str, str, str]] = field(default_factory=list)
    repository: Repository = None  # type: ignore[assignment]

    @property
    def node_id(self) -> str:
        return node_id("WFR", self.id)


@dataclass(eq=False)
class DeploymentStatus:
    id: int
    state: str
    at: int
    creator: Account | None
    description: str = ""
    deployment: Deployment = None  # type: ignore[assignment]

    @property
    def node_id(self) -> str:
        return node_id("DES", self.id)


@dataclass(eq=False)
class Deployment:
    id: int
    commit: str
    ref: str
    environment: str
    creator: Account | None
    at: int
    statuses: list[DeploymentStatus] = field(default_factory=list)
    app: App | None = None
    repository: Repository = None  # type: ignore[assignment]

    @property
    def node_id(self) -> str:
        return node_id("DE", self.id)

    @property
    def updated_at(self) -> int:
        return max([self.at, *(each.at for each in self.statuses)])


@dataclass(eq=False)
class Request:
    id: int
    number: int
    title: str
    author: Account | None
    created_at: int
    base: str
    base_commit: str
    head: str
    head_commit: str
    repository: Repository = None  # type: ignore[assignment]
    body: str = ""
    draft: bool = False
    state: str = "OPEN"
    merged_at: int | None = None
    merged_by: Account | None = None
    merge_commit: str | None = None
    closed_at: int | None = None
    auto_merge_by: Account | None = None
    labels: list[str] = field(default_factory=list)
    lines: tuple[int, int] = (10, 2)
    files: int = 1
    commits: list[str] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    comments: int = 0
    issues: list[tuple[int, int]] = field(default_factory=list)  # number and time of opening
    fork: str | None = None
    updated_at: int = 0
    app: App | None = None  # through which it was opened

    @property
    def node_id(self) -> str:
        return node_id("PR", self.id)


@dataclass(eq=False)
class Push:
    """An entry of the activity log."""

    id: int
    branch: str
    at: int
    kind: str  # push, force_push, branch_creation, branch_deletion, pr_merge, merge_queue_merge
    actor: Account | None
    before: str
    after: str


@dataclass(eq=False)
class Ruleset:
    """A rule set; ``versions`` are (version id, when, who, state), the newest last."""

    id: int
    name: str
    state: dict[str, Any]
    versions: list[tuple[int, int, Account, dict[str, Any]]] = field(default_factory=list)

    @property
    def node_id(self) -> str:
        return node_id("RRS", self.id)


@dataclass(eq=False)
class Repository:
    id: int
    owner: str
    name: str
    forge: Forge
    private: bool = True
    default_branch: str = "main"
    created_at: int = 1_600_000_000
    pushed_at: int = 1_600_000_000
    commits: dict[str, Commit] = field(default_factory=dict)
    branches: dict[str, str] = field(default_factory=dict)
    requests: dict[int, Request] = field(default_factory=dict)
    checks: dict[str, list[Check]] = field(default_factory=dict)
    statuses: dict[str, list[Status]] = field(default_factory=dict)
    runs: list[Run] = field(default_factory=list)
    deployments: list[Deployment] = field(default_factory=list)
    environments: dict[str, dict[str, Any]] = field(default_factory=dict)
    protections: dict[str, dict[str, Any]] = field(default_factory=dict)
    rulesets: list[Ruleset] = field(default_factory=list)
    suites: list[dict[str, Any]] = field(default_factory=list)
    pushes: list[Push] = field(default_factory=list)
    collaborators: dict[str, str] = field(default_factory=dict)  # login -> role
    keys: list[dict[str, Any]] = field(default_factory=list)
    code_alerts: list[dict[str, Any]] = field(default_factory=list)
    analyses: list[dict[str, Any]] = field(default_factory=list)
    secret_alerts: list[dict[str, Any]] = field(default_factory=list)
    dependency_alerts: list[dict[str, Any]] = field(default_factory=list)
    hooks: list[dict[str, Any]] = field(default_factory=list)
    deliveries: list[dict[str, Any]] = field(default_factory=list)
    security: dict[str, Any] | None = None
    last_number: int = 0

    @property
    def full_name(self) -> str:
        return f"{self.owner}/{self.name}"

    @property
    def node_id(self) -> str:
        return node_id("R", self.id)

    def history(self, tip: str) -> Iterator[Commit]:
        """Every commit that a tip reaches, the newest first."""
        seen, waiting = {tip}, [tip]
        found = []
        while waiting:
            commit = self.commits[waiting.pop()]
            found.append(commit)
            for parent in commit.parents:
                if parent in self.commits and parent not in seen:
                    seen.add(parent)
                    waiting.append(parent)
        yield from sorted(found, key=lambda each: (-each.committed_at, each.oid))


@dataclass(eq=False)
class Organization:
    id: int
    login: str
    two_factor_required: bool = True
    members: dict[str, str] = field(default_factory=dict)  # login -> admin or member
    outside: list[str] = field(default_factory=list)
    teams: list[Team] = field(default_factory=list)
    installations: list[dict[str, Any]] = field(default_factory=list)
    audit_log: list[dict[str, Any]] = field(default_factory=list)
    has_audit_log: bool = True

    @property
    def node_id(self) -> str:
        return node_id("O", self.id)


@dataclass(eq=False)
class Forge:
    """Everything; ``now`` is its clock, which only moves when told."""

    now: int = 1_767_225_600
    accounts: dict[str, Account] = field(default_factory=dict)
    organizations: dict[str, Organization] = field(default_factory=dict)
    repositories: dict[str, Repository] = field(default_factory=dict)
    nodes: dict[str, Any] = field(default_factory=dict)
    ids: Iterator[int] = field(default_factory=lambda: itertools.count(FIRST_ID))

    def next_id(self) -> int:
        return next(self.ids)

    def account(self, login: str, *, kind: str = "User", **told: Any) -> Account:
        """An account, made when it is not there."""
        if login not in self.accounts:
            self.accounts[login] = Account(self.next_id(), login, kind, told.pop("name", login.title()), **told)
        return self.accounts[login]

    @property
    def ghost(self) -> Account:
        """Who stands for accounts that are gone, where null may not be told."""
        if "ghost" not in self.accounts:
            self.accounts["ghost"] = Account(10137, "ghost")
        return self.accounts["ghost"]

    def rename(self, old: str, new: str) -> None:
        """The account keeps its id, and its rights."""
        account = self.accounts.pop(old)
        account.login = new
        self.accounts[new] = account
        named = [each.members for each in self.organizations.values()]
        for rights in (*named, *(each.collaborators for each in self.repositories.values())):
            if old in rights:
                rights[new] = rights.pop(old)

    def organization(self, login: str) -> Organization:
        if login not in self.organizations:
            self.organizations[login] = Organization(self.next_id(), login)
        return self.organizations[login]

    def repository(self, full_name: str, **told: Any) -> Repository:
        """A repository, made when it is not there."""
        if full_name not in self.repositories:
            owner, _, name = full_name.partition("/")
            made = Repository(self.next_id(), owner, name, self, **told)
            self.repositories[full_name] = made
            self.nodes[made.node_id] = made
        return self.repositories[full_name]


def node_id(prefix: str, number: int) -> str:
    """As GitHub's newer ids look: base64 of a MessagePack list that ends with the number; opaque, of one object."""
    told = b"\xce" + number.to_bytes(4, "big") if number < 1 << 32 else b"\xcf" + number.to_bytes(8, "big")
    return f"{prefix}_{base64.urlsafe_b64encode(bytes([0x92, 0]) + told).decode().rstrip('=')}"

"""What a forge knows of requests, pushes, rules and who went around them, and what git proves beside it."""

from asbuilt.facts.schemas.table import column, maybe, recorded, state

_REPOSITORY = column("repository", "text", "The repository, `owner/name`.")

REQUESTS = recorded(
    "requests",
    "One row for each pull or merge request, as the forge tells it.",
    (
        _REPOSITORY,
        column("number", "int", "Its number."),
        column("opened_at", "timestamp", "When it was opened."),
        maybe("title", "text", "Its title. NULL: not told."),
        maybe("author", "text", "Who opened it. NULL: that account is gone."),
        maybe("author_kind", "text", "user, bot, app or mannequin. NULL: the account is gone, or not told."),
        maybe("base_branch", "text", "The branch that it is for. NULL: not told."),
        maybe("head_branch", "text", "The branch that it brings, `owner:name` of a fork. NULL: not told."),
        maybe("head_commit", "text", "Its last head. NULL: not told."),
        maybe("state", "text", "open, merged or closed. NULL: not told."),
        maybe("is_draft", "bool", "Whether it is a draft. NULL: not told."),
        maybe("merged_at", "timestamp", "When it was merged. NULL: it was not."),
        maybe("merged_by", "text", "The account that merged it. NULL: it was not merged, or that account is gone."),
        maybe("merge_commit", "text", "The commit by which it landed. NULL: it was not merged, or not told."),
        maybe("closed_at", "timestamp", "When it was closed. NULL: it is open."),
        maybe("auto_merge_by", "text", "Who asked the forge to merge it by itself. NULL: nobody, or not told."),
        maybe("labels", "text[]", "Its labels. NULL: not told."),
        maybe("added_lines", "int", "Lines that it adds. NULL: not told."),
        maybe("removed_lines", "int", "Lines that it removes. NULL: not told."),
        maybe("changed_files", "int", "Files that it changes. NULL: not told."),
        maybe("commit_count", "int", "Commits that it holds. NULL: not told."),
        maybe("comment_count", "int", "Comments on it and on its lines, reviews left out. NULL: not told."),
        maybe("threads_resolved", "bool", "Whether every thread on it was resolved. NULL: not told."),
        maybe("linked_issues", "text[]", "Issues that it closes, as `#17`. NULL: not told."),
        maybe("linked_opened_at", "timestamp", "When the oldest of these was opened. NULL: none, or not told."),
        maybe(
            "is_complete",
            "bool",
            "Whether every inner list of it (reviews, commits, checks, timeline) was read to its end. NULL: each "
            "list was read by itself; their extracts say.",
        ),
    ),
    identity=("repository", "number"),
    part="repository",
    parts="repositories",
    occurred="opened_at",
)

REQUEST_COMMITS = recorded(
    "request_commits",
    "One row for each commit of a request, as it stood when the forge was last read.",
    (
        _REPOSITORY,
        column("number", "int", "The request."),
        column("commit", "text", "The commit."),
        maybe("author", "text", "The author, `Name <address>`. NULL: not told."),
        maybe("author_login", "text", "The account that the forge joins it to. NULL: none, or not told."),
        maybe("committer", "text", "The committer, `Name <address>`. NULL: not told."),
        maybe("committer_login", "text", "The account that the forge joins it to. NULL: none, or not told."),
        maybe("co_authors", "text[]", "Co-authors that its message names. NULL: the message was not told."),
        maybe("agents", "text[]", "AI tools that its message or its accounts name. NULL: none, or not told."),
        maybe("committed_at", "timestamp", "The committer's time. NULL: not told."),
        maybe("tree", "text", "Its tree. NULL: not told."),
        maybe("parents", "text[]", "Its parents. NULL: not told."),
        maybe("is_verified", "bool", "Whether the forge verified its signature. NULL: not told."),
    ),
    identity=("repository", "number", "commit"),
    part="repository",
    parts="repositories",
    occurred="committed_at",
)

REQUEST_EVENTS = recorded(
    "request_events",
    "One row for each event on a request that bears on its review: a push, a dismissal, a merge, a new base.",
    (
        _REPOSITORY,
        column("event_id", "text", "The forge's own id."),
        column("number", "int", "The request."),
        column(
            "kind",
            "text",
            "force-pushed, pushed, review-dismissed, review-requested, base-changed, base-force-pushed, ready, "
            "draft, queued, unqueued, auto-merge-on, auto-merge-off, merged, closed, reopened, agent-started, "
            "agent-finished, approval-withdrawn, approval-given and approval-taken-back (as a delivery told it) or "
            "via-app (an act, named in detail, through an app).",
        ),
        column("happened_at", "timestamp", "When."),
        maybe("actor", "text", "Who. NULL: the account is gone, or not told."),
        maybe("actor_kind", "text", "user, bot, app or mannequin. NULL: not told."),
        maybe("via_app", "text", "The app through which it was done. NULL: none, or not told."),
        maybe("before_commit", "text", "Of a push: the head before. NULL: it is no push, or not told."),
        maybe("after_commit", "text", "Of a push the head after; of a merge its commit. NULL: not told."),
        maybe("review_id", "text", "Of a dismissal: the review. NULL: it is none, or not told."),
        maybe("detail", "text", "What else it says: a reason, a branch, an agent. NULL: nothing."),
    ),
    identity=("repository", "event_id"),
    part="repository",
    parts="repositories",
    occurred="happened_at",
)

COVERINGS = recorded(
    "coverings",
    "One row for each commit that was approved, or head that was merged, held by git against what landed.",
    (
        _REPOSITORY,
        column("commit", "text", "The commit that was approved, or the request's last head."),
        column("change_id", "text", "The commit on the branch by which the request landed."),
        maybe(
            "covers",
            "bool",
            "Whether what landed is that very content: the same tree, or it differs only by replayable merges or a "
            "rebase of the base. NULL: git could not tell.",
        ),
        column(
            "how",
            "text",
            "same-commit, same-tree, patch-id, merge-tree, base-sync, differs, or unavailable where an object is "
            "not here.",
        ),
    ),
    identity=("repository", "commit", "change_id"),
    part="repository",
    parts="repositories",
)

PUSHES = recorded(
    "pushes",
    "One row for each push to a branch, as the forge's own log of activity or its webhook tells it.",
    (
        _REPOSITORY,
        column("push_id", "text", "The forge's own id."),
        column("branch", "text", "The branch."),
        column("pushed_at", "timestamp", "When."),
        column(
            "kind",
            "text",
            "push, force-push, merge, queue-merge, branch-created, branch-deleted or branch-renamed.",
        ),
        maybe("actor", "text", "Who. NULL: the account is gone, or not told."),
        maybe("actor_kind", "text", "user, bot, app or key. NULL: not told."),
        maybe("before_commit", "text", "The tip before. NULL: there was none, or not told."),
        maybe("after_commit", "text", "The tip after. NULL: there is none, or not told."),
    ),
    identity=("repository", "push_id"),
    part="repository",
    parts="repositories",
    occurred="pushed_at",
)

RULE_EVENTS = recorded(
    "rule_events",
    "One row for each change of a branch's rules: from the audit log, a webhook, or a rule set's own history.",
    (
        _REPOSITORY,
        column("event_id", "text", "The forge's own id; of a version, rule set and version."),
        column("happened_at", "timestamp", "When."),
        column("kind", "text", "created, updated, deleted, overridden, enabled, disabled or version."),
        column("rule", "text", "What was changed: `protection NAME` or `ruleset ID NAME`."),
        maybe("branch", "text", "The one branch it binds. NULL: several, or not told."),
        maybe("actor", "text", "Who. NULL: not told."),
        maybe("weakens", "bool", "Whether the rule asks for less than before. NULL: not told."),
        maybe("detail", "text", "What was before and what came after, as JSON. NULL: not told."),
    ),
    identity=("repository", "event_id"),
    part="repository",
    parts="repositories",
    occurred="happened_at",
)

RULE_SUITES = recorded(
    "rule_suites",
    "One row for each time that the forge held a push or a merge against the branch's rules.",
    (
        _REPOSITORY,
        column("suite_id", "text", "The forge's own id."),
        column("evaluated_at", "timestamp", "When."),
        column("result", "text", "pass, fail or bypass."),
        maybe("branch", "text", "The branch. NULL: not told."),
        maybe("actor", "text", "Who pushed or merged. NULL: not told."),
        maybe("before_commit", "text", "The tip before. NULL: not told."),
        maybe("after_commit", "text", "The tip after. NULL: not told."),
    ),
    identity=("repository", "suite_id"),
    part="repository",
    parts="repositories",
    occurred="evaluated_at",
)

DEPLOYMENT_APPROVALS = recorded(
    "deployment_approvals",
    "One row for each decision of a reviewer on a deployment that waited for one.",
    (
        _REPOSITORY,
        column("approval_id", "text", "Run or deployment, environment and reviewer."),
        column("environment", "text", "Where to."),
        column("state", "text", "approved, rejected or pending."),
        maybe("run", "text", "The workflow run. NULL: not told."),
        maybe("deployment_id", "text", "The deployment. NULL: not told."),
        maybe("commit", "text", "The commit. NULL: not told."),
        maybe("approver", "text", "Who. NULL: nobody yet, or the account is gone."),
        maybe("decided_at", "timestamp", "When. NULL: not told."),
    ),
    identity=("repository", "approval_id"),
    part="repository",
    parts="repositories",
    occurred="decided_at",
)

ENVIRONMENT_RULES = state(
    "environment_rules",
    "One row for each look at what a repository's environment asks before something is deployed to it.",
    (
        _REPOSITORY,
        column("environment", "text", "The environment."),
        maybe("reviewers", "text[]", "Persons and teams of which one must approve. NULL: not told."),
        maybe("prevents_self_review", "bool", "Whether who starts it may not approve it. NULL: not told."),
        maybe("branches", "text[]", "Branches that may deploy to it. NULL: all, or not told."),
        maybe("administrators_may_bypass", "bool", "Whether an administrator may go around it. NULL: not told."),
    ),
    identity=("repository", "environment"),
    part="repository",
    parts="repositories",
)

DELIVERIES = recorded(
    "deliveries",
    "One row for each webhook that came in, whatever it told.",
    (
        _REPOSITORY,
        column("delivery", "text", "The forge's id of the delivery."),
        column("event", "text", "The event's name."),
        column("received_at", "timestamp", "When it came in."),
        maybe("action", "text", "What was done. NULL: the event has none."),
        column("is_verified", "bool", "Whether its signature holds; a shared token alone is none."),
        maybe("subject", "text", "What it is about: `request 17`, `commit …`. NULL: nothing that we read."),
    ),
    identity=("repository", "delivery"),
    part="repository",
    parts="repositories",
    occurred="received_at",
)

AUDIT_EVENTS = recorded(
    "audit_events",
    "One row for each entry of the forge's audit log that bears on access, rules or secrets.",
    (
        column("organization", "text", "The organisation or group."),
        column("event_id", "text", "The log's own id."),
        column("action", "text", "What was done, in the log's own word."),
        column("happened_at", "timestamp", "When."),
        maybe("actor", "text", "Who. NULL: not told."),
        maybe("via_app", "text", "The app or token through which. NULL: none, or not told."),
        maybe("repository", "text", "The repository. NULL: none, or not told."),
        maybe("account", "text", "The account that it was done to. NULL: none, or not told."),
        maybe("detail", "text", "The other fields that matter, as JSON. NULL: none."),
    ),
    identity=("organization", "event_id"),
    occurred="happened_at",
)

OVERRIDES = recorded(
    "overrides",
    "One row for each time that a person let a change pass the gate against its answer.",
    (
        _REPOSITORY,
        column("head_commit", "text", "The head that was let through."),
        column("overridden_by", "text", "The person."),
        column("overridden_at", "timestamp", "When."),
        column("reason", "text", "Why."),
        maybe("number", "int", "The request. NULL: there is none."),
        maybe("refused_for", "text[]", "What the gate had refused it for. NULL: not noted."),
    ),
    identity=("repository", "head_commit", "overridden_at"),
    part="repository",
    parts="repositories",
    occurred="overridden_at",
)

ATTESTATIONS = recorded(
    "attestations",
    "One row for each signed statement about a commit or an artifact: provenance, source, review.",
    (
        _REPOSITORY,
        column("attestation", "text", "Digest of the statement."),
        column("predicate_type", "text", "What it states, as in-toto names it."),
        column("subject", "text", "The digest that it is about: `gitCommit:…`, `sha256:…`."),
        maybe("signer", "text", "The identity that signed. NULL: not told."),
        maybe("is_verified", "bool", "Whether the signature holds under a key that was given. NULL: no key was."),
        maybe("commit", "text", "The commit that it names as source. NULL: none."),
        maybe("builder", "text", "The builder that it names. NULL: none."),
        maybe("made_at", "timestamp", "When, as it says. NULL: it does not say."),
    ),
    identity=("repository", "attestation"),
    part="repository",
    parts="repositories",
    occurred="made_at",
)

TABLES = (
    REQUESTS,
    REQUEST_COMMITS,
    REQUEST_EVENTS,
    COVERINGS,
    PUSHES,
    RULE_EVENTS,
    RULE_SUITES,
    DEPLOYMENT_APPROVALS,
    ENVIRONMENT_RULES,
    DELIVERIES,
    AUDIT_EVENTS,
    OVERRIDES,
    ATTESTATIONS,
)

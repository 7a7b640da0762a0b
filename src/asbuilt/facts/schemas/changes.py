"""Changes, and what stands around each of them: reviews, checks, deployments."""

from asbuilt.facts.schemas.table import column, derived, maybe, recorded

CHANGES_SEEN = recorded(
    "changes_seen",
    "One row for each change that reached a protected branch, as git and the forge tell it.",
    (
        column("change_id", "text", "The commit on the branch; of a rebased run, the last."),
        column("repository", "text", "The repository, `owner/name`."),
        column("landed_at", "timestamp", "When it landed, UTC."),
        column("landing", "text", "How it landed: merge, squash, rebase, direct, initial or bot."),
        column("subject", "text", "First line of the message."),
        column("author", "text", "The first author, `Name <address>`."),
        column(
            "participants",
            "text[]",
            "Every account that had a part in it: authors, co-authors, committers, whoever drove the agent.",
        ),
        column(
            "attribution", "text", "Who wrote it: ai-tracked, ai-declared, human-tracked, automation or unknown."
        ),
        maybe("number", "int", "Pull or merge request. NULL: none is named."),
        maybe(
            "head_commit",
            "text",
            "The head of the request that was merged. NULL: not known; then the change itself.",
        ),
        maybe("merged_by", "text", "Who merged it. NULL: the forge was not asked."),
        maybe("came_by_pull_request", "bool", "Whether a pull request brought it. NULL: not known."),
        maybe("bypassed_rules", "bool", "Whether it landed around the branch's rules. NULL: not known."),
        maybe("stated_approvals", "int", "Independent approvals that its messages state. NULL: git names none."),
        maybe(
            "stated_rejections", "text[]", "Why approvals named in its messages do not count. NULL: none is named."
        ),
        maybe(
            "stated_approvers",
            "text[]",
            "Who approved it by its messages and had no part in it. NULL: nobody, or not recorded.",
        ),
        maybe("landed_by", "text", "Who let it in, by git. NULL: git names the forge itself, or not recorded."),
        maybe(
            "suggestion_grade",
            "text",
            "How well git alone shows who or what wrote it: proved, stated, contradicted or unknown. NULL: not "
            "recorded.",
        ),
        maybe("request_mentions", "int", "Issues and tickets that it names. NULL: not known."),
        maybe("request_opened_at", "timestamp", "When the oldest linked request was opened. NULL: not known."),
        maybe("emergency", "bool", "Whether it calls itself an emergency. NULL: it does not."),
        maybe("ai_tool_named", "bool", "Whether the AI tool is named. NULL: nothing says that AI took part."),
        maybe(
            "attribution_conflict", "bool", "Whether two sources disagree about who wrote it. NULL: they do not."
        ),
        maybe("guarded_paths", "text[]", "Guarded paths that it changes. NULL: none."),
        maybe("guarded_owner_approved", "bool", "Whether an owner of those paths approved. NULL: not known."),
        maybe(
            "required_checks", "text[]", "The checks that its branch required. NULL: not known; then all that ran."
        ),
        maybe("touches_prompts", "bool", "Whether it changes prompts, models or guardrails. NULL: not known."),
        maybe("touches_infrastructure", "bool", "Whether it changes infrastructure as code. NULL: not known."),
        maybe("touches_migrations", "bool", "Whether it changes database migrations. NULL: not known."),
        maybe("touches_dependencies", "bool", "Whether it changes dependency files. NULL: not known."),
    ),
    identity=("repository", "change_id"),
    part="repository",
    parts="repositories",
    occurred="landed_at",
    key="change_id",
)

REVIEWS = recorded(
    "reviews",
    "One row for each review of a request or a change: an approval, a rejection, a comment, a dismissal.",
    (
        column("review_id", "text", "The forge's own id."),
        column("repository", "text", "The repository, `owner/name`."),
        maybe("number", "int", "The request it is on. NULL: it is on a commit alone."),
        maybe("commit", "text", "The commit that was reviewed. NULL: not known."),
        maybe("reviewer", "text", "The account. NULL: it is gone; then nobody knows who that was."),
        maybe(
            "is_bot", "bool", "Whether no person types with that account: a bot, an app, an agent. NULL: not known."
        ),
        maybe("bot_because", "text", "What shows that no person types with it, or may not. NULL: nothing."),
        column("state", "text", "approved, changes-requested, commented or dismissed."),
        column("submitted_at", "timestamp", "When."),
        maybe("via_app", "text", "The app through which the account gave it. NULL: none, or not told."),
        maybe("may_push", "bool", "Whether the account had the right to push then. NULL: not told."),
        maybe("body_length", "int", "Characters of what the reviewer wrote. NULL: not told."),
        maybe("line_comments", "int", "Comments on lines that it holds. NULL: not told."),
    ),
    identity=("repository", "review_id"),
    part="repository",
    parts="repositories",
    occurred="submitted_at",
)

CHECKS = recorded(
    "checks",
    "One row for each run of a check on a commit.",
    (
        column("check_id", "text", "The forge's own id."),
        column("repository", "text", "The repository, `owner/name`."),
        column("commit", "text", "The commit it ran on."),
        column("name", "text", "The check's name."),
        column(
            "kind",
            "text",
            "What it checks: tests, static-analysis, dependency-scan, secret-scan, tenant-isolation, "
            "evaluation or other.",
        ),
        column("conclusion", "text", "success, failure, cancelled, skipped, neutral, timed-out or pending."),
        maybe("completed_at", "timestamp", "When it ended. NULL: it has not."),
        maybe("app", "text", "The app or account that told it. NULL: not told."),
    ),
    identity=("repository", "check_id"),
    part="repository",
    parts="repositories",
    occurred="completed_at",
)

DEPLOYMENTS = recorded(
    "deployments",
    "One row for each deployment, as the platform tells it.",
    (
        column("deployment_id", "text", "The platform's own id."),
        column("repository", "text", "The repository, `owner/name`."),
        column("environment", "text", "Where to, for example production."),
        column("is_production", "bool", "Whether customers use that environment."),
        column("deployed_at", "timestamp", "When."),
        maybe("commit", "text", "The commit that was deployed. NULL: the platform does not say."),
        maybe("artifact_digest", "text", "The digest of what was deployed. NULL: the platform does not say."),
        maybe("attested_digest", "text", "The digest that the build's provenance names. NULL: there is none."),
        maybe("deployed_by", "text", "The account or pipeline. NULL: not known."),
        maybe("by_pipeline", "bool", "Whether the pipeline deployed it, not a person by hand. NULL: not known."),
        maybe("commit_on_branch", "bool", "Whether the commit stands on a protected branch. NULL: not known."),
    ),
    identity=("repository", "deployment_id"),
    part="repository",
    parts="repositories",
    occurred="deployed_at",
    key="deployment_id",
)

CHANGES = derived(
    "changes",
    "One row for each change that reached the branch: merge, squash, rebased run, direct push, import.",
    (
        column("change_id", "text", "The commit on the branch; of a rebased run, the last."),
        maybe(
            "number",
            "int",
            "Pull or merge request that brought it. NULL: neither the forge, nor a message or ref that the forge "
            "does not contradict, names one.",
        ),
        column("landed_at", "timestamp", "When it landed, by the committer's clock, UTC."),
        column("landing", "text", "How it landed: merge, squash, rebase, direct, initial or bot."),
        column("subject", "text", "First line of the message."),
        column("author", "text", "The first author, `Name <address>`."),
        column(
            "attribution", "text", "Who wrote it: ai-tracked, ai-declared, human-tracked, automation or unknown."
        ),
        column(
            "is_initial_import",
            "bool",
            "Whether it is the first commit: there was no way to review it on the way in.",
        ),
        column("automation_only", "bool", "Whether every commit in it is the work of a bot that is no AI."),
        maybe(
            "came_by_pull_request",
            "bool",
            "Whether a pull request brought it. NULL: git alone does not say; a rebased one leaves no trace.",
        ),
        column(
            "review_verdict",
            "text",
            "reviewed: an independent person approved what landed, before it did. after-review: only afterwards. "
            "not-reviewed: nobody. unknown: it could not be seen. exempt: the initial import.",
        ),
        maybe(
            "independent_human_approvals",
            "int",
            "Persons whose approval passes every test: they had no part in it, were entitled, and approved what "
            "landed, before it did. NULL: git names none and the forge was not asked, or one that could count is "
            "not clear.",
        ),
        column("approvers", "text[]", "The accounts whose approvals count, as the forge tells them."),
        maybe("approved_at", "timestamp", "When the last approval that counts was given. NULL: none, or not told."),
        maybe(
            "approvals_given",
            "int",
            "Independent persons who approved it before it landed, whatever it held then. NULL: as above.",
        ),
        column(
            "approvals_rejected_for",
            "text[]",
            "Why named approvals do not count: bot, author, participant (co-author, committer), drives-the-agent, "
            "not-entitled, not-active, not-covering, pushed-after, dismissed, withdrawn, after-landing, "
            "covers-part; or may not: unknown-account, unknown-right, unknown-covering.",
        ),
        column("rejected_approvals", "text[]", "Each of these with the account: `login: test`."),
        column(
            "review_signals",
            "text[]",
            "Signs that a review was no more than a click, with their numbers; that nothing tells whether somebody "
            "might approve. They decide nothing.",
        ),
        column(
            "agent_under_login",
            "text[]",
            "What shows that an agent may have acted under a person's login. It decides nothing.",
        ),
        column("request_conflicts", "text[]", "Where git and the forge name another request or another head."),
        maybe(
            "approval_covers_merged",
            "bool",
            "Whether an independent approval given before is of what was merged. NULL: there is none, or not "
            "known.",
        ),
        maybe("checks_succeeded", "bool", "Whether the required checks ran on it and succeeded. NULL: not known."),
        maybe(
            "request_mentions",
            "int",
            "Issues and tickets that its messages name. NULL: none, and the forge was not asked.",
        ),
        column("emergency", "bool", "Whether it calls itself a hotfix, an emergency or a break-glass change."),
        maybe(
            "after_reviewed",
            "bool",
            "Whether a person who had no part in it reviewed it after it landed. NULL: not known.",
        ),
        maybe(
            "after_review_business_days",
            "int",
            "Business days (Monday to Friday, UTC) from its landing to that review. NULL: none, or not known.",
        ),
        maybe("ai_tool_named", "bool", "Whether the AI tool is named. NULL: nothing says that AI took part."),
        column("attribution_conflict", "bool", "Whether two sources disagree about who wrote it."),
        column(
            "touches_guarded_paths", "bool", "Whether it changes paths that steer the pipeline, reviews or agents."
        ),
        column("guarded_paths", "text[]", "Those paths."),
        maybe("guarded_owner_approved", "bool", "Whether an owner of those paths approved. NULL: not known."),
        maybe("repository", "text", "The repository, `owner/name`. NULL: a local one without a name."),
        maybe("merged_by", "text", "Who merged it, as the forge says. NULL: the forge was not asked."),
        maybe("head_commit", "text", "The head of the request that was merged. NULL: not known."),
        maybe("request_author", "text", "Who opened the request. NULL: none, the account is gone, or not told."),
        maybe("opened_at", "timestamp", "When the request was opened. NULL: there is none, or not told."),
        maybe("changed_lines", "int", "Lines that the request adds and removes. NULL: not told."),
        maybe(
            "bypassed_rules",
            "bool",
            "Whether it landed around the branch's rules (direct push, or a merge by an administrator's bypass). "
            "NULL: not known.",
        ),
        maybe("request_older", "bool", "Whether a linked request existed before it landed. NULL: not known."),
        maybe(
            "static_analysis_succeeded",
            "bool",
            "Whether static analysis ran on its head and succeeded. NULL: not known.",
        ),
        maybe(
            "isolation_tests_succeeded",
            "bool",
            "Whether tenant-isolation tests ran on its head and succeeded. NULL: not known.",
        ),
        maybe(
            "evaluation_succeeded",
            "bool",
            "Whether an AI evaluation ran on its head and succeeded. NULL: not known.",
        ),
        maybe(
            "has_dependency_scan",
            "bool",
            "Whether a scan of dependencies ran to its end on its head before it landed. NULL: not known.",
        ),
        maybe(
            "has_secret_scan",
            "bool",
            "Whether a search for secrets ran to its end on its head before it landed. NULL: not known.",
        ),
        maybe(
            "touches_prompts",
            "bool",
            "Whether it changes prompts, models or guardrails of the product. NULL: not known.",
        ),
        maybe("touches_infrastructure", "bool", "Whether it changes infrastructure as code. NULL: not known."),
        maybe("touches_migrations", "bool", "Whether it changes database migrations. NULL: not known."),
        maybe(
            "touches_dependencies",
            "bool",
            "Whether it changes dependency manifests or lock files. NULL: not known.",
        ),
        maybe("deployed_at", "timestamp", "When it first reached production. NULL: not yet, or not known."),
    ),
    key="change_id",
    covered_by=("changes_seen",),
)

CHANGE_SCANS = derived(
    "change_scans",
    "One row for each change that landed, with the scanners that had run on it by then: `static-analysis: CodeQL`.",
    (
        column("change_id", "text", "The change: the commit on the branch."),
        column("repository", "text", "The repository, `owner/name`."),
        column("attribution", "text", "Who wrote it."),
        column("landed_at", "timestamp", "When it landed."),
        maybe(
            "ran_before",
            "text[]",
            "Scanners that ran to their end on its head, or on the commit that landed, before it landed, whatever "
            "they found. NULL: checks were not read.",
        ),
        maybe(
            "succeeded_before",
            "text[]",
            "Those of them whose last run before it landed succeeded. NULL: checks were not read.",
        ),
        maybe("ran_after", "text[]", "Scanners that ran only after it had landed. NULL: checks were not read."),
        maybe("has_static_analysis", "bool", "Whether a static analysis ran on it before. NULL: not known."),
        maybe("has_dependency_scan", "bool", "Whether a scan of dependencies ran on it before. NULL: not known."),
        maybe("has_secret_scan", "bool", "Whether a search for secrets ran on it before. NULL: not known."),
    ),
    key="change_id",
    covered_by=("changes_seen", "checks"),
)

TABLES = (CHANGES_SEEN, REVIEWS, CHECKS, DEPLOYMENTS, CHANGES, CHANGE_SCANS)

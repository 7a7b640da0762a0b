"""Completeness of the population of changes: what git, the forge and the platform hold, tied to one another."""

from asbuilt.facts.schemas.table import column, derived, maybe

CHANGE_RECONCILIATION = derived(
    "change_reconciliation",
    "One row for each change, merged request, push and production deployment, held against the other source.",
    (
        column("item", "text", "Kind, repository and the source's own id: `request octo/app 17`."),
        column("kind", "text", "change, request, push or deployment."),
        column("repository", "text", "The repository, `owner/name`."),
        column("happened_at", "timestamp", "When it landed, was merged, pushed or deployed."),
        maybe(
            "ties_at",
            "timestamp",
            "When the change landed that it ties to: by this moment both sides fall into the same window. NULL: it "
            "ties to none.",
        ),
        maybe("change_id", "text", "The change: of itself, or that it ties to. NULL: none."),
        maybe("number", "int", "The request: of itself, or that it ties to. NULL: none."),
        maybe(
            "is_matched",
            "bool",
            "Whether the other source holds it too, one for one. NULL: that source was not read for that time.",
        ),
        column(
            "reason",
            "text",
            "Of a match: merge-commit or head. Of a change: initial-import, direct-push, bot, squash, rebase, "
            "no-request, number-unknown, request-not-merged, number-of-another or forge-not-read. Of a request: "
            "squash, rebase, with-another, inside-another, other-branch, after-git-record, before-git-record, "
            "retargeted, unreachable or git-not-read. Of a push: after-git-record, unreachable or git-not-read. Of "
            "a deployment: after-git-record, commit-of-request, commit-unknown, commit-not-told or git-not-read.",
        ),
        maybe("detail", "text", "What it was held against: a request, a branch, a commit. NULL: nothing more."),
    ),
    key="item",
    covered_by=("changes_seen", "requests"),
)

TABLES = (CHANGE_RECONCILIATION,)

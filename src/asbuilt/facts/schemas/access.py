"""Who can get in: accounts, grants, requests, moves between roles, leavers, reviews of access."""

from asbuilt.facts.schemas.table import column, derived, maybe, recorded

ACCOUNTS = recorded(
    "accounts",
    "One row for each account in each system, as the system itself lists it; of the identity provider too.",
    (
        column("system", "text", "The system's id."),
        column("account", "text", "The account's name in that system."),
        column("kind", "text", "Who uses it: human, shared, service or agent."),
        maybe("person", "text", "The person it belongs to, where the list says so. NULL: then its name must tell."),
        maybe("owner", "text", "Who answers for an account that is no person's own. NULL: nobody is named."),
        maybe("created_at", "timestamp", "When it was made. NULL: the list does not say."),
        maybe("disabled_at", "timestamp", "When it was disabled or removed. NULL: it is enabled."),
        maybe("last_sign_in_at", "timestamp", "The last sign-in. NULL: none, or the list does not say."),
        maybe(
            "single_sign_on", "bool", "Whether it is entered through the identity provider alone. NULL: not known."
        ),
        maybe("exception", "text", "The approved exception for sharing it. NULL: there is none."),
        maybe("exception_until", "timestamp", "Until when the exception holds. NULL: no end is set."),
    ),
    identity=("system", "account"),
    part="system",
    parts="systems",
    occurred="created_at",
)

GRANTS = recorded(
    "grants",
    "One row for each right that was given to an account, from the system's own log, not from the ticket.",
    (
        column("system", "text", "The system's id."),
        column("grant_id", "text", "The event's id in that system's log."),
        column("account", "text", "The account that received it."),
        column("access_right", "text", "The right, role, group or scope."),
        column("granted_at", "timestamp", "When."),
        maybe("granted_by", "text", "The account that gave it. NULL: the log does not say."),
        maybe("request", "text", "The request it answers. NULL: none is named."),
        maybe("revoked_at", "timestamp", "When it was taken away. NULL: it was not."),
    ),
    identity=("system", "grant_id"),
    part="system",
    parts="systems",
    occurred="granted_at",
)

ACCESS_REQUESTS = recorded(
    "access_requests",
    "One row for each request for access: for a person, a service or an agent.",
    (
        column("request", "text", "The request's id."),
        column("requested_at", "timestamp", "When."),
        maybe("system", "text", "The system it is for. NULL: it does not say."),
        maybe("rights", "text[]", "The rights that were approved. NULL: it does not say."),
        maybe("approved_by", "text", "Who approved it. NULL: nobody."),
        maybe("approved_at", "timestamp", "When. NULL: nobody approved it."),
    ),
    identity=("request",),
    occurred="requested_at",
)

ROLE_MOVES = recorded(
    "role_moves",
    "One row for each time that a person took another job in the company, from the HR list.",
    (
        column("person", "text", "Who."),
        column("moved_at", "timestamp", "When."),
        column("new_role", "text", "The new job, as the role matrix names it."),
        maybe("old_role", "text", "The job before. NULL: not said."),
    ),
    identity=("person", "moved_at"),
    occurred="moved_at",
)

ROLE_RIGHTS = recorded(
    "role_rights",
    "One row for each right that a job may have: the role matrix.",
    (
        column("role", "text", "The job."),
        column("system", "text", "The system's id."),
        column("access_right", "text", "The right, role, group or scope."),
    ),
    identity=("role", "system", "access_right"),
)

ACCESS_REVIEWS = recorded(
    "access_reviews",
    "One row for each review of the accounts and rights of one system.",
    (
        column("review", "text", "The review's id."),
        column("system", "text", "The system's id."),
        column("listed_at", "timestamp", "When the list of accounts was taken from the system."),
        column("completed_at", "timestamp", "When the last decision was made."),
        maybe("listed_accounts", "int", "Accounts on that list. NULL: not counted."),
        maybe("system_accounts", "int", "Accounts that the system itself counted then. NULL: it was not asked."),
    ),
    identity=("review",),
    part="system",
    parts="systems",
    occurred="completed_at",
)

ACCESS_REVIEW_ITEMS = recorded(
    "access_review_items",
    "One row for each decision of a review: on an account, or on one of its rights.",
    (
        column("review", "text", "The review's id."),
        column("account", "text", "The account."),
        column("access_right", "text", "The right; `all` where the decision is on the whole account."),
        column("decision", "text", "keep or revoke."),
        column("decided_by", "text", "Who decided."),
        column("decided_at", "timestamp", "When."),
    ),
    identity=("review", "account", "access_right"),
    occurred="decided_at",
)

ACCOUNT_CHECKS = derived(
    "account_checks",
    "One row for each account, with whom it belongs to.",
    (
        column("account_id", "text", "System and account."),
        column("system", "text", "The system's id."),
        column("account", "text", "The account's name."),
        column("kind", "text", "Who uses it: human, shared, service or agent."),
        maybe("created_at", "timestamp", "When it was made. NULL: the list does not say."),
        maybe("disabled_at", "timestamp", "When it was disabled. NULL: it is enabled."),
        maybe("in_scope", "bool", "Whether the audit covers its system. NULL: the system is on no list."),
        maybe(
            "belongs_to", "text", "The person it belongs to, or who answers for it. NULL: nobody could be found."
        ),
        maybe(
            "is_attributed",
            "bool",
            "Whether exactly one person on the HR list stands behind it: as its user, or, of a service or an "
            "agent, as "
            "its owner. NULL: the HR list does not reach over the account's time.",
        ),
        maybe(
            "single_sign_on", "bool", "Whether it is entered through the identity provider alone. NULL: not known."
        ),
        maybe("exception", "text", "The approved exception for sharing it. NULL: there is none."),
        maybe("exception_until", "timestamp", "Until when that holds. NULL: no end is set."),
        maybe("last_sign_in_at", "timestamp", "The last sign-in. NULL: none, or the list does not say."),
    ),
    key="account_id",
    covered_by=("accounts",),
)

# The clock of business days: in an expression, n business days later is
# clock_from + (n + 2 * ((clock_weekday + n) // 5)) * INTERVAL 1 DAY.
BUSINESS_CLOCK = (
    column(
        "clock_from",
        "timestamp",
        "Since when business days (Monday to Friday, UTC) count: the moment itself; at a weekend, the Monday "
        "after.",
    ),
    column("clock_weekday", "int", "The weekday of that moment: 0 for Monday to 4 for Friday."),
)

ACCESS_CHANGES = derived(
    "access_changes",
    "One row for each right that was granted, and for each person who took another job.",
    (
        column("access_change", "text", "What happened: the grant's system and id, or person and moment."),
        column("kind", "text", "grant or move."),
        column("happened_at", "timestamp", "When the right was given, or the person moved."),
        *BUSINESS_CLOCK,
        maybe("account", "text", "The account that received the right. NULL: it is a move."),
        maybe("person", "text", "The person it is about. NULL: not known."),
        maybe("access_right", "text", "System and right. NULL: it is a move."),
        maybe("request", "text", "The request that the grant answers. NULL: none is named, or it is a move."),
        maybe("approved_by", "text", "Who approved it. NULL: nobody, or it is a move."),
        maybe("is_requested", "bool", "Whether there is such a request. NULL: requests could not be seen."),
        maybe(
            "approved_before",
            "bool",
            "Whether it was approved before the right was given. NULL: could not be seen.",
        ),
        maybe(
            "approver_is_another",
            "bool",
            "Whether the approver is a person at work then, and not the one who received it, nor drives the agent "
            "that "
            "did. NULL: not known.",
        ),
        maybe(
            "approver_is_entitled",
            "bool",
            "Whether the approver is the receiver's manager or the system's owner. NULL: not known.",
        ),
        maybe("right_as_approved", "bool", "Whether the right is one of those approved. NULL: not known."),
        maybe("excess_rights", "text[]", "Of a move: rights held that the new job does not have. NULL: not known."),
        maybe("open_rights", "text[]", "Of these, those never taken away. NULL: not known."),
        maybe("removed_at", "timestamp", "When the last of them was taken away. NULL: none was, or not known."),
        maybe("seen_until", "timestamp", "Until when grants were read since the move. NULL: they were not."),
    ),
    key="access_change",
    covered_by=("grants", "access_requests", "role_moves"),
)

LEAVER_ACCESS = derived(
    "leaver_access",
    "One row for each person whose work here ended, with everything by which that person could still get in.",
    (
        column("person", "text", "Who left."),
        column("left_at", "timestamp", "When, by the HR list."),
        *BUSINESS_CLOCK,
        column("accounts", "int", "Accounts and credentials that were the person's or answered to that person."),
        column("has_open", "bool", "Whether one of them was never closed."),
        column("still_open", "text[]", "Those: system and account, or system and credential."),
        maybe("closed_at", "timestamp", "When the last one was closed, of those that were. NULL: none was."),
        maybe("open_seen_at", "timestamp", "When one was last seen open. NULL: none is open."),
        column("signed_in_after_end", "bool", "Whether one of the accounts was used after the person left."),
        column("unread_systems", "text[]", "Systems in scope then whose accounts no list shows."),
        maybe("seen_until", "timestamp", "Until when lists of accounts were read since then. NULL: they were not."),
    ),
    key="person",
    covered_by=("people", "accounts", "credentials"),
)

ACCESS_REVIEW_CHECKS = derived(
    "access_review_checks",
    "One row for each review of access, with what it left out and what became of its decisions.",
    (
        column("review", "text", "The review's id."),
        column("system", "text", "The system's id."),
        column("completed_at", "timestamp", "When the last decision was made."),
        column("decided_accounts", "int", "Accounts that were decided on."),
        maybe("system_accounts", "int", "Accounts that the system itself counted. NULL: it was not asked."),
        maybe(
            "is_complete",
            "bool",
            "Whether the list was taken before the first decision, has as many accounts as the system counted, "
            "and each "
            "was decided on. NULL: the system was not asked.",
        ),
        column("undecided_accounts", "text[]", "Accounts that the system had then and nobody decided on."),
        maybe(
            "someone_reviewed_themselves",
            "bool",
            "Whether somebody decided on an account of their own. NULL: not known.",
        ),
        column("revocations", "int", "Decisions to take access away."),
        maybe(
            "slowest_revocation_days",
            "int",
            "Days to the slowest one that was carried out. NULL: none was, or needed.",
        ),
        maybe(
            "open_revocation_from",
            "timestamp",
            "When the oldest decision was made that was not carried out. NULL: there is none.",
        ),
        maybe(
            "revocations_seen",
            "bool",
            "Whether the system tells for each of them that it was carried out, or not. NULL: it does not.",
        ),
    ),
    key="review",
    covered_by=("access_reviews", "access_review_items"),
)

TABLES = (
    ACCOUNTS,
    GRANTS,
    ACCESS_REQUESTS,
    ROLE_MOVES,
    ROLE_RIGHTS,
    ACCESS_REVIEWS,
    ACCESS_REVIEW_ITEMS,
    ACCOUNT_CHECKS,
    ACCESS_CHANGES,
    LEAVER_ACCESS,
    ACCESS_REVIEW_CHECKS,
)

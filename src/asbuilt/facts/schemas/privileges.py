"""What opens more than one's own work: second factors, administrators, keys and secrets."""

import msgspec

from asbuilt.facts.schemas.table import HELD, column, derived, maybe, recorded, state

MFA_SETTINGS = state(
    "mfa_settings",
    "One row for each look at whether a system asks everybody for a second factor.",
    (
        column("system", "text", "The system's id."),
        maybe(
            "is_enforced",
            "bool",
            "Whether nobody can sign in without a second factor, whether the system asks or the identity provider. "
            "NULL: not known.",
        ),
        maybe("exempt_accounts", "text[]", "Accounts that the setting leaves out. NULL: not known."),
        maybe(
            "password_only_sign_ins",
            "int",
            "Sign-ins of persons with a password alone in that time. NULL: the sign-in log was not read.",
        ),
    ),
    identity=("system",),
    part="system",
    parts="systems",
)

PRIVILEGED_ROLES = state(
    "privileged_roles",
    "One row for each look at who holds a role with administrator rights.",
    (
        column("system", "text", "The system's id."),
        column("role", "text", "The role in that system."),
        column("holders", "text[]", "Accounts that held it, through groups too."),
    ),
    identity=("system", "role"),
    part="system",
    parts="systems",
)

PRIVILEGE_APPROVALS = recorded(
    "privilege_approvals",
    "One row for each account that may hold a role with administrator rights: the approved list.",
    (
        column("system", "text", "The system's id."),
        column("role", "text", "The role in that system."),
        column("account", "text", "The account."),
        column("approved_at", "timestamp", "From when it may."),
        column("approved_by", "text", "Who approved it."),
        maybe("ends_at", "timestamp", "Until when it may, that moment left out. NULL: it stands until taken back."),
        maybe("is_break_glass", "bool", "Whether it is for an emergency alone. NULL: not said."),
        maybe("ticket", "text", "The ticket of a time-boxed or emergency grant. NULL: none."),
        maybe("reviewed_by", "text", "Who looked afterwards at what was done with it. NULL: nobody."),
    ),
    identity=("system", "role", "account", "approved_at"),
    part="system",
    parts="systems",
    occurred="approved_at",
)

CREDENTIALS = recorded(
    "credentials",
    "One row for each issue of a key, token, secret or certificate: a rotation makes another row.",
    (
        column("system", "text", "The system that it opens."),
        column("credential", "text", "Its name or fingerprint: never the secret itself."),
        column("issued_at", "timestamp", "When this one was made."),
        column("kind", "text", "api-key, token, deploy-key, service-account-key, certificate or other."),
        maybe("owner", "text", "The person who answers for it. NULL: nobody is named."),
        maybe("expires_at", "timestamp", "When it stops working by itself. NULL: never, or not known."),
        maybe("revoked_at", "timestamp", "When it was revoked or replaced. NULL: it was not."),
        maybe("last_used_at", "timestamp", "Its last use. NULL: none, or the provider does not say."),
        maybe("scopes", "text[]", "What it may do, as the provider names it. NULL: not known."),
        maybe("in_vault", "bool", "Whether it is kept in the managed vault. NULL: not known."),
        maybe("use_is_logged", "bool", "Whether its use is logged. NULL: not known."),
        maybe("readers", "text[]", "Who can read it from the vault. NULL: not known."),
        maybe("approved_readers", "text[]", "Who may. NULL: no such list."),
        maybe("is_ai_vendor", "bool", "Whether it opens the interface of an AI vendor. NULL: not known."),
        maybe("has_spend_limit", "bool", "Whether the vendor stops at a limit of cost. NULL: not known."),
    ),
    identity=("system", "credential", "issued_at"),
    part="system",
    parts="systems",
    occurred="issued_at",
)

PRIVILEGED_HOLDINGS = msgspec.structs.replace(
    derived(
        "privileged_holdings",
        "One row for each stretch of time over which the same accounts held a privileged role with the same "
        "approvals.",
        (
            column("holding", "text", "System, role, begin and the look it comes from."),
            column("system", "text", "The system's id."),
            column("role", "text", "The role."),
            column("holders", "text[]", "Accounts that held it."),
            maybe(
                "unapproved_holders",
                "text[]",
                "Those on no approved list then. NULL: the approved list could not be seen.",
            ),
            maybe(
                "standing_agents",
                "text[]",
                "Agents among them without an end to their approval. NULL: who is an agent could not be seen.",
            ),
            maybe(
                "unreviewed_emergencies",
                "text[]",
                "Holders by an emergency grant without a ticket, or that nobody looked at afterwards. NULL: the "
                "approved "
                "list could not be seen.",
            ),
            *HELD,
            column("observed_at", "timestamp", "When the role was read."),
        ),
        key="holding",
        covered_by=("privileged_roles", "privilege_approvals"),
    ),
    state=True,
)

CREDENTIAL_CHECKS = derived(
    "credential_checks",
    "One row for each issue of a key, token, secret or certificate, with who stands behind it.",
    (
        column("credential_issue", "text", "System, credential and when it was issued."),
        column("system", "text", "The system that it opens."),
        column("kind", "text", "What it is."),
        column("issued_at", "timestamp", "When it was made."),
        maybe(
            "dead_at", "timestamp", "When it was revoked or expired, whichever came first. NULL: neither is set."
        ),
        maybe(
            "owner",
            "text",
            "The person who answers for it. NULL: nobody is named, or nobody of that name is known.",
        ),
        maybe(
            "has_owner",
            "bool",
            "Whether a person on the HR list answers for it. NULL: the HR list does not reach over its time.",
        ),
        maybe("owner_left_at", "timestamp", "When that person left. NULL: the person is here, or is not known."),
        maybe("in_vault", "bool", "Whether it is kept in the managed vault. NULL: not known."),
        maybe("use_is_logged", "bool", "Whether its use is logged. NULL: not known."),
        maybe("has_wildcard_scope", "bool", "Whether one of its scopes is for everything. NULL: not known."),
        maybe(
            "readers_off_list",
            "text[]",
            "Who can read it and may not. NULL: readers or the approved list not known.",
        ),
        maybe("is_ai_vendor", "bool", "Whether it opens the interface of an AI vendor. NULL: not known."),
        maybe("has_spend_limit", "bool", "Whether the vendor stops at a limit of cost. NULL: not known."),
        maybe("last_used_at", "timestamp", "Its last use. NULL: none, or the provider does not say."),
    ),
    key="credential_issue",
    covered_by=("credentials",),
)

TABLES = (
    MFA_SETTINGS,
    PRIVILEGED_ROLES,
    PRIVILEGE_APPROVALS,
    CREDENTIALS,
    PRIVILEGED_HOLDINGS,
    CREDENTIAL_CHECKS,
)

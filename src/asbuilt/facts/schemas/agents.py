"""AI agents, bots and apps: what is approved, and what is installed."""

import msgspec

from asbuilt.facts.schemas.table import HELD, column, derived, maybe, recorded, state

AGENTS = recorded(
    "agents",
    "One row for each AI agent, bot or app that may have access: the register.",
    (
        column("agent", "text", "The agent's id."),
        column("owner", "text", "The one person who answers for what it does."),
        column("accounts", "text[]", "The accounts that are its own, in whatever system."),
        column("scopes", "text[]", "What it may do, in the words in which systems name scopes."),
        maybe("purpose", "text", "What it is for. NULL: not written down."),
        maybe("approved_by", "text", "Who approved it. NULL: nobody."),
        maybe("approved_at", "timestamp", "When. NULL: nobody approved it."),
        maybe("expires_at", "timestamp", "Until when. NULL: no end is set."),
        maybe("withdrawn_at", "timestamp", "When the approval was taken back. NULL: it was not."),
    ),
    identity=("agent",),
    occurred="approved_at",
)

AGENT_INSTALLATIONS = state(
    "agent_installations",
    "One row for each look at an agent, bot or app that has access to a system, as the system lists it.",
    (
        column("system", "text", "The system's id."),
        column("account", "text", "The account or installation."),
        column("scopes", "text[]", "What it can do, in the system's words."),
        maybe(
            "is_own_identity",
            "bool",
            "Whether it acts under its own name, not with a person's login. NULL: not known.",
        ),
        maybe("can_approve", "bool", "Whether its approvals count for the system's rules. NULL: not known."),
        maybe("can_administer", "bool", "Whether it can change settings, members or rules. NULL: not known."),
        maybe("can_bypass", "bool", "Whether it can go around a rule. NULL: not known."),
    ),
    identity=("system", "account"),
    part="system",
    parts="systems",
)

AGENT_HOLDINGS = msgspec.structs.replace(
    derived(
        "agent_holdings",
        "One row for each stretch of time over which an agent had access under the same approval.",
        (
            column("holding", "text", "System, account, begin and the look it comes from."),
            column("installation", "text", "System and account."),
            column("system", "text", "The system's id."),
            column("account", "text", "The account or installation."),
            maybe("agent", "text", "The agent on the register that has this account. NULL: none."),
            maybe("owner", "text", "Who answers for it. NULL: it is on no register."),
            maybe(
                "is_approved",
                "bool",
                "Whether the register has it, with purpose and approver, and the approval had begun and not "
                "ended. NULL: "
                "the register could not be seen.",
            ),
            maybe("has_expiry", "bool", "Whether its approval ends by itself. NULL: it is on no register."),
            maybe(
                "owner_is_active_person",
                "bool",
                "Whether its owner is a person at work then. NULL: the HR list does not reach over that time.",
            ),
            maybe("excess_scopes", "text[]", "What it can do and was not approved. NULL: it is on no register."),
            maybe("is_own_identity", "bool", "Whether it acts under its own name. NULL: not known."),
            maybe("can_approve", "bool", "Whether its approvals count. NULL: not known."),
            maybe("can_administer", "bool", "Whether it can change settings, members or rules. NULL: not known."),
            maybe("can_bypass", "bool", "Whether it can go around a rule. NULL: not known."),
            *HELD,
            column("observed_at", "timestamp", "When the system was read."),
        ),
        key="holding",
        covered_by=("agent_installations", "agents"),
    ),
    state=True,
)

AGENT_ACCESSES = derived(
    "agent_accesses",
    "One row for each agent, bot or app that has, or had, access to a system: by the lists of installations or of "
    "accounts.",
    (
        column("installation", "text", "System and account."),
        maybe("in_use_from", "timestamp", "From when. NULL: before anything recorded, or not known."),
        maybe("in_use_until", "timestamp", "Until when, that moment left out. NULL: it still is, or not known."),
    ),
    key="installation",
    covered_by=("agent_installations", "agents"),
)

TABLES = (AGENTS, AGENT_INSTALLATIONS, AGENT_HOLDINGS, AGENT_ACCESSES)

"""AI tools: as the repository and other lists show them, and the company's inventory."""

from asbuilt.facts.schemas.table import column, derived, maybe, recorded

AI_TOOLS_SEEN = recorded(
    "ai_tools_seen",
    "One row for each time that a source showed an AI tool: git, sign-ins, grants, expenses, egress, CI.",
    (
        column(
            "tool", "text", "The tool's id in the catalogue (`asbuilt signatures`), else its name in small letters."
        ),
        column("seen_in", "text", "git, configuration, sso, oauth, expense, egress, ci or other."),
        column("seen_at", "timestamp", "When it was seen, or last seen when the row sums up a time."),
        maybe("first_seen_at", "timestamp", "First seen, when the row sums up a time. NULL: then at seen_at."),
        maybe("name", "text", "The tool's name. NULL: not said."),
        maybe("vendor", "text", "Who makes it. NULL: not said."),
        maybe("commits", "int", "Commits that show it. NULL: the source is not git."),
        maybe("lines", "int", "Lines attributed to it. NULL: the source is not git."),
        maybe("account_type", "text", "personal, business or enterprise. NULL: the source does not tell."),
    ),
    identity=("tool", "seen_in", "seen_at"),
    occurred="seen_at",
)

AI_TOOL_INVENTORY = recorded(
    "ai_tool_inventory",
    "One row for each AI tool, model or connector on the company's inventory.",
    (
        column("tool", "text", "The tool's id in the catalogue, else its name in small letters."),
        column("approved", "bool", "Whether it may be used."),
        maybe("approved_at", "timestamp", "When that was decided. NULL: not noted."),
        maybe("approved_by", "text", "Who decided. NULL: not noted."),
        maybe("name", "text", "The tool's name. NULL: not said."),
        maybe("provider", "text", "The provider behind it. NULL: not said."),
        maybe("owner", "text", "The person who answers for it. NULL: nobody is named."),
        maybe("data_class", "text", "The highest class of data that it may see. NULL: not decided."),
        maybe("account_type", "text", "The type of account that must be used. NULL: not decided; any may."),
        maybe("settings", "text", "Settings that must hold, such as no training. NULL: not decided."),
        maybe("withdrawn_at", "timestamp", "When it was taken off the inventory. NULL: it was not."),
    ),
    identity=("tool",),
    occurred="approved_at",
)

AI_TOOLS = derived(
    "ai_tools",
    "One row for each AI tool that the repository or another list shows, or that the inventory names.",
    (
        column("tool", "text", "The tool's id in the catalogue."),
        column("name", "text", "The tool's name."),
        column("vendor", "text", "Who makes it."),
        column("commits", "int", "Commits with a signal that it wrote, helped or ran a session."),
        column("lines", "int", "Lines of the inspected tree attributed to it."),
        maybe("first_seen", "timestamp", "Its first such commit or trace. NULL: it is only configured or listed."),
        maybe("last_seen", "timestamp", "Its last such commit or trace. NULL: it is only configured or listed."),
        column("observed", "bool", "Whether a commit, a line or another source shows its use."),
        column("configured", "bool", "Whether files set the repository up for it; that proves no use."),
        maybe("approved", "bool", "Whether the company's inventory lists it. NULL: no inventory is declared."),
        maybe("seen_in", "text[]", "The sources that show it. NULL: git and the tree alone were looked at."),
        maybe("account_types", "text[]", "Types of account it was seen with. NULL: no source tells."),
        maybe(
            "wrong_account",
            "bool",
            "Whether it was seen with another type of account than the inventory demands; false too where none is "
            "demanded. NULL: one is demanded, and no source tells.",
        ),
        maybe(
            "missing", "text[]", "What its entry lacks: approver, owner or data class. NULL: it has no such entry."
        ),
    ),
    key="tool",
    covered_by=("ai_tools_seen",),
)

TABLES = (AI_TOOLS_SEEN, AI_TOOL_INVENTORY, AI_TOOLS)

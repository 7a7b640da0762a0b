"""AI tools as the repository shows them, and the company's inventory."""

from asbuilt.facts.schemas.table import column, derived, maybe

AI_TOOLS = derived(
    "ai_tools",
    "One row for each AI tool that the repository shows: in its history, or by files that set it up.",
    (
        column("tool", "text", "The tool's id in the catalogue."),
        column("name", "text", "The tool's name."),
        column("vendor", "text", "Who makes it."),
        column("commits", "int", "Commits with a signal that it wrote, helped or ran a session."),
        column("lines", "int", "Lines of the inspected tree attributed to it."),
        maybe("first_seen", "timestamp", "Its first such commit. NULL: it is only configured."),
        maybe("last_seen", "timestamp", "Its last such commit. NULL: it is only configured."),
        column("observed", "bool", "Whether a commit or a line shows it."),
        column("configured", "bool", "Whether files set the repository up for it; that proves no use."),
        maybe("approved", "bool", "Whether the company's inventory lists it. NULL: no inventory is declared."),
    ),
    key="tool",
    covered_by=("ai_tools_seen",),
)

TABLES = (AI_TOOLS,)

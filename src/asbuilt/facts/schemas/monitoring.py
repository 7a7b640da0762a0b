"""Watching: what is logged, which alarms were raised and what was done, and what agents did."""

from asbuilt.facts.schemas.table import column, derived, maybe, recorded, state

LOG_SOURCES = recorded(
    "log_sources",
    "One row for each source of security logs that must be collected.",
    (
        column("log_source", "text", "The source's id."),
        column(
            "kind",
            "text",
            "What it logs: application, cloud, identity, forge, host, network, agent, model or other.",
        ),
        column("in_scope", "bool", "Whether the audit covers it."),
        maybe("owner", "text", "The person who answers for it. NULL: nobody is named."),
        maybe("in_use_from", "timestamp", "From when. NULL: before anything recorded."),
        maybe("in_use_until", "timestamp", "Until when, that moment left out. NULL: it still is."),
    ),
    identity=("log_source",),
    occurred="in_use_from",
)

LOG_COVERAGE = state(
    "log_coverage",
    "What held for the collection of one source's logs over a time.",
    (
        column("log_source", "text", "The source."),
        maybe(
            "receiving", "bool", "Whether entries came in; false: silent for more than a day. NULL: not measured."
        ),
        maybe("silence_reason", "text", "Why it was silent, such as maintenance. NULL: no reason is known."),
        maybe("retention_days", "int", "Days for which entries are kept. NULL: not known."),
        maybe("is_immutable", "bool", "Whether nobody can change or delete entries before. NULL: not known."),
        maybe("is_time_synchronised", "bool", "Whether the source's clock is synchronised. NULL: not known."),
        maybe("oldest_entry_at", "timestamp", "The oldest entry that could be read. NULL: nobody looked."),
        maybe("collected_from", "timestamp", "When its collection began. NULL: not known."),
    ),
    identity=("log_source",),
)

ALERTS = recorded(
    "alerts",
    "One row for each security alert that was raised.",
    (
        column("alert", "text", "The alert's id."),
        column("raised_at", "timestamp", "When."),
        column("severity", "text", "critical, high, medium or low."),
        maybe("rule", "text", "The rule that raised it. NULL: not noted."),
        maybe("acknowledged_at", "timestamp", "When somebody took it. NULL: nobody has."),
        maybe("acknowledged_by", "text", "Who. NULL: nobody, or not noted."),
        maybe("closed_at", "timestamp", "When it was closed. NULL: it is open."),
        maybe("closed_by", "text", "Who closed it: a person's account, or a tool's. NULL: nobody, or not noted."),
        maybe("disposition", "text", "true-positive, false-positive, benign or duplicate. NULL: none was given."),
        maybe("reason", "text", "Why. NULL: no reason was given."),
        maybe("incident", "text", "The incident that came of it. NULL: none."),
    ),
    identity=("alert",),
    occurred="raised_at",
)

ALERT_HANDLING = derived(
    "alert_handling",
    "One row for each alert, with how long it waited and who decided on it.",
    (
        column("alert", "text", "The alert."),
        column("raised_at", "timestamp", "When it was raised."),
        column("severity", "text", "critical, high, medium or low."),
        maybe("rule", "text", "The rule that raised it. NULL: not noted."),
        maybe("acknowledged_at", "timestamp", "When somebody took it, or closed it. NULL: nobody has."),
        maybe("closed_at", "timestamp", "When it was closed. NULL: it is open."),
        maybe("disposition", "text", "What it was judged to be. NULL: it was not judged."),
        maybe("has_reason", "bool", "Whether it was closed with a disposition and a reason. NULL: it is open."),
        maybe("closed_by", "text", "Who closed it. NULL: nobody, or not noted."),
        maybe("closed_by_person", "bool", "Whether that is a person. NULL: it is open, or not known."),
        maybe("seen_until", "timestamp", "Until when alerts were listed without a break since. NULL: not at all."),
    ),
    key="alert",
    covered_by=("alerts",),
)

AGENT_ACTIONS = recorded(
    "agent_actions",
    "One row for each write that an AI agent's identity made, as the system that it wrote to saw it.",
    (
        column("action", "text", "The id in the target's own audit log."),
        column("target", "text", "The system: forge, cloud, tracker and so on."),
        column("agent", "text", "The identity that acted."),
        column("acted_at", "timestamp", "When."),
        column("operation", "text", "What it did."),
        maybe("object", "text", "On what. NULL: the log does not say."),
    ),
    identity=("target", "action"),
    occurred="acted_at",
)

AGENT_LOG_ENTRIES = recorded(
    "agent_log_entries",
    "One row for each action in the agents' own log.",
    (
        column("entry", "text", "The entry's id."),
        column("agent", "text", "The agent's identity."),
        column("logged_at", "timestamp", "When."),
        column("target", "text", "The system that it wrote to."),
        maybe("action", "text", "The id that the target gave the action. NULL: not noted."),
        maybe("object", "text", "On what. NULL: not noted."),
        maybe("principal", "text", "The person on whose behalf it acted. NULL: not noted."),
        maybe("input_reference", "text", "Where the input stands that led to it. NULL: not noted."),
        maybe("tool", "text", "The tool that it used. NULL: not noted."),
        maybe("result", "text", "What came of it. NULL: not noted."),
    ),
    identity=("entry",),
    occurred="logged_at",
)

AGENT_TRAIL = derived(
    "agent_trail",
    "One row for each write of an agent that a target saw, beside the agent's own log.",
    (
        column("trail", "text", "`target | action`."),
        column("target", "text", "The system that it wrote to."),
        column("agent", "text", "The identity that acted."),
        column("acted_at", "timestamp", "When."),
        column("operation", "text", "What it did."),
        maybe("logged", "bool", "Whether the agent's log has it. NULL: it has not, and the log is not covered."),
        maybe("principal", "text", "The person on whose behalf. NULL: not logged."),
        maybe(
            "principal_is_person", "bool", "Whether that is a known person. NULL: not logged, or nobody is known."
        ),
        column("missing", "text[]", "What the entry does not tell: principal, input, tool or result."),
    ),
    key="trail",
    covered_by=("agent_actions",),
)

TABLES = (LOG_SOURCES, LOG_COVERAGE, ALERTS, ALERT_HANDLING, AGENT_ACTIONS, AGENT_LOG_ENTRIES, AGENT_TRAIL)

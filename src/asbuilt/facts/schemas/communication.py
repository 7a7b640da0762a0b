"""What the company tells others, and how they reach it: descriptions, commitments, reports, channels, notices."""

from asbuilt.facts.schemas.duties import DUTY
from asbuilt.facts.schemas.table import column, derived, maybe, recorded

DESCRIPTIONS = recorded(
    "descriptions",
    "One row for each version of the description of the system and its boundary.",
    (
        column("version", "text", "The version."),
        column("effective_from", "timestamp", "From when it holds: the day of its approval or later."),
        maybe("approved_by", "text", "Who approved it. NULL: nobody is named."),
        maybe(
            "components",
            "text[]",
            "The ids of what it lists: systems, repositories, vendors, services, models, agents, prompt and vector "
            "stores. NULL: not listed out.",
        ),
        maybe("shared_with_staff_at", "timestamp", "When staff could read it. NULL: not noted."),
        maybe("shared_with_customers_at", "timestamp", "When customers could read their part. NULL: not noted."),
        maybe("text_sha256", "text", "Digest of its text. NULL: the text is not kept."),
    ),
    identity=("version",),
    occurred="effective_from",
)

COMPONENTS_SEEN = recorded(
    "components_seen",
    "One row for each component that the cloud or the pipeline lists: services, models, agents, stores.",
    (
        column("component", "text", "Its id, as the description names it."),
        column("kind", "text", "service, model, agent, prompt-store, vector-store, data-store or other."),
        maybe("in_use_from", "timestamp", "From when. NULL: before anything recorded."),
        maybe("in_use_until", "timestamp", "Until when, that moment left out. NULL: it still is."),
    ),
    identity=("component",),
    occurred="in_use_from",
)

COMMITMENTS = recorded(
    "commitments",
    "One row for each commitment to customers, as contract, service levels, privacy notice or security page "
    "state it.",
    (
        column("commitment", "text", "The commitment's id."),
        column("stated_in", "text", "contract, service-levels, privacy-notice, security-page or other."),
        column("stated_from", "timestamp", "From when it is stated."),
        maybe("stated_until", "timestamp", "Until when, that moment left out. NULL: it still is."),
        maybe(
            "about",
            "text[]",
            "What it is about: availability, training-on-customer-data, human-review-of-ai-code, … NULL: not "
            "listed.",
        ),
        maybe("controls", "text[]", "The controls that keep it. NULL: none is named."),
        maybe("metric", "text", "How it is measured. NULL: not said."),
    ),
    identity=("commitment",),
    occurred="stated_from",
)

COMMITMENT_SNAPSHOTS = recorded(
    "commitment_snapshots",
    "One row for each look at the published text of a commitment.",
    (
        column("commitment", "text", "The commitment's id."),
        column("taken_at", "timestamp", "When the page or template was looked at."),
        column("shows_commitment", "bool", "Whether the text stood there."),
        maybe("text_sha256", "text", "Digest of what was seen. NULL: it is not kept."),
    ),
    identity=("commitment", "taken_at"),
    occurred="taken_at",
)

REPORTS_RECEIVED = recorded(
    "reports_received",
    "One row for each problem that customers, researchers or staff reported.",
    (
        column("report", "text", "The report's id."),
        column(
            "channel", "text", "support, security-address, disclosure-policy or staff-confidential; else its name."
        ),
        column("received_at", "timestamp", "When it came in."),
        maybe("about", "text", "What it is about: security, privacy, conduct, ai-output, … NULL: not sorted."),
        maybe("first_response_at", "timestamp", "When a person first answered. NULL: nobody has."),
        maybe("incident", "text", "The incident that came of it. NULL: none."),
    ),
    identity=("report",),
    occurred="received_at",
)

CHANNEL_PROBES = recorded(
    "channel_probes",
    "One row for each test of whether a channel for reports is reachable.",
    (
        column(
            "channel", "text", "support, security-address, disclosure-policy or staff-confidential; else its name."
        ),
        column("probed_at", "timestamp", "When it was tried."),
        column("reachable", "bool", "Whether what was sent arrived, or the page was there."),
    ),
    identity=("channel", "probed_at"),
    occurred="probed_at",
)

NOTICES = recorded(
    "notices",
    "One row for each notice that was sent about a change or an incident.",
    (
        column("notice", "text", "The notice's id."),
        column("subject", "text", "The incident or the change that it is about, by its id."),
        column("sent_at", "timestamp", "When it was sent."),
        column("audience", "text", "customers, individuals, regulator, partners or other."),
    ),
    identity=("notice",),
    occurred="sent_at",
)

DESCRIPTION_DUTIES = derived(
    "description_duties",
    "One row for each component that a description must list, and for each yearly review of the description.",
    (
        *DUTY,
        column(
            "kind",
            "text",
            "component: it came into use. version: it was in use when a version took effect. review: the next "
            "version.",
        ),
        maybe("component", "text", "The component's id. NULL: it is a review."),
        maybe("component_kind", "text", "system, repository, vendor, or what the inventory says. NULL: a review."),
        maybe("version", "text", "The version that lists it, or that is to be reviewed. NULL: none lists it."),
        maybe(
            "is_shared",
            "bool",
            "Whether the reviewed version reached staff and, in part, customers. NULL: it is no review.",
        ),
    ),
    key="duty",
    covered_by=("descriptions", "systems", "repositories", "components_seen"),
)

COMMITMENT_DUTIES = derived(
    "commitment_duties",
    "One row for each commitment that must be mapped to controls, and for each look at its text that is due.",
    (
        *DUTY,
        column("kind", "text", "mapping or snapshot."),
        column("commitment", "text", "The commitment's id."),
        column("about", "text[]", "What it is about; empty where nothing is listed."),
        maybe(
            "is_kept",
            "bool",
            "Of a mapping: whether it has a metric and at least one control that is on the register. Of a "
            "snapshot: "
            "whether the text stood there. NULL: the register of controls was not read, or no look followed.",
        ),
    ),
    key="duty",
    covered_by=("commitments",),
)

CHANNEL_DUTIES = derived(
    "channel_duties",
    "One row for each report that must be answered, and for each month in which a channel must be tried.",
    (
        *DUTY,
        column("kind", "text", "report or probe."),
        column("channel", "text", "The channel."),
        maybe("about", "text", "What the report is about. NULL: not sorted, or it is a probe."),
        maybe("period_until", "timestamp", "The end of the month. NULL: it is a report."),
        maybe(
            "is_reachable", "bool", "Whether every try of the month got through. NULL: no try, or it is a report."
        ),
    ),
    key="duty",
    covered_by=("reports_received", "channel_probes"),
)

NOTICE_DUTIES = derived(
    "notice_duties",
    "One row for each incident and each significant change of which customers may have to be told.",
    (
        *DUTY,
        column("kind", "text", "incident or change."),
        column("subject", "text", "Its id."),
        maybe(
            "is_affecting", "bool", "Whether it is flagged as affecting commitments to customers. NULL: no flag."
        ),
        maybe("severity", "text", "The incident's severity. NULL: it is a change."),
        maybe("promised_by", "timestamp", "The moment promised for this one. NULL: none; the general limit holds."),
    ),
    key="duty",
    covered_by=("incidents", "significant_changes"),
)

TABLES = (
    DESCRIPTIONS,
    COMPONENTS_SEEN,
    COMMITMENTS,
    COMMITMENT_SNAPSHOTS,
    REPORTS_RECEIVED,
    CHANNEL_PROBES,
    NOTICES,
    DESCRIPTION_DUTIES,
    COMMITMENT_DUTIES,
    CHANNEL_DUTIES,
    NOTICE_DUTIES,
)

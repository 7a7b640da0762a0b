"""Who else receives personal data, which complaints came, and the yearly look at all of it."""

from asbuilt.facts.schemas.duties import DUTY
from asbuilt.facts.schemas.table import column, derived, maybe, recorded

RECIPIENTS = recorded(
    "recipients",
    "One row for each recipient of personal data on the published list (sub-processors and others).",
    (
        column("recipient", "text", "The recipient's id."),
        maybe("hosts", "text[]", "Hosts and names under which logs show it. NULL: none is listed."),
        maybe("listed_at", "timestamp", "When it came onto the list. NULL: not noted."),
        maybe("removed_at", "timestamp", "When it was taken off. NULL: it was not."),
        maybe("contract_signed_at", "timestamp", "When its data terms were signed. NULL: they were not."),
        maybe("announced_at", "timestamp", "When customers were told of it. NULL: they were not."),
    ),
    identity=("recipient",),
    occurred="listed_at",
)

RECIPIENTS_SEEN = recorded(
    "recipients_seen",
    "One row for each recipient of personal data that egress or interface logs show, over a time.",
    (
        column("recipient", "text", "The host or name in that log."),
        column("seen_at", "timestamp", "When it was seen last in that time."),
        maybe("first_seen_at", "timestamp", "When it was seen first. NULL: then at seen_at."),
        maybe("seen_in", "text", "The log. NULL: not noted."),
    ),
    identity=("recipient", "seen_at"),
    occurred="seen_at",
)

DISCLOSURES = recorded(
    "disclosures",
    "One row for each disclosure of personal data that is no routine of a listed recipient: authorities, one-offs.",
    (
        column("disclosure", "text", "Its id."),
        column("recipient", "text", "Who received it."),
        column("disclosed_at", "timestamp", "When."),
        maybe("noted_at", "timestamp", "When it was written into the log. NULL: not noted."),
        maybe("authorised_by", "text", "Who allowed it. NULL: nobody is named."),
        maybe("basis", "text", "Consent, contract or law on which it rests. NULL: not said."),
        maybe("content", "text", "What was disclosed. NULL: not said."),
    ),
    identity=("disclosure",),
    occurred="disclosed_at",
)

DATA_RECIPIENTS = derived(
    "data_recipients",
    "One row for each recipient that logs show, and each single disclosure.",
    (
        column("receipt", "text", "`recipient | name` or `disclosure | id`."),
        column("kind", "text", "recipient or disclosure."),
        column("recipient", "text", "Who received it."),
        column("first_at", "timestamp", "The first time that data went there."),
        column("last_at", "timestamp", "The last time."),
        maybe(
            "listed",
            "bool",
            "Whether the list names it, from before the first time until after the last. NULL: not known, or a "
            "disclosure.",
        ),
        maybe(
            "contracted_before", "bool", "Whether data terms were signed before. NULL: not known, or a disclosure."
        ),
        maybe(
            "announced_days_before",
            "int",
            "Days from telling customers to the first time. NULL: not told, or a disclosure.",
        ),
        column("is_listed_whole", "bool", "Whether a complete list of recipients covers the first time."),
        maybe(
            "accounted",
            "bool",
            "Whether a disclosure is authorised, on a basis, with its content. NULL: it is a recipient.",
        ),
    ),
    key="receipt",
    covered_by=("recipients_seen", "disclosures"),
)

COMPLAINTS = recorded(
    "complaints",
    "One row for each complaint about the handling of personal data.",
    (
        column("complaint", "text", "Its id."),
        column("received_at", "timestamp", "When it came in."),
        maybe("resolved_at", "timestamp", "When it was resolved and answered. NULL: it was not."),
        maybe("resolution", "text", "How. NULL: it is open, or not said."),
    ),
    identity=("complaint",),
    occurred="received_at",
)

PRIVACY_REVIEWS = recorded(
    "privacy_reviews",
    "One row for each review of how the company keeps to its privacy promises.",
    (
        column("review", "text", "Its id."),
        column("reviewed_at", "timestamp", "When it was reported."),
        column("reviewed_by", "text", "Who reviewed."),
        maybe("gaps_found", "int", "Gaps that it found. NULL: not noted."),
        maybe("actions", "text[]", "Tickets for them. NULL: none."),
    ),
    identity=("review",),
    occurred="reviewed_at",
)

PRIVACY_DUTIES = derived(
    "privacy_duties",
    "One row for each complaint, and each yearly review that is owed, one after another.",
    (
        *DUTY,
        column("kind", "text", "complaint or review."),
        maybe(
            "is_proven",
            "bool",
            "Whether the answer is told, or every gap has an action. NULL: not noted.",
        ),
    ),
    key="duty",
    covered_by=("complaints", "privacy_reviews"),
)

TABLES = (RECIPIENTS, RECIPIENTS_SEEN, DISCLOSURES, DATA_RECIPIENTS, COMPLAINTS, PRIVACY_REVIEWS, PRIVACY_DUTIES)

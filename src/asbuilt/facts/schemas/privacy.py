"""Personal data: what people are told, what they agreed to, what is collected, and what they ask."""

from asbuilt.facts.schemas.duties import DUTY
from asbuilt.facts.schemas.table import column, derived, maybe, recorded

PRIVACY_NOTICES = recorded(
    "privacy_notices",
    "One row for each approval or review of a version of the privacy notice.",
    (
        column("notice", "text", "Which notice: website, product and so on."),
        column("version", "text", "Its version."),
        column("approved_at", "timestamp", "When it was approved or reviewed."),
        maybe("approved_by", "text", "Who did. NULL: not noted."),
        maybe("in_force_from", "timestamp", "When it took effect. NULL: when it was approved."),
        maybe("purposes", "text[]", "Purposes that it names. NULL: nobody listed them."),
        maybe(
            "describes_ai_use",
            "bool",
            "Whether it says how AI and automated decisions use the data. NULL: not noted.",
        ),
        maybe("is_change", "bool", "Whether it says something else than the version before. NULL: not noted."),
        maybe(
            "announced_at",
            "timestamp",
            "When people were told of the change. NULL: they were not, or nothing changed.",
        ),
    ),
    identity=("notice", "version", "approved_at"),
    occurred="approved_at",
)

NOTICE_PROBES = recorded(
    "notice_probes",
    "One row for each look at whether a notice is published.",
    (
        column("notice", "text", "Which notice."),
        column("probed_at", "timestamp", "When."),
        column("is_live", "bool", "Whether it could be read."),
        maybe("version", "text", "The version that stood there. NULL: not told."),
    ),
    identity=("notice", "probed_at"),
    occurred="probed_at",
)

NOTICE_CHECKS = derived(
    "notice_checks",
    "One row for each notice and month (UTC) since it was first approved or seen.",
    (
        column("notice_month", "text", "`notice | month`."),
        column("notice", "text", "Which notice."),
        column("month", "timestamp", "The month's first moment."),
        column("month_end", "timestamp", "The next month's first moment."),
        maybe("live", "bool", "Whether every probe of the month found it. NULL: nobody probed."),
        maybe("version_known", "bool", "Whether every version found was one that was approved. NULL: not told."),
        maybe(
            "days_since_review",
            "int",
            "Days from the last approval or review to the month's end. NULL: none is known.",
        ),
        maybe(
            "purposes_missing",
            "text[]",
            "Purposes in the data inventory that the notice does not name. NULL: one of the two is not whole.",
        ),
        maybe("describes_ai_use", "bool", "Whether it says how AI uses the data. NULL: not noted."),
        maybe(
            "announced",
            "bool",
            "Whether people were told before the change took effect; true when nothing changed. NULL: not known.",
        ),
    ),
    key="notice_month",
    covered_by=("notice_probes", "privacy_notices"),
)

CONSENTED_COLLECTIONS = recorded(
    "consented_collections",
    "One row for each person and purpose for which data was collected that needs consent.",
    (
        column("subject", "text", "The person, by a pseudonym."),
        column("purpose", "text", "What it is for: AI processing too, where consent was promised."),
        column("first_collected_at", "timestamp", "When data was first collected for it."),
        maybe("last_used_at", "timestamp", "When it was last used. NULL: not known."),
        maybe("is_sensitive", "bool", "Whether the data is sensitive. NULL: not known."),
    ),
    identity=("subject", "purpose"),
    occurred="first_collected_at",
)

CONSENTS = recorded(
    "consents",
    "One row for each consent or withdrawal.",
    (
        column("subject", "text", "The person, by the same pseudonym."),
        column("purpose", "text", "What it is for."),
        column("given_at", "timestamp", "When it was given or withdrawn."),
        column("act", "text", "given or withdrawn."),
        maybe("text_version", "text", "The version of the text that was shown. NULL: not kept."),
        maybe("is_explicit", "bool", "Whether by a plain act for just this. NULL: not known."),
        maybe(
            "effective_at",
            "timestamp",
            "When a withdrawal took effect everywhere. NULL: not yet, or no withdrawal.",
        ),
    ),
    identity=("subject", "purpose", "given_at"),
    occurred="given_at",
)

CONSENT_CHECKS = derived(
    "consent_checks",
    "One row for each collection that needs consent, and each withdrawal.",
    (
        column("act_id", "text", "`collection | person | purpose` or `withdrawal | person | purpose | when`."),
        column("kind", "text", "collection or withdrawal."),
        column("subject", "text", "The person, by a pseudonym."),
        column("purpose", "text", "What it is for."),
        column("happened_at", "timestamp", "The first collection, or the withdrawal."),
        maybe(
            "consented_before",
            "bool",
            "Whether consent was given and not withdrawn before. NULL: none is known and no list covers it, or it "
            "is a withdrawal.",
        ),
        maybe(
            "text_kept",
            "bool",
            "Whether the text shown is known by its version. NULL: no consent, or a withdrawal.",
        ),
        maybe(
            "explicit_where_needed",
            "bool",
            "Whether it was explicit where data is sensitive. NULL: not known, or a withdrawal.",
        ),
        maybe("effective_at", "timestamp", "When the withdrawal took effect. NULL: not yet, or a collection."),
        column("is_listed", "bool", "Whether a complete list of consents covers the moment."),
    ),
    key="act_id",
    covered_by=("consented_collections", "consents"),
)

DATA_FIELDS = recorded(
    "data_fields",
    "One row for each field or use of data that a change added, from the difference of schemas.",
    (
        column("field", "text", "The field, `store.table.column`, or the use."),
        column("added_at", "timestamp", "When it reached production."),
        column("kind", "text", "field or use."),
        maybe("is_personal", "bool", "Whether it tells something about a person. NULL: nobody judged."),
        maybe("change", "text", "The change that brought it. NULL: not noted."),
        maybe("purpose", "text", "What it is for. NULL: not said."),
        maybe(
            "attribution",
            "text",
            "Who wrote the change: ai-tracked, ai-declared, human-tracked, automation or unknown. NULL: not known.",
        ),
    ),
    identity=("field", "added_at"),
    occurred="added_at",
)

PRIVACY_ASSESSMENTS = recorded(
    "privacy_assessments",
    "One row for each privacy review of new fields or uses.",
    (
        column("assessment", "text", "Its id."),
        column("approved_at", "timestamp", "When."),
        column("approved_by", "text", "Who approved."),
        column("fields", "text[]", "Fields and uses that it covers."),
        maybe("purposes", "text[]", "Purposes that it allows. NULL: not said."),
    ),
    identity=("assessment",),
    occurred="approved_at",
)

PERSONAL_DATA_USES = derived(
    "personal_data_uses",
    "One row for each new field or use of data, with the privacy review that stands before it.",
    (
        column("use", "text", "`field | when`."),
        column("field", "text", "The field or use."),
        column("kind", "text", "field or use."),
        column("added_at", "timestamp", "When it reached production."),
        maybe("is_personal", "bool", "Whether it tells something about a person. NULL: nobody judged."),
        maybe("purpose", "text", "What it is for. NULL: not said."),
        maybe("reviewed_at", "timestamp", "The first review of it. NULL: none is known."),
        maybe("reviewed_before", "bool", "Whether that was before. NULL: none is known, and no list covers it."),
        maybe("purpose_allowed", "bool", "Whether the review allows its purpose. NULL: no review, or not said."),
        column("attribution", "text", "Who wrote it; `unknown` when nothing tells."),
    ),
    key="use",
    covered_by=("data_fields",),
)

PRIVACY_REQUESTS = recorded(
    "privacy_requests",
    "One row for each request of a person about their data, in the log of requests.",
    (
        column("request", "text", "Its id."),
        column("kind", "text", "access, correction, deletion, accounting or objection."),
        column("received_at", "timestamp", "When it came in, by any way."),
        maybe("identity_verified_at", "timestamp", "When the person was verified. NULL: not, or not noted."),
        maybe("answered_at", "timestamp", "When it was answered. NULL: it was not."),
        maybe("extended_until", "timestamp", "A lawful extension that the person was told of. NULL: none."),
        maybe("outcome", "text", "fulfilled, partly or refused. NULL: it is open."),
        maybe("refusal_reason", "text", "Why it was refused. NULL: it was not, or no reason is given."),
        maybe("proof", "text", "What shows that it was done. NULL: nothing is kept."),
        maybe(
            "covers_ai_data",
            "bool",
            "Whether prompts and outputs stored about the person were included. NULL: not noted.",
        ),
        maybe(
            "recipients_told_at",
            "timestamp",
            "When recipients were told of a correction or deletion. NULL: they were not.",
        ),
        maybe("needs_recipients_told", "bool", "Whether there are recipients to tell. NULL: not known."),
    ),
    identity=("request",),
    occurred="received_at",
)

PRIVACY_INTAKE = recorded(
    "privacy_intake",
    "One row for each message of any channel that asks about personal data: mailbox, form, support tag.",
    (
        column("message", "text", "Its id in that channel."),
        column("channel", "text", "The channel."),
        column("came_at", "timestamp", "When."),
        maybe("request", "text", "The request under which it was logged. NULL: none."),
    ),
    identity=("channel", "message"),
    occurred="came_at",
)

PRIVACY_ANSWERS = derived(
    "privacy_answers",
    "One row for each logged request, and each message that nobody logged.",
    (
        *DUTY,
        column("kind", "text", "access, correction, deletion, accounting, objection, or message."),
        maybe("logged", "bool", "Whether the log has it. NULL: it has not, and the log is not covered."),
        maybe("verified", "bool", "Whether the person was verified before the answer. NULL: not known."),
        maybe("extended_until", "timestamp", "A lawful extension. NULL: none."),
        maybe("proven", "bool", "Whether proof is kept, or a reason for the refusal. NULL: not answered."),
        maybe("recipients_told", "bool", "Whether recipients were told where there are any. NULL: not known."),
        maybe("covers_ai_data", "bool", "Whether prompts and outputs were included. NULL: not noted."),
    ),
    key="duty",
    covered_by=("privacy_requests", "privacy_intake"),
)

TABLES = (
    PRIVACY_NOTICES,
    NOTICE_PROBES,
    NOTICE_CHECKS,
    CONSENTED_COLLECTIONS,
    CONSENTS,
    CONSENT_CHECKS,
    DATA_FIELDS,
    PRIVACY_ASSESSMENTS,
    PERSONAL_DATA_USES,
    PRIVACY_REQUESTS,
    PRIVACY_INTAKE,
    PRIVACY_ANSWERS,
)

"""Vendors: the register, what shows that one is used, what was reviewed, and the AI providers among them."""

from asbuilt.facts.schemas.duties import DUTY
from asbuilt.facts.schemas.table import column, derived, maybe, recorded

VENDORS = recorded(
    "vendors",
    "One row for each vendor on the company's register.",
    (
        column("vendor", "text", "The vendor's id."),
        column("name", "text", "Its name."),
        maybe("aliases", "text[]", "Names under which payments and sign-ins show it. NULL: none is listed."),
        maybe("service", "text", "What it does for the company. NULL: not said."),
        maybe("tier", "text", "critical, high, medium or low. NULL: it was not rated."),
        maybe("holds_customer_data", "bool", "Whether customers' data reaches it. NULL: not known."),
        maybe("data", "text", "The data that it sees. NULL: not said."),
        maybe("owner", "text", "The person who answers for it. NULL: nobody is named."),
        maybe("review_due_at", "timestamp", "When it is to be reviewed next. NULL: no date is set."),
        maybe("contract_signed_at", "timestamp", "When contract and data terms were signed. NULL: they were not."),
        maybe("in_use_from", "timestamp", "First use, as the register says. NULL: not said."),
        maybe("in_use_until", "timestamp", "Until when, that moment left out. NULL: it still is."),
    ),
    identity=("vendor",),
    occurred="in_use_from",
)

VENDOR_PAYMENTS = recorded(
    "vendor_payments",
    "One row for each payment to a supplier, from the books or the company cards.",
    (
        column("payment", "text", "The payment's id."),
        column("payee", "text", "The name that was paid."),
        column("paid_at", "timestamp", "When."),
        maybe("is_software", "bool", "Whether it is for software or a service that sees data. NULL: not known."),
    ),
    identity=("payment",),
    occurred="paid_at",
)

VENDOR_CONNECTIONS = recorded(
    "vendor_connections",
    "One row for each time that an application was seen connected: sign-in list, OAuth grants, DNS.",
    (
        column("application", "text", "The application's or the vendor's name, as the list shows it."),
        column("list_name", "text", "The list: sso, oauth, dns or other."),
        column("seen_at", "timestamp", "When it stood there."),
        maybe("accounts", "int", "Accounts that use it. NULL: not known."),
        maybe("first_data_at", "timestamp", "When data first went to it. NULL: not known."),
    ),
    identity=("list_name", "application", "seen_at"),
    occurred="seen_at",
)

VENDOR_REVIEWS = recorded(
    "vendor_reviews",
    "One row for each assessment or review of a vendor.",
    (
        column("review", "text", "The review's id."),
        column("vendor", "text", "The vendor, by its id in the register."),
        column("reviewed_at", "timestamp", "When it was approved."),
        column("kind", "text", "assessment (before use) or review."),
        maybe("reviewed_by", "text", "Who. NULL: not noted."),
        maybe("approved", "bool", "Whether the vendor may be used. NULL: not said."),
        maybe("report", "text", "The report looked at: SOC 2 Type II, ISO 27001 and so on. NULL: none."),
        maybe("report_from", "timestamp", "From when that report covers. NULL: no report, or not said."),
        maybe("report_until", "timestamp", "The last day that it covers. NULL: no report, or not said."),
        maybe("bridge_until", "timestamp", "The last day of a bridge letter. NULL: there is none."),
        maybe("exceptions_assessed", "bool", "Whether its exceptions were assessed. NULL: not said."),
        maybe(
            "user_controls_mapped",
            "bool",
            "Whether the controls that it expects of us are mapped to ours. NULL: not said.",
        ),
    ),
    identity=("review",),
    occurred="reviewed_at",
)

VENDOR_LIST = derived(
    "vendor_list",
    "One row for each vendor that payments, sign-in lists or grants show, and each that the register names.",
    (
        column(
            "vendor", "text", "Its id in the register; else the name under which it was seen, in small letters."
        ),
        column("names", "text[]", "Names under which it was seen."),
        column("seen_in", "text[]", "Where: payments, sso, oauth, dns, other, register."),
        maybe("first_seen_at", "timestamp", "First trace of use. NULL: only the register names it."),
        maybe("last_seen_at", "timestamp", "Last trace of use. NULL: only the register names it."),
        maybe("listed", "bool", "Whether the register names it. NULL: it does not, and it is not covered."),
        column("missing", "text[]", "What its entry lacks: service, tier, data, owner or review date."),
        maybe("tier", "text", "critical, high, medium or low. NULL: not listed, or not rated."),
        maybe("owner", "text", "Who answers for it. NULL: not listed, or nobody."),
    ),
    key="vendor",
    covered_by=("vendor_payments", "vendor_connections"),
)

VENDOR_ONBOARDING = derived(
    "vendor_onboarding",
    "One row for each vendor on the register, at its first use.",
    (
        column("vendor", "text", "The vendor."),
        maybe(
            "first_used_at",
            "timestamp",
            "The earliest that register, payments, sign-ins or data flows say. NULL: none says.",
        ),
        maybe("is_critical", "bool", "Whether it is of the critical tier. NULL: it was not rated."),
        maybe("holds_customer_data", "bool", "Whether customers' data reaches it. NULL: not known."),
        maybe("assessed_at", "timestamp", "The first approved assessment. NULL: none is known."),
        maybe("assessed_before_use", "bool", "Whether that was not after first use. NULL: not known."),
        maybe("contract_signed_at", "timestamp", "When contract and data terms were signed. NULL: not known."),
        maybe("contracted_before_use", "bool", "Whether that was not after first use. NULL: not known."),
    ),
    key="vendor",
    covered_by=("vendors", "vendor_payments", "vendor_connections"),
)

VENDOR_REVIEW_DUTIES = derived(
    "vendor_review_duties",
    "One row for each review that a vendor is owed: the first since its first use, then from review to review.",
    (
        *DUTY,
        column("vendor", "text", "The vendor."),
        maybe("is_critical", "bool", "Whether it is of the critical tier. NULL: it was not rated."),
        maybe("review", "text", "The review that was done. NULL: none was."),
        maybe("report", "text", "The report that was looked at. NULL: none."),
        maybe(
            "report_gap_days",
            "int",
            "Days before this report that neither the one before nor a bridge letter covers; 0: no gap, or the "
            "first. NULL: no report.",
        ),
        maybe("report_age_days", "int", "Days from the end of report or bridge letter to the review. NULL: none."),
        maybe("exceptions_assessed", "bool", "Whether its exceptions were assessed. NULL: no review, or not said."),
        maybe("user_controls_mapped", "bool", "Whether controls it expects of us are mapped. NULL: likewise."),
    ),
    key="duty",
    covered_by=("vendors", "vendor_reviews"),
)

AI_PROVIDERS = recorded(
    "ai_providers",
    "One row for each provider of AI models or tools, as the company has classified it.",
    (
        column("provider", "text", "The provider's id."),
        column("name", "text", "Its name."),
        maybe("classification", "text", "vendor or subservice. NULL: it was not classified."),
        maybe("classified_at", "timestamp", "When it was last classified or reviewed. NULL: not noted."),
        maybe("classification_reason", "text", "Why. NULL: not said."),
        maybe("in_product_path", "bool", "Whether the product calls it for customers. NULL: not known."),
        maybe("receives_customer_data", "bool", "Whether prompts hold customers' data. NULL: not known."),
        maybe("is_carved_out", "bool", "Whether its controls are carved out of our description. NULL: not said."),
        maybe(
            "expected_controls",
            "text[]",
            "Controls that it must run for ours to work (CSOCs). NULL: not written down.",
        ),
        maybe("data_terms", "text", "Where the terms on its use of our data stand. NULL: none is named."),
        maybe(
            "no_training_evidence", "text", "What shows that it trains on nothing of ours. NULL: nothing is kept."
        ),
        maybe("retention_terms", "text", "How long it keeps prompts and outputs. NULL: not known."),
        maybe("monitoring", "text", "How it is watched: report, status page, evaluations. NULL: not said."),
        maybe("hosts", "text[]", "Hosts under which it is reached. NULL: none is listed."),
        maybe("allowed_data_classes", "text[]", "Data classes that may go to it. NULL: not decided."),
        maybe("in_use_from", "timestamp", "From when. NULL: not said."),
        maybe("in_use_until", "timestamp", "Until when, that moment left out. NULL: it still is."),
    ),
    identity=("provider",),
    occurred="in_use_from",
)

AI_PROVIDER_TERMS = derived(
    "ai_provider_terms",
    "One row for each AI provider that the register or the inventory of AI tools names.",
    (
        column("provider", "text", "The provider, in small letters."),
        column("named_in", "text[]", "Where: register, inventory."),
        maybe("in_use_from", "timestamp", "First use that anything tells. NULL: nothing does."),
        maybe("in_use_until", "timestamp", "Until when, that moment left out. NULL: it still is."),
        maybe("receives_customer_data", "bool", "Whether prompts hold customers' data. NULL: not known."),
        maybe("in_product_path", "bool", "Whether the product calls it. NULL: not known."),
        maybe("classification", "text", "vendor or subservice. NULL: not classified, or not known."),
        maybe("classified", "bool", "Whether it is classified. NULL: it is not, and the register is not covered."),
        maybe(
            "classification_fits",
            "bool",
            "Whether one in the product path, or with customers' data, is a subservice organisation, or a reason "
            "says why not. NULL: not known.",
        ),
        maybe(
            "expected_controls",
            "int",
            "Controls that it must run; 0: none is written down. NULL: it is not on the register.",
        ),
        maybe("is_carved_out", "bool", "Whether it is carved out. NULL: not said."),
        maybe(
            "terms_kept",
            "bool",
            "Whether data terms, proof of no training, retention and monitoring are kept. NULL: not registered.",
        ),
        maybe("classified_at", "timestamp", "When it was last classified or reviewed. NULL: not known."),
    ),
    key="provider",
    covered_by=("ai_providers", "ai_tool_inventory"),
)

TABLES = (
    VENDORS,
    VENDOR_PAYMENTS,
    VENDOR_CONNECTIONS,
    VENDOR_REVIEWS,
    VENDOR_LIST,
    VENDOR_ONBOARDING,
    VENDOR_REVIEW_DUTIES,
    AI_PROVIDERS,
    AI_PROVIDER_TERMS,
)

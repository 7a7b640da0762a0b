"""Risks: the register and its history, assessments, reviews, and the changes that call for one."""

from asbuilt.facts.schemas.duties import DUTY
from asbuilt.facts.schemas.table import column, derived, maybe, recorded

RISKS = recorded(
    "risks",
    "One row for each time that a risk was rated or its entry changed: the register's history.",
    (
        column("risk", "text", "The risk's id."),
        column("rated_at", "timestamp", "When it was rated so."),
        column("is_open", "bool", "Whether the entry is live; false: it was closed."),
        maybe(
            "categories",
            "text[]",
            "What it is about: hallucinated-code, prompt-injection, agent-misuse, model-drift, "
            "ai-vendor-dependency, "
            "fraud, collusion, management-override, privileged-misuse, automation-misuse, agent-self-approval, … "
            "NULL: not sorted.",
        ),
        maybe("likelihood", "int", "How likely. NULL: not rated."),
        maybe("impact", "int", "How bad. NULL: not rated."),
        maybe("is_above_tolerance", "bool", "Whether it is above what the company tolerates. NULL: not said."),
        maybe("owner", "text", "Who answers for it. NULL: nobody is named."),
        maybe("treatment", "text", "mitigate, avoid, transfer or accept. NULL: not decided."),
        maybe("plan_owner", "text", "Who carries the plan out. NULL: nobody is named."),
        maybe("due_at", "timestamp", "Until when. NULL: no date is set."),
        maybe("extended_to", "timestamp", "The later date that was approved. NULL: none was."),
        maybe("extension_approved_by", "text", "Who approved it. NULL: nobody is named."),
        maybe("accepted_by", "text", "Who accepted the risk. NULL: nobody is named."),
        maybe("accepted_until", "timestamp", "Until when it is accepted. NULL: no end is set."),
    ),
    identity=("risk", "rated_at"),
    occurred="rated_at",
)

RISK_ASSESSMENTS = recorded(
    "risk_assessments",
    "One row for each risk assessment.",
    (
        column("assessment", "text", "The assessment's id."),
        column("finished_at", "timestamp", "When the work was finished."),
        maybe("approved_at", "timestamp", "When management approved it. NULL: it has not."),
        maybe("approved_by", "text", "Who approved it. NULL: nobody is named."),
        maybe("states_objectives", "bool", "Whether it says what the company wants to reach. NULL: not noted."),
        maybe("method", "text", "How likelihood and impact were rated. NULL: not written down."),
        maybe("text_sha256", "text", "Digest of its text. NULL: the text is not kept."),
    ),
    identity=("assessment",),
    occurred="finished_at",
)

RISK_REVIEWS = recorded(
    "risk_reviews",
    "One row for each documented review: of a risk under treatment, or of a change before its release.",
    (
        column("review", "text", "The review's id."),
        column(
            "subject",
            "text",
            "The risk, change, system or vendor by its id; for a right of an agent `system | account | right`.",
        ),
        column("reviewed_at", "timestamp", "When."),
        maybe("reviewed_by", "text", "By whom. NULL: nobody is named."),
        maybe("text_sha256", "text", "Digest of the design or threat model. NULL: it is not kept."),
    ),
    identity=("review", "subject"),
    occurred="reviewed_at",
)

SIGNIFICANT_CHANGES = recorded(
    "significant_changes",
    "One row for each change that was labelled significant: product, market, vendor, model, agent, architecture.",
    (
        column("change", "text", "The change's id: a release, a request, a decision."),
        column("kind", "text", "product, market, vendor, model, agent-capability, architecture or other."),
        column("released_at", "timestamp", "When it reached customers or came into use."),
        maybe("customer_affecting", "bool", "Whether commitments to customers are touched. NULL: not flagged."),
        maybe("notice_promised_by", "timestamp", "Until when customers are promised notice. NULL: no own promise."),
    ),
    identity=("change",),
    occurred="released_at",
)

ASSESSMENT_RESULTS = derived(
    "assessment_results",
    "One row for each risk assessment that was approved, with the register as it stood then.",
    (
        column("assessment", "text", "The assessment's id."),
        column("approved_at", "timestamp", "When it was approved."),
        maybe(
            "approver_is_person",
            "bool",
            "Whether a person on the HR list approved it. NULL: the list does not say.",
        ),
        maybe("states_objectives", "bool", "Whether it says what the company wants to reach. NULL: not noted."),
        maybe("method", "text", "How it was rated. NULL: not written down."),
        column("open_risks", "int", "Live entries of the register on that day."),
        column("unrated", "text[]", "Those without likelihood or impact."),
        column("unowned", "text[]", "Those without an owner."),
        column("categories", "text[]", "What the live, rated and owned entries are about."),
        column("renewed_categories", "text[]", "Of these, what was rated since the assessment before."),
    ),
    key="assessment",
    covered_by=("risk_assessments", "risks"),
)

TREATMENT_DUTIES = derived(
    "treatment_duties",
    "One row for each plan, acceptance and review that a risk above tolerance asks for.",
    (
        *DUTY,
        column("kind", "text", "plan, acceptance or review."),
        column("risk", "text", "The risk's id."),
        maybe(
            "due_at",
            "timestamp",
            "End of the plan, approved extensions included, or of the acceptance. NULL: none.",
        ),
        maybe(
            "is_settled",
            "bool",
            "Of a plan: whether it has owner and date. Of an acceptance: whether a person gave it, with an end. "
            "NULL: it is a review.",
        ),
    ),
    key="duty",
    covered_by=("risks",),
)

CHANGE_RISK_REVIEWS = derived(
    "change_risk_reviews",
    "One row for each change that calls for a risk review, labelled or not: new systems, vendors, rights of "
    "agents too.",
    (
        column("candidate", "text", "Kind and subject."),
        column("kind", "text", "What it is: the label's kind, else system, vendor, model or agent-capability."),
        column("subject", "text", "Its id."),
        column("released_at", "timestamp", "When it was released or came into use."),
        column("is_labelled", "bool", "Whether somebody labelled it significant."),
        maybe("reviewed_at", "timestamp", "The first review of it. NULL: none is known."),
        maybe("reviewed_by", "text", "Who reviewed it. NULL: nobody is named."),
        maybe(
            "reviews_seen_from",
            "timestamp",
            "Since when the list of reviews was read without a break until the release. NULL: it was not read.",
        ),
    ),
    key="candidate",
    covered_by=("significant_changes", "systems", "vendors", "grants"),
)

TABLES = (
    RISKS,
    RISK_ASSESSMENTS,
    RISK_REVIEWS,
    SIGNIFICANT_CHANGES,
    ASSESSMENT_RESULTS,
    TREATMENT_DUTIES,
    CHANGE_RISK_REVIEWS,
)
